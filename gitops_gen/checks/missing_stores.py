"""Stores that are named, and that are not on the cluster: which are meant, and how sure that is.

Part of external-secret-store.
"""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.checks.finding import Finding, named_here
from gitops_gen.checks.own_set import are_of_one_model, own_set
from gitops_gen.kinds import CLUSTER_STORE, STORE_KINDS
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.near_miss import DID_YOU_MEAN, Names, is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.checks.external_secret_store import StoreRef
    from gitops_gen.evidence.deployments import ClusterEvidence
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_ALIKE = 0.8
"""How much alike, by difflib's ratio, the name of a store is to one that is meant."""


class MissingStores:
    """What is said of the stores of a graph that are named, and are not there."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._on: dict[int, _StoresOn] = {}

    def finding(self, ref: StoreRef) -> Finding | None:
        """Returns what is wrong with a name of a store; None where something unseen may bring the store."""
        return _finding(self._graph, self, ref)

    def on(self, cluster: ClusterEvidence) -> _StoresOn:
        """Returns the stores of a cluster."""
        if id(cluster) not in self._on:
            self._on[id(cluster)] = _StoresOn(cluster)
        return self._on[id(cluster)]

    def written(self, kind: str, name: str) -> Sequence[Manifest]:
        """Returns those in a file, which something may bring or not."""
        return self._written.get((kind, name), ())

    def slip_of(self, kind: str, namespace: str, name: str) -> Manifest | None:
        """Returns the one in a file of which a name is a slip, if it is the only one, and may be in a namespace."""
        alike = (one for meant in self._names.get(kind, Names(())).meant_by(name) for one in self.written(kind, meant))
        found = [each for each in alike if each.namespace in (None, namespace)]
        return found[0] if len({each.name for each in found}) == 1 else None

    @cached_property
    def _names(self) -> Mapping[str, Names]:
        found: dict[str, list[str]] = {}
        for kind, name in self._written:
            found.setdefault(kind, []).append(name)
        return {kind: Names(names) for kind, names in found.items()}

    @cached_property
    def _written(self) -> Mapping[tuple[str, str], list[Manifest]]:
        found: dict[tuple[str, str], list[Manifest]] = {}
        for each in self._graph.stores:
            found.setdefault((each.kind, each.name), []).append(each)
        return found


class _StoresOn:
    """The stores on a cluster, by their names."""

    def __init__(self, cluster: ClusterEvidence) -> None:
        self._stores = cluster.stores

    def of_name(self, name: str) -> Sequence[tuple[tuple[str, str, str], Manifest]]:
        """Returns those of a name, of any kind and namespace."""
        return self._by_name.get(name, ())

    def almost(self, kind: str, namespace: str, name: str) -> Manifest | None:
        """Returns the one of a kind, and of a namespace or of none, that is called almost so."""
        for where in (namespace, ""):
            names = self._names.get((kind, where))
            close = names.nearest(name, alike=_ALIKE) if names is not None else None
            if close is not None:
                return next(store for key, store in self.of_name(close) if key[:2] == (kind, where))
        return None

    @cached_property
    def _names(self) -> Mapping[tuple[str, str], Names]:
        found: dict[tuple[str, str], list[str]] = {}
        for (kind, namespace, name), _ in self._stores:
            found.setdefault((kind, namespace), []).append(name)
        return {key: Names(names) for key, names in found.items()}

    @cached_property
    def _by_name(self) -> Mapping[str, list[tuple[tuple[str, str, str], Manifest]]]:
        found: dict[str, list[tuple[tuple[str, str, str], Manifest]]] = {}
        for key, store in self._stores:
            found.setdefault(key[2], []).append((key, store))
        return found


class _Meant(NamedTuple):
    """A store that may be meant: which field is wrong, and what to write."""

    store: Manifest
    step: str
    hint: str
    is_certain: bool = True
    """True for a slip; a store that serves another namespace, or is only alike, may stand beside the one meant."""


def _finding(graph: Graph, stores: MissingStores, ref: StoreRef) -> Finding | None:
    meant = _meant(stores, ref)
    where = ref.deployment.cluster.name if ref.kind == CLUSTER_STORE else _namespace(ref)
    hint = f"bring the {ref.kind} {ref.name} there, or name the one that is" if ref.name else "name the store"
    severity = _severity(graph, ref, meant)
    written = _written(stores, ref)
    slip = _slip(stores, ref) if meant is None and written is None else None
    if slip is not None:
        meant = slip
        severity = Severity.WARNING if severity is Severity.NOTE else severity
    if written is not None and (severity is Severity.NOTE or _is_left_out(graph, written)):
        return None
    does = "pushes to" if ref.manifest.kind == "PushSecret" else "reads from"
    return Finding(
        f"{ref.manifest} {does} {ref.kind} {ref.name or 'without a name'}, but {_none(severity)} in {where}",
        ref.place / (meant.step if meant else "name"),
        meant.hint if meant else hint,
        related=(
            *(named_here(meant.store) if meant else ()),
            *(_unbrought(graph, ref, written) if written is not None and meant is None else ()),
        ),
        severity=severity,
        # A store that somebody else may bring is one question, however many ask it.
        cause=f"{ref.manifest if severity is Severity.ERROR else ''}: {ref.kind} {ref.name}",
        cluster=ref.deployment.cluster.name,
    )


def _none(severity: Severity) -> str:
    return "there is none" if severity is Severity.ERROR else "none is seen"


def _namespace(ref: StoreRef) -> str:
    return f"namespace {ref.namespace} of {ref.deployment.cluster.name}"


def _meant(stores: MissingStores, ref: StoreRef) -> _Meant | None:
    """Returns the store that is probably meant: of that name elsewhere, or of almost that name here."""
    on_cluster = stores.on(ref.deployment.cluster)
    for (kind, namespace, name), store in on_cluster.of_name(ref.name):
        if namespace in ("", ref.namespace) and kind != ref.kind:
            return _Meant(store, "kind", f"{name} is a {kind}: write kind: {kind}")
        hint = f"{name} is in namespace {namespace}, and a SecretStore serves only its own"
        return _Meant(store, "name", hint, is_certain=False)
    close = on_cluster.almost(ref.kind, ref.namespace, ref.name)
    if close is None:
        return None
    return _Meant(close, "name", f"did you mean {close.name}?", is_certain=is_typo(ref.name, close.name))


def _slip(stores: MissingStores, ref: StoreRef) -> _Meant | None:
    """Returns the store in a file that is probably meant, where no Application is seen to bring one.

    It may be called almost so. Whoever says no kind asks for a SecretStore: a ClusterSecretStore of the name is meant
    then. The other way round nothing is said, since a ClusterSecretStore is often made with its cluster.
    """
    close = stores.slip_of(ref.kind, ref.namespace, ref.name)
    if close is not None:
        return _Meant(close, "name", f"{DID_YOU_MEAN} {close.name}?")
    others = stores.written(CLUSTER_STORE, ref.name) if ref.kind in STORE_KINDS else ()
    if not others or ref.kind == CLUSTER_STORE:
        return None
    return _Meant(others[0], "kind", f"{ref.name} is a {CLUSTER_STORE}: write kind: {CLUSTER_STORE}")


def _severity(graph: Graph, ref: StoreRef, meant: _Meant | None) -> Severity:
    if (meant is not None and meant.is_certain) or graph.is_ours(ref.place):
        return Severity.ERROR
    severity = _by_what_is_seen(graph, ref)
    # What its own Application brings is hardly for somebody else.
    is_beside = meant is not None and meant.store in ref.deployment.manifests
    return Severity.WARNING if severity is Severity.NOTE and is_beside else severity


def _by_what_is_seen(graph: Graph, ref: StoreRef) -> Severity:
    is_cluster_store = ref.kind == CLUSTER_STORE
    if graph.unknown or not ref.deployment.cluster.is_seen(None if is_cluster_store else ref.namespace):
        return Severity.NOTE
    if not ref.deployment.cluster.has_operator:
        return Severity.NOTE if is_cluster_store else Severity.WARNING
    return Severity.WARNING if is_cluster_store else Severity.ERROR


def _written(stores: MissingStores, ref: StoreRef) -> Manifest | None:
    """Returns a store of that name in a file, which something unseen may bring: a kustomization, for one.

    Of several, the one that is nearest in the tree.
    """
    alike = [each for each in stores.written(ref.kind, ref.name) if each.namespace in (None, ref.namespace)]
    here = ref.place.file.split("/")
    return max(alike, key=lambda each: _together(each.place.file.split("/"), here), default=None)


def _together(folders: Sequence[str], others: Sequence[str]) -> int:
    """Returns how many folders two files are in together."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(folders, others, strict=False)))


