"""The namespace that one of our Applications lands in is made by somebody.

Argo CD makes the namespace of an Application only if it has CreateNamespace=true. Otherwise it must be there: brought
by another Application, or made with the cluster. If it is not, the sync fails with "namespaces ... not found". The
namespace of Argo CD itself, on the cluster that it runs on, is there: the Application lies in it.

Fix: add CreateNamespace=true to the sync options.

Source: Argo CD v3.5.1, docs/user-guide/sync-options.md, CreateNamespace.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.applications import Application
    from gitops_gen.evidence.deployments import ClusterEvidence
    from gitops_gen.evidence.graph import Graph

_CREATE = "CreateNamespace=true"
_ALWAYS_THERE = frozenset({"", "default", "kube-system", "kube-public"})


def _run(graph: Graph) -> Iterator[Finding]:
    for cluster in graph.clusters.values():
        made = _made(cluster)
        for deployment in cluster.deployments:
            application = deployment.application
            namespace = application.namespace or ""
            if namespace not in made and graph.is_ours(application.spec_place) and not _is_around(application):
                yield Finding(
                    f"{application.name} lands in namespace {namespace} of {cluster.name}, which nothing here makes",
                    application.spec_place.down("syncPolicy", "syncOptions"),
                    f"add {_CREATE} to the sync options",
                    cause=f"namespace {namespace}",
                    cluster=cluster.name,
                )


def _is_around(application: Application) -> bool:
    """True for an Application that lands in the namespace that it lies in itself, as an app of apps does."""
    return application.is_local and application.namespace == application.argo_cd_namespace


def _made(cluster: ClusterEvidence) -> frozenset[str]:
    """Returns the namespaces that some Application of a cluster makes, and those that every cluster has."""
    by_option = (
        each.application.namespace or "" for each in cluster.deployments if _CREATE in each.application.sync_options
    )
    brought = (name for kind, _, name in cluster.objects if kind == "Namespace")
    return _ALWAYS_THERE.union(by_option, brought)


CHECK = Check("namespace-created", _run, __doc__)
