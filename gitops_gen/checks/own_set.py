"""Which ApplicationSet a generated object is for: the one that comes from the same file of the model."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.kinds import ARGO_GROUP

if TYPE_CHECKING:
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place


def own_set(graph: Graph, manifest: Manifest) -> tuple[tuple[Place, str], ...]:
    """Returns where the set of an object makes its Applications, as the other end of a finding; nothing without one."""
    of_argo_cd = (each for each in graph.manifests if each.group == ARGO_GROUP)
    sets = (each for each in of_argo_cd if are_of_one_model(graph, each, manifest))
    return tuple((each.place.down("spec", "generators"), "its Applications are made here") for each in sets)[:1]


def are_of_one_model(graph: Graph, one: Manifest, other: Manifest) -> bool:
    """Tells whether two generated objects come from the same file of the model."""
    return _model(graph, one) == _model(graph, other) != ""


def _model(graph: Graph, manifest: Manifest) -> str:
    """Returns the file of the model that a generated object comes from, or an empty string."""
    file = graph.files.get(manifest.place.file)
    return file.origin.model if file is not None and file.origin is not None else ""
