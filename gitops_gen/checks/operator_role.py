"""The operator itself has no role where every store signs in as a ServiceAccount of its own.

External Secrets reads AWS in one of two ways: as its controller's ServiceAccount, for a store without auth, or as the
ServiceAccount that the store names. A role on the controller's account that no store uses is trusted by nobody or, if
it is, gives the operator secrets that it has no use for. Mixed up, the two ways end in a trust that fits neither.
A generated store without auth, beside others with one, reads as an operator that is given no role: only an association
of EKS Pod Identity, which no file shows, would let it in.

Fix: remove the annotation from the values of the operator's chart, or say whom the store signs in as.

Source: external-secrets v2.9.0, providers/v1/aws/auth/auth.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence.chart_values import stated_value
from gitops_gen.evidence.operators import controller_accounts
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.readers import ROLE_ANNOTATION
from gitops_gen.evidence.values import at, map_at
from gitops_gen.external_secrets import CHART_NAME
from gitops_gen.kinds import STORE_KINDS
from gitops_gen.near_miss import is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.applications import ApplicationSource
    from gitops_gen.evidence.deployments import ClusterEvidence, Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph

_AWS = ("spec", "provider", "aws")
_ROLE = ("serviceAccount", "annotations", ROLE_ANNOTATION)
"""Where the values of the operator's chart say its role."""


def _run(graph: Graph) -> Iterator[Finding]:
    for cluster in graph.clusters.values():
        stores = _stores(cluster)
        own = [each for each in stores if at(each.value, *_AWS, "auth")]
        mute = [each for each in stores if not at(each.value, *_AWS, "auth")]
        for deployment in cluster.deployments if own else ():
            for source in deployment.application.sources:
                if source.chart == CHART_NAME:
                    role = stated_value(graph.files, deployment, source, *_ROLE)
                    if role and not mute and not _is_used(graph, cluster):
                        yield _finding(graph, deployment, source, own[0])
                    elif not role and graph.is_ours(deployment.application.spec_place):
                        yield from (_mute(each, own[0], cluster) for each in mute if graph.is_ours(each.place))


def _stores(cluster: ClusterEvidence) -> list[Manifest]:
    """Returns the stores of a cluster that read AWS."""
    return [
        manifest
        for deployment in cluster.deployments
        for manifest in deployment.manifests
        if manifest.kind in STORE_KINDS and map_at(manifest.value, *_AWS)
    ]


def _mute(store: Manifest, other: Manifest, cluster: ClusterEvidence) -> Finding:
    return Finding(
        f"{store} on {cluster.name} has no auth, so that it reads as the operator, which is given no role; {other} "
        "signs in as an account of its own",
        store.place.down(*_AWS),
        "name the ServiceAccount that it signs in as, under auth.jwt.serviceAccountRef",
        related=((other.place.down(*_AWS, "auth"), "whom the other one signs in as"),),
        severity=Severity.WARNING,
        cause=f"{store} without auth",
        cluster=cluster.name,
    )


def _is_used(graph: Graph, cluster: ClusterEvidence) -> bool:
    """True if a store names the ServiceAccount of the operator, or one that may be it or be meant for it."""
    accounts = controller_accounts(graph.files, cluster)
    readers = (reader for deployment in cluster.deployments for reader in deployment.readers)
    return any(_is_own(accounts, each.namespace, each.service_account_name or "") for each in readers)


def _is_own(accounts: Mapping[str, str | None], namespace: str, name: str) -> bool:
    own = accounts.get(namespace, "")
    return own in (None, name) or is_typo(name, own) or any(each == name for each in accounts.values())


def _finding(graph: Graph, deployment: Deployment, source: ApplicationSource, store: Manifest) -> Finding:
    application, cluster = deployment.application, deployment.cluster
    files = (graph.files.get(each.path) for each in deployment.values_files if each.path is not None)
    giving = [file for file in files if file is not None and at(next(iter(file.documents.values), None), *_ROLE)]
    return Finding(
        f"{application.name} annotates the operator's own ServiceAccount with a role, but on {cluster.name} every "
        f"store, as {store}, signs in as one of its own",
        application.source_place(source) / "helm",
        "remove the annotation from the values of the operator",
        related=(
            *((Place(file.path, 0, _ROLE), "it is given here") for file in giving),
            (store.place.down(*_AWS, "auth"), "whom the store signs in as"),
        ),
        severity=Severity.WARNING,
        on_key=True,
        cause="role of the operator",
        cluster=cluster.name,
    )


CHECK = Check("operator-role", _run, __doc__)
