"""Texts such as "false" for a flag of a chart that its templates only test: a text that is not empty is true to Helm.

A flag is what the chart's own values have true or false for, and the templates read with `if` alone, as it is. What a
template prints or compares may be meant as a text.

Part of chart-values. Source: Go, text/template, "if": false, 0, nil and what has no length are empty, and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.chart_values import ChartValues, text_layers
from gitops_gen.evidence.values import at, decides, list_at, text_at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from gitops_gen.evidence.applications import ApplicationSource
    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.secret_references import Layer

Flag = tuple[str, ...]
"""The keys that lead to one."""
_OFF = frozenset({"false", "no", "off"})


def text_flags(
    graph: Graph, folder: str, flags: Collection[Flag], taken: Sequence[tuple[Deployment, ApplicationSource]]
) -> Iterator[Finding]:
    """Yields the texts that Applications give for flags of the chart in a folder, each once."""
    told: set[Place] = set()
    for deployment, source in taken:
        values, layers = ChartValues(graph.files, deployment, source), _layers(graph, deployment, source)
        parameters = {text_at(each, "name") for each in list_at(source.value, "helm", "parameters")}
        for flag in flags:
            stating = next((each for each in reversed(layers) if decides(each.value, *flag)), None)
            stated = at(stating.value, *flag) if stating is not None else None
            if stating is None or not _is_off(stated) or ".".join(flag) in parameters or values.get(*flag) != stated:
                continue
            place = stating.place.down(*flag)
            if place not in told:
                told.add(place)
                yield _finding(deployment, folder, flag, str(stated), place)


def _is_off(value: object) -> bool:
    """True for a text that says no."""
    return isinstance(value, str) and value.casefold() in _OFF


def _layers(graph: Graph, deployment: Deployment, source: ApplicationSource) -> Sequence[Layer]:
    """Returns what is laid over the chart's own values, in order."""
    is_read = at(source.value, "helm", "valuesObject") is None
    return [*graph.layers_of(deployment), *(text_layers(deployment, source) if is_read else ())]


def _finding(deployment: Deployment, folder: str, flag: Flag, stated: str, place: Place) -> Finding:
    name = ".".join(flag)
    return Finding(
        f'{name} is the text "{stated}", and the chart {folder} tests it with if: a text that is not empty is true '
        "there",
        place,
        "write false, without quotes",
        severity=Severity.WARNING,
        cause=f"{folder}: {name}: {stated}",
        cluster=deployment.cluster.name,
    )
