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
    from collections.abc import Hashable, Iterator

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph

_KINDS = frozenset(
    {
        *("Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Service", "ConfigMap"),
        *("Secret", "HorizontalPodAutoscaler", "PodDisruptionBudget", "Ingress"),
    }
)


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
    from gitops_gen.checks.field_misfits import hint_for, misfits_of, name_of

    for place, value, expected in misfits_of(manifest):
        field = ".".join(map(str, place.steps[len(manifest.place.steps) :]))
        message = f"{manifest}: {field}: got {name_of(value)}, expected {expected}"
        yield Finding(message, place, hint_for(value, expected), cause=message)


CHECK = Check("field-types", _run, __doc__, is_of_object=True)
