"""What a project that is not all here may permit all the same.

Part of project-permits: a list that has a placeholder is filled in before anybody applies it, and what Secrets and
global projects add to one may not be here. A generated project is whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from gitops_gen.checks.finding import Finding
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.projects import Project


def in_doubt(graph: Graph, project: Project, field: str, finding: Finding) -> Finding:
    """Returns what a list of a project does not permit, as one that weighs less where it may permit it."""
    if graph.is_ours(project.manifest.place):
        return finding
    entry = project.placeholder_in(field)
    if entry is not None:
        message = f"{finding.message}, unless {entry} of its {field} is filled in so"
        return finding._replace(message=message, severity=Severity.WARNING)
    return finding._replace(severity=Severity.WARNING) if field in project.unread else finding
