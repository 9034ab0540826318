"""What kustomize reads each field of a kustomization as: a number or a flag is no text to it.

Part of source-path. `newTag: 1.10` and `owner: true` stop the build, and so do one text where a list is expected, and
an entry that is no map. A null is nothing, wherever it stands.

Source: kubernetes-sigs/kustomize, api/types/kustomization.go, Unmarshal: the file is made JSON by sigs.k8s.io/yaml, to
which y, yes, on, n, no and off are flags, and decoded into the types there; `kubectl kustomize` 5.5 was asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.named_tuple import NamedTuple
from gitops_gen.patterns import lazily
from gitops_gen.shapes import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.files import Files
    from gitops_gen.evidence.places import Place


class _ListOf(NamedTuple):
    each: _Shape


class _MapOf(NamedTuple):
    each: _Shape
    """What stands under any key."""


_Shape: TypeAlias = "type | _ListOf | _MapOf | Mapping[str, _Shape]"
"""A type of values, or a map by the fields that are known in it."""

_TEXTS = _ListOf(str)
_TEXT_BY_KEY = _MapOf(str)


def _texts(*fields: str) -> dict[str, _Shape]:
    return dict.fromkeys(fields, str)


def _lists(*fields: str) -> dict[str, _Shape]:
    return dict.fromkeys(fields, _TEXTS)


def _flags(*fields: str) -> dict[str, _Shape]:
    return dict.fromkeys(fields, bool)


_KIND_AND_NAME = _texts("group", "version", "kind", "name", "namespace")
_SELECTOR: _Shape = {**_KIND_AND_NAME, **_texts("annotationSelector", "labelSelector")}
_FIELD: _Shape = {**_texts("group", "version", "kind", "path"), **_flags("create")}
_PATCHES: _Shape = _ListOf({**_texts("path", "patch"), "target": _SELECTOR, "options": _MapOf(bool)})
_IMAGES: _Shape = _ListOf(_texts("name", "newName", "newTag", "tagSuffix", "digest"))
_OPTIONS: _Shape = {
    **dict.fromkeys(("labels", "annotations"), _TEXT_BY_KEY),
    **_flags("disableNameSuffixHash", "immutable"),
}
_GENERATOR: dict[str, _Shape] = {
    **_texts("name", "namespace", "behavior", "env"),
    **_lists("files", "literals", "envs"),
    "options": _OPTIONS,
}
_COPYING: _Shape = {"delimiter": str, "index": int, "create": bool}
_CHART: dict[str, _Shape] = {
    **_texts("name", "version", "repo", "releaseName", "namespace", "valuesFile", "valuesMerge", "kubeVersion"),
    **_texts("nameTemplate"),
    **_lists("additionalValuesFiles", "apiVersions"),
    **_flags("includeCRDs", "skipHooks", "skipTests", "debug"),
}
_SHAPE: _Shape = {
    **_texts("namePrefix", "nameSuffix", "namespace"),
    **_lists("resources", "components", "crds", "bases", "configurations", "generators", "transformers", "validators"),
    **_lists("buildMetadata", "patchesStrategicMerge"),
    **dict.fromkeys(("commonLabels", "commonAnnotations", "openapi"), _TEXT_BY_KEY),
    **dict.fromkeys(("patches", "patchesJson6902"), _PATCHES),
    **dict.fromkeys(("images", "imageTags"), _IMAGES),
    "metadata": {**_texts("name", "namespace"), **dict.fromkeys(("labels", "annotations"), _TEXT_BY_KEY)},
    "labels": _ListOf(
        {"pairs": _TEXT_BY_KEY, **_flags("includeSelectors", "includeTemplates"), "fields": _ListOf(_FIELD)}
    ),
    "replicas": _ListOf({"name": str, "count": int}),
    "configMapGenerator": _ListOf(_GENERATOR),
    "secretGenerator": _ListOf({**_GENERATOR, "type": str}),
    "generatorOptions": _OPTIONS,
    "helmCharts": _ListOf(_CHART),
    "helmGlobals": _texts("chartHome", "configHome"),
    "replacements": _ListOf(
        {
            "path": str,
            "source": {**_KIND_AND_NAME, "fieldPath": str, "options": _COPYING},
            "targets": _ListOf(
                {"select": _SELECTOR, "reject": _ListOf(_SELECTOR), "fieldPaths": _TEXTS, "options": _COPYING}
            ),
        }
    ),
    "vars": _ListOf({"name": str, "objref": {**_KIND_AND_NAME, "apiVersion": str}, "fieldref": {"fieldPath": str}}),
    "sortOptions": {"order": str, "legacySortOptions": _lists("orderFirst", "orderLast")},
}
_PLAIN_NUMBER = lazily(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
"""What any reader of YAML takes for a number."""


def misfits(files: Files, value: Mapping[str, object], place: Place) -> Iterator[tuple[Place, str, str]]:
    """Yields what is of another type in a kustomization than kustomize reads: where, what is wrong, the next step."""
    file = files.get(place.file)
    if file is None or file.is_broken or file.is_unfilled:
        return
    for at, got, expected in _misfits(value, _SHAPE, place):
        if got is not int or _PLAIN_NUMBER.fullmatch(files.written(at)):
            name = ".".join(map(str, at.steps))
            is_text = expected is str and got in (bool, int)
            hint = "put it into quotes" if is_text else f"write {TYPES[expected]}"
            yield at, f"has {name}: got {TYPES[got]}, expected {TYPES[expected]}", hint


def _misfits(value: object, shape: _Shape, place: Place) -> Iterator[tuple[Place, type, type]]:
    """Yields each place whose value does not fit, the type that it has, and the one that it should have."""
    got, expected = _type_of(value), _expected(shape)
    if got is not None and got is not expected:
        yield place, got, expected
    elif isinstance(value, list) and isinstance(shape, _ListOf):
        for index, each in enumerate(value):
            yield from _misfits(each, shape.each, place / index)
    elif isinstance(value, dict) and isinstance(shape, _MapOf):
        for key, each in value.items():
            yield from _misfits(each, shape.each, place / key)
    elif isinstance(value, dict) and isinstance(shape, dict):
        for key in value.keys() & shape.keys():
            yield from _misfits(value[key], shape[key], place / key)


def _type_of(value: object) -> type | None:
    """Returns what kustomize takes a value for; None for nothing, or what is none of these."""
    kind = int if isinstance(value, float) else type(value)
    return kind if kind in TYPES else None


def _expected(shape: _Shape) -> type:
    return shape if isinstance(shape, type) else list if isinstance(shape, _ListOf) else dict
