"""Values that are a text in an Application, and that Helm cannot read, for a chart that is not on disk.

Part of chart-values. A chart of the tree is rendered with them, and `chart-rendering` tells what Helm says.

Source: Argo CD v3.5.1, reposerver/repository/repository.go: the text becomes a file, which Helm is given.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.values import at, text_at
from gitops_gen.source import UNREADABLE, read_documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_TEXT = ("helm", "values")
_TEMPLATE = "{{"


def values_texts(graph: Graph) -> Iterator[Finding]:
    """Yields each text that is no YAML, or no map, once for all the Applications of a set."""
    told: set[Place] = set()
    for application in graph.applications:
        for source in application.sources:
            text, place = text_at(source.value, *_TEXT), application.stated_in(source, *_TEXT)
            is_passed_over = at(source.value, "helm", "valuesObject") is not None or graph.folder_of(source) is not None
            if not text or is_passed_over or _TEMPLATE in text or place in told:
                continue
            reason = _refused(text)
            if reason is not None:
                told.add(place)
                yield Finding(
                    f"the values of {application.name} are refused by Helm: {reason}",
                    place,
                    "write keys and values, each key of a map as far to the right as the others",
                    cause=reason,
                    cluster=application.cluster or "",
                )


@lru_cache(maxsize=1024)
def _refused(text: str) -> str | None:
    """Returns why Helm does not read a text of values; None where it does, and where somebody fills it in first."""
    documents = read_documents("", text)
    broken = next((each for each in documents.problems if each.code == UNREADABLE), None)
    if broken is not None:
        from gitops_gen.evidence.forms import stops_at_form

        if stops_at_form(text.splitlines(), broken.at.line):
            return None
        return f"line {broken.at.line} of them: {broken.message}"
    value = next(iter(documents.values), None)
    if value is None or isinstance(value, dict):
        return None
    return f"got {'a list' if isinstance(value, list) else 'one value'}, expected a map"
