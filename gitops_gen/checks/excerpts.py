"""What is missing in an excerpt: in a file that says that it leaves something out, it is a note.

What an Application brings is applied as it stands, whatever its comments say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from gitops_gen.checks.finding import Finding
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place


def of_excerpt(graph: Graph, place: Place, finding: Finding) -> Finding:
    """Returns what is missing as a note, where its file leaves something out and no Application takes it."""
    file = None if place.rendering else graph.files.get(place.file)
    if file is None or not file.is_excerpt or place in graph.brought:
        return finding
    return finding._replace(message=f"{finding.message}, in a file that leaves something out", severity=Severity.NOTE)
