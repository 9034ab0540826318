"""What External Secrets reads comes after the operator, and a ServiceAccount and a store before what needs them.

Applications know no order among each other. If the one with a SecretStore syncs before the one that installs the
operator, the API server says "no matches for kind SecretStore", and the sync fails. SkipDryRunOnMissingResource=true
and a retry let it wait, in a generated set for a minute at least; so do RollingSync steps in one ApplicationSet, and
sync waves of an app of apps. Inside of one Application, Argo CD waits for each wave to be healthy: an ExternalSecret
whose store comes in a later wave waits for ever, and so does everything behind it. The weight of a hook of Helm is its
wave, where it states none. What is a hook of PreSync, as it is to Argo CD too with pre-install or pre-upgrade of Helm,
comes before all waves: a Job that needs the Secret of an ExternalSecret that is no such hook stops the first sync,
which is a warning, as later ones find the Secret there.

Fix: add SkipDryRunOnMissingResource=true and a retry, and give ServiceAccount and store an earlier wave than the
ExternalSecret, which comes before the workload.

Source: Argo CD v3.5.1, docs/user-guide/sync-waves.md, sync-options.md and helm.md, hooks; the health checks in
resource_customizations; RetryStrategy.NextRetryAt; pkg/sync/syncwaves/waves.go of its gitops-engine; argo-cd issue
9891.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gitops_gen import durations
from gitops_gen.checks.alike import Sound
from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence.readers import store_ref, target_name
from gitops_gen.evidence.sync_waves import WAVE, wave_of, whole_number
from gitops_gen.evidence.values import list_at, map_at, text_at
from gitops_gen.external_secrets import GROUP
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Mapping

    from gitops_gen.evidence.applications import Application
    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph

_SKIP = "SkipDryRunOnMissingResource=true"
_OPTIONS = "argocd.argoproj.io/sync-options"
_HOOK = "argocd.argoproj.io/hook"
_HOOK_OF_HELM = "helm.sh/hook"
_SYNC, _BEFORE_SYNC, _AFTER_SYNC = "Sync", "PreSync", "PostSync"
_PHASES = frozenset({_SYNC, _BEFORE_SYNC, _AFTER_SYNC, "SyncFail", "PreDelete", "PostDelete", "Skip"})
_OF_HELM: Mapping[str, str] = {
    **dict.fromkeys(("pre-install", "pre-upgrade"), _BEFORE_SYNC),
    **dict.fromkeys(("post-install", "post-upgrade"), _AFTER_SYNC),
}
"""The phases of Helm's hooks to Argo CD, which has none for the others, but for those of a deletion."""
_NO_HOOK = "crd-install"
"""What Helm has for a definition, which is a hook to Helm 2 only."""
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
_INSTALLATION = 60.0
"""Seconds that an installation of the operator takes at least, with its images, its webhook and its definitions."""
_MOST_ATTEMPTS = 100
"""Those that are counted: a hundred that take no minute are over in a moment, however many there are."""
_BACKOFF: Mapping[str, float] = {"duration": 5, "factor": 2, "maxDuration": 180}
"""What Argo CD takes where a retry does not say it; the durations in seconds."""
_WORKLOADS = ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod")


def _run(graph: Graph) -> Iterator[Finding]:
    sound = Sound()
    for cluster in graph.clusters.values():
        operators = [each for each in cluster.deployments if each.operators]
        for deployment in cluster.deployments:
            theirs = [each for each in deployment.manifests if each.group == GROUP]
            if not theirs:
                continue
            if operators and deployment not in operators:
                yield from _after_operator(graph, deployment, operators[0], theirs)
            yield from sound.unless(_in_order(graph, deployment), _waves, graph, deployment)


def _after_operator(
    graph: Graph, deployment: Deployment, operator: Deployment, theirs: list[Manifest]
) -> Iterator[Finding]:
    application = deployment.application
    if _is_ordered(deployment, operator):
        return
    reason, severity = None, by_mark(graph, application.place)
    if _SKIP not in application.sync_options and not all(_skips(each) for each in theirs):
        reason = f"it has no {_SKIP}"
    elif application.sync_attempts == 0:
        reason = "it has no retry"
    elif graph.is_ours(application.place) and (wait := _patience(application)) < _INSTALLATION:
        reason, severity = f"its retries are over after {wait:g} s", Severity.WARNING
    if reason is not None:
        yield Finding(
            f"{application.name} brings {theirs[0]}, whose kind {operator.application.name} installs on "
            f"{deployment.cluster.name}: {reason}, so its sync fails if it comes first",
            application.spec_place / "syncPolicy",
            f"add {_SKIP} to the sync options, and a retry that outlasts the operator's installation",
            related=((operator.application.place, "the Application that installs the operator"),),
            severity=severity,
            on_key=True,
            cause=f"order: {reason}",
            cluster=deployment.cluster.name,
        )


