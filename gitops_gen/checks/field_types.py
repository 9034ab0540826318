"""A field of an object of Kubernetes has a value of its type.

The API server refuses an object in which a number stands for a text, or a text for a number: replicas: three, port:
"80", a value of env that is true. The sync of the whole Application fails with it. A chart takes such a value from its
values without a word, so what the charts of the tree render to is judged as well. The fields that people write most
are known: of what runs pods, of a Service, an Ingress, a CronJob, a ConfigMap and a Secret. A slip in a field of one of
them, as dta for data or selctor for selector, leaves it without what it says: where the sync validates, the API server
refuses it, and else it drops the field. It refuses a workload that selects other pods than it makes, and one without a
selector, a template, a container, or a name of one.

Fix: put quotes around what is a text; take them off a number; write the field as the API reference does.

Source: Kubernetes, API reference v1.36; the decoder of the API server takes no other type for any of them; "Field
validation"; pkg/apis/apps/validation.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gitops_gen.checks.alike import each_unlike
from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence.argo_cd_secrets import secret_type
from gitops_gen.evidence.charts import is_template
from gitops_gen.evidence.secret_references import WORKLOADS
from gitops_gen.near_miss import DID_YOU_MEAN

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_KINDS = frozenset(
    {
        *("Pod", "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Service", "ConfigMap"),
        *("Secret", "HorizontalPodAutoscaler", "PodDisruptionBudget", "Ingress"),
    }
)
_HOLDERS = {
    "ConfigMap": frozenset({"apiVersion", "binaryData", "data", "immutable", "kind", "metadata"}),
    "Secret": frozenset({"apiVersion", "data", "immutable", "kind", "metadata", "stringData", "type"}),
}
"""The fields of what holds data."""


def _run(graph: Graph) -> Iterator[Finding]:
    def alike(manifest: Manifest) -> Hashable:
        return id(manifest.value), graph.is_for_kustomize(manifest.place.file)

    yield from each_unlike(_objects(graph), alike, partial(_of_object, graph))


def _objects(graph: Graph) -> Iterator[Manifest]:
    """Yields the objects that are known, those that Applications bring first, each once."""
    seen = set()
    for manifest in (*(each for deployment in graph.deployments for each in deployment.manifests), *graph.manifests):
        if manifest.kind in _KINDS and manifest.place not in seen:
            seen.add(manifest.place)
            if manifest.place.rendering or not is_template(graph.files, manifest.place.file):
                yield manifest


def _of_object(graph: Graph, manifest: Manifest) -> Iterator[Finding]:
    from gitops_gen.checks.field_misfits import hint_for, misfits_of, name_of, slips_of
    from gitops_gen.checks.kustomize_flags import is_text_to_kustomize
    from gitops_gen.kubernetes_fields import EITHER, TEXT

    yield from _slips(graph, manifest)
    slips = list(slips_of(manifest))
    for place, field, meant in slips:
        yield _slip(graph, manifest, place, field, meant)
    if manifest.kind in WORKLOADS and not slips and _is_final(graph, manifest):
        from gitops_gen.checks.refused_workloads import refused_workload

        yield from refused_workload(graph, manifest)
    for place, value, expected in misfits_of(manifest):
        if expected in (TEXT, EITHER) and is_text_to_kustomize(graph, place, value):
            continue
        from gitops_gen.checks.excerpts import of_excerpt
        from gitops_gen.evidence.forms import is_left_out

        field = ".".join(map(str, place.steps[len(manifest.place.steps) :]))
        message = f"{manifest}: {field}: got {name_of(value)}, expected {expected}"
        finding = Finding(message, place, hint_for(value, expected), cause=message)
        yield of_excerpt(graph, manifest.place, finding) if is_left_out(value) else finding


def _slips(graph: Graph, manifest: Manifest) -> Iterator[Finding]:
    """Yields the fields of a ConfigMap or a Secret that are a slip; others, as sops, are a tool's that takes them out.

    Of a Secret that Argo CD reads, cluster-registration tells them.
    """
    fields = _HOLDERS.get(manifest.kind, frozenset()) if not manifest.group else frozenset()
    odd = [field for field in manifest.value if field not in fields] if fields else []
    if not odd or secret_type(manifest) is not None:
        return
    from gitops_gen.near_miss import nearest_name

    for field in odd:
        meant = nearest_name(field, fields - manifest.value.keys())
        if meant is not None:
            yield _slip(graph, manifest, manifest.place / field, field, meant)


def _slip(graph: Graph, manifest: Manifest, place: Place, field: str, meant: str) -> Finding:
    holder = ".".join(map(str, place.steps[len(manifest.place.steps) : -1]))
    message = f"{manifest}: {holder + ': ' if holder else ''}there is no field {field}"
    severity = by_mark(graph, manifest.place)
    return Finding(message, place, f"{DID_YOU_MEAN} {meant}?", severity=severity, on_key=True, cause=message)


def _is_final(graph: Graph, manifest: Manifest) -> bool:
    """True for an object that reaches its cluster as it is: kustomize may add to what is written for it."""
    return manifest.place in graph.brought and not graph.is_for_kustomize(manifest.place.file)


CHECK = Check("field-types", _run, __doc__, is_of_object=True)
