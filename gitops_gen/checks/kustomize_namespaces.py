"""The namespace that a kustomization puts everything in, and the one that a store names, which kustomize leaves alone.

Part of source-path.

Source: kubernetes-sigs/kustomize, api/internal/konfig/builtinpluginconsts/namespace.go; external-secrets v2.9.0,
runtime/esutils/utils.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.kustomize_patches import patched_kinds
from gitops_gen.evidence.kustomize_builds import Built, built
from gitops_gen.evidence.values import map_at, text_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_STORE, _CLUSTER_STORE, _ACCOUNT = "SecretStore", "ClusterSecretStore", "ServiceAccount"
_KINDS = frozenset({_STORE, _CLUSTER_STORE, _ACCOUNT})
_REF = "serviceAccountRef"


class Apart(NamedTuple):
    """A reference of a store to a namespace in which kustomize does not leave what is meant."""

    place: Place
    message: str
    hint: str
    is_refused: bool
    """False where something else may bring the ServiceAccount to the namespace that is named."""


def stores_apart(graph: Graph, paths: Sequence[str]) -> Iterator[Apart]:
    """Yields what a kustomization puts apart; it is the first of those that are built with it."""
    if any(each in ("", *_KINDS) or not each.isalnum() for each in patched_kinds(graph, paths)):
        return
    objects = built(graph.files, paths[0]) or ()
    accounts: dict[str, list[Built]] = {}
    for each in objects:
        if each.kind == _ACCOUNT:
            accounts.setdefault(each.name, []).append(each)
    for store in (each for each in objects if each.kind in (_STORE, _CLUSTER_STORE)):
        for place, name, stated in _refs(store):
            if store.kind == _STORE:
                yield from _of_store(store, place, stated, paths[0])
            else:
                yield from _of_cluster_store(store, place, (name, stated), accounts.get(name, ()), paths[0])


def _of_store(store: Built, place: Place, stated: str, path: str) -> Iterator[Apart]:
    """Yields the namespace of a reference that is not the one that the store is put into."""
    landing = store.namespaces[-1]
    if len(store.namespaces) > 1 and stated != landing:
        said = f"{store.manifest} names namespace {stated}, and {path} puts it into {landing}"
        yield Apart(place, said, "remove namespace: from the reference", is_refused=True)


def _of_cluster_store(
    store: Built, place: Place, stated: tuple[str, str], accounts: Sequence[Built], path: str
) -> Iterator[Apart]:
    """Yields a ServiceAccount that is put into another namespace than the one where the store looks for it."""
    name, namespace = stated
    moved = [each.namespaces[-1] for each in accounts if len(each.namespaces) > 1]
    if moved and all(namespace != each.namespaces[-1] for each in accounts):
        said = f"{store.manifest} names {_ACCOUNT} {name} in {namespace}, and {path} puts it into {moved[0]}"
        yield Apart(place, said, f"write {moved[0]}", is_refused=False)


def _refs(store: Built) -> Iterator[tuple[Place, str, str]]:
    """Yields the ServiceAccounts that a store names with their namespace."""
    if store.manifest is not None:
        spec = store.manifest.place / "spec"
        yield from _refs_in(map_at(store.manifest.value, "spec"), spec)


def _refs_in(value: object, place: Place) -> Iterator[tuple[Place, str, str]]:
    for key, item in value.items() if isinstance(value, dict) else ():
        name, namespace = text_at(item, "name"), text_at(item, "namespace")
        if key == _REF and name and namespace:
            yield place.down(key, "namespace"), name, namespace
        elif isinstance(item, dict):
            yield from _refs_in(item, place / key)
