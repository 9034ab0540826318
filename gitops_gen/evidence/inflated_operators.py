"""The chart of External Secrets where kustomize has Helm render it: an entry of helmCharts.

Source: kubernetes-sigs/kustomize, api/types/helmchartargs.go.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gitops_gen.evidence import kustomizations
from gitops_gen.evidence.applications import ApplicationSource
from gitops_gen.evidence.operator_charts import OperatorChart
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import at, list_at, map_at, strings_at, text_at
from gitops_gen.external_secrets import CHART_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.files import Files

_CHARTS = "helmCharts"
_MERGE = "merge"
_REPLACE = "replace"
_MOST = 100
"""Kustomizations that are looked through for one source."""


def inflated_operator(files: Files, folder: str) -> OperatorChart | None:
    """Returns the chart of the operator that a folder has kustomize render, of no source yet; None if there is none."""
    for path in _built_with(files, folder):
        for place, entry in operator_entries(files, path):
            layers = tuple(layers_of_entry(files, path, entry))
            version = text_at(entry, "version") or ""
            return OperatorChart(ApplicationSource({}, 0), version, place / "version", layers=layers)
    return None


def operator_entries(files: Files, path: str) -> Iterator[tuple[Place, Mapping[str, object]]]:
    """Yields the entries of a kustomization that have Helm render the chart of the operator, each with its place."""
    for index, entry in enumerate(list_at(kustomizations.value_of(files, path), _CHARTS)):
        if text_at(entry, "name") == CHART_NAME:
            yield Place(path).down(_CHARTS, index), map_at(entry)


def _built_with(files: Files, folder: str) -> Iterator[str]:
    """Yields the kustomization of a folder, and those of the folders that it takes."""
    waiting, seen = [folder], {folder}
    while waiting and len(seen) < _MOST:
        path = kustomizations.of_folder(files, waiting.pop(0))
        if path is None:
            continue
        yield path
        value = kustomizations.value_of(files, path)
        for name in (each for field in kustomizations.PARTS for each in strings_at(value, field)):
            inner = kustomizations.joined(posixpath.dirname(path), name)
            if inner not in seen and "://" not in name and files.is_folder(inner):
                seen.add(inner)
                waiting.append(inner)


def layers_of_entry(files: Files, path: str, entry: Mapping[str, object]) -> Iterator[object]:
    """Yields the values that an entry gives its chart, those first that count most."""
    inline, how = at(entry, "valuesInline"), text_at(entry, "valuesMerge")
    named = [text_at(entry, "valuesFile"), *strings_at(entry, "additionalValuesFiles")]
    read = [_values(files, kustomizations.joined(posixpath.dirname(path), each)) for each in reversed(named) if each]
    if how == _REPLACE and inline is not None:
        yield inline
    else:
        yield from (*read, inline) if how == _MERGE else (inline, *read)


def _values(files: Files, path: str) -> object:
    file = files.get(path) if not path.startswith("..") and files.is_file(path) else None
    return next(iter(file.documents.values), None) if file is not None else None
