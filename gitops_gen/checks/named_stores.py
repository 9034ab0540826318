"""The stores and generators that are named where no Application tells the cluster: a slip in a name or a kind.

Part of external-secret-store. A ClusterExternalSecret asks its store from many namespaces; of an ExternalSecret and a
PushSecret that no Application is seen to bring, such as one that kustomize patches, the cluster is not known. So a name
is wrong only where no store of the tree has it.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark, named_here
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import at, list_at, map_at, text_at
from gitops_gen.external_secrets import GENERATOR_KINDS
from gitops_gen.kinds import STORE_KINDS
from gitops_gen.near_miss import DID_YOU_MEAN, Names

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.shapes import Steps

_REFS: Mapping[str, Steps] = {
    "ClusterExternalSecret": ("spec", "externalSecretSpec", "secretStoreRef"),
    "ClusterPushSecret": ("spec", "pushSecretSpec", "secretStoreRefs"),
    "ExternalSecret": ("spec", "secretStoreRef"),
    "PushSecret": ("spec", "secretStoreRefs"),
}
"""Where each kind names its store, or its stores."""
_ENTRIES: Mapping[str, Steps] = {"ClusterExternalSecret": ("spec", "externalSecretSpec"), "ExternalSecret": ("spec",)}
"""Where the kinds stand whose entries may name a store or a generator of their own."""


def misnamed_stores(graph: Graph, manifests: Sequence[Manifest]) -> Iterator[Finding]:
    """Yields what objects name, and no store is, where one that is here is meant."""
    known = _known_stores(graph)
    for manifest in manifests:
        for steps, ref in _refs(manifest):
            kind, name = text_at(ref, "kind") or "SecretStore", text_at(ref, "name") or ""
            if kind not in STORE_KINDS or not name or has_template(name) or name in known.get(kind, {}):
                continue
            meant = _meant(known, kind, name)
            if meant is not None:
                step, store, hint = meant
                does = "pushes to" if "Push" in manifest.kind else "reads from"
                yield Finding(
                    f"{manifest} {does} {kind} {name}, but no {kind} here has that name",
                    manifest.place.down(*steps, step),
                    hint,
                    related=named_here(store),
                    severity=by_mark(graph, manifest.place),
                )


def misnamed_generators(graph: Graph, manifests: Sequence[Manifest]) -> Iterator[Finding]:
    """Yields what entries of objects name, and no generator of that kind is, where one that is here is meant."""
    refs = [(each, steps, ref) for each in manifests for steps, ref in _of_entries(each, "generatorRef")]
    known = _known_generators(graph) if refs else {}
    for manifest, steps, ref in refs:
        kind, name = text_at(ref, "kind") or "", text_at(ref, "name") or ""
        generators = known.get(kind, {})
        if not name or has_template(name) or name in generators:
            continue
        meant = Names(generators).only_meant_by(name)
        if meant is not None:
            yield Finding(
                f"{manifest} asks the generator {kind} {name}, but no {kind} here has that name",
                manifest.place.down(*steps, "name"),
                f"{DID_YOU_MEAN} {meant}?",
                related=named_here(generators[meant]),
                severity=by_mark(graph, manifest.place),
            )


def _known_generators(graph: Graph) -> Mapping[str, Mapping[str, Manifest]]:
    """Returns the generators that stand in the files or that Applications bring, by their kind and name."""
    brought = (generator for cluster in graph.clusters.values() for _, generator in cluster.generators)
    found: dict[str, dict[str, Manifest]] = {}
    for generator in chain((each for each in graph.manifests if each.kind in GENERATOR_KINDS), brought):
        found.setdefault(generator.kind, {}).setdefault(generator.name, generator)
    return found


def _refs(manifest: Manifest) -> Iterator[tuple[Steps, Mapping[str, object]]]:
    """Yields the references of an object to stores; where it may name several, stores may have labels instead."""
    steps = _REFS[manifest.kind]
    if isinstance(at(manifest.value, *steps), list):
        for index, each in enumerate(list_at(manifest.value, *steps)):
            yield (*steps, index), map_at(each)
    else:
        yield steps, map_at(manifest.value, *steps)
    yield from _of_entries(manifest, "storeRef")


def _of_entries(manifest: Manifest, field: str) -> Iterator[tuple[Steps, Mapping[str, object]]]:
    """Yields the references of the entries of an object that have a source of their own."""
    base = _ENTRIES.get(manifest.kind)
    for step in ("data", "dataFrom") if base is not None else ():
        for index, item in enumerate(list_at(manifest.value, *(base or ()), step)):
            value = map_at(item, "sourceRef", field)
            if value:
                yield (*(base or ()), step, index, "sourceRef", field), value


def _known_stores(graph: Graph) -> Mapping[str, Mapping[str, Manifest]]:
    """Returns the stores that stand in the files or that Applications bring, by their kind and name."""
    found: dict[str, dict[str, Manifest]] = {}
    for store in chain(graph.stores, (store for cluster in graph.clusters.values() for _, store in cluster.stores)):
        found.setdefault(store.kind, {}).setdefault(store.name, store)
    return found


def _meant(known: Mapping[str, Mapping[str, Manifest]], kind: str, name: str) -> tuple[str, Manifest, str] | None:
    """Returns which field is wrong, the store that is meant, and what to write."""
    for other in STORE_KINDS:
        if name in known.get(other, {}):
            return "kind", known[other][name], f"{name} is a {other}: write kind: {other}"
    stores = known.get(kind, {})
    meant = Names(stores).only_meant_by(name)
    return ("name", stores[meant], f"{DID_YOU_MEAN} {meant}?") if meant is not None else None
