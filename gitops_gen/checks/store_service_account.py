"""The ServiceAccount that a SecretStore signs in as exists, in the store's namespace, and is nobody else's.

External Secrets looks the ServiceAccount of a SecretStore up in the namespace of the store, and that of a
ClusterSecretStore in the namespace that it names, or else in that of each ExternalSecret. It asks the Kubernetes API
for a token of it; if it is not there, nothing syncs. If a workload runs under the same ServiceAccount, its pods
receive the role too, and can read the secrets by themselves. In other people's files the account may have been made
with a command: there it is an error only where one of its name, or almost, is here; and one that pods share is a
warning there.

Fix: name a ServiceAccount that is rendered beside the store, and let only the store use it.

Source: external-secrets v2.9.0, providers/v1/aws/auth/auth.go (same at v0.9.13).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding, by_mark, not_judged
from gitops_gen.evidence.operators import controller_accounts
from gitops_gen.evidence.readers import ROLE_ANNOTATION
from gitops_gen.evidence.secret_references import WORKLOADS
from gitops_gen.evidence.values import at, list_at, text_at
from gitops_gen.external_secrets import CHART_NAME
from gitops_gen.near_miss import is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.deployments import ClusterEvidence
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.readers import Reader

_PODS = {
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    "Pod": ("spec",),
}
_TEMPLATE = ("spec", "template", "spec")
_EKSCTL = "eksctl.io/"
_NAME = "serviceAccountName"


def _run(graph: Graph) -> Iterator[Finding]:
    for cluster in graph.clusters.values():
        readers = [reader for deployment in cluster.deployments for reader in deployment.readers]
        users = _users(cluster) if readers else {}
        missing = [each for each in readers if each.service_account is None]
        accounts = controller_accounts(graph.files, cluster) if missing else {}
        for reader in readers:
            if reader.service_account is None and not _is_made_elsewhere(graph, reader, accounts):
                yield _missing(reader, graph, is_known=accounts.get(reader.namespace, "") is not None)
            for workload in users.get((reader.namespace, reader.service_account_name or ""), ()):
                yield _shared(reader, workload, graph)


def _users(cluster: ClusterEvidence) -> dict[tuple[str, str], list[Manifest]]:
    """Returns the workloads of a cluster by the namespace and name of the ServiceAccount that they run as."""
    found: dict[tuple[str, str], list[Manifest]] = {}
    for deployment in cluster.deployments:
        for manifest in deployment.manifests:
            if manifest.kind in WORKLOADS:
                name = text_at(manifest.value, *_pods(manifest), _NAME) or "default"
                found.setdefault((deployment.namespace_of(manifest), name), []).append(manifest)
    return found


def _pods(manifest: Manifest) -> tuple[str, ...]:
    return _PODS.get(manifest.kind, _TEMPLATE)


def _missing(reader: Reader, graph: Graph, *, is_known: bool) -> Finding:
    name = reader.service_account_name or "nothing"
    cluster = reader.deployment.cluster
    related = tuple((place, "one of that name is here") for place in _elsewhere(reader, name))
    alike = tuple((place, "one with almost that name is here") for place in _almost(reader, name))
    # A chart may bring the ServiceAccount, or somebody may have made it with a command; generated stores have theirs
    # beside them. The one that the operator does not make, since its values name another, is one that nobody makes.
    is_seen = is_known and cluster.has_operator and cluster.is_seen(reader.namespace) and not graph.unknown
    is_meant = bool(related or alike) or (name == CHART_NAME and _is_operators(cluster, reader.namespace))
    is_sure = (is_seen and is_meant) or graph.is_ours(reader.store.place)
    none = f"there is no ServiceAccount {name}" if is_sure else f"no ServiceAccount {name} is seen"
    return Finding(
        f"{reader.store} signs in as {name}, but {none} in namespace {reader.namespace} "
        f"of {cluster.name}{not_judged(1)}",
        reader.service_account_place,
        f"bring the ServiceAccount {name} to namespace {reader.namespace}, or name the one that is there",
        related=related or alike or (tuple(_others(reader)) if graph.is_ours(reader.store.place) else ()),
        severity=Severity.ERROR if is_sure else Severity.WARNING if cluster.has_operator else Severity.NOTE,
        cause=f"{reader.store} -> {name}",
        cluster=cluster.name,
    )


def _is_operators(cluster: ClusterEvidence, namespace: str) -> bool:
    """True for the namespace that the operator is installed in."""
    charts = (each for each in cluster.deployments if any(one.chart == CHART_NAME for one in each.application.sources))
    return any(each.application.namespace == namespace for each in charts)


def _is_made_elsewhere(graph: Graph, reader: Reader, accounts: Mapping[str, str | None]) -> bool:
    """Tells whether it is the operator's own, or Terraform or eksctl makes it, as far as its name in files shows."""
    name = reader.service_account_name or ""
    if accounts.get(reader.namespace) == name:
        return True
    for path in graph.paths if name else ():
        file = graph.files.get(path) if path.endswith(".tf") else None
        if file is not None and "service_account" in file.text and f'"{name}"' in file.text:
            return True
    return any(_EKSCTL in each.api_version and name in _accounts(each) for each in graph.manifests)


def _accounts(config: Manifest) -> set[object]:
    """Returns the names of the ServiceAccounts that an eksctl ClusterConfig makes, with their roles."""
    return {at(each, "metadata", "name") for each in list_at(config.value, "iam", "serviceAccounts")}


def _elsewhere(reader: Reader, name: str) -> Iterator[Place]:
    for (kind, _, found), pairs in reader.deployment.cluster.objects.items():
        if kind == "ServiceAccount" and found == name:
            yield from (manifest.place.down("metadata", "namespace") for _, manifest in pairs)


def _almost(reader: Reader, name: str) -> Iterator[Place]:
    for (kind, namespace, found), pairs in reader.deployment.cluster.objects.items():
        if kind == "ServiceAccount" and namespace == reader.namespace and is_typo(name, found):
            yield from (manifest.place.down("metadata", "name") for _, manifest in pairs)


def _others(reader: Reader) -> Iterator[tuple[Place, str]]:
    """Yields the accounts with a role that the Application of a store brings to its namespace: one may be renamed."""
    accounts = (each for each in reader.deployment.manifests if each.kind == "ServiceAccount")
    for each in accounts:
        if ROLE_ANNOTATION in each.annotations and reader.deployment.namespace_of(each) == reader.namespace:
            yield each.place.down("metadata", "name"), f"{each} is there"


def _shared(reader: Reader, workload: Manifest, graph: Graph) -> Finding:
    # It works; what is wrong with it is who else can read the secrets, and that is for the owner of the files to say.
    return Finding(
        f"{workload} runs as {reader.service_account_name}, which {reader.store} signs in as: its pods receive the "
        "role and can read the secrets by themselves",
        workload.place.down(*_pods(workload), _NAME),
        "give the store a ServiceAccount of its own",
        related=((reader.service_account_place, "the store signs in as it here"),),
        severity=by_mark(graph, reader.store.place, reader.deployment.application.place),
        cause=f"{workload}: {reader.service_account_name}",
        cluster=reader.deployment.cluster.name,
    )


CHECK = Check("store-service-account", _run, __doc__, link=1, weight=3)
