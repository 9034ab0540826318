"""A field of an object of Kubernetes has a value of its type.

The API server refuses an object in which a number stands for a text, or a text for a number: replicas: three, port:
"80", a value of env that is true. The sync of the whole Application fails with it. A chart takes such a value from its
values without a word, so what the charts of the tree render to is judged as well. The fields that people write most
are known: of what runs pods, of a Service, an Ingress, a CronJob, a ConfigMap and a Secret.

Fix: put quotes around what is a text; take them off a number.

Source: Kubernetes, API reference v1.36; the decoder of the API server takes no other type for any of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.alike import each_unlike
from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence.charts import is_template

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.kubernetes_fields import Type

_KINDS = frozenset(
    {
        *("Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Service", "ConfigMap"),
        *("Secret", "HorizontalPodAutoscaler", "PodDisruptionBudget", "Ingress"),
    }
)
_FILLED_IN = frozenset("{}$<>%#@")
"""What a placeholder has in it, unless it is in capitals: somebody may write a number there."""
_FLAGS = frozenset({"true", "false"})


def _run(graph: Graph) -> Iterator[Finding]:
    def alike(manifest: Manifest) -> Hashable:
        return id(manifest.value)

    yield from each_unlike(_objects(graph), alike, _of_object)


def _objects(graph: Graph) -> Iterator[Manifest]:
    """Yields the objects that are known, those that Applications bring first, each once."""
    seen = set()
    for manifest in (*(each for deployment in graph.deployments for each in deployment.manifests), *graph.manifests):
        if manifest.kind in _KINDS and manifest.place not in seen:
            seen.add(manifest.place)
            if manifest.place.rendering or not is_template(graph.files, manifest.place.file):
                yield manifest


def _of_object(manifest: Manifest) -> Iterator[Finding]:
    from gitops_gen.kubernetes_fields import TYPES

    of = TYPES.get((manifest.group, manifest.kind), {})
    for place, got, expected in _misfits(manifest.value, of, manifest.place):
        field = ".".join(map(str, place.steps[len(manifest.place.steps) :]))
        message = f"{manifest}: {field}: got {_name(got)}, expected {expected}"
        yield Finding(message, place, _hint(got, expected), cause=message)


def _misfits(value: object, wanted: Type, place: Place) -> Iterator[tuple[Place, object, str]]:
    """Yields each value of another type, where it stands, and what is expected there."""
    if value is None:
        return
    if isinstance(wanted, str):
        if not _is(value, wanted):
            yield place, value, wanted
    elif isinstance(wanted, list):
        if not isinstance(value, list):
            yield from () if _is_filled_in(value) else ((place, value, "a list"),)
            return
        for index, item in enumerate(value):
            yield from _misfits(item, wanted[0], place / index)
    elif not isinstance(value, dict):
        yield from () if _is_filled_in(value) else ((place, value, "a map"),)
    else:
        yield from _of_map(value, wanted, place)


def _of_map(
    value: Mapping[str, object], wanted: Mapping[str, Type], place: Place
) -> Iterator[tuple[Place, object, str]]:
    from gitops_gen.kubernetes_fields import ANY

    any_field = wanted.get(ANY)
    for key, item in value.items():
        of = wanted.get(key, any_field)
        if of is not None:
            yield from _misfits(item, of, place / key)


def _is(value: object, wanted: str) -> bool:
    """Tells whether a scalar is of a type, or may become one where a placeholder stands for it."""
    from gitops_gen.kubernetes_fields import EITHER, FLAG, TEXT, WHOLE

    if isinstance(value, str):
        return wanted in (TEXT, EITHER) or _is_filled_in(value)
    if isinstance(value, bool):
        return wanted == FLAG
    is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return wanted in (WHOLE, EITHER) and is_whole


def _is_filled_in(value: object) -> bool:
    return isinstance(value, str) and (not value or value.isupper() or not _FILLED_IN.isdisjoint(value))


def _name(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    names = {str: "a string", int: "a number", float: "a number", list: "a list", dict: "a map"}
    return names.get(type(value), "something else")


def _hint(got: object, expected: str) -> str:
    if isinstance(got, dict | list) or expected in ("a list", "a map"):
        return f"write {expected}"
    if not isinstance(got, str):
        return "put quotes around it" if "string" in expected else f"write {expected}"
    return "take the quotes off" if got.isdecimal() or got in _FLAGS else f"write {expected}"


CHECK = Check("field-types", _run, __doc__, is_of_object=True)
