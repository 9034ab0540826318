"""Parameters of a release that stand in the folder of another cluster than the one that they name.

A git generator takes a file wherever its pattern finds it, so that an Application is made all the same, and the one
that was meant there is not. Where the files of a generated set stand in folders that are called as their clusters, each
one does.

Part of applicationset-parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, template_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.applications import Application
    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.graph import Graph

_NAME = ("destination", "name")


def misplaced_elements(graph: Graph, expansion: Expansion) -> Iterator[Finding]:
    """Yields each Application of a set of ours whose parameters stand in the folder of another known cluster."""
    apart = [each for each in expansion.applications if each.place.file != expansion.manifest.place.file]
    astray = [each for each in apart if each.cluster is not None and each.cluster not in _folders(each)]
    if 2 * len(astray) >= len(apart) or not astray:
        return
    known = {*graph.clusters, *graph.cluster_secrets, *(each.cluster for each in graph.tfvars)}
    for application in astray:
        other = next((each for each in _folders(application) if each in known), None)
        if other is not None and application.cluster in known:
            yield Finding(
                f"{application.name} lands on {application.cluster}, and its parameters stand in the folder of {other}",
                application.stated_at(*_NAME),
                f"move the file into the folder of {application.cluster}, or write {other}",
                related=template_of(application, "spec", *_NAME),
            )


def _folders(application: Application) -> list[str]:
    return application.place.file.split("/")[:-1]
