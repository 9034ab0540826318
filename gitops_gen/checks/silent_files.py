"""Files of manifests that an Application takes, and that bring nothing: most likely, one lost what it said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.files import YAML_ENDINGS
from gitops_gen.problems import Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.graph import Graph


def silent_files(graph: Graph, deployment: Deployment) -> Iterator[tuple[Location, str]]:
    """Yields the files that bring nothing, as the other ends of a finding."""
    for source in deployment.application.sources:
        folder = graph.folder_of(source) if source.path is not None and not source.is_helm else None
        for path in graph.files.under(folder, recurse=False) if folder is not None else ():
            file = graph.files.get(path) if path.endswith(YAML_ENDINGS) else None
            if file is not None and not file.documents.values:
                yield Location(path), "this file brings nothing"
