"""The ServiceAccounts that stores name where no Application tells the cluster: a slip in a name.

Part of store-service-account. Of a store that no Application is seen to bring, the cluster is not known, nor what is
there. So a name is wrong only where no ServiceAccount of the tree has it, and one beside the store almost has it.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, name_of
from gitops_gen.checks.missing_accounts import Made
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import at, text_at
from gitops_gen.kinds import CLUSTER_STORE
from gitops_gen.near_miss import DID_YOU_MEAN, Names
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.shapes import Steps

_PROVIDER = ("spec", "provider")
_REFS = ("serviceAccountRef", "serviceAccount")
"""What the providers call the ServiceAccount that they sign in as."""
_ALWAYS = "default"


def misnamed_in_files(graph: Graph, stores: Sequence[Manifest]) -> Iterator[Finding]:
    """Yields the stores that sign in as what no ServiceAccount is called, where one beside them is meant."""
    accounts = [each for each in graph.manifests if each.kind == "ServiceAccount"]
    known, made = {_ALWAYS, *(each.name for each in accounts)}, Made(graph)
    by_folder: defaultdict[str, list[Manifest]] = defaultdict(list)
    for each in accounts:
        by_folder[posixpath.dirname(each.place.file)].append(each)
    for store in stores if accounts else ():
        for place, name, namespace in _named(store):
            if name in known or has_template(name) or made.has(name):
                continue
            near = by_folder.get(posixpath.dirname(store.place.file), ())
            beside = {each.name: each for each in near if (each.namespace or None) == namespace}
            meant = Names(beside).only_meant_by(name)
            if meant is not None:
                yield Finding(
                    f"{store} signs in as {name}, but no ServiceAccount here has that name",
                    place,
                    f"{DID_YOU_MEAN} {meant}?",
                    related=name_of(beside[meant]),
                    severity=Severity.WARNING,
                )


def _named(store: Manifest) -> Iterator[tuple[Place, str, str | None]]:
    """Yields each name of a ServiceAccount in a store, with its namespace, if one is stated."""
    for steps, ref in _refs(at(store.value, *_PROVIDER), _PROVIDER):
        name = text_at(ref, "name")
        if name:
            namespace = text_at(ref, "namespace") if store.kind == CLUSTER_STORE else store.namespace
            yield store.place.down(*steps, "name"), name, namespace or None


def _refs(value: object, steps: Steps) -> Iterator[tuple[Steps, object]]:
    if isinstance(value, dict):
        for field, inner in value.items():
            if field in _REFS:
                yield (*steps, field), inner
            else:
                yield from _refs(inner, (*steps, field))
