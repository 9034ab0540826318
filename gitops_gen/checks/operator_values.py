"""Slips in what an Application gives the chart of External Secrets itself, which is not on disk.

Part of chart-values. Helm says nothing of a value that no template reads: under `serviceaccount` no role is given. Of
the chart's values only those are known here that it has had all along, and so only a slip of one of them is told.

Source: external-secrets, deploy/charts/external-secrets/values.yaml, v2.9.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.controllers import inside, values_layers
from gitops_gen.evidence.readers import ROLE_ANNOTATION
from gitops_gen.evidence.values import at, map_at
from gitops_gen.near_miss import DID_YOU_MEAN, is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_ACCOUNT = "serviceAccount"
_KNOWN: Mapping[tuple[str, ...], tuple[str, ...]] = {
    (): (
        *(_ACCOUNT, "installCRDs", "webhook", "certController", "controllerClass", "replicaCount"),
        *("fullnameOverride", "nameOverride", "scopedNamespace", "scopedRBAC", "leaderElect", "concurrent"),
    ),
    (_ACCOUNT,): ("annotations", "create", "name", "automount", "extraLabels"),
    (_ACCOUNT, "annotations"): (ROLE_ANNOTATION,),
}
"""Keys of the chart, by the steps that lead to their map."""


def operator_values(graph: Graph) -> Iterator[Finding]:
    """Yields the slips, each once for all the Applications that take a values file."""
    told: set[tuple[Place, tuple[str, ...]]] = set()
    for deployment in graph.deployments:
        for operator in deployment.operators:
            layers = values_layers(graph.files, deployment, operator) if operator.layers is None else ()
            for value, layer in layers:
                for steps, meant in _slips(at(value, *operator.keys)):
                    place = inside(layer, *operator.keys, *steps)
                    if (place, steps) not in told:
                        told.add((place, steps))
                        yield Finding(
                            f"the chart {operator.source.chart or operator.source.path} of "
                            f"{deployment.application.name} reads no value {'.'.join((*operator.keys, *steps))}",
                            place,
                            f"{DID_YOU_MEAN} {meant}?",
                            severity=Severity.WARNING,
                            on_key=True,
                            cause=f"{place.file}: {'.'.join(steps)}",
                            cluster=deployment.cluster.name,
                        )


def _slips(given: object) -> Iterator[tuple[tuple[str, ...], str]]:
    for parent, names in _KNOWN.items():
        stated = map_at(given, *parent)
        for key in stated:
            meant = [name for name in names if name not in stated and _is_slip(key, name)] if key not in names else ()
            if len(meant) == 1:
                yield (*parent, key), meant[0]


def _is_slip(key: str, name: str) -> bool:
    return is_typo(key, name) or _letters(key) == _letters(name)


def _letters(key: str) -> str:
    return key.replace("-", "").replace("_", "").casefold()
