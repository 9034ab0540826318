"""The ServiceAccounts that stores name where no Application tells the cluster: a slip in a name.

Part of store-service-account. Of a store that no Application is seen to bring, the cluster is not known, nor what is
there. So a name is wrong only where no ServiceAccount of the tree has it, and one beside the store almost has it.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.checks.finding import Finding, named_here
from gitops_gen.checks.missing_accounts import Made
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.near_miss import DID_YOU_MEAN, Names
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

    _Named: TypeAlias = "tuple[Manifest, Place, str, str | None]"
    """A store, and a ServiceAccount that it names: where, its name, and its namespace, if one is stated."""


def misnamed_in_files(graph: Graph, named: Sequence[_Named]) -> Iterator[Finding]:
    """Yields the stores that sign in as what no ServiceAccount is called, where one beside them is meant."""
    accounts = [each for each in graph.manifests if each.kind == "ServiceAccount"]
    known, made = {each.name for each in accounts}, Made(graph)
    by_folder: defaultdict[str, list[Manifest]] = defaultdict(list)
    for each in accounts:
        by_folder[posixpath.dirname(each.place.file)].append(each)
    for store, place, name, namespace in named if accounts else ():
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
                related=named_here(beside[meant]),
                severity=Severity.WARNING,
            )
