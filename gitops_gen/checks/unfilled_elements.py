"""What an element of a set says in braces, which nothing fills in: its texts are values, not templates.

Argo CD renders the template once. A text such as {{ .project }} in an element is therefore the name of a project, of
an Application or of a cluster. In the values of a chart it may be meant for Helm.

Part of applicationset-parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence.values import texts_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.applications import Application
    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.leaves import Steps
    from gitops_gen.evidence.places import Place

_OPENS = "{{"
_APPLIED = (("metadata", "name"), ("metadata", "labels"), ("spec", "project"), ("spec", "destination"))
_OF_A_SOURCE = frozenset({"repoURL", "path", "chart", "targetRevision", "releaseName", "valueFiles"})


def unfilled_elements(graph: Graph, expansion: Expansion) -> Iterator[Finding]:
    """Yields each parameter of a set whose braces end up where Argo CD reads a name or a path."""
    told: set[Place] = set()
    for application in expansion.applications:
        # What a list by itself has in other braces, applicationset-go-template tells.
        is_told = not expansion.uses_go_templates and not application.origins
        unfilled = () if is_told else tuple(_unfilled(application))
        for text, steps in texts_in(application.value) if unfilled else ():
            stated = next((place for each, place in unfilled if each in text), None)
            if stated is not None and stated not in told and _is_applied(steps):
                told.add(stated)
                yield Finding(
                    f"{'.'.join(map(str, steps))} of {application.name} is {text}: nothing fills in what stands in an "
                    "element",
                    stated,
                    "write the value",
                    severity=by_mark(graph, stated),
                )


def _is_applied(steps: Steps) -> bool:
    if steps[1:2] in (("source",), ("sources",)):
        return not _OF_A_SOURCE.isdisjoint(map(str, steps))
    return any(steps[: len(each)] == each for each in _APPLIED)


def _unfilled(application: Application) -> Iterator[tuple[str, Place]]:
    """Yields the parameters of an Application that have braces, each with where it stands."""
    for part, place in application.origins or ((application.parameters, application.place),):
        for key, value in part.items():
            if isinstance(value, str) and _OPENS in value:
                yield value, place / key
