"""The components of kustomize that a source states, and that are not there.

Argo CD has kustomize add them to the kustomization in the folder of the source, which fails where there is no such
folder, unless the source says ignoreMissingComponents. That is no way out: with it Argo CD looks below the folder of
the source only, so that ../shared is missing too, and where none is left kustomize refuses to add none. A path is one
from that folder; a URL, kustomize fetches.

Part of source-path. Source: argoproj/argo-cd v3, util/kustomize/kustomize.go, applyComponents; kubernetes-sigs/
kustomize, kustomize/commands/edit/add/addcomponent.go, Validate, and commands/internal/util/util.go,
GlobPatternsWithLoader: "has no match".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, parameters_of
from gitops_gen.checks.kustomize_files import is_out_of_reach, is_path
from gitops_gen.checks.source_files import is_elsewhere
from gitops_gen.evidence import kustomizations
from gitops_gen.evidence.applications import KUSTOMIZE
from gitops_gen.evidence.values import list_at, map_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.applications import ApplicationSource
    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.graph import Graph

_COMPONENTS = "components"


def missing_components(graph: Graph, deployment: Deployment, source: ApplicationSource) -> Iterator[Finding]:
    """Yields the components that a source states, where its folder is here, and no folder of theirs."""
    application, folder, stated = deployment.application, graph.folder_of(source), map_at(source.value, KUSTOMIZE)
    ignores = stated.get("ignoreMissingComponents") is True
    if folder is None or ignores or not graph.files.is_folder(folder) or is_elsewhere(graph, deployment, source):
        return
    for index, name in enumerate(list_at(stated, _COMPONENTS)):
        if isinstance(name, str) and is_path(name) and _is_missing(graph, kustomizations.joined(folder, name)):
            yield Finding(
                f"{application.name} takes the component {name}, which is not there: kustomize builds nothing",
                (application.source_place(source) / KUSTOMIZE).down(_COMPONENTS, index),
                "correct the path, which starts in the folder of the source, or remove the component",
                related=parameters_of(application),
                cause=f"{application.written_as}: {source.index}: component {name}",
                cluster=deployment.cluster.name,
            )


def _is_missing(graph: Graph, target: str) -> bool:
    return not (is_out_of_reach(graph, target) or graph.files.is_folder(target) or graph.files.is_file(target))
