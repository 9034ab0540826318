"""Whether two Applications are certainly of one Argo CD: in-cluster is another cluster for each."""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gitops_gen.evidence.applications import Application
    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_MANY = 1_000
"""Pairs of those that bring two Applications which are looked at: beyond, nothing is certain."""


def are_together(graph: Graph, one: Application, other: Application) -> bool:
    """True where both are certainly on one cluster.

    That is so for generated ones, for those of one ApplicationSet or file, for those that one Application brings, and
    in the folders of one Argo CD of several. Others may be for the Argo CDs of two clusters, as app-dev.yaml and
    app-prod.yaml often are.
    """
    if one is other or not one.is_local or graph.instance_of(one) == graph.instance_of(other) != "":
        return True
    return are_of_one_argo_cd(graph, one, other)


def are_of_one_argo_cd(graph: Graph, one: Application, other: Application) -> bool:
    """True where one Argo CD certainly has both, wherever they land: who writes or brings them is the same.

    Or who brings them is of one Argo CD, and lands on one cluster, where both are then. Two are of one where one of
    them brings the other.
    """
    if _are_written_together(graph, one, other):
        return True
    own, others = (graph.bringers.get(_written(each), {}) for each in (one, other))
    return not own.keys().isdisjoint(others) or any(
        _land_together(first.application, second.application)
        and (
            _are_written_together(graph, first.application, second.application)
            or _brings(graph, first, second.application)
            or _brings(graph, second, first.application)
        )
        for first, second in islice(product(own.values(), others.values()), _MANY)
    )


def _brings(graph: Graph, deployment: Deployment, application: Application) -> bool:
    """True for what brings an Application to the Argo CD that it is of itself."""
    return deployment.application.is_local and id(deployment) in graph.bringers.get(_written(application), {})


def _land_together(one: Application, other: Application) -> bool:
    """True where two Applications of one Argo CD land on one cluster, by whatever each says of it."""
    if one.is_local or other.is_local:
        return one.is_local and other.is_local
    return (one.cluster, one.server) == (other.cluster, other.server)


def _are_written_together(graph: Graph, one: Application, other: Application) -> bool:
    """True for what is ours, of one set, of one file, or of one kustomization: nobody takes one without the other."""
    if graph.is_ours(one.place) and graph.is_ours(other.place):
        return True
    if one.applicationset is not None and one.applicationset is other.applicationset:
        return True
    own, others = _written(one), _written(other)
    is_of_one_file = own.file == others.file and own.rendering == others.rendering
    return is_of_one_file or graph.are_built_together(own, others)


def _written(application: Application) -> Place:
    """Returns where an Application is written, or the set that it is of."""
    return application.place if application.applicationset is None else application.applicationset.place
