"""Differences to ignore that are of no object, or of no field: what they name is compared all the same.

An item is for the objects whose group and kind it has: without a group, for those of the core group only. A pointer
begins with a slash; one that goes on behind the value of a label or an annotation names nothing: a slash in a key is
written as ~1. Nothing is compared with an expression of jq that nobody can read.

Part of argo-cd-object.

Source: Argo CD v3.5.1, util/argo/normalizers/diff_normalizer.go, Normalize and NewIgnoreNormalizer, and its issues
2322, 2795, 8403 and 8562; Kubernetes, API reference v1.36; apiextensions, validation of spec.group: that of a
definition has a dot; RFC 6901.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from gitops_gen import kubernetes
from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence.leftovers import is_unfilled
from gitops_gen.evidence.values import list_at, text_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.shapes import Steps

    _Slip: TypeAlias = "tuple[Steps, str, str]"
    """Where it is in an item, what is wrong, and what to write."""

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


_OF_OBJECTS = "ignoreDifferences"
"""Where an item is of objects; elsewhere it is of Applications."""
_NOTHING = "it ignores nothing"


def ignored_differences(graph: Graph, manifest: Manifest, steps: Steps) -> Iterator[Finding]:
    """Yields the differences to ignore at some steps of an object that name nothing."""
    for index, item in enumerate(list_at(manifest.value, *steps)):
        slips = [*_of_pointers(item), *_of_expressions(item)]
        if steps[-1] == _OF_OBJECTS:
            slips += _of_group(item)
        for where, said, hint in slips:
            yield Finding(
                f"{manifest}: {steps[-1]}: {said}",
                manifest.place.down(*steps, index, *where),
                hint,
                severity=by_mark(graph, manifest.place),
            )


def _of_group(item: object) -> Iterator[_Slip]:
    """Yields a group that does not have the kind. Argo CD compares both as they are written: deployment is no kind."""
    group, kind = text_at(item, "group") or "", text_at(item, "kind") or ""
    is_open = _PATTERN & {*group, *kind} or is_unfilled(group) or is_unfilled(kind)
    kinds = _KINDS_BY_GROUP.get(group, "").split()
    if not kind or "." in group or is_open or kind in kinds:
        return
    what = f"the group {group} has no kind {kind}" if group else f"without a group it is of the core, without {kind}"
    in_another_case = next((each for each in kinds if each.casefold() == kind.casefold()), None)
    meant = _GROUPS.get(kind)
    if in_another_case is not None:
        hint = f"write kind: {in_another_case}"
    elif meant is None:
        hint = f"write the group of {kind}, which is its apiVersion up to the slash"
    else:
        hint = f"write group: {meant}" if meant else "remove the group"
    field = "group" if group and in_another_case is None else "kind"
    yield (field,), f"{what}; {_NOTHING}", hint


def _of_pointers(item: object) -> Iterator[_Slip]:
    """Yields the pointers that are none, and those to what is in the value of a label or an annotation."""
    for number, pointer in enumerate(list_at(item, "jsonPointers")):
        if not isinstance(pointer, str) or is_unfilled(pointer):
            continue
        names = pointer.split("/")
        flat = next((at for at, each in enumerate(names) if each in _FLAT and names[at - 1] == "metadata"), None)
        if pointer[:1] not in ("", "/"):
            said = f"got the JSON pointer {pointer}, expected one that begins with /; {_NOTHING}"
            yield ("jsonPointers", number), said, f"write {_as_pointer(pointer)}"
        elif flat is not None and len(names) > flat + 2:
            meant = "/".join((*names[: flat + 1], "~1".join(names[flat + 1 :])))
            said = f"the JSON pointer {pointer} goes on behind the value of one of the {names[flat]}; {_NOTHING}"
            yield ("jsonPointers", number), said, f"write {meant}"


def _of_expressions(item: object) -> Iterator[_Slip]:
    """Yields the expressions of jq that nobody can read."""
    for number, text in enumerate(list_at(item, "jqPathExpressions")):
        if isinstance(text, str) and not is_unfilled(text):
            from gitops_gen.evidence.jq_brackets import unbalanced

            if reason := unbalanced(text):
                said = f"got the jq expression {text}, in which {reason}: Argo CD compares nothing with it"
                yield ("jqPathExpressions", number), said, "correct the expression"


def _as_pointer(text: str) -> str:
    """Returns the JSON pointer that was meant; a path of jq has dots."""
    is_of_jq = text.startswith((".", "$")) or ("." in text and "/" not in text)
    return f"/{text.lstrip('.$').replace('.', '/')}" if is_of_jq else f"/{text}"
