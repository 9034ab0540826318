"""The roles of ServiceAccounts that no store signs in as: those of the apps themselves, in objects and in values.

STS takes a token to a role of its own partition only. A role of another account than the cluster's needs the OIDC
provider of the cluster in that account, too, which is seldom meant: that is a warning, as is an account that has a slip
against the one that the others on the cluster have, where no variable file says which that is.

Part of service-account-role. Source: the EKS user guide, "Configure a Kubernetes service account to assume an IAM role"
and "Authenticate to another account with IRSA".
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gitops_gen.aws.arns import Arn, check_role_arn, parse_arn
from gitops_gen.aws.regions import partition_of
from gitops_gen.checks.finding import Finding
from gitops_gen.evidence import placeholders
from gitops_gen.evidence.leaves import leaves
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.readers import ROLE_ANNOTATION
from gitops_gen.evidence.values import decides
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from gitops_gen.evidence.deployments import ClusterEvidence, Deployment
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_ANNOTATION = ("metadata", "annotations", ROLE_ANNOTATION)
_ENOUGH = 2
"""Roles of one account that say which account the cluster is in."""


class _Role(NamedTuple):
    """A role that something on a cluster is annotated with."""

    whose: str
    arn: str
    place: Place


def other_accounts(graph: Graph) -> Iterator[Finding]:
    """Yields the roles that what runs on a cluster cannot take on, or hardly."""
    told: set[tuple[Place, str]] = set()
    stores = {each.service_account.place for each in graph.readers if each.service_account is not None}
    for cluster in graph.clusters.values():
        roles = [role for each in cluster.deployments for role in _roles(graph, each, stores)]
        usual = _usual_account(cluster, roles) if roles else ""
        for role in roles:
            reason, hint, severity = _wrong(cluster, role, usual)
            if reason and (role.place, reason) not in told:
                told.add((role.place, reason))
                yield Finding(
                    f"{role.whose} on {cluster.name}: {ROLE_ANNOTATION}: {reason}",
                    role.place,
                    hint,
                    severity=severity,
                    cause=f"{role.whose}: {reason}",
                    cluster=cluster.name,
                )


def _roles(graph: Graph, deployment: Deployment, stores: Collection[Place]) -> Iterator[_Role]:
    """Yields the roles of an Application, each once; those of stores and of the operator have rules of their own."""
    stated = {} if deployment.operators else {each.arn: each for each in _in_values(graph, deployment)}
    yield from stated.values()
    for manifest in deployment.manifests:
        if manifest.kind == "ServiceAccount" and manifest.place not in stores:
            arn = manifest.annotations.get(ROLE_ANNOTATION)
            if isinstance(arn, str) and arn not in stated:
                yield _Role(str(manifest), arn, manifest.place.down(*_ANNOTATION))


def _in_values(graph: Graph, deployment: Deployment) -> Iterator[_Role]:
    layers = graph.layers_of(deployment)
    for index, layer in enumerate(layers):
        file = None if layer.place.steps else graph.files.get(layer.place.file)
        if file is not None and ROLE_ANNOTATION not in file.text:
            continue
        for steps, arn in leaves(layer.value):
            is_last = not any(decides(each.value, *steps) for each in layers[index + 1 :])
            if steps[-1:] == (ROLE_ANNOTATION,) and isinstance(arn, str) and is_last:
                yield _Role(f"a value of {deployment.application.name}", arn, layer.place.down(*steps))


def _usual_account(cluster: ClusterEvidence, roles: list[_Role]) -> str:
    """Returns the account that most roles on a cluster are of; empty where they do not tell."""
    stated = [each.arn for each in roles]
    accounts = (each.service_account for deployment in cluster.deployments for each in deployment.readers)
    stated += [str(each.annotations.get(ROLE_ANNOTATION)) for each in accounts if each is not None]
    counted = Counter(arn.account for each in stated if (arn := parse_arn(each)) is not None).most_common(1)
    return counted[0][0] if counted and counted[0][1] >= _ENOUGH else ""


def _wrong(cluster: ClusterEvidence, role: _Role, usual: str) -> tuple[str, str, Severity]:
    """Returns what is wrong with a role, the next step, and how much it weighs; no text where nothing is."""
    tfvars, arn = cluster.tfvars, parse_arn(role.arn)
    is_filled_in = has_template(role.arn) or placeholders.in_role_arn(role.arn)
    if arn is None or is_filled_in or check_role_arn(role.arn) is not None:  # `annotated_roles` tells the shape
        return "", "", Severity.NOTE
    partition = partition_of(tfvars.region) if tfvars is not None else None
    if partition is not None and partition.name != arn.partition:
        reason = f"got the partition {arn.partition}, expected {partition.name}"
        return reason, "name a role of the partition of the cluster", Severity.ERROR
    return _of_another_account(arn, tfvars.account if tfvars is not None else "", usual)


def _of_another_account(arn: Arn, own: str, usual: str) -> tuple[str, str, Severity]:
    if own and arn.account != own:
        reason = f"got a role of account {arn.account}, and the cluster is in {own}"
        hint = "name a role of the cluster's account, unless its OIDC provider is known in the other one too"
    elif not own and usual and _is_slip(arn.account, usual):
        reason = f"got a role of account {arn.account}, and the others on the cluster are of {usual}"
        hint = f"did you mean {usual}?"
    else:
        return "", "", Severity.NOTE
    return reason, hint, Severity.WARNING


def _is_slip(account: str, other: str) -> bool:
    """True for two accounts that differ in one digit, or in two that are exchanged."""
    if len(account) != len(other):
        return False
    match [pair for pair in zip(account, other, strict=True) if pair[0] != pair[1]]:
        case [_]:
            return True
        case [(one, another), exchanged]:
            return exchanged == (another, one)
        case _:
            return False
