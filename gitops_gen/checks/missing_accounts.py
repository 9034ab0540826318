"""ServiceAccounts that a store signs in as, and that no Application brings: which are meant, and how sure that is.

Part of store-service-account.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.checks.finding import Finding, not_judged
from gitops_gen.evidence.operators import controller_accounts
from gitops_gen.evidence.readers import ROLE_ANNOTATION
from gitops_gen.evidence.values import at, list_at
from gitops_gen.external_secrets import CHART_NAME
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.near_miss import Names, is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.evidence.deployments import ClusterEvidence
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.readers import Reader

_EKSCTL = "eksctl.io/"
_QUOTED = re.compile(r'"(?=([^"\n]+)")')
_SHOWN = 3
"""Accounts that a finding names."""


def missing_accounts(graph: Graph, readers: Sequence[Reader]) -> Iterator[Finding]:
    """Yields the readers whose ServiceAccount nothing is seen to make, of those to which no Application brings it."""
    seen = _Seen(graph)
    for reader in readers:
        cluster = reader.deployment.cluster
        sign_in = SignIn(
            cluster, reader.store, reader.namespace, reader.service_account_name or "", reader.service_account_place
        )
        is_known = seen.is_missed(sign_in)
        if is_known is not None:
            yield _missing(sign_in, seen, graph, reader, is_known=is_known)


def misnamed_accounts(graph: Graph, sign_ins: Sequence[SignIn]) -> Iterator[Finding]:
    """Yields the stores of other providers that sign in as no ServiceAccount, where one like it is here."""
    seen = _Seen(graph)
    for sign_in in sign_ins:
        is_known = seen.is_missed(sign_in)
        if is_known is not None and seen.has_like(sign_in):
            yield _missing(sign_in, seen, graph, None, is_known=is_known)


class SignIn(NamedTuple):
    """A store that signs in as a ServiceAccount, and where it names it."""

    cluster: ClusterEvidence
    store: Manifest
    namespace: str
    name: str
    place: Place


class _Seen:
    """What of each cluster is seen to make ServiceAccounts."""

    def __init__(self, graph: Graph) -> None:
        self._graph, self._made = graph, Made(graph)
        self._known: dict[int, tuple[_Brought, Mapping[str, str | None]]] = {}

    def brought(self, cluster: ClusterEvidence) -> _Brought:
        return self._of(cluster)[0]

    def is_missed(self, sign_in: SignIn) -> bool | None:
        """Returns whether all is known of what a ServiceAccount may be made by; None for one that something makes."""
        operators = self._of(sign_in.cluster)[1]
        if operators.get(sign_in.namespace) == sign_in.name or self._made.has(sign_in.name):
            return None
        return operators.get(sign_in.namespace, "") is not None

    def has_like(self, sign_in: SignIn) -> bool:
        """True if one of that name, or of almost that, is here, or is the operator's own."""
        is_brought = self.brought(sign_in.cluster).has_like(sign_in.name, sign_in.namespace)
        return is_brought or self.own_of_operator(sign_in) is not None

    def own_of_operator(self, sign_in: SignIn) -> tuple[str, str] | None:
        """Returns namespace and name of an operator's own account, if a store has one of them, and almost the other."""
        for namespace, name in self._of(sign_in.cluster)[1].items():
            is_near = namespace == sign_in.namespace and name is not None and is_typo(sign_in.name, name)
            if is_near or (name == sign_in.name and is_typo(sign_in.namespace, namespace)):
                return namespace, name or ""
        return None

    def _of(self, cluster: ClusterEvidence) -> tuple[_Brought, Mapping[str, str | None]]:
        if id(cluster) not in self._known:
            self._known[id(cluster)] = _Brought(cluster), controller_accounts(self._graph.files, cluster)
        return self._known[id(cluster)]


