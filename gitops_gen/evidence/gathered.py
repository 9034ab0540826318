"""What kustomize makes of a kustomization that gathers objects, patches some, and names, places and annotates all.

Many a kustomization lists files and folders and does little more; what comes of that is the objects as they are
written, and nothing has to run to know it. Whatever else one says, a generator, a component or a name that kustomize
would fetch, leaves all of it unknown. Source: kubernetes-sigs/kustomize, api/types/kustomization.go;
api/internal/target/kusttarget.go, accumulateResources; api/internal/konfig/builtinpluginconsts/namespace.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence import kustomizations
from gitops_gen.evidence.charts import is_template
from gitops_gen.evidence.files import YAML_ENDINGS
from gitops_gen.evidence.merge_patches import OF_KUBERNETES
from gitops_gen.evidence.patch_entries import EARLY, LATE, BrokenPatchError, UnreadablePatchError, entries_of
from gitops_gen.evidence.patches import Taken, laid_over
from gitops_gen.evidence.values import list_at, map_at, text_at
from gitops_gen.kubernetes import CLUSTER_SCOPED_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gitops_gen.evidence.files import Files, Manifest
    from gitops_gen.evidence.kustomize_settings import Settings
    from gitops_gen.evidence.patch_entries import BrokenPatch

_RENAMING = ("namePrefix", "nameSuffix")
_GATHERING = frozenset(
    {
        *("apiVersion", "kind", "metadata", "resources", "bases", "namespace", "images", "replicas", "labels"),
        *("commonLabels", "commonAnnotations", "generatorOptions", "buildMetadata", "sortOptions"),
        *(*_RENAMING, *EARLY, *LATE),
    }
)
"""The fields that name objects, patch them, or change nothing of them that is judged here; without a generator, its
options too."""
_KIND = "Kustomization"
_NAMESPACE = "Namespace"
_KEPT = frozenset({"APIService", "CustomResourceDefinition", _NAMESPACE})
"""The kinds that keep their names."""
_REFERRING_TO_NOTHING = frozenset({*_KEPT, "ConfigMap", "Secret", "ServiceAccount"})
_LISTS_OF_ACCOUNT = frozenset({"imagePullSecrets", "secrets"})
_DEEPEST = 8
"""Kustomizations below each other."""


class _UnknownError(Exception):
    """Nobody can say what comes of a kustomization without running kustomize."""


class Gathering:
    """The kustomizations of a tree that only gather; a folder is read once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._by_folder: dict[str, tuple[Taken, ...] | None] = {}
        self.broken: dict[str, BrokenPatch] = {}
        """The patches that stop a build, each by its kustomization."""

    def of(self, folder: str) -> tuple[Taken, ...] | None:
        """Returns the objects that come of a folder; None where only kustomize knows."""
        if folder not in self._by_folder:
            self._by_folder[folder] = self._known(folder)
        return self._by_folder[folder]

    def with_settings(self, folder: str, settings: Settings) -> tuple[Taken, ...] | None:
        """As `of`, with the settings of a source."""
        return self._known(folder, settings)

    def _known(self, folder: str, settings: Settings | None = None) -> tuple[Taken, ...] | None:
        try:
            return tuple(self._in(folder, _DEEPEST, settings))
        except (_UnknownError, UnreadablePatchError, BrokenPatchError):
            return None

    def _in(self, folder: str, depth: int, settings: Settings | None = None) -> Iterator[Taken]:
        path = kustomizations.of_folder(self._files, folder)
        own = map_at(kustomizations.value_of(self._files, path)) if path is not None else {}
        value = own if settings is None else settings.laid_over(own) or {}
        if path is None or not value or depth == 0 or value.keys() - _GATHERING or value.get("kind", _KIND) != _KIND:
            raise _UnknownError
        seen: set[tuple[object, ...]] = set()
        for taken in self._patched(path, value, settings, self._named(folder, value, depth)):
            placed = taken.manifest
            key = (placed.group, placed.kind, placed.namespace or "default", placed.name)
            if key in seen or not placed.name:
                raise _UnknownError
            seen.add(key)
            yield taken

    def _patched(
        self, path: str, value: Mapping[str, object], settings: Settings | None, objects: Iterable[Taken]
    ) -> Iterable[Taken]:
        """Returns objects as a kustomization changes them: patched, then in their namespace, and patched again."""
        early = [*entries_of(path, value, EARLY), *(settings.patches() if settings is not None else ())]
        is_labelled = bool(value.get("labels") or value.get("commonLabels"))
        try:
            placed = [
                _renamed(_placed(each, value.get("namespace")), value)._replace(
                    is_labelled=each.is_labelled or is_labelled
                )
                for each in laid_over(self._files, path, early, objects)
            ]
            annotated = _annotated(path, value, settings, placed)
            return laid_over(self._files, path, entries_of(path, value, LATE), annotated)
        except BrokenPatchError as error:
            if settings is None:
                self.broken[path] = error.broken
            raise

    def _named(self, folder: str, value: Mapping[str, object], depth: int) -> Iterator[Taken]:
        for name in (*list_at(value, "resources"), *list_at(value, "bases")):
            target = kustomizations.joined(folder, name) if isinstance(name, str) and "//" not in name else ".."
            if target.startswith(("..", "/")):
                raise _UnknownError
            if self._files.is_folder(target):
                yield from self._in(target, depth - 1)
            else:
                yield from map(Taken, self._written(target))

    def _written(self, path: str) -> Iterator[Manifest]:
        """Yields the objects of a file, all of which have to be some."""
        is_read = path.endswith(YAML_ENDINGS) and self._files.is_file(path)
        file = self._files.get(path) if is_read and not is_template(self._files, path) else None
        if file is None or file.is_broken or file.is_unfilled:
            raise _UnknownError
        stated = [each for each in file.documents.values if each]
        if len(stated) != len(file.manifests) or any(each.group == kustomizations.GROUP for each in file.manifests):
            raise _UnknownError
        yield from file.manifests


