"""The controller that a store names is an operator of its cluster: any other leaves the store alone.

Part of external-secret-store.

Source: external-secrets/external-secrets, pkg/controllers/secretstore, ShouldProcessStore; its chart, where
controllerClass is the class of the operator, which is called default without one, and where processClusterStore, or
scopedRBAC with a scopedNamespace, makes it pass over a ClusterSecretStore and each ExternalSecret that names one
(templates/deployment.yaml; pkg/controllers/externalsecret, shouldSkipClusterSecretStore).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import text_at
from gitops_gen.kinds import CLUSTER_STORE
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.deployments import ClusterEvidence, Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.operator_charts import OperatorChart

CONTROLLER = ("spec", "controller")
_DEFAULT = "default"
_CLASS = (("extraArgs", "controller-class"), ("controllerClass",))
"""Where the values of the operator's chart say its class; an argument counts more."""
_PROCESS, _ARGUMENT = "processClusterStore", ("extraArgs", "enable-cluster-store-reconciler")


def unserved_stores(graph: Graph, cluster: ClusterEvidence) -> Iterator[Finding]:
    """Yields the stores of a cluster for which none of its operators cares. Without an operator here, nobody knows."""
    classes = _classes(graph, cluster)
    for (_, namespace, _), store in cluster.stores if classes else ():
        stated = text_at(store.value, *CONTROLLER)
        if stated and stated not in classes and not has_template(stated):
            yield _finding(cluster, namespace, store, stated, classes)


def unprocessed_stores(graph: Graph, cluster: ClusterEvidence) -> Iterator[Finding]:
    """Yields the stores for all of a cluster, each of whose operators is told to leave them alone."""
    reasons = [
        (_reason(graph, deployment, chart), deployment)
        for deployment in cluster.deployments
        for chart in deployment.operators
    ]
    if not reasons or not all(reason for reason, _ in reasons):
        return
    reason, deployment = reasons[0]
    for _, store in cluster.stores:
        if store.kind == CLUSTER_STORE:
            yield Finding(
                f"the operator on {cluster.name} leaves {store} alone, by its {reason}",
                store.place.down("kind"),
                "write a SecretStore, or let it process those for all",
                related=((deployment.application.place, "this brings the operator"),),
                severity=Severity.WARNING if cluster.is_seen(None) else Severity.NOTE,
                cause=f"{store} for all",
                cluster=cluster.name,
            )


def _reason(graph: Graph, deployment: Deployment, chart: OperatorChart) -> str:
    """Returns the value by which an operator passes over stores for all; an empty text where it may care for them."""
    if not all(each.path and graph.files.is_file(each.path) for each in deployment.values_files):
        return ""
    value = partial(chart.value, graph.files, deployment)
    if value(*_ARGUMENT) is not None:
        return ""
    if value("scopedRBAC") is True and value("scopedNamespace"):
        return "scopedRBAC"
    return _PROCESS if value(_PROCESS) is False else ""


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
