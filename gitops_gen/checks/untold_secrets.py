"""Secrets that the generated values of some releases of a set tell the chart of, and those of others do not.

Under which key of the values a chart learns its secrets is up to the chart, so where a whole block is gone or misspelt
there is nothing left to hold against the ExternalSecrets. But all releases of a set have one chart, and where it is
told under that key in one environment, it looks there in the others.

Part of secret-reference.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.secret_targets import SecretTarget
from gitops_gen.evidence.told_secrets import told_paths
from gitops_gen.evidence.values import at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.secret_references import Layer

Steps: TypeAlias = tuple[str, ...]

_FLAG = "enabled"


@dataclass(slots=True)
class _Set:
    """The releases of one set that have secrets, and where generated values tell its chart of them."""

    deployments: list[tuple[Deployment, Mapping[Steps, Place]]] = field(default_factory=list)
    """Each with where its values tell."""
    told: defaultdict[Steps, dict[str, Place]] = field(default_factory=lambda: defaultdict(dict))
    """By the steps to it, the files that tell."""

    def usual(self) -> Steps | None:
        """Returns where most of the files tell; None if none does."""
        return max(self.told, key=lambda steps: len(self.told[steps]), default=None)


def untold_secrets(graph: Graph) -> Iterator[Finding]:
    """Yields what the chart of a release is not told, though that of most other releases of its set is told such."""
    paths = _Paths(graph)
    for each in _sets(graph, paths).values():
        steps = each.usual()
        if steps is not None:
            untold = [deployment for deployment, own in each.deployments if steps not in own]
            yield from _untold(graph, untold, steps, each.told[steps])
            told = [(deployment, own[steps].down(*steps)) for deployment, own in each.deployments if steps in own]
            yield from _unflagged(graph, told, (*steps, _FLAG))


class _Paths:
    """Where values tell of secrets, each file looked at once."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[Place, tuple[Steps, ...]] = {}

    def of(self, deployment: Deployment) -> Mapping[Steps, Place]:
        """Returns the paths of a release, each with the last layer that has it."""
        return {steps: layer.place for layer in self._graph.layers_of(deployment) for steps in self._in(layer)}

    def _in(self, layer: Layer) -> tuple[Steps, ...]:
        if layer.place.steps:
            return tuple(told_paths(layer.value))  # another value of the same place for each element
        if layer.place not in self._known:
            self._known[layer.place] = tuple(told_paths(layer.value))
        return self._known[layer.place]


def _sets(graph: Graph, paths: _Paths) -> Mapping[Place, _Set]:
    """Returns our own sets of releases, by where each is written."""
    found: defaultdict[Place, _Set] = defaultdict(_Set)
    for deployment in graph.deployments:
        application = deployment.application
        is_made = application.applicationset is not None and graph.is_ours(application.spec_place)
        if is_made and deployment.external_secrets:
            each = found[application.spec_place]
            own = paths.of(deployment)
            each.deployments.append((deployment, own))
            for steps, place in own.items():
                if graph.is_ours(place):
                    each.told[steps].setdefault(place.file, place)
    return found


def _untold(
    graph: Graph, deployments: Sequence[Deployment], steps: Steps, told: Mapping[str, Place]
) -> Iterator[Finding]:
    """Yields what is not told, unless more files do not tell than do: then nobody can say which are right."""
    first = next(iter(told.values()))
    places = {id(each): _alike(graph, each, first) for each in deployments}
    if len({place.file for place in places.values() if place is not None}) > len(told):
        return
    for deployment in deployments:
        place = places[id(deployment)]
        for manifest in deployment.external_secrets if place is not None else ():
            if place is not None and at(manifest.value, "spec", "target", "manifest") is None:
                target = SecretTarget(deployment, manifest, deployment.namespace_of(manifest))
                yield _not_told(target, place, steps, first)


def _not_told(target: SecretTarget, place: Place, steps: Steps, told: Place) -> Finding:
    return Finding(
        f"{target.manifest} makes the Secret {target.name}, but the chart of {target.deployment.application.name} is "
        f"not told of it under {'.'.join(steps)}, as that of other releases is",
        place,
        "tell the chart, or remove the ExternalSecret",
        related=((told.down(*steps), "here another release is told"), (target.place, "the Secret is made here")),
        severity=Severity.WARNING,
        cause=f"{target.name} is not told",
        cluster=target.deployment.cluster.name,
    )


def _unflagged(graph: Graph, told: Sequence[tuple[Deployment, Place]], steps: Steps) -> Iterator[Finding]:
    """Yields values that tell of secrets without the flag that others have: the chart's own may be false."""
    flag = ".".join(steps)
    flagged = next((place for deployment, place in told if _has(graph, deployment, steps)), None)
    for deployment, place in told if flagged is not None else ():
        if flagged is not None and not _has(graph, deployment, steps):
            yield Finding(
                f"the chart of {deployment.application.name} is told of secrets without {flag}, which others have",
                place,
                f"add {flag}",
                related=((flagged, "here another release has it"),),
                severity=Severity.WARNING,
                cause=f"no {flag}",
                cluster=deployment.cluster.name,
            )


def _has(graph: Graph, deployment: Deployment, steps: Steps) -> bool:
    return any(at(layer.value, *steps) is not None for layer in graph.layers_of(deployment))


def _alike(graph: Graph, deployment: Deployment, told: Place) -> Place | None:
    """Returns the generated values that are as deep in the tree as those that tell, or else the last ones."""
    layers = [each.place for each in graph.layers_of(deployment) if graph.is_ours(each.place)]
    depth = told.file.count("/")
    return next((each for each in layers if each.file.count("/") == depth), layers[-1] if layers else None)