def _annotated(
    path: str, value: Mapping[str, object], settings: Settings | None, objects: Sequence[Taken]
) -> Sequence[Taken]:
    """Returns objects with the annotations that a kustomization gives to all."""
    if not value.get("commonAnnotations"):
        return objects
    from gitops_gen.evidence.kustomize_annotations import annotated, annotations_of

    annotations = annotations_of(path, value, settings)
    if annotations is None:
        raise _UnknownError
    return [annotated(each, annotations) for each in objects]


def _placed(taken: Taken, namespace: object) -> Taken:
    """Returns an object in the namespace that a kustomization puts it into; a Namespace gets that name."""
    manifest = taken.manifest
    if not namespace or not isinstance(namespace, str):
        return taken
    if manifest.kind == _NAMESPACE and manifest.name != namespace:
        return taken.called(name=namespace)
    if manifest.kind in CLUSTER_SCOPED_KINDS or manifest.namespace == namespace:
        return taken
    return taken.called(namespace=namespace)


def _renamed(taken: Taken, kustomization: Mapping[str, object]) -> Taken:
    """Returns an object with the name that a kustomization gives it.

    What refers to it by its name follows in the kinds of Kubernetes only: of those that may do so it is not known.
    """
    manifest = taken.manifest
    prefix, suffix = (text_at(kustomization, each) or "" for each in _RENAMING)
    if not (prefix or suffix):
        return taken
    renamed = taken if manifest.kind in _KEPT else taken.called(name=f"{prefix}{manifest.name}{suffix}")
    is_of_others = "." in manifest.group and not manifest.group.endswith(OF_KUBERNETES)
    is_plain = manifest.kind in _REFERRING_TO_NOTHING and manifest.value.keys().isdisjoint(_LISTS_OF_ACCOUNT)
    return renamed if is_of_others or is_plain else renamed._replace(is_known=False)
