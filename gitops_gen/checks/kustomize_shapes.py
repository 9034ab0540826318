"""What kustomize reads each field of a kustomization as: a number or a flag is no text to it.

Part of source-path. `newTag: 1.10` and `owner: true` stop the build, and so do one text where a list is expected, and
an entry that is no map. A null is nothing, wherever it stands.

Source: kubernetes-sigs/kustomize, api/types/kustomization.go, Unmarshal: the file is made JSON by sigs.k8s.io/yaml, to
which y, yes, on, n, no and off are flags, and decoded into the types there; `kubectl kustomize` 5.5 was asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.values import at
from gitops_gen.patterns import lazily
from gitops_gen.shapes import ANYTHING, FLAG, MAP, TEXT, Shape, block, many, mapping, misfits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.files import Files
    from gitops_gen.evidence.places import Place


_NUMBER = Shape((int, float), "a number")
_TEXTS = many(TEXT)
_TEXT_BY_KEY = mapping(TEXT)


def _texts(*fields: str) -> dict[str, Shape]:
    return dict.fromkeys(fields, TEXT)


def _lists(*fields: str) -> dict[str, Shape]:
    return dict.fromkeys(fields, _TEXTS)


def _flags(*fields: str) -> dict[str, Shape]:
    return dict.fromkeys(fields, FLAG)


_KIND_AND_NAME = _texts("group", "version", "kind", "name", "namespace")
_SELECTOR = block({**_KIND_AND_NAME, **_texts("annotationSelector", "labelSelector")})
_FIELD = block({**_texts("group", "version", "kind", "path"), **_flags("create")})
_PATCH = block({**_texts("path", "patch"), "target": _SELECTOR, "options": mapping(FLAG)})
_IMAGE = block(_texts("name", "newName", "newTag", "tagSuffix", "digest"))
_LABELS = dict.fromkeys(("labels", "annotations"), _TEXT_BY_KEY)
_OPTIONS = block({**_LABELS, **_flags("disableNameSuffixHash", "immutable")})
_GENERATOR: dict[str, Shape] = {
    **_texts("name", "namespace", "behavior", "env"),
    **_lists("files", "literals", "envs"),
    "options": _OPTIONS,
}
_COPYING = block({"delimiter": TEXT, "index": _NUMBER, "create": FLAG})
_CHART = block(
    {
        **_texts("name", "version", "repo", "releaseName", "namespace", "valuesFile", "valuesMerge", "kubeVersion"),
        **_texts("nameTemplate"),
        **_lists("additionalValuesFiles", "apiVersions"),
        **_flags("includeCRDs", "skipHooks", "skipTests", "debug"),
        "valuesInline": MAP,
    }
)
_REPLACEMENT = block(
    {
        "path": TEXT,
        "source": block({**_KIND_AND_NAME, "fieldPath": TEXT, "options": _COPYING}),
        "targets": many(
            block({"select": _SELECTOR, "reject": many(_SELECTOR), "fieldPaths": _TEXTS, "options": _COPYING})
        ),
    }
)
_VARIABLE = block(
    {"name": TEXT, "objref": block({**_KIND_AND_NAME, "apiVersion": TEXT}), "fieldref": block({"fieldPath": TEXT})}
)
_KUSTOMIZATION = block(
    {
        **dict.fromkeys(("apiVersion", "kind"), ANYTHING),
        **_texts("namePrefix", "nameSuffix", "namespace"),
        **_lists("resources", "components", "crds", "bases", "configurations"),
        **_lists("generators", "transformers", "validators", "buildMetadata", "patchesStrategicMerge"),
        **dict.fromkeys(("commonLabels", "commonAnnotations", "openapi"), _TEXT_BY_KEY),
        **dict.fromkeys(("patches", "patchesJson6902"), many(_PATCH)),
        **dict.fromkeys(("images", "imageTags"), many(_IMAGE)),
        "metadata": block({**_texts("name", "namespace"), **_LABELS}),
        "labels": many(
            block({"pairs": _TEXT_BY_KEY, **_flags("includeSelectors", "includeTemplates"), "fields": many(_FIELD)})
        ),
        "replicas": many(block({"name": TEXT, "count": _NUMBER})),
        "configMapGenerator": many(block(_GENERATOR)),
        "secretGenerator": many(block({**_GENERATOR, "type": TEXT})),
        "generatorOptions": _OPTIONS,
        "helmCharts": many(_CHART),
        "helmGlobals": block(_texts("chartHome", "configHome")),
        "replacements": many(_REPLACEMENT),
        "vars": many(_VARIABLE),
        "sortOptions": block({"order": TEXT, "legacySortOptions": block(_lists("orderFirst", "orderLast"))}),
    }
)
_PLAIN_NUMBER = lazily(r"[-+]?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
"""What any reader of YAML takes for a number."""


def misread_fields(files: Files, value: Mapping[str, object], place: Place) -> Iterator[tuple[Place, str, str]]:
    """Yields what is of another type in a kustomization than kustomize reads: where, what is wrong, the next step."""
    file = files.get(place.file)
    if file is None or file.is_broken or file.is_unfilled:
        return
    for misfit in misfits(value, _KUSTOMIZATION, None):
        got, where = at(value, *misfit.steps), place.down(*misfit.steps)
        if not misfit.is_type or got is None:
            continue
        if type(got) is not int or _PLAIN_NUMBER.fullmatch(files.written(where)):
            name = ".".join(map(str, misfit.steps))
            is_unquoted = isinstance(got, (bool, int, float)) and misfit.hint == f"write {TEXT.name}"
            yield where, f"has {name}: {misfit.reason}", "put it into quotes" if is_unquoted else misfit.hint
