"""Conditions of charts in charts that no values state, beside one that is a letter apart: the part is then always on.

Part of chart-values. Helm asks the first path of a condition that leads to true or false; where none does, the chart is
taken. A condition that nobody states is common. Together with a flag under a name a letter apart, it is one mistake.

Source: Helm v4.2.3, pkg/chart/v2/util/dependencies.go, processDependencyConditions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.chart_parts import STATED
from gitops_gen.evidence.charts import CHART, REQUIREMENTS, path_in
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.secret_references import layers_of_chart
from gitops_gen.evidence.values import at, list_at, text_at
from gitops_gen.near_miss import is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping, Sequence

    from gitops_gen.evidence.applications import ApplicationSource
    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.secret_references import Layer


def part_conditions(
    graph: Graph, by_folder: Mapping[str, Sequence[tuple[Deployment, ApplicationSource]]]
) -> Iterator[Finding]:
    """Yields each such condition of the charts in some folders, with the Applications that take them.

    All that these give them is known.
    """
    for folder, taken in by_folder.items():
        stated = list(_conditions(graph, folder))
        if stated:
            layers = list(_layers(graph, folder, taken))
            others = {part for _, part, _ in stated}
            for place, part, paths in stated:
                yield from _of_condition(folder, place, part, paths, layers, others - {part})


def _conditions(graph: Graph, folder: str) -> Iterator[tuple[Place, str, list[str]]]:
    """Yields where a chart says when it takes another one, which, and the paths of the values that it asks."""
    for name in (CHART, REQUIREMENTS):
        file = graph.files.get(path_in(folder, name))
        value = next(iter(file.documents.values), None) if file is not None else None
        for index, part in enumerate(list_at(value, STATED)):
            paths = [path.strip() for path in (text_at(part, "condition") or "").split(",")]
            if any(paths):
                place = Place(path_in(folder, name), 0, (STATED, index, "condition"))
                yield place, text_at(part, "alias") or text_at(part, "name") or "", list(filter(None, paths))


def _layers(graph: Graph, folder: str, taken: Sequence[tuple[Deployment, ApplicationSource]]) -> Iterator[Layer]:
    """Yields the values of a chart, and once each what the Applications give it."""
    yield from layers_of_chart(graph.files, folder)
    given = (layer for deployment, _ in taken for layer in graph.layers_of(deployment))
    yield from {id(layer.value): layer for layer in given}.values()


def _of_condition(
    folder: str, place: Place, part: str, paths: Sequence[str], layers: Sequence[Layer], others: Container[str]
) -> Iterator[Finding]:
    """`others` are the other charts, each of which has values under its name."""
    asked = [path.split(".") for path in paths]
    if any(isinstance(at(layer.value, *steps), bool) for layer in layers for steps in asked):
        return
    for steps in asked:
        for layer in layers:
            meant = _meant(layer.value, steps)
            if meant is not None and meant[0] not in others:
                yield Finding(
                    f"the chart {folder} takes {part} if {'.'.join(steps)} is true, which no values state: it is "
                    "always taken",
                    place,
                    f"give both one name: {'.'.join(meant)} is stated",
                    related=((layer.place.down(*meant), f"{'.'.join(meant)} is stated here"),),
                    severity=Severity.WARNING,
                )
                return


def _meant(value: object, steps: Sequence[str]) -> list[str] | None:
    """Returns the path of a flag that one which leads nowhere is a slip of, in one of its steps."""
    known: list[str] = []
    for index, step in enumerate(steps):
        here = at(value, *known)
        if not isinstance(here, dict):
            return None
        if step not in here:
            found = [[*known, str(key), *steps[index + 1 :]] for key in here if is_typo(step, str(key))]
            return next((each for each in found if isinstance(at(value, *each), bool)), None)
        known.append(step)
    return None
