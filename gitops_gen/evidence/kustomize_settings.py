"""The settings of kustomize in a source of an Application: Argo CD writes them into the kustomization in its folder.

A namespace stands in place of the one there; patches come after those there; labels and annotations come beside those
there. Source: argoproj/argo-cd v3, util/kustomize/kustomize.go, Build.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.applications import KUSTOMIZE
from gitops_gen.evidence.patch_entries import Entry
from gitops_gen.evidence.values import list_at, map_at, text_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.applications import Application, ApplicationSource
    from gitops_gen.evidence.places import Place

_PATCHES = "patches"
_LABELS = "commonLabels"
_ANNOTATIONS = "commonAnnotations"
_SET = ("namespace", "namePrefix", "nameSuffix")
_RENAMING = ("namePrefix", "nameSuffix", "components")
_OTHERS = frozenset({"images", "replicas", "kubeVersion", "apiVersions"})
_ABOUT_OTHERS = frozenset(
    {
        *("commonAnnotationsEnvsubst", "forceCommonAnnotations", "forceCommonLabels"),
        *("ignoreMissingComponents", "labelIncludeTemplates", "labelWithoutSelector"),
    }
)
"""Those that change nothing of an object that is judged here, and those that say how others are meant."""


class Settings(NamedTuple):
    """What a source states, and where."""

    value: Mapping[str, object]
    place: Place

    @classmethod
    def of(cls, application: Application, source: ApplicationSource) -> Settings:
        """Returns what a source of an Application states."""
        return cls(map_at(source.value, KUSTOMIZE), application.source_place(source) / KUSTOMIZE)

    def laid_over(self, kustomization: Mapping[str, object]) -> Mapping[str, object] | None:
        """Returns a kustomization with the settings, but for patches; None where only Argo CD knows what comes of it.

        A label or an annotation that it has already, Argo CD refuses, unless it is told to force it.
        """
        stated = {key: each for key, each in self.value.items() if each not in (None, "", [], {})}
        is_labelled = bool(kustomization.get(_LABELS) or kustomization.get("labels"))
        known = {*_SET, *_OTHERS, *_ABOUT_OTHERS, _PATCHES, _LABELS, _ANNOTATIONS}
        if stated.keys() - known or (_LABELS in stated and is_labelled) or self._is_refused_beside(kustomization):
            return None
        changed = {key: text_at(stated, key) for key in _SET if key in stated}
        labels = {_LABELS: stated[_LABELS]} if _LABELS in stated else {}
        added = map_at(stated, _ANNOTATIONS)
        annotations = {_ANNOTATIONS: {**map_at(kustomization, _ANNOTATIONS), **added}} if added else {}
        return {**kustomization, **changed, **labels, **annotations}

    def _is_refused_beside(self, kustomization: Mapping[str, object]) -> bool:
        """True for annotations that a kustomization has already, and for those that Argo CD may fill in first."""
        added = map_at(self.value, _ANNOTATIONS)
        is_twice = not added.keys().isdisjoint(map_at(kustomization, _ANNOTATIONS))
        is_filled_in = self.value.get("commonAnnotationsEnvsubst") is True and any(
            "$" in str(each) for each in added.values()
        )
        return is_filled_in or (is_twice and self.value.get("forceCommonAnnotations") is not True)

    @property
    def is_renaming(self) -> bool:
        """True where they may give every object another name."""
        return any(self.value.get(each) for each in _RENAMING)

    def patches(self) -> Iterator[Entry]:
        """Yields the patches that they add."""
        for index, entry in enumerate(list_at(self.value, _PATCHES)):
            yield Entry(_PATCHES, entry, self.place.down(_PATCHES, index))
