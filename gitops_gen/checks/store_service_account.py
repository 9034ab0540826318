"""The ServiceAccount that a SecretStore signs in as exists, in the store's namespace, and is nobody else's.

External Secrets looks the ServiceAccount of a SecretStore up in the namespace of the store, and that of a
ClusterSecretStore in the namespace that it names, or else in that of each ExternalSecret. It asks the Kubernetes API
for a token of it; if it is not there, nothing syncs. If a workload runs under the same ServiceAccount, its pods receive
the role too, and can read the secrets by themselves. In other people's files the account may have been made with a
command: there it is an error only where one of its name, or almost, is here; and one that pods share is a warning
there. That of an operator which Flux, Terraform or kustomize installs is taken for there. Of a store of another
provider than AWS, such as Vault, only a ServiceAccount of almost the name of one that is here, or of its name in
another namespace, is told. So it is, as a warning, of a store that no Application is seen to bring, by the
ServiceAccounts beside it.

Fix: name a ServiceAccount that is rendered beside the store, and let only the store use it.

Source: external-secrets v2.9.0, providers/v1/aws/auth/auth.go (same at v0.9.13).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence.secret_references import WORKLOADS
from gitops_gen.evidence.values import at, text_at
from gitops_gen.kinds import CLUSTER_STORE, STORE_KINDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.deployments import ClusterEvidence
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.readers import Reader
    from gitops_gen.shapes import Steps

_PODS = {
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    "Pod": ("spec",),
}
_TEMPLATE = ("spec", "template", "spec")
_NAME = "serviceAccountName"
_ALWAYS = "default"
"""The ServiceAccount that each namespace has."""
_PROVIDER = ("spec", "provider")
_AWS = (*_PROVIDER, "aws")
_ACCOUNT_REFS = ("serviceAccountRef", "serviceAccount")
"""What the providers call the ServiceAccount that they sign in as."""


def _run(graph: Graph) -> Iterator[Finding]:
    yield from _missing(graph)
    yield from _misnamed(graph)
    yield from _misnamed_in_files(graph)
    for cluster in graph.clusters.values():
        readers = [reader for deployment in cluster.deployments for reader in deployment.readers]
        users = _users(cluster) if readers else {}
        # Of several stores that sign in as one, the first is told: what is wrong is the same.
        first = {(each.namespace, each.service_account_name or ""): each for each in reversed(readers)}
        for account in reversed(first):
            for workload in users.get(account, ()):
                yield _shared(first[account], workload, graph)


def _missing(graph: Graph) -> Iterator[Finding]:
    readers = (reader for each in graph.deployments for reader in each.readers)
    # One without a name is told by external-secret-fields.
    missing = [reader for reader in readers if reader.service_account is None and reader.service_account_name]
    if missing:
        from gitops_gen.checks.missing_accounts import missing_accounts

        yield from missing_accounts(graph, missing)


def _misnamed(graph: Graph) -> Iterator[Finding]:
    """Yields what is wrong with the ServiceAccounts that the stores of other providers than AWS sign in as."""
    missing = [each for cluster in graph.clusters.values() for each in _missing_of_others(cluster)]
    if missing:
        from gitops_gen.checks.missing_accounts import SignIn, misnamed_accounts

        yield from misnamed_accounts(graph, [SignIn(*each) for each in missing])


def _misnamed_in_files(graph: Graph) -> Iterator[Finding]:
    """Yields what is wrong with the ServiceAccounts of the stores that no Application is seen to bring."""
    whole = (each.manifest for each in graph.operator_objects if each.deployment is None and each.is_whole)
    stores = [each for each in whole if each.kind in STORE_KINDS and each.place not in graph.brought]
    if stores:
        from gitops_gen.checks.named_accounts import misnamed_in_files

        yield from misnamed_in_files(
            graph, [(each, *named) for each in stores for named in _named(each, each.namespace)]
        )


def _missing_of_others(cluster: ClusterEvidence) -> Iterator[tuple[ClusterEvidence, Manifest, str, str, Place]]:
    """Yields the stores of other providers that sign in as what no Application brings, with its namespace and name."""
    for (_, own, _), store in cluster.stores:
        for place, name, namespace in _named(store, own, without=_AWS):
            if namespace is not None and ("ServiceAccount", namespace, name) not in cluster.objects:
                yield cluster, store, namespace, name, place


def _named(store: Manifest, namespace: str | None, *, without: Steps = ()) -> Iterator[tuple[Place, str, str | None]]:
    """Yields the ServiceAccounts that a store in a namespace names: where, the name, and the namespace, if stated."""
    for steps, ref in _account_refs(at(store.value, *_PROVIDER), _PROVIDER, without):
        name = text_at(ref, "name")
        if name and name != _ALWAYS:
            of_account = text_at(ref, "namespace") if store.kind == CLUSTER_STORE else namespace
            yield store.place.down(*steps, "name"), name, of_account or None


def _account_refs(value: object, steps: Steps, without: Steps) -> Iterator[tuple[Steps, object]]:
    """Yields the references to ServiceAccounts below some steps, without those of one provider."""
    if isinstance(value, dict):
        for field, inner in value.items():
            if field in _ACCOUNT_REFS:
                yield (*steps, field), inner
            elif (*steps, field) != without:
                yield from _account_refs(inner, (*steps, field), without)


def _users(cluster: ClusterEvidence) -> dict[tuple[str, str], list[Manifest]]:
    """Returns the workloads of a cluster by the namespace and name of the ServiceAccount that they run as."""
    found: dict[tuple[str, str], list[Manifest]] = {}
    for deployment in cluster.deployments:
        for manifest in deployment.manifests:
            if manifest.kind in WORKLOADS:
                name = text_at(manifest.value, *_pods(manifest), _NAME) or _ALWAYS
                found.setdefault((deployment.namespace_of(manifest), name), []).append(manifest)
    return found


def _pods(manifest: Manifest) -> tuple[str, ...]:
    return _PODS.get(manifest.kind, _TEMPLATE)


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


CHECK = Check("store-service-account", _run, __doc__)
