"""The store or the generator that an ExternalSecret names is on its cluster, and lets the namespace in.

A SecretStore is found in the namespace of the ExternalSecret only; a ClusterSecretStore from every namespace that its
conditions allow. If it is not there, the ExternalSecret says "could not get secret store", and the Kubernetes Secret
never appears. The same holds for a generator, such as a Password, and for those of a PushSecret. What a chart,
kustomize or another repository brings is not seen here, so a store that is missing is an error only in a generated
file, or where the name is a slip of one that is there, or where all that could bring it is seen; a ClusterSecretStore
that nothing brings may have been made with the cluster, and is a warning. So is the slip of an ExternalSecret that no
Application is seen to bring, in a name that no store of the tree has. A store that names a controller is left alone by
an operator of another class, and a ClusterSecretStore by one whose values say so (processClusterStore: false, or
scopedRBAC with a scopedNamespace): that is a warning, since there may be a second operator.

What a ClusterExternalSecret names is told where no store of the tree has that name or is of that kind, and one that is
here is meant; so is what a PushSecret names that no Application is seen to bring.

A store of AWS finds secrets by a name or by tags, and refuses a path alone. A name, a version or a path that its
service refuses, such as that of a parameter in a hierarchy without the / at its start, is an error, and so is what a
PushSecret tells it of a secret in another form than that of a PushSecretMetadata.

Fix: name the store as it is called, with its kind, or bring it to the namespace.

Source: external-secrets v2.9.0, apis/externalsecrets/v1/externalsecret_types.go and secretstore_types.go.
"""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from gitops_gen.aws.names import check_secret_name
from gitops_gen.cached_property import cached_property
from gitops_gen.checks.alike import each_unlike
from gitops_gen.checks.finding import Check, Finding, if_together
from gitops_gen.checks.secret_generators import secret_generators
from gitops_gen.evidence.companions import are_together
from gitops_gen.evidence.readers import PARAMETER_STORE, remote_refs
from gitops_gen.evidence.values import at, list_at, map_at, strings_at, text_at
from gitops_gen.external_secrets import GROUP
from gitops_gen.kinds import CLUSTER_STORE, STORE_KINDS
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from gitops_gen.checks.missing_stores import MissingStores
    from gitops_gen.evidence.deployments import ClusterEvidence, Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place


_FOR_ONE = ("ExternalSecret", "PushSecret")
_FOR_MANY = ("ClusterExternalSecret", "ClusterPushSecret")


class StoreRef(NamedTuple):
    """A store that an ExternalSecret or a PushSecret of an Application names."""

    deployment: Deployment
    manifest: Manifest
    value: Mapping[str, object]
    place: Place

    @property
    def kind(self) -> str:
        """The kind; none means SecretStore."""
        return text_at(self.value, "kind") or "SecretStore"

    @property
    def name(self) -> str:
        """The name, or an empty string."""
        return text_at(self.value, "name") or ""

    @property
    def namespace(self) -> str:
        """The namespace of the ExternalSecret, which is that of a SecretStore."""
        return self.deployment.namespace_of(self.manifest)