def _patience(application: Application) -> float:
    """Returns for how many seconds an Application tries again, up to what an installation takes."""
    backoff = map_at(application.value, "spec", "syncPolicy", "retry", "backoff")
    stated = (backoff.get(name) for name in _BACKOFF)
    return _waited(application.sync_attempts, *(each if isinstance(each, str | int) else None for each in stated))


@lru_cache(maxsize=64)
def _waited(attempts: int | None, *backoff: str | int | None) -> float:
    """Returns the seconds that so many attempts take, with the backoff that is stated."""
    duration, factor, most = (_number_of(*each) for each in zip(backoff, _BACKOFF.values(), strict=True))
    waited = 0.0
    for attempt in range(_MOST_ATTEMPTS if attempts is None else min(attempts, _MOST_ATTEMPTS)):
        wait = duration * factor**attempt
        waited += min(wait, most) if most > 0 else wait
        if waited >= _INSTALLATION:
            break
    return waited


def _number_of(value: str | int | None, default: float) -> float:
    """Returns a number, or the seconds of a duration; one without a unit is in seconds."""
    if isinstance(value, str):
        parsed = durations.parse(value)
        return int(value) if _WHOLE.fullmatch(value) else default if parsed is None else parsed / durations.SECOND
    return default if value is None else value


def _skips(manifest: Manifest) -> bool:
    return _SKIP in (text_at(manifest.annotations, _OPTIONS) or "").replace(" ", "").split(",")


def _is_ordered(deployment: Deployment, operator: Deployment) -> bool:
    """True if waves of an app of apps, or the steps of one ApplicationSet, put the operator first."""
    own, first = deployment.application, operator.application
    if wave_of(first.annotations) < wave_of(own.annotations):
        return True
    if own.applicationset is None or own.applicationset is not first.applicationset:
        return False
    return text_at(own.applicationset.value, "spec", "strategy", "type") == "RollingSync"


def _in_order(graph: Graph, deployment: Deployment) -> Hashable:
    """Returns all that decides whether the waves of an Application are in order.

    Of a ServiceAccount that is its name, its wave and its hook: its role is another one on each cluster.
    """
    return (
        graph.is_ours(deployment.application.place),
        any(source.is_helm for source in deployment.application.sources),
        deployment.application.namespace,
        tuple(
            (
                id(each.value)
                if each.kind != "ServiceAccount"
                else (each.name, each.namespace, repr(each.annotations.get(WAVE)), _wave(each), _phases(each))
            )
            for each in deployment.manifests
        ),
        # Of what two Applications bring under one name, the first is found in the place of the other.
        None if deployment.cluster.is_unambiguous else id(deployment),
    )


def _waves(graph: Graph, deployment: Deployment) -> Iterator[Finding]:
    own = {id(each) for each in deployment.manifests}
    for manifest in deployment.manifests:
        wave = manifest.annotations.get(WAVE)
        # One that is no string is told by invalid-name: the API server refuses it.
        if isinstance(wave, str) and whole_number(wave) is None:
            yield _no_number(deployment, manifest, wave)
    is_strict = graph.is_ours(deployment.application.place)
    for first, second, why in _pairs(deployment):
        must_be_earlier = is_strict and second.kind == "ExternalSecret"
        if _phases(first) != _phases(second):
            # All of a phase comes before the next one; waves count within it.
            is_after = _phases(first) == {_SYNC}
            if _is_before_sync(second) and is_after and id(first) in own and id(second) in own:
                yield from _before_sync(deployment, first, second, why)
            continue
        is_late = _wave(first) > _wave(second) or (must_be_earlier and _wave(first) == _wave(second))
        if is_late and id(first) in own and id(second) in own:
            yield _too_late(deployment, first, second, why)
    if is_strict and any(source.is_helm for source in deployment.application.sources):
        for secret in deployment.external_secrets:
            if _wave(secret) >= 0 and not _is_before_sync(secret):
                yield _beside_chart(deployment, secret)


def _before_sync(deployment: Deployment, first: Manifest, second: Manifest, why: str) -> Iterator[Finding]:
    """Yields a hook that needs what comes after it, unless something else brings that before."""
    if first.kind == "ExternalSecret" and _is_made_before(deployment, first, second):
        return
    yield Finding(
        f"{second} is a hook of PreSync, and {first} none, so that it comes after it on {deployment.cluster.name}: "
        f"{second} {why}, and waits for it in the first sync",
        second.place.down("metadata", "annotations"),
        f"make {first} a hook of PreSync, too, in an earlier wave, or {second} one of Sync in a later wave",
        related=((first.place, f"{first} comes after all hooks of PreSync"),),
        severity=Severity.WARNING,
        on_key=True,
        cause=f"{first} before the hook {second}",
        cluster=deployment.cluster.name,
    )