class Made:
    """The ServiceAccounts that something else than an Application makes, as far as their names in files show."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def has(self, name: str) -> bool:
        """True for one that Terraform or eksctl seems to make, or whatever else installs the operator."""
        made = (self._by_terraform, self._by_eksctl, self._by_operators)
        return bool(name) and any(name in names for names in made)

    @cached_property
    def _by_terraform(self) -> set[str]:
        paths = (path for path in self._graph.paths if path.endswith(".tf"))
        files = (file for path in paths if (file := self._graph.files.get(path)) is not None)
        return {name for each in files if "service_account" in each.text for name in _QUOTED.findall(each.text)}

    @cached_property
    def _by_operators(self) -> frozenset[str]:
        from gitops_gen.evidence.installed_accounts import installed_accounts

        return installed_accounts(self._graph)

    @cached_property
    def _by_eksctl(self) -> set[object]:
        configs = [each for each in self._graph.manifests if _EKSCTL in each.api_version]
        accounts = (account for each in configs for account in list_at(each.value, "iam", "serviceAccounts"))
        return {at(each, "metadata", "name") for each in accounts}


class _Brought:
    """The ServiceAccounts that Applications bring to a cluster, for what names none of them."""

    def __init__(self, cluster: ClusterEvidence) -> None:
        self._names: dict[str, Names] = {}
        self._by_name: dict[str, list[Manifest]] = {}
        self._by_namespace: dict[str, dict[str, list[Manifest]]] = {}
        for (kind, namespace, name), pairs in cluster.objects.items():
            if kind == "ServiceAccount":
                found = [manifest for _, manifest in pairs]
                self._by_name.setdefault(name, []).extend(found)
                self._by_namespace.setdefault(namespace, {})[name] = found

    def has_like(self, name: str, namespace: str) -> bool:
        """True if there is one of a name in another namespace, or one of almost that name in its own."""
        return bool(self.called(name)) or next(self.almost_called(name, namespace), None) is not None

    def called(self, name: str) -> Sequence[Manifest]:
        """Returns those of a name, whatever their namespace."""
        return self._by_name.get(name, ())

    def almost_called(self, name: str, namespace: str) -> Iterator[Manifest]:
        """Yields those of a namespace of whose names one is a typo."""
        by_name = self._by_namespace.get(namespace)
        if by_name is None:
            return
        if namespace not in self._names:
            self._names[namespace] = Names(by_name)
        for meant in self._names[namespace].meant_by(name):
            yield from by_name[meant]


def _missing(sign_in: SignIn, seen: _Seen, graph: Graph, reader: Reader | None, *, is_known: bool) -> Finding:
    brought, own = seen.brought(sign_in.cluster), seen.own_of_operator(sign_in)
    name, cluster, is_ours = sign_in.name or "nothing", sign_in.cluster, graph.is_ours(sign_in.store.place)
    called = islice(brought.called(name), _SHOWN)
    almost = islice(brought.almost_called(name, sign_in.namespace), _SHOWN)
    related = tuple((each.place.down("metadata", "namespace"), "one of that name is here") for each in called)
    alike = tuple((each.place.down("metadata", "name"), "one with almost that name is here") for each in almost)
    # A chart may bring the ServiceAccount, or somebody may have made it with a command; generated stores have theirs
    # beside them. The one that the operator does not make, since its values name another, is one that nobody makes.
    is_seen = is_known and cluster.has_operator and cluster.is_seen(sign_in.namespace) and not graph.unknown
    is_meant = bool(related or alike) or (name == CHART_NAME and _is_operators(cluster, sign_in.namespace))
    is_sure = (is_seen and is_meant) or is_ours
    none = f"there is no ServiceAccount {name}" if is_sure else f"no ServiceAccount {name} is seen"
    judged = not_judged(1) if reader is not None else ""
    return Finding(
        f"{sign_in.store} signs in as {name}, but {none} in namespace {sign_in.namespace} of {cluster.name}{judged}",
        sign_in.place,
        f"did you mean {own[1]} in namespace {own[0]}, which the operator has?"
        if own is not None
        else f"bring the ServiceAccount {name} to namespace {sign_in.namespace}, or name the one that is there",
        related=related or alike or (tuple(_others(reader)) if reader is not None and is_ours else ()),
        severity=Severity.ERROR if is_sure else Severity.WARNING if cluster.has_operator else Severity.NOTE,
        cause=f"{sign_in.store} -> {name}",
        cluster=cluster.name,
    )


def _is_operators(cluster: ClusterEvidence, namespace: str) -> bool:
    """True for the namespace that the operator is installed in."""
    charts = (each for each in cluster.deployments if any(one.chart == CHART_NAME for one in each.application.sources))
    return any(each.application.namespace == namespace for each in charts)


def _others(reader: Reader) -> Iterator[tuple[Place, str]]:
    """Yields the accounts with a role that the Application of a store brings to its namespace: one may be renamed."""
    accounts = (each for each in reader.deployment.manifests if each.kind == "ServiceAccount")
    for each in accounts:
        if ROLE_ANNOTATION in each.annotations and reader.deployment.namespace_of(each) == reader.namespace:
            yield each.place.down("metadata", "name"), f"{each} is there"