class _Stores:
    """The stores of a graph."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._numbers: dict[Hashable, int] = {}
        self._on: dict[int, _StoresOn] = {}

    def on(self, cluster: ClusterEvidence) -> _StoresOn:
        """Returns those of a cluster."""
        if id(cluster) not in self._on:
            stores = tuple((key, id(store.value)) for key, store in (*cluster.stores, *cluster.generators))
            number = self._numbers.setdefault(stores, len(self._numbers))
            self._on[id(cluster)] = _StoresOn(cluster, number)
        return self._on[id(cluster)]

    @cached_property
    def missing(self) -> MissingStores:
        """What is said of those that are named, and are none of them."""
        from gitops_gen.checks.missing_stores import MissingStores

        return MissingStores(self._graph)


class _StoresOn:
    """The stores on a cluster."""

    def __init__(self, cluster: ClusterEvidence, number: int) -> None:
        self.number = number
        """Equal for clusters with the same stores and generators."""
        self._stores = cluster.stores

    @cached_property
    def read_parameters(self) -> bool:
        """True where one of them reads Parameter Store."""
        services = (text_at(store.value, "spec", "provider", "aws", "service") for _, store in self._stores)
        return PARAMETER_STORE in services


def _run(graph: Graph) -> Iterator[Finding]:
    stores = _Stores(graph)
    yield from _of_nobody(graph)
    yield from each_unlike(graph.deployments, partial(_alike, graph, stores), partial(_of_deployment, graph, stores))
    for cluster in graph.clusters.values():
        if any("controller" in map_at(store.value, "spec") for _, store in cluster.stores):
            from gitops_gen.checks.store_controllers import unserved_stores

            yield from unserved_stores(graph, cluster)
        if any(store.kind == CLUSTER_STORE for _, store in cluster.stores):
            from gitops_gen.checks.store_controllers import unprocessed_stores

            yield from unprocessed_stores(graph, cluster)


def _of_nobody(graph: Graph) -> Iterator[Finding]:
    """Yields a slip in what is for many namespaces, or is on a cluster that nobody knows."""
    manifests = [each for each in graph.manifests if each.group == GROUP and _is_of_nobody(graph, each)]
    if manifests:
        from gitops_gen.checks.named_stores import misnamed_generators, misnamed_stores

        yield from misnamed_stores(graph, manifests)
        yield from misnamed_generators(graph, manifests)


def _is_of_nobody(graph: Graph, manifest: Manifest) -> bool:
    """True for what no Application is seen to bring, and for what is for many namespaces, whoever brings it."""
    return manifest.kind in _FOR_MANY or (manifest.kind in _FOR_ONE and manifest.place not in graph.brought)


def _alike(graph: Graph, stores: _Stores, deployment: Deployment) -> Hashable:
    """Returns what decides whether an Application misses a store: its ExternalSecrets, the stores, what is seen."""
    cluster = deployment.cluster
    written = (*deployment.external_secrets, *deployment.push_secrets)
    secrets = tuple((id(each.value), graph.is_ours(each.place)) for each in written)
    return deployment.application.namespace, secrets, stores.on(cluster).number, cluster.has_operator, cluster.unseen


def _of_deployment(graph: Graph, stores: _Stores, deployment: Deployment) -> Iterator[Finding]:
    if not deployment.cluster.name:
        return  # an Application without a cluster is told by destination-declared
    for manifest in deployment.external_secrets:
        for ref in _refs(deployment, manifest):
            finding = _finding(graph, stores, ref)
            if finding is not None:
                yield finding
        yield from secret_generators(graph, deployment, manifest)
        yield from _refused_by_aws(stores.on(deployment.cluster), deployment, manifest)
    for manifest in deployment.push_secrets:
        if any(at(item, "metadata") for item in _pushed(manifest)):
            from gitops_gen.checks.push_metadata import refused_metadata

            yield from refused_metadata(deployment, manifest)
        for index, value in enumerate(list_at(manifest.value, "spec", "secretStoreRefs")):
            # Stores may be selected by their labels, too.
            if text_at(value, "name"):
                place = manifest.place.down("spec", "secretStoreRefs", index)
                finding = _finding(graph, stores, StoreRef(deployment, manifest, map_at(value), place))
                yield from () if finding is None else (finding,)
        yield from secret_generators(graph, deployment, manifest)


def _refused_by_aws(on_cluster: _StoresOn, deployment: Deployment, manifest: Manifest) -> Iterator[Finding]:
    """Yields what a store of AWS refuses of an ExternalSecret."""
    if list_at(manifest.value, "spec", "dataFrom"):
        from gitops_gen.checks.secret_finds import refused_finds

        yield from refused_finds(deployment, manifest)
    # A name may be refused where a store of parameters is there, or for a sign that no secret has.
    if on_cluster.read_parameters or any(check_secret_name(ref.key) for ref in remote_refs(manifest)):
        from gitops_gen.checks.remote_names import refused_names

        yield from refused_names(deployment, manifest)


def _pushed(manifest: Manifest) -> Iterator[object]:
    return (item for step in ("data", "dataTo") for item in list_at(manifest.value, "spec", step))


def _refs(deployment: Deployment, manifest: Manifest) -> Iterator[StoreRef]:
    spec, place = map_at(manifest.value, "spec"), manifest.place / "spec"
    if "secretStoreRef" in spec:
        yield StoreRef(deployment, manifest, map_at(spec, "secretStoreRef"), place / "secretStoreRef")
    for step in ("data", "dataFrom"):
        for index, item in enumerate(list_at(spec, step)):
            value = map_at(item, "sourceRef", "storeRef")
            if value:
                yield StoreRef(deployment, manifest, value, place.down(step, index, "sourceRef", "storeRef"))


def _finding(graph: Graph, stores: _Stores, ref: StoreRef) -> Finding | None:
    if ref.kind not in STORE_KINDS:
        return None  # external-secret-fields says so
    namespace = "" if ref.kind == CLUSTER_STORE else ref.namespace
    named = ref.deployment.cluster.objects.get((ref.kind, namespace, ref.name))
    if not named:
        return stores.missing.finding(ref)
    if len(named) == 1 and _lets_in(named[0][1], ref.namespace):
        return None  # nearly always
    # The Argo CD of another cluster may have one of that name, for namespaces of its own.
    application = ref.deployment.application
    own = [store for each, store in named if are_together(graph, application, each.application)]
    known = own or [store for _, store in named]
    if any(_lets_in(store, ref.namespace) for store in known) or (not own and len(known) > 1):
        return None
    return _closed(ref, known[0], is_certain=bool(own))


def _lets_in(store: Manifest, namespace: str) -> bool:
    """Tells whether the conditions of a store let a namespace in; labels of namespaces are not known here."""
    conditions = list_at(store.value, "spec", "conditions")
    return not conditions or any(_may_let_in(each, namespace) for each in conditions)


def _may_let_in(condition: object, namespace: str) -> bool:
    if map_at(condition, "namespaceSelector"):
        return True
    if namespace in strings_at(condition, "namespaces"):
        return True
    return any(_matches(each, namespace) for each in strings_at(condition, "namespaceRegexes"))


def _matches(pattern: str, namespace: str) -> bool:
    try:
        return re.search(pattern, namespace) is not None
    except re.error:
        return True  # Go reads patterns that Python does not


def _closed(ref: StoreRef, store: Manifest, *, is_certain: bool) -> Finding:
    return Finding(
        f"{ref.manifest} is in namespace {ref.namespace}, which the conditions of {store} do not let in"
        f"{if_together(is_certain=is_certain)}",
        ref.place / "name",
        f"add {ref.namespace} to the conditions of the store, or use a SecretStore of the namespace",
        related=((store.place.down("spec", "conditions"), "the conditions"),),
        severity=Severity.ERROR if is_certain else Severity.WARNING,
        cause=f"{store}: {ref.namespace}",
        cluster=ref.deployment.cluster.name,
    )


CHECK = Check("external-secret-store", _run, __doc__)
