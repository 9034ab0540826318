"""The namespaces from which an AppProject takes Applications.

Argo CD reads its projects in its own namespace, and takes an Application of another one only into a project that lists
it in sourceNamespaces: "application ... is not allowed to use project". No global project adds to that list. One that
lists none may be that of another Argo CD than the Application's: then it is a warning.

Part of project-permits. Source: argoproj/argo-cd v3.5.1, docs/operator-manual/app-any-namespace.md;
pkg/apis/application/v1alpha1/types.go, IsAppNamespacePermitted; util/glob/list.go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence import globs
from gitops_gen.evidence.leftovers import has_template, is_unfilled
from gitops_gen.evidence.values import strings_at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph

_REGEX = re.compile(r"/(.*)/", re.DOTALL)


def project_namespaces(graph: Graph, deployment: Deployment, project: Manifest) -> Iterator[Finding]:
    """Yields an Application that lies in a namespace from which its project takes none."""
    application = deployment.application
    own, of_project = application.argo_cd_namespace, project.namespace
    if not own or not of_project or own == of_project or is_unfilled(own) or has_template(of_project):
        return
    listed = strings_at(project.value, "spec", "sourceNamespaces")
    written = application.place if application.applicationset is None else application.applicationset.place
    if _permits(listed, own) or _may_be_moved(graph, project, written.file):
        return
    place = written.down("metadata", "namespace")
    is_ours = graph.is_ours(place) and graph.is_ours(project.place)
    yield Finding(
        f"{application.name} lies in namespace {own}, and project {project.name} of {of_project} takes Applications of "
        f"other namespaces from {', '.join(listed) or 'none'}",
        place,
        f"add {own} to the sourceNamespaces of the project, or put the Application into namespace {of_project}",
        related=((project.place.down("spec", "sourceNamespaces"), "what the project permits"),),
        severity=Severity.ERROR if listed or is_ours else Severity.WARNING,
        cause=f"project {project.name}: Applications of {own}",
        cluster=deployment.cluster.name,
    )


def _permits(listed: Sequence[str], namespace: str) -> bool:
    return any(_matches(pattern, namespace) for pattern in listed)


def _matches(pattern: str, namespace: str) -> bool:
    """Tells whether a pattern may match; that of a regular expression is one of .NET, which allows more than ours."""
    found = _REGEX.fullmatch(pattern)
    if found is None:
        return is_unfilled(pattern) or globs.gobwas(pattern).fullmatch(namespace) is not None
    try:
        return re.search(found[1], namespace) is not None
    except re.error:
        return True


def _may_be_moved(graph: Graph, project: Manifest, file: str) -> bool:
    """True where another project of the name may be meant, or kustomize may put one of the two elsewhere."""
    namesakes = (each for each in graph.all_projects if each.name == project.name)
    return sum(1 for _ in namesakes) > 1 or any(map(graph.is_for_kustomize, (project.place.file, file)))
