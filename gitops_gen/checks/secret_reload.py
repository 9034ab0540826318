"""A workload whose pods take a synced Secret as environment variables says what restarts them when it changes.

The environment of a process is fixed when it starts. External Secrets brings a new value to the Secret, and pods that
read it with secretKeyRef or envFrom keep the old one until somebody restarts them. A mounted volume follows by itself.
It is a note: nobody can see from here whether a restart is wanted, or done by hand.

Fix: annotate the workload with secret.reloader.stakater.com/reload: <secret>, or mount the Secret.

Source: Kubernetes, "Using Secrets as environment variables"; Stakater Reloader 1.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence.secret_references import WORKLOADS, workload_references
from gitops_gen.evidence.secret_targets import targets_on
from gitops_gen.evidence.values import at, map_at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.secret_references import SecretReference
    from gitops_gen.evidence.secret_targets import SecretTarget, Targets

_RELOADERS = ("reloader.stakater.com/", "wave.pusher.com/")
"""What the annotations of software that restarts pods have in their names."""

_RUNNING = WORKLOADS - {"Job", "CronJob", "Pod", "PodTemplate"}


def _run(graph: Graph) -> Iterator[Finding]:
    for cluster in graph.clusters.values():
        pairs = ((each, manifest) for each in cluster.deployments for manifest in each.manifests)
        running = [pair for pair in pairs if pair[1].kind in _RUNNING and not _is_reloaded(pair[1])]
        if running and (targets := targets_on(cluster)):
            for deployment, manifest in running:
                yield from _stale(deployment, manifest, targets)


def _is_reloaded(manifest: Manifest) -> bool:
    pods = map_at(manifest.value, "spec", "template", "metadata", "annotations")
    return any(mark in str(key) for key in (*manifest.annotations, *pods) for mark in _RELOADERS)


def _stale(deployment: Deployment, manifest: Manifest, targets: Targets) -> Iterator[Finding]:
    namespace = deployment.namespace_of(manifest)
    for reference in workload_references(manifest):
        made = targets.get((namespace, reference.name))
        is_environment = {"env", "envFrom"} & set(reference.place.steps)
        if made and is_environment and any(_changes(each.manifest) for each in made):
            yield _finding(deployment, manifest, reference, made[0])
            return


def _changes(manifest: Manifest) -> bool:
    """Tells whether an ExternalSecret is ever read again."""
    is_once = at(manifest.value, "spec", "refreshPolicy") == "CreatedOnce"
    return not is_once and str(at(manifest.value, "spec", "refreshInterval")) not in ("0", "0s", "0h0m0s")


def _finding(deployment: Deployment, manifest: Manifest, reference: SecretReference, made: SecretTarget) -> Finding:
    return Finding(
        f"{manifest} reads the Secret {reference.name} into its environment, and nothing restarts its pods when "
        f"{made.manifest} brings a new value",
        reference.place,
        f"annotate it with secret.reloader.stakater.com/reload: {reference.name}, or mount the Secret",
        related=((made.place, "the Secret is made here"),),
        severity=Severity.NOTE,
        cause="nothing restarts the pods",
        cluster=deployment.cluster.name,
    )


CHECK = Check("secret-reload", _run, __doc__)
