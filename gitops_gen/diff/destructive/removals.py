"""Whole resources that go, or come back under another name or namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.diff.destructive.finding import Finding
from gitops_gen.diff.values import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.diff.values import Change, Place, Resource

_CONSEQUENCES: Mapping[str, str] = {
    "Application": "what becomes of what it installed is up to its finalizers",
    "ApplicationSet": "all its Applications go with it",
    "AppProject": "Argo CD refuses to sync Applications of a project that is not there",
    "SecretStore": "its ExternalSecrets are no longer refreshed; their Secrets keep the last values",
    "ClusterSecretStore": "its ExternalSecrets are no longer refreshed; their Secrets keep the last values",
    "ServiceAccount": "what signs in as it is refused: a store cannot assume its role, a pod does not start",
    "ExternalSecret": "the Secret that it owns is deleted with it, and a pod that mounts it does not start",
    "PushSecret": "the secret is no longer pushed to its provider",
    "Secret": "what reads it fails, and a pod that mounts it does not start",
    "Namespace": "everything in it is deleted with it",
    "CustomResourceDefinition": "every object of its kind is deleted with it",
    "PersistentVolumeClaim": "its volume may be deleted with it, with the data",
}
_CLUSTER = "Argo CD no longer knows the cluster, and syncs nothing to it"
_REGISTRATION = "cluster registration"
_CODES = {
    "AppProject": "project",
    "SecretStore": "store",
    "ClusterSecretStore": "store",
    "ServiceAccount": "service-account",
    "ExternalSecret": "external-secret",
    "ApplicationSet": "application-set",
    _REGISTRATION: "cluster-registration",
}
_TFVARS = "Terraform no longer has the cluster's values; its roles stay in AWS until terraform destroy"
_OTHER = "where Argo CD prunes, it is deleted from the cluster"
_UNTIL_PRUNED = "once Argo CD has pruned it, "
_SYNCED = frozenset({"AppProject", "ApplicationSet", "Application"})
"""What an administrator applies, or an app of apps; pruning is not up to the files here."""


def removal_findings(changes: Sequence[Change], fates: Mapping[tuple[str, str], str]) -> Iterator[Finding]:
    """Yields the resources that are removed or renamed. One that stands in another file on the same cluster is not.

    `fates` says, by cluster and app, what becomes of what an Application installed that goes itself.
    """
    still_there = {(each.resource, each.place.cluster) for each in changes if each.kind is Kind.ADDED}
    for change in changes:
        resource, place = change.resource, change.place
        if change.kind is Kind.REMOVED and (resource, place.cluster) not in still_there:
            yield from _removed(resource, place, change, fates.get((place.cluster, place.app), ""))
        elif change.kind is Kind.RENAMED and change.was is not None:
            yield _renamed(change.was, resource, place, change)


def _removed(resource: Resource, place: Place, change: Change, fate: str) -> Iterator[Finding]:
    consequence = _consequence(resource, change)
    if consequence and fate and resource.api_version:
        consequence = f"its Application goes too: {fate}"
    if consequence:
        what = _REGISTRATION if consequence == _CLUSTER else resource.kind
        yield Finding(f"{_code(what)}-removed", f"{what} removed", consequence, _name(change), place)


def _renamed(was: Resource, now: Resource, place: Place, change: Change) -> Finding:
    if was.name == now.name:
        what = f"{now.kind} {now.name} moved from namespace {was.namespace} to {now.namespace}"
        code = "namespace-changed"
    else:
        what, code = f"{now.kind} {was.name} renamed to {now.name}", f"{_code(now.kind)}-renamed"
    consequence = f"another one is made, and the old one goes: {_consequence(was, change)}"
    return Finding(code, what, consequence, _name(change), place)


def _consequence(resource: Resource, change: Change) -> str:
    if not resource.api_version:
        return _TFVARS if resource.kind == "tfvars" else ""
    if resource.kind == "Secret" and change.path.startswith("argocd/clusters/"):
        return _CLUSTER
    consequence = _CONSEQUENCES.get(resource.kind, "")
    if not consequence:
        return _OTHER
    return consequence if resource.kind in _SYNCED else f"{_UNTIL_PRUNED}{consequence}"


def _code(kind: str) -> str:
    return _CODES.get(kind, kind.lower())


def _name(change: Change) -> str:
    cluster, name = change.place.cluster, (change.was or change.resource).name
    if cluster and name and name != cluster:
        return f"{name} on {cluster}"
    return name or cluster or change.path
