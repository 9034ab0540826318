"""The controller that a store names is an operator of its cluster: any other leaves the store alone.

Part of external-secret-store.

Source: external-secrets/external-secrets, pkg/controllers/secretstore, ShouldProcessStore; its chart, where
controllerClass is the class of the operator, which is called default without one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import text_at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.deployments import ClusterEvidence, Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph

CONTROLLER = ("spec", "controller")
_DEFAULT = "default"
_CLASS = (("extraArgs", "controller-class"), ("controllerClass",))
"""Where the values of the operator's chart say its class; an argument counts more."""


def unserved_stores(graph: Graph, cluster: ClusterEvidence) -> Iterator[Finding]:
    """Yields the stores of a cluster for which none of its operators cares. Without an operator here, nobody knows."""
    classes = _classes(graph, cluster)
    for (_, namespace, _), store in cluster.stores if classes else ():
        stated = text_at(store.value, *CONTROLLER)
        if stated and stated not in classes and not has_template(stated):
            yield _finding(cluster, namespace, store, stated, classes)


def _classes(graph: Graph, cluster: ClusterEvidence) -> Mapping[str, Deployment]:
    """Returns the classes of the operators on a cluster; none where the values of one are not all here."""
    found: dict[str, Deployment] = {}
    for deployment in cluster.deployments:
        for chart in deployment.operators:
            if not all(each.path and graph.files.is_file(each.path) for each in deployment.values_files):
                return {}
            stated = [chart.value(graph.files, deployment, *keys) for keys in _CLASS]
            found[str(next(filter(None, stated), _DEFAULT))] = deployment
    return found


def _finding(
    cluster: ClusterEvidence, namespace: str, store: Manifest, stated: str, classes: Mapping[str, Deployment]
) -> Finding:
    message = f"{store} is for the controller {stated}, and the operator on {cluster.name} is {' or '.join(classes)}"
    return Finding(
        message,
        store.place.down(*CONTROLLER),
        "remove controller:" if _DEFAULT in classes else f"write {next(iter(classes))}",
        related=tuple((each.application.place, "this brings the operator") for each in classes.values())[:1],
        severity=Severity.WARNING if cluster.is_seen(namespace or None) else Severity.NOTE,
        cause=f"{store} for {stated}",
        cluster=cluster.name,
    )
