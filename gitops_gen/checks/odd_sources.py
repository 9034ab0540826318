"""The folder or the chart of one Application of a set that is a letter away from that of most others.

What is in a repository that is not on disk nobody knows; but where most releases of a generated set take one folder,
one of nearly that name is a slip. Part of source-path.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, parameters_of
from gitops_gen.near_miss import is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gitops_gen.evidence.applications import Application, ApplicationSource
    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.graph import Graph

_FEW = 2
"""So few others are no measure for one."""


def odd_sources(graph: Graph, expansions: Iterable[Expansion]) -> Iterator[Finding]:
    """Yields them, set by set."""
    for expansion in expansions:
        yield from _odd(graph, expansion)


def _odd(graph: Graph, expansion: Expansion) -> Iterator[Finding]:
    found: defaultdict[tuple[int, str], list[tuple[Application, ApplicationSource]]] = defaultdict(list)
    for application in expansion.applications:
        for index, source in enumerate(application.sources):
            field = "chart" if source.chart is not None else "path"
            if source.value.get(field):
                found[index, field].append((application, source))
    for (_, field), sources in found.items():
        uses = Counter(str(source.value[field]) for _, source in sources)
        usual, number = uses.most_common(1)[0]
        if len(uses) > 1 and number > _FEW:
            yield from _slips(graph, sources, field, uses, usual)


def _slips(
    graph: Graph, sources: Sequence[tuple[Application, ApplicationSource]], field: str, uses: Counter[str], usual: str
) -> Iterator[Finding]:
    like = next(application for application, source in sources if source.value[field] == usual)
    for application, source in sources:
        own = str(source.value[field])
        if uses[own] == 1 and is_typo(own, usual) and graph.folder_of(source) is None:
            yield Finding(
                f"{application.name} takes the {field} {own}, and {uses[usual]} others of its set take {usual}",
                application.source_place(source) / field,
                f"write {usual}, if that is what is meant",
                related=(*parameters_of(application), (like.place, f"{like.name} takes {usual}")),
                severity=Severity.WARNING,
                cause=f"{application.written_as}: {source.index}: {field}",
                cluster=application.cluster or "",
            )
