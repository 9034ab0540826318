r"""The dots in the name of a parameter of Helm: each opens a map, and those in the key of an annotation are escaped.

`annotations.eks.amazonaws.com/role-arn` sets a map of maps, where the key of an annotation is meant. Kubernetes refuses
a map for the value of an annotation, a label or a node selector. Told is only a key whose domain was cut at its end,
as in com/role-arn: no annotation has such a key, whatever the chart is.

Part of chart-values. Source: Helm, "Using Helm", the format and limitations of --set; pkg/strvals/parser.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import list_at, text_at
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.evidence.applications import Application
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_OPENING = lazily(r"(?<!\\)\.")
"""A dot that opens a map."""
_HOLDERS = ("annotations", "labels", "nodeselector")
"""How the names of maps end whose keys have a domain."""
_ENDS = frozenset({"com", "dev", "io", "net", "org", "sh"})
"""What the domains of such keys end in."""


def parameter_dots(graph: Graph, applications: Iterable[Application]) -> Iterator[Finding]:
    """Yields the parameters of Applications, each once for all those that a set makes of it."""
    told: set[Place] = set()
    for application in applications:
        for place, name, key in _cut(application):
            if place not in told:
                told.add(place)
                yield _finding(graph, application, place, name, key)


def _cut(application: Application) -> Iterator[tuple[Place, str, str]]:
    """Yields the place and the name of each parameter with such a key, and the key."""
    for source in application.sources:
        for index, parameter in enumerate(list_at(source.value, "helm", "parameters")):
            name = text_at(parameter, "name") or ""
            key = _key(name) if "/" in name and not has_template(name) else None
            if key is not None:
                yield application.source_place(source).down("helm", "parameters", index, "name"), name, key


def _key(name: str) -> str | None:
    """Returns the key that is cut, as it stands in the name; None where each dot may be meant."""
    steps = _OPENING.split(name)
    holder = next((index for index, step in enumerate(steps) if step.casefold().endswith(_HOLDERS)), None)
    if holder is None or len(steps) - holder <= 2 or steps[-1].partition("/")[0] not in _ENDS:
        return None
    return ".".join(steps[holder + 1 :])


def _finding(graph: Graph, application: Application, place: Place, name: str, key: str) -> Finding:
    meant = key.replace("\\", "")
    escaped = meant.replace(".", "\\.")
    return Finding(
        f"{application.name} gives its chart the parameter {name}, in which each dot opens a map: it sets no {meant}",
        place,
        f"write {name.removesuffix(key)}{escaped}",
        severity=by_mark(graph, place),
        cause=name,
    )
