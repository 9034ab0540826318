"""An object of Kubernetes itself has an apiVersion that Kubernetes serves.

A Deployment under extensions/v1beta1, an Ingress under networking.k8s.io/v1beta1 or a ServiceAccount under v2 ends in
"no matches for kind", and the sync of the whole Application fails. Those of External Secrets depend on its version
and have a rule of their own; kinds of other operators are not known here. An object with one of apiVersion and kind is
none: Argo CD stops at it, and so does the sync of all that comes with it.

Fix: write the apiVersion that the kind has today, and the kind as Kubernetes spells it.

Source: Kubernetes, API reference v1.36; the deprecated API migration guide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import external_secrets
from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence.charts import is_template
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import text_at
from gitops_gen.near_miss import is_typo, nearest_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph

_SERVED = {
    "v1": (
        "ConfigMap Endpoints LimitRange Namespace PersistentVolume PersistentVolumeClaim Pod PodTemplate "
        "ReplicationController ResourceQuota Secret ServiceAccount"
    ),
    "apps/v1": "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet",
    "batch/v1": "CronJob Job",
    "autoscaling/v1 autoscaling/v2": "HorizontalPodAutoscaler",
    "networking.k8s.io/v1": "IngressClass NetworkPolicy",
    "policy/v1": "PodDisruptionBudget",
    "rbac.authorization.k8s.io/v1": "ClusterRole ClusterRoleBinding Role RoleBinding",
    "scheduling.k8s.io/v1": "PriorityClass",
    "storage.k8s.io/v1": "CSIDriver StorageClass",
    "apiextensions.k8s.io/v1": "CustomResourceDefinition",
    "admissionregistration.k8s.io/v1": "MutatingWebhookConfiguration ValidatingWebhookConfiguration",
    "argoproj.io/v1alpha1": "AppProject Application ApplicationSet",
}
_VERSIONS = {kind: versions.split() for versions, kinds in _SERVED.items() for kind in kinds.split()}
_KINDS = {
    version: tuple(kinds.split())
    for versions, kinds in _SERVED.items()
    for version in versions.split()
    if version != "argoproj.io/v1alpha1"  # argo-cd-object knows these
}
_FIELDS = ("apiVersion", "kind")
_FORMER_GROUPS = frozenset({"extensions"})


def _run(graph: Graph) -> Iterator[Finding]:
    seen = set()
    for manifest in (*(each for deployment in graph.deployments for each in deployment.manifests), *graph.manifests):
        served = _VERSIONS.get(manifest.kind)
        meant = _misspelt(manifest) if served is None else None
        if meant is not None and manifest.place not in seen and not is_template(graph.files, manifest.place.file):
            seen.add(manifest.place)
            yield Finding(
                f"{manifest}: {manifest.api_version} has no kind {manifest.kind}",
                manifest.place / "kind",
                f"did you mean {meant}?",
                cause=f"kind {manifest.kind}",
            )
        if served is None or manifest.api_version in served or manifest.place in seen:
            continue
        seen.add(manifest.place)
        if _is_meant(manifest, served) and not is_template(graph.files, manifest.place.file):
            yield Finding(
                f"{manifest}: got {manifest.api_version}, expected {' or '.join(served)}",
                manifest.place / "apiVersion",
                f"write {served[-1]}",
                cause=f"{manifest.kind} {manifest.api_version}",
            )
    yield from _halves(graph)


def _halves(graph: Graph) -> Iterator[Finding]:
    """Yields an object of ours that has a name, and of apiVersion and kind only one."""
    for file in graph.plain_yaml:
        for index, value in enumerate(file.documents.values if file.origin is not None else ()):
            if isinstance(value, dict) and text_at(value, "metadata", "name"):
                stated = [field for field in _FIELDS if text_at(value, field)]
                if len(stated) == 1 and not _is_judged(value):
                    yield _half(Place(file.path, index), value, stated[0])


def _is_judged(value: Mapping[str, object]) -> bool:
    """True for an empty apiVersion of a kind that is known: that is one which is not served."""
    return value.get("apiVersion") == "" and value.get("kind") in {*_VERSIONS, *external_secrets.KINDS}


def _half(place: Place, value: Mapping[str, object], stated: str) -> Finding:
    lacks = next(field for field in _FIELDS if field != stated)
    slip = lacks if lacks in value else nearest_name(lacks, value.keys() - {*_FIELDS, "metadata", "spec"})
    kind = text_at(value, "kind") or ""
    hint = f"write {lacks}: {_VERSIONS[kind][-1]}" if kind in _VERSIONS else f"write {lacks}:"
    return Finding(
        f"the object {text_at(value, 'metadata', 'name')} has {stated} {text_at(value, stated)}, but no {lacks}",
        place / slip if slip else place,
        hint,
        on_key=slip is not None,
    )


def _misspelt(manifest: Manifest) -> str | None:
    """Returns the kind of Kubernetes that the kind of an object is a slip of, or the apiVersion that stands for it."""
    if "/" in manifest.kind:
        return manifest.api_version
    known = _KINDS.get(manifest.api_version, ())
    if manifest.kind in known:
        return None
    return next(
        (each for each in known if each.casefold() == manifest.kind.casefold() or is_typo(manifest.kind, each)), None
    )


def _is_meant(manifest: Manifest, served: list[str]) -> bool:
    """Tells whether the kind is that of Kubernetes: other projects have a Secret or a Role of their own."""
    groups = {each.rpartition("/")[0] for each in served}
    return manifest.group in groups | _FORMER_GROUPS or "/" not in manifest.api_version


CHECK = Check("api-version", _run, __doc__)
