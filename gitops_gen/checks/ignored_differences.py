"""Differences to ignore that are of no object, or of no field: what they name is compared all the same.

An item is for the objects whose group and kind it has: without a group, for those of the core group only. A pointer
that goes on behind the value of a label or an annotation names nothing: a slash in a key is written as ~1.

Part of argo-cd-object.

Source: Argo CD v3.5.1, util/argo/normalizers/diff_normalizer.go, Normalize, and its issues 2322, 2795, 8403 and 8562;
Kubernetes, API reference v1.36; apiextensions, validation of spec.group: that of a definition has a dot; RFC 6901.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import kubernetes
from gitops_gen.evidence.leftovers import is_unfilled
from gitops_gen.evidence.values import strings_at, text_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.shapes import Steps

_KINDS_BY_GROUP = {
    "": (
        "Binding ConfigMap Endpoints Event LimitRange Namespace Node PersistentVolume PersistentVolumeClaim Pod "
        "PodTemplate ReplicationController ResourceQuota Secret Service ServiceAccount"
    ),
    "apps": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    "autoscaling": "HorizontalPodAutoscaler Scale",
    "batch": "CronJob Job",
    "extensions": "DaemonSet Deployment Ingress NetworkPolicy PodSecurityPolicy ReplicaSet",
    "policy": "Eviction PodDisruptionBudget PodSecurityPolicy",
}
"""All kinds of the groups without a dot, which are those of Kubernetes, today and formerly."""
_GROUPS = {kind: group for group, kind in sorted((*kubernetes.NAMESPACED, *kubernetes.CLUSTER_SCOPED))}
_PATTERN = frozenset("*?[]{}!\\")
_FLAT = ("annotations", "labels")
"""Maps of an object's metadata, whose values are texts."""


def misplaced_group(item: object) -> tuple[Steps, str, str] | None:
    """Returns where an item names a group that does not have its kind, what is wrong, and what to write.

    Argo CD compares both as they are written: deployment is no kind.
    """
    group, kind = text_at(item, "group") or "", text_at(item, "kind") or ""
    if not kind or "." in group or _PATTERN & {*group, *kind} or is_unfilled(group) or is_unfilled(kind):
        return None
    kinds = _KINDS_BY_GROUP.get(group, "").split()
    if kind in kinds:
        return None
    said = f"the group {group} has no kind {kind}" if group else f"without a group it is of the core, without {kind}"
    in_another_case = next((each for each in kinds if each.casefold() == kind.casefold()), None)
    if in_another_case is not None:
        return ("kind",), said, f"write kind: {in_another_case}"
    meant = _GROUPS.get(kind)
    if meant is None:
        hint = f"write the group of {kind}, which is its apiVersion up to the slash"
    else:
        hint = f"write group: {meant}" if meant else "remove the group"
    return ("group",) if group else ("kind",), said, hint


def unescaped_pointers(item: object) -> Iterator[tuple[Steps, str, str]]:
    """Yields where an item has a pointer to what is in the value of a label or an annotation, and what to write."""
    for number, pointer in enumerate(strings_at(item, "jsonPointers")):
        names = pointer.split("/")
        flat = next((at for at, each in enumerate(names) if each in _FLAT and names[at - 1] == "metadata"), None)
        if flat is not None and len(names) > flat + 2 and not is_unfilled(pointer):
            meant = "/".join((*names[: flat + 1], "~1".join(names[flat + 1 :])))
            said = f"the JSON pointer {pointer} goes on behind the value of one of the {names[flat]}"
            yield ("jsonPointers", number), said, f"write {meant}"
