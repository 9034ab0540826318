"""A Kubernetes Secret is made by one ExternalSecret, and by nothing else, and has each key once.

An ExternalSecret owns its target: two of one target in a namespace overwrite each other for ever, or the second one
says "target is owned by another ExternalSecret". A Secret of that name in git is overwritten, and Argo CD writes it
back. Of two entries for one secretKey the webhook refuses the whole object, unless its deletionPolicy is Delete or
Merge: then the last one counts. An ExternalSecret whose creationPolicy is Merge or CreateOrMerge adds to a Secret, so
several of them may share one. With None no Secret is made, and with Merge none that is not there already. In generated
files, a key that is taken from another property than on more clusters, by a slip or exchanged with that of another key,
is a warning, and so is one that is taken from the whole of a secret of which others take a property, and a Secret of
another type, or a Secret or a key that is called otherwise, by a slip, than on more clusters, and a key that takes the
secret of another key, and on more clusters one of its own. Kubernetes refuses a Secret of one of its own types that
lacks the keys of that type, and a slip of such a type is none. Of an ExternalSecret that a chart renders to, a slip in
the label by which Argo CD knows its Secrets is told too; elsewhere cluster-registration tells it.

Fix: give each ExternalSecret a target of its own, or put the keys of both into one.

Source: external-secrets v2.9.0, externalsecret_controller.go and externalsecret_validator.go.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from gitops_gen.checks.alike import each_unlike
from gitops_gen.checks.finding import Check, Finding, if_together
from gitops_gen.checks.odd_properties import odd_properties
from gitops_gen.checks.secret_types import secret_types
from gitops_gen.evidence.companions import are_together
from gitops_gen.evidence.secret_targets import targets_on
from gitops_gen.evidence.values import list_at, map_at, text_at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from gitops_gen.evidence.deployments import ClusterEvidence
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.operators import OperatorObject
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.secret_targets import SecretTarget

_MAKING = frozenset({"ExternalSecret", "Secret"})
_LABELS = ("spec", "target", "template", "metadata", "labels")
_TAKING_THE_LAST = ("Delete", "Merge")
"""The deletion policies with which the webhook lets a key stand twice."""
_MAKES_NONE, _MAKES_TOO = "None", "CreateOrMerge"
"""The policy that makes no Secret, and the one that makes it where it is not there."""


def _run(graph: Graph) -> Iterator[Finding]:
    secrets = (each for each in graph.operator_objects if each.manifest.kind == "ExternalSecret")
    yield from each_unlike(secrets, _alike_secret, _of_secret)
    yield from each_unlike(graph.clusters.values(), _alike, partial(_on_cluster, graph))
    yield from odd_properties(graph)


def _alike_secret(each: OperatorObject) -> Hashable:
    return id(each.manifest.value), bool(each.manifest.place.rendering)


def _of_secret(each: OperatorObject) -> Iterator[Finding]:
    yield from _keys_twice(each)
    if each.manifest.place.rendering and map_at(each.manifest.value, *_LABELS):
        from gitops_gen.checks.misspelt_types import misspelt_types

        yield from misspelt_types(each.manifest)


def _alike(cluster: ClusterEvidence) -> Hashable:
    """Returns what decides whether a Secret is made twice on a cluster: all that makes one."""
    return tuple(
        (each.application.namespace, tuple(id(one.value) for one in each.manifests if one.kind in _MAKING))
        for each in cluster.deployments
    )


def _on_cluster(graph: Graph, cluster: ClusterEvidence) -> Iterator[Finding]:
    for targets in targets_on(cluster).values():
        for target in targets:
            yield from secret_types(graph, target)
        owners = [each for each in targets if each.is_owner]
        yield from _shared(graph, cluster, owners)
        if not owners and not any(each.policy == _MAKES_TOO for each in targets):
            yield from _unmade(graph, cluster, targets)


def _unmade(graph: Graph, cluster: ClusterEvidence, targets: list[SecretTarget]) -> Iterator[Finding]:
    """Yields ExternalSecrets that make no Secret, where nothing else does; what one adds to may be made by hand."""
    for target in targets:
        is_told = target.policy == _MAKES_NONE or graph.is_ours(target.manifest.place)
        if is_told and cluster.find("Secret", target.namespace, target.name) is None:
            yield Finding(
                f"{target.manifest} has creationPolicy {target.policy}, which makes no Secret, and nothing here makes "
                f"{target.name} in namespace {target.namespace} of {cluster.name}",
                target.manifest.place.down("spec", "target", "creationPolicy"),
                "write creationPolicy: Owner, unless somebody else makes the Secret",
                severity=Severity.WARNING,
                cause=f"{target.manifest}: {target.policy}",
                cluster=cluster.name,
            )


def _keys_twice(each: OperatorObject) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for index, item in enumerate(list_at(each.manifest.value, "spec", "data")):
        key = text_at(item, "secretKey")
        if key is not None and first.setdefault(key, index) != index:
            place = each.manifest.place.down("spec", "data")
            is_taken = text_at(each.manifest.value, "spec", "target", "deletionPolicy") in _TAKING_THE_LAST
            yield Finding(
                f"{each.manifest} has the key {key} twice{', and the last one counts' if is_taken else ''}",
                place.down(index, "secretKey"),
                "rename one of the keys, or remove one of the entries",
                related=((place.down(first[key], "secretKey"), "the first one"),),
                severity=Severity.WARNING if is_taken else Severity.ERROR,
                cause=f"{each.manifest}: {key} twice",
                cluster=each.cluster,
            )


def _shared(graph: Graph, cluster: ClusterEvidence, owners: list[SecretTarget]) -> Iterator[Finding]:
    if not owners:
        return
    first = owners[0]
    for other in owners[1:]:
        # The same ExternalSecret from two Applications is the business of duplicate-object.
        if other.manifest.name != first.manifest.name:
            is_certain = are_together(graph, first.deployment.application, other.deployment.application)
            reason = f"{first.manifest} makes it already"
            yield _finding(cluster, other, reason, first.place, is_certain=is_certain)
    made = cluster.objects.get(("Secret", first.namespace, first.name))
    if made:
        deployment, secret = made[0]
        is_certain = are_together(graph, first.deployment.application, deployment.application)
        reason = "a Secret of that name is among the manifests too"
        yield _finding(cluster, first, reason, secret.place.down("metadata", "name"), is_certain=is_certain)


def _finding(cluster: ClusterEvidence, target: SecretTarget, reason: str, other: Place, *, is_certain: bool) -> Finding:
    return Finding(
        f"{target.manifest} makes the Secret {target.name} in namespace {target.namespace} of {cluster.name}, but "
        f"{reason}{if_together(is_certain=is_certain)}",
        target.place,
        "give the ExternalSecret a target of its own, or remove one of the two",
        related=((other, "it stands here"),),
        severity=Severity.ERROR if is_certain else Severity.WARNING,
        cause=f"{target.manifest}: {target.name}: {reason}",
        cluster=cluster.name,
    )


CHECK = Check("external-secret-target", _run, __doc__)