def _is_left_out(graph: Graph, store: Manifest) -> bool:
    """True for a store that no Application brings, where a set of ours makes none: that is what is to be mended."""
    is_broken = any(each.failures and graph.is_ours(each.manifest.place) for each in graph.expansions)
    return is_broken and store.place not in graph.brought


def _unbrought(graph: Graph, ref: StoreRef, written: Manifest) -> Iterator[tuple[Place, str]]:
    """Yields where a store stands that no Application brings to the cluster, and what should.

    What its template makes for the cluster comes there all the same, under another kind or name.
    """
    brought = (one for each in ref.deployment.cluster.deployments for one in each.manifests)
    like = next((each for each in brought if _is_counterpart(graph, each, written)), None)
    if like is not None:
        yield like.place.down("metadata", "name"), f"{like} comes of the template that makes it elsewhere"
    else:
        yield written.place.down("metadata", "name"), "it is written here, and no Application brings it to the cluster"
    yield from own_set(graph, written)


def _is_counterpart(graph: Graph, manifest: Manifest, written: Manifest) -> bool:
    """Tells whether an object is what one template makes of one app where it makes another one elsewhere."""
    template = graph.template_of(manifest.place)
    is_same = template is not None and template == graph.template_of(written.place)
    return is_same and manifest.place.document == written.place.document and are_of_one_model(graph, manifest, written)
