"""What a kustomization says that it is: its kind and apiVersion, its fields, and whether they bring anything.

Part of source-path.

Source: kubernetes-sigs/kustomize, api/types/kustomization.go. A field is known without regard to case; an unknown one
stops the build, and so do another kind and another apiVersion.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.kustomizations import GROUP
from gitops_gen.evidence.values import list_at, map_at
from gitops_gen.near_miss import nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.places import Place

_KIND = "Kustomization"
_VERSIONS = {_KIND: f"{GROUP}/v1beta1", "Component": f"{GROUP}/v1alpha1"}
_OF_FLUX = "toolkit.fluxcd.io"
_TYPE = ("kind", "apiVersion", "metadata")
_BRINGING = frozenset(
    {
        *("resources", "bases", "components", "configMapGenerator", "secretGenerator", "generators"),
        *("helmCharts", "helmChartInflationGenerator"),
    }
)
"""The fields that bring objects; the others change them."""
_FIELDS = (
    *(*_TYPE, "openapi", "namePrefix", "nameSuffix", "namespace", "commonLabels", "labels"),
    *("commonAnnotations", "patchesStrategicMerge", "patchesJson6902", "patches", "images", "imageTags"),
    *("replacements", "replicas", "vars", "sortOptions", "resources", "components", "crds", "bases"),
    *("configMapGenerator", "secretGenerator", "helmGlobals", "helmCharts", "helmChartInflationGenerator"),
    *("generatorOptions", "configurations", "generators", "transformers", "validators", "inventory"),
    "buildMetadata",
)
_KNOWN = frozenset(each.casefold() for each in _FIELDS)
_OF_GENERATOR = ("name", "namespace", "behavior", "files", "literals", "envs", "env", "options")
_OF_PATCH = ("path", "patch", "target", "options")
_INNER: Mapping[str, tuple[str, ...]] = {
    "configMapGenerator": _OF_GENERATOR,
    "secretGenerator": (*_OF_GENERATOR, "type"),
    "images": ("name", "newName", "newTag", "tagSuffix", "digest"),
    "replicas": ("name", "count"),
    "labels": ("pairs", "includeSelectors", "includeTemplates", "fields"),
    "patches": _OF_PATCH,
    "patchesJson6902": _OF_PATCH,
    "replacements": ("path", "source", "sourceValue", "targets"),
    "helmCharts": (
        *("name", "version", "repo", "releaseName", "namespace", "valuesFile", "additionalValuesFiles", "valuesInline"),
        *(
            "valuesMerge",
            "includeCRDs",
            "skipHooks",
            "skipTests",
            "apiVersions",
            "kubeVersion",
            "nameTemplate",
            "debug",
        ),
    ),
}
"""The fields of the entries of a list. An unknown one stops the build there, too."""


def refused_fields(value: Mapping[str, object], place: Place, *, is_ours: bool) -> Iterator[tuple[Place, str, str]]:
    """Yields where kustomize refuses what a kustomization says, what is wrong, and the next step.

    Of a file that is not ours a field is told only where another is meant: a newer kustomize may know it.
    """
    kind, version = value.get("kind") or _KIND, value.get("apiVersion")
    if not isinstance(kind, str) or kind not in _VERSIONS:
        yield place / "kind", f"is of kind {kind}", f"write {_KIND}"
    elif version and version != _VERSIONS[kind] and _OF_FLUX not in str(version):
        yield place / "apiVersion", f"has apiVersion {version}", f"write {_VERSIONS[kind]}"
    for field in value:
        if field.casefold() not in _KNOWN:
            meant = nearest_name(field, _FIELDS)
            if meant is not None or is_ours:
                yield place / field, f"has a field {field}", f"did you mean {meant}?" if meant else "remove it"
    yield from _unknown_inside(value, place)


def _unknown_inside(value: Mapping[str, object], place: Place) -> Iterator[tuple[Place, str, str]]:
    """Yields the fields of entries that are almost one that kustomize knows."""
    for field, known in _INNER.items():
        for index, entry in enumerate(list_at(value, field)):
            for name in map_at(entry):
                if name.casefold() in (each.casefold() for each in known):
                    continue
                meant = nearest_name(name, known)
                if meant is not None:
                    yield place.down(field, index, name), f"has a field {name} in {field}", f"did you mean {meant}?"


def brings_nothing(value: Mapping[str, object], *, is_ours: bool) -> bool:
    """True for a kustomization that says nothing, which kustomize refuses, or one of ours that only changes objects.

    An empty list is enough for kustomize, and brings nothing all the same.
    """
    stated = {field for field, each in value.items() if (each or not is_ours) and each is not None}
    is_whole = (value.get("kind") or _KIND) == _KIND
    return not stated.difference(_TYPE) or (is_ours and is_whole and stated.isdisjoint(_BRINGING))
