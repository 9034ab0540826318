"""An object of Kubernetes itself has an apiVersion that Kubernetes serves.

A Deployment under extensions/v1beta1, an Ingress under networking.k8s.io/v1beta1 or a ServiceAccount under v2 ends in
"no matches for kind", and the sync of the whole Application fails. Those of External Secrets depend on its version
and have a rule of their own; kinds of other operators are not known here.

Fix: write the apiVersion that the kind has today.

Source: Kubernetes, API reference v1.36; the deprecated API migration guide.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence.charts import is_template

if TYPE_CHECKING:
    from collections.abc import Iterator

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
_FORMER_GROUPS = frozenset({"extensions"})


def _run(graph: Graph) -> Iterator[Finding]:
    seen = set()
    for manifest in (*(each for deployment in graph.deployments for each in deployment.manifests), *graph.manifests):
        served = _VERSIONS.get(manifest.kind)
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


def _is_meant(manifest: Manifest, served: list[str]) -> bool:
    """Tells whether the kind is that of Kubernetes: other projects have a Secret or a Role of their own."""
    groups = {each.rpartition("/")[0] for each in served}
    return manifest.group in groups | _FORMER_GROUPS or "/" not in manifest.api_version


CHECK = Check("api-version", _run, __doc__)