def _is_made_before(deployment: Deployment, secret: Manifest, user: Manifest) -> bool:
    """True if something else makes the Secret, or if the one that is used is in another namespace."""
    where, made = deployment.namespace_of(secret), target_name(secret)
    return (
        where != deployment.namespace_of(user)
        or deployment.cluster.find("Secret", where, made) is not None
        or any(_phases(each) != {_SYNC} and target_name(each) == made for each in deployment.external_secrets)
    )


def _is_before_sync(manifest: Manifest) -> bool:
    return _BEFORE_SYNC in _phases(manifest)


def _pairs(deployment: Deployment) -> Iterator[tuple[Manifest, Manifest, str]]:
    """Yields what must come first, what needs it, and why."""
    cluster = deployment.cluster
    users: dict[str, list[Manifest]] = {}
    for each in deployment.manifests:
        for used in _secrets_of(each) if each.kind in _WORKLOADS else ():
            users.setdefault(used, []).append(each)
    for secret in deployment.external_secrets:
        kind, name = store_ref(secret)
        namespace = deployment.namespace_of(secret) if kind == "SecretStore" else ""
        store = cluster.find(kind, namespace, name)
        if store is not None:
            yield store, secret, "reads through it"
            account = map_at(store.value, "spec", "provider", "aws", "auth", "jwt", "serviceAccountRef")
            where = deployment.namespace_of(store) or text_at(account, "namespace") or deployment.namespace_of(secret)
            found = cluster.find("ServiceAccount", where, text_at(account, "name") or "")
            if found is not None:
                yield found, store, "signs in as it"
        for workload in users.get(target_name(secret), ()):
            yield secret, workload, "uses the Secret that it makes"


def _secrets_of(workload: Manifest) -> frozenset[str]:
    """Returns the Secrets that the pods of a workload cannot start without."""
    spec = map_at(workload.value, "spec", "jobTemplate", "spec") or map_at(workload.value, "spec")
    pod = map_at(spec, "template", "spec") or spec
    uses = [(map_at(volume, "secret"), "secretName") for volume in list_at(pod, "volumes")]
    for container in (*list_at(pod, "containers"), *list_at(pod, "initContainers")):
        uses += [(map_at(each, "valueFrom", "secretKeyRef"), "name") for each in list_at(container, "env")]
        uses += [(map_at(each, "secretRef"), "name") for each in list_at(container, "envFrom")]
    return frozenset(name for use, key in uses if (name := text_at(use, key)) and use.get("optional") is not True)


def _wave(manifest: Manifest) -> int:
    return wave_of(manifest.annotations)


def _phases(manifest: Manifest) -> frozenset[str]:
    """Returns when of a sync an object is applied, by its hooks: those of Helm where it has none of Argo CD.

    What is no hook is applied in the order of waves with the hooks of Sync. Source: gitops-engine, pkg/sync/hook.
    """
    own = _listed(manifest, _HOOK) & _PHASES
    hooks = _listed(manifest, _HOOK_OF_HELM)
    if not own and hooks - {_NO_HOOK}:
        return frozenset(_OF_HELM.get(each, each) for each in hooks)
    return own or frozenset({_SYNC})


def _listed(manifest: Manifest, key: str) -> frozenset[str]:
    stated = text_at(manifest.annotations, key) or ""
    return frozenset(word for each in stated.split(",") if (word := each.strip()))


def _no_number(deployment: Deployment, manifest: Manifest, wave: str) -> Finding:
    return Finding(
        f"the sync wave of {manifest}: got {wave!r}, expected a whole number; Argo CD takes it for wave "
        f"{_wave(manifest)}",
        manifest.place.down("metadata", "annotations", WAVE),
        'write it as "-1"',
        cause=f"{manifest}: wave",
        cluster=deployment.cluster.name,
    )


def _too_late(deployment: Deployment, first: Manifest, second: Manifest, why: str) -> Finding:
    return Finding(
        f"{first} is in sync wave {_wave(first)}, and {second}, which {why}, in wave {_wave(second)} on "
        f"{deployment.cluster.name}: it must come earlier",
        first.place.down("metadata", "annotations", WAVE),
        f"give {first} an earlier wave than {second}",
        related=((second.place.down("metadata", "annotations", WAVE), f"{second} {why}"),),
        cause=f"{first} before {second}",
        cluster=deployment.cluster.name,
    )


def _beside_chart(deployment: Deployment, secret: Manifest) -> Finding:
    return Finding(
        f"{secret} is in sync wave {_wave(secret)}, the wave of the chart's workload or later, on "
        f"{deployment.cluster.name}: the pods start without their Secret",
        secret.place.down("metadata", "annotations", WAVE),
        'give it an earlier wave, as "-1"',
        cause=f"{secret} before the chart",
        cluster=deployment.cluster.name,
    )


CHECK = Check("operator-order", _run, __doc__)
