"""The labels of an Application, and of a cluster's Secret, say what the cluster's tfvars say.

RollingSync steps, cluster generators, dashboards and sync windows go by these labels. One that names another
environment or region puts a production cluster into the first step of a rollout, or takes it out of every one.

Fix: make the label and the tfvars of the cluster equal.

Source: Argo CD v3.5.1, docs/operator-manual/applicationset/Generators-Cluster.md and Progressive-Syncs.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence.values import map_at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gitops_gen.evidence.deployments import ClusterEvidence
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_VARIABLES = {
    "environment": "env",
    "env": "env",
    "region": "aws_region",
    "aws-region": "aws_region",
    "account": "account_id",
    "account-id": "account_id",
    "aws-account-id": "account_id",
}
"""Which variable says the same as a label."""

_OF_THE_CLUSTER = ("environment", "region", "stage")
"""The labels of our own Applications that are the same for all that land on a cluster."""


def _run(graph: Graph) -> Iterator[Finding]:
    for cluster in graph.clusters.values():
        if cluster.secret is not None:
            labels = map_at(cluster.secret.value, "metadata", "labels")
            place = cluster.secret.place.down("metadata", "labels")
            yield from _differing(graph, cluster, labels, str(cluster.secret), place.__truediv__)
        for deployment in cluster.deployments:
            application = deployment.application
            yield from _differing(graph, cluster, application.labels, application.name, application.label_at)
        yield from _among_each_other(graph, cluster)


def _differing(
    graph: Graph, cluster: ClusterEvidence, labels: Mapping[str, object], name: str, place_of: Callable[[str], Place]
) -> Iterator[Finding]:
    if cluster.tfvars is None:
        return
    for key, got in labels.items():
        expected = cluster.tfvars.values.get(_VARIABLES.get(key, ""))
        if not isinstance(expected, str) or not expected or got == expected:
            continue
        place = place_of(key)
        yield Finding(
            f"{name} on {cluster.name} has the label {key}: got {got}, expected {expected}, as in the cluster's tfvars",
            place,
            "make the label and the tfvars equal",
            related=((cluster.tfvars.place / _VARIABLES[key], "the tfvars of the cluster"),),
            severity=Severity.ERROR if graph.is_ours(place) else Severity.WARNING,
            cause=f"label {key}",
            cluster=cluster.name,
        )


def _among_each_other(graph: Graph, cluster: ClusterEvidence) -> Iterator[Finding]:
    """Yields a label of one of our Applications that differs from the first one's on the same cluster."""
    ours = [each.application for each in cluster.deployments if graph.is_ours(each.application.place)]
    for application in ours[1:]:
        for key in _OF_THE_CLUSTER:
            first, got = ours[0].labels.get(key), application.labels.get(key)
            if first is not None and got is not None and first != got and key not in _judged(cluster):
                yield Finding(
                    f"{application.name} on {cluster.name} has the label {key}: got {got}, and {ours[0].name} on the "
                    f"same cluster has {first}",
                    application.label_at(key),
                    "make the two labels equal",
                    related=((ours[0].label_at(key), f"the label of {ours[0].name}"),),
                    cause=f"label {key}",
                    cluster=cluster.name,
                )


def _judged(cluster: ClusterEvidence) -> frozenset[str]:
    """Returns the labels that the tfvars of the cluster decide."""
    return frozenset(_VARIABLES) if cluster.tfvars is not None else frozenset()


CHECK = Check("place-labels", _run, __doc__)
