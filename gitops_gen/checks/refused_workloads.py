"""Workloads that the API server refuses for what they lack, or as they select other pods than they make.

Part of field-types. Source: Kubernetes, pkg/apis/apps/validation and pkg/apis/core/validation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence.values import at, list_at, map_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.leaves import Steps

_SELECTING = frozenset({"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"})
_SPEC = ("spec",)
_POD: dict[str, Steps] = {
    "Pod": _SPEC,
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    "Job": ("spec", "template", "spec"),
    **dict.fromkeys(_SELECTING, ("spec", "template", "spec")),
}
"""Where a kind says what its pods run."""
_GROUPS = frozenset(
    {("", "Pod"), ("batch", "Job"), ("batch", "CronJob"), *(("apps", kind) for kind in _SELECTING)},
)
"""Those of Kubernetes: other projects have a Deployment or a Job of their own."""
_LABELS = ("spec", "template", "metadata", "labels")


def refused_workload(graph: Graph, manifest: Manifest) -> Iterator[Finding]:
    """Yields what a workload lacks, or else the label that it selects and does not give to its pods."""
    if (manifest.group, manifest.kind) not in _GROUPS:
        return
    lacking = _lacking(manifest)
    if lacking is not None:
        steps, field = lacking
        where = ".".join(map(str, steps))
        message = f"{manifest}: {where}: {field} is missing"
        yield _finding(graph, manifest, message, steps, f"add {field}:")
    elif manifest.kind in _SELECTING:
        yield from _unselected(graph, manifest)


def _lacking(manifest: Manifest) -> tuple[Steps, str] | None:
    """Returns the first field that must be there and is not, behind where it is looked for."""
    pod = _POD[manifest.kind]
    wanted = [
        *((_SPEC, field) for field in ("selector", "template") if manifest.kind in _SELECTING),
        (pod, "containers"),
    ]
    for steps, field in wanted:
        if not at(manifest.value, *steps, field):
            return steps, field
    for index, container in enumerate(list_at(manifest.value, *pod, "containers")):
        if isinstance(container, dict) and not container.get("name"):
            return (*pod, "containers", index), "name"
    return None


def _unselected(graph: Graph, manifest: Manifest) -> Iterator[Finding]:
    labels = map_at(manifest.value, *_LABELS)
    selected = ("spec", "selector", "matchLabels")
    for label, value in map_at(manifest.value, *selected).items():
        if isinstance(value, str) and labels.get(label) != value:
            has = labels.get(label)
            given = f"gives them {has}" if has is not None else "gives them none"
            message = f"{manifest} selects pods with {label}: {value}, and {given}"
            finding = _finding(
                graph, manifest, message, (*selected, label), "give the label to the pods as it is selected"
            )
            place = manifest.place.down(*(_LABELS if labels else ("spec", "template")))
            yield finding._replace(related=((place, "the labels of the pods"),))
            return


def _finding(graph: Graph, manifest: Manifest, message: str, steps: Steps, hint: str) -> Finding:
    place = manifest.place.down(*steps)
    return Finding(message, place, hint, severity=by_mark(graph, manifest.place), on_key=True, cause=message)
