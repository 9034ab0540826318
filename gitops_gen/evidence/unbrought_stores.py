"""Stores that no Application is seen to bring: somebody applies them by hand, or what brings them is not here.

On which cluster and beside what they lie is not known then, so that the chain behind them is not judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.applicationsets import Unknown
from gitops_gen.evidence.readers import signs_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph

_CAUSE = "stores that no Application brings"
_HINT = "write an Application that takes its folder; one for this check alone will do"


def unbrought_stores(graph: Graph) -> Iterator[Unknown]:
    """Yields the stores that sign in to AWS as a ServiceAccount, in files that somebody seems to apply."""
    for store in graph.stores:
        if signs_in(store) and store.place not in graph.brought and _is_in_use(graph, store):
            reason = (
                f"{store} is brought by no Application that is seen here, so neither the ServiceAccount that it signs "
                "in as nor what that may read is judged"
            )
            yield Unknown(store.place.down("metadata", "name"), reason, _CAUSE, _HINT)


def _is_in_use(graph: Graph, store: Manifest) -> bool:
    """False for a generated file, of which other rules tell, and for what is no more than an example or a part."""
    path = store.place.file
    is_aside = graph.is_ours(store.place) or graph.is_test_data(path) or graph.retired_by(path) is not None
    is_built = graph.is_for_kustomize(path) or graph.leaving_out(store.place) is not None
    file = graph.files.get(path)
    return not (is_aside or is_built or file is None or file.is_excerpt)
