"""Which ApplicationSet a generated object is for: the one that comes from the same file of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place


def own_set(graph: Graph, manifest: Manifest) -> tuple[tuple[Place, str], ...]:
    """Returns where the set of an object makes its Applications, as the other end of a finding; nothing without one."""
    model = _model(graph, manifest)
    sets = (each.manifest for each in graph.expansions if model and _model(graph, each.manifest) == model)
    return tuple((each.place.down("spec", "generators"), "its Applications are made here") for each in sets)[:1]


def _model(graph: Graph, manifest: Manifest) -> str:
    """Returns the file of the model that a generated object comes from, or an empty string."""
    file = graph.files.get(manifest.place.file)
    return file.origin.model if file is not None and file.origin is not None else ""
