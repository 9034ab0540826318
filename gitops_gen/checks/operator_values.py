"""Slips in what an Application gives the chart of External Secrets itself, which is not on disk.

Part of chart-values. Helm says nothing of a value that no template reads: under `serviceaccount` no role is given. Of
the chart's values only those are known here that it has had all along, and so only a slip of one of them is told. A
flag or a number of them that is something else is refused by the chart's own schema, which came after 0.10.

Source: external-secrets, deploy/charts/external-secrets/values.yaml, v2.9.0, and values.schema.json; #3774.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.controllers import inside, values_layers
from gitops_gen.evidence.leftovers import has_template, is_unfilled
from gitops_gen.evidence.readers import ROLE_ANNOTATION
from gitops_gen.evidence.values import at, map_at
from gitops_gen.external_secrets import parse_version
from gitops_gen.near_miss import DID_YOU_MEAN, is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.operator_charts import OperatorChart
    from gitops_gen.evidence.places import Place
    from gitops_gen.problems import Location

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
_FLAG, _WHOLE = "true or false", "a whole number"
_TYPES: Mapping[tuple[str, ...], str] = {
    **dict.fromkeys((("installCRDs",), ("leaderElect",), ("scopedRBAC",), (_ACCOUNT, "create")), _FLAG),
    **dict.fromkeys((("replicaCount",), ("concurrent",)), _WHOLE),
}
"""What the schema of the chart says that a value is, by its steps."""
_WITH_SCHEMA = (0, 11, 0)
"""The first version that surely has the schema."""


def operator_values(graph: Graph) -> Iterator[Finding]:
    """Yields the slips, each once for all the Applications that take a values file."""
    told: set[tuple[Place | Location, tuple[str, ...]]] = set()
    for deployment in graph.deployments:
        for operator in deployment.operators:
            layers = tuple(values_layers(graph.files, deployment, operator)) if operator.layers is None else ()
            for finding in _refused(graph, deployment, operator, layers):
                if (finding.place, ()) not in told:
                    told.add((finding.place, ()))
                    yield finding
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


def _refused(
    graph: Graph, deployment: Deployment, operator: OperatorChart, layers: Iterable[tuple[object, Place]]
) -> Iterator[Finding]:
    """Yields the values of another type than the schema says: of several layers, only the one that wins counts."""
    version = parse_version(operator.version.removeprefix("v"))
    if version is None or version < _WITH_SCHEMA or at(operator.source.value, "helm", "skipSchemaValidation") is True:
        return
    for steps, expected in _TYPES.items():
        keys = (*operator.keys, *steps)
        stated = ((found, place) for value, place in layers if (found := at(value, *keys)) is not None)
        given, layer = next(stated, (None, None))
        if layer is None or _is(given, expected):
            continue
        if operator.value(graph.files, deployment, *steps) == given:  # and no parameter, which would come after it
            from gitops_gen.checks.field_misfits import name_of

            message = f"{'.'.join(keys)}: got {name_of(given)}, expected {expected}"
            yield Finding(
                f"the chart {operator.source.chart or operator.source.path} of {deployment.application.name}: "
                f"{message}; the schema of the chart refuses it, and nothing of the release is rendered",
                inside(layer, *keys),
                f"write {expected}",
                cause=f"{layer.file}: {message}",
                cluster=deployment.cluster.name,
            )


def _is(value: object, expected: str) -> bool:
    """Tells whether a value is of a type, or one that somebody else fills in."""
    if isinstance(value, str):
        return has_template(value) or is_unfilled(value)
    if expected == _FLAG:
        return isinstance(value, bool)
    is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return is_whole and not isinstance(value, bool)


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
