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
from gitops_gen.near_miss import Names
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
    made = _Made(graph)
    known: dict[int, tuple[_Brought, Mapping[str, str | None]]] = {}
    for reader in readers:
        cluster = reader.deployment.cluster
        if id(cluster) not in known:
            known[id(cluster)] = _Brought(cluster), controller_accounts(graph.files, cluster)
        brought, operators = known[id(cluster)]
        name = reader.service_account_name or ""
        if operators.get(reader.namespace) != name and not made.has(name):
            is_known = operators.get(reader.namespace, "") is not None
            yield _missing(reader, brought, graph, is_known=is_known)


class _Made:
    """The ServiceAccounts that something else than an Application makes, as far as their names in files show."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph

    def has(self, name: str) -> bool:
        """True for one that Terraform or eksctl seems to make."""
        return (bool(name) and name in self._by_terraform) or name in self._by_eksctl

    @cached_property
    def _by_terraform(self) -> set[str]:
        paths = (path for path in self._graph.paths if path.endswith(".tf"))
        files = (file for path in paths if (file := self._graph.files.get(path)) is not None)
        return {name for each in files if "service_account" in each.text for name in _QUOTED.findall(each.text)}

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


def _missing(reader: Reader, brought: _Brought, graph: Graph, *, is_known: bool) -> Finding:
    name = reader.service_account_name or "nothing"
    cluster = reader.deployment.cluster
    called = islice(brought.called(name), _SHOWN)
    almost = islice(brought.almost_called(name, reader.namespace), _SHOWN)
    related = tuple((each.place.down("metadata", "namespace"), "one of that name is here") for each in called)
    alike = tuple((each.place.down("metadata", "name"), "one with almost that name is here") for each in almost)
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


def _others(reader: Reader) -> Iterator[tuple[Place, str]]:
    """Yields the accounts with a role that the Application of a store brings to its namespace: one may be renamed."""
    accounts = (each for each in reader.deployment.manifests if each.kind == "ServiceAccount")
    for each in accounts:
        if ROLE_ANNOTATION in each.annotations and reader.deployment.namespace_of(each) == reader.namespace:
            yield each.place.down("metadata", "name"), f"{each} is there"
