"""The OIDC provider that a role trusts is that of the cluster: same host, id, region, account and partition.

The tfvars state the provider twice: as the host that the conditions of the trust policy name, and as the ARN that is
its principal. If the two disagree, or the ARN is in another account, or two clusters share one provider, a token of
the cluster is not the one that the role trusts, and no secret syncs. In other people's files a variable of that name
may be a URL, an example or the provider of something else: there only issuers of EKS are compared. In a trust policy
by hand, the provider that is the principal is the one that the conditions speak of, and that of the cluster where a
variable file states it; neither has the https:// of the issuer in it. It is an identity provider of IAM, in the account
in which Terraform makes the role.

Fix: take both from the cluster: aws eks describe-cluster --name NAME --query cluster.identity.oidc.issuer

Source: the AWS documentation of IAM roles for service accounts, which takes https:// off the issuer; IAM, the ARN in
what CreateOpenIDConnectProvider answers, "Policy elements: Condition": the names of keys have no case, "Principal" and
"Effect"; the EKS user guide, networking requirements, the hosts of issuers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.aws.arns import Arn, parse_arn
from gitops_gen.aws.names import check_oidc_id
from gitops_gen.aws.regions import partition_of
from gitops_gen.checks.finding import Check, Finding, not_judged
from gitops_gen.evidence import placeholders
from gitops_gen.evidence.terraform import ROLES
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.aws.regions import Partition
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.terraform import Role, Tfvars
    from gitops_gen.evidence.trust import Grant

_ISSUER = re.compile(r"oidc(?P<joint>[.-])eks\.(?P<region>[a-z0-9-]+)\.(?P<suffix>[a-z0-9.-]+)/id/(?P<id>[0-9A-Z]+)")
_SCHEME = "https://"
_NO_ARN = Arn("", "", "", "", "")


def _run(graph: Graph) -> Iterator[Finding]:
    first_by_provider: dict[str, Tfvars] = {}
    for tfvars in graph.tfvars:
        # A file that somebody else wrote may leave the provider to Terraform, state one half of it, write it as a URL
        # or as a form, or mean the provider of something else.
        is_whole = graph.is_ours(tfvars.place) or ROLES in tfvars.values
        if is_whole or _is_of_eks(tfvars.provider):
            yield from _host(tfvars)
        if (tfvars.provider and is_whole) or (
            _is_of_eks(tfvars.provider) and _is_of_eks(tfvars.provider_arn.partition("/")[2])
        ):
            yield from _arn(tfvars)
        is_told = tfvars.provider if is_whole else _is_of_eks(tfvars.provider)
        first = first_by_provider.setdefault(_identity(tfvars.provider), tfvars) if is_told else tfvars
        if first.cluster != tfvars.cluster:
            yield _shared(tfvars, first)
    for cluster, role in graph.judged_roles:
        for grant in role.trust.grants if role.trust is not None else ():
            yield from _of_trust(cluster, role, grant)
        yield from _refused(cluster, role)
    if graph.has_written_roles:
        yield from _of_other_clusters(graph)


def _of_other_clusters(graph: Graph) -> Iterator[Finding]:
    """Yields each role by hand that lets in its ServiceAccount by the provider of another cluster only."""
    told: set[Place] = set()
    for reader in graph.readers:
        role, tfvars = reader.role, reader.tfvars
        if role is None or role.trust is None or tfvars is None or not _is_of_eks(tfvars.provider):
            continue
        named = role.trust.providers_for(reader.subject)
        if named and tfvars.provider not in named and role.place not in told and not any(map(_is_open, named)):
            told.add(role.place)
            yield Finding(
                f"role {role.name} trusts the provider {', '.join(named)}, and that of {tfvars.cluster} is "
                f"{tfvars.provider}{not_judged(5)}",
                role.at("service_account"),
                "trust the provider of the cluster that the ServiceAccount is on",
                related=((tfvars.place / "oidc_provider", "the provider of the cluster"),),
                severity=Severity.ERROR if role.undefaulted is None else Severity.WARNING,
                cluster=tfvars.cluster,
            )


def _of_trust(cluster: str, role: Role, grant: Grant) -> Iterator[Finding]:
    """Yields a statement whose principal is one provider, and whose conditions are of another: no token fits both."""
    named = [each for each in grant.named_providers if each]
    issuers = [each for each in grant.issuers if not _is_open(each)]
    # The issuer is a part of the name of a key, and those have no case.
    other = next((each for each in issuers if [name.casefold() for name in named] != [each.casefold()]), None)
    if len(named) == 1 and not _is_open(named[0]) and other is not None:
        yield Finding(
            f"role {role.name} trusts the provider {named[0]}, and its conditions are of {other}{not_judged(5)}",
            role.at("service_account"),
            "name one provider in both: aws eks describe-cluster --query cluster.identity.oidc.issuer",
            severity=Severity.ERROR if role.undefaulted is None else Severity.WARNING,
            cluster=cluster,
        )
    elif any(each.startswith(_SCHEME) for each in (*named, *issuers)):
        yield Finding(
            f"role {role.name} trusts a provider with {_SCHEME} in its name, as the issuer of a cluster has it, and no "
            f"provider of IAM{not_judged(5)}",
            role.at("service_account"),
            f"take {_SCHEME} away, in the principal and in the keys of the conditions",
            severity=Severity.ERROR if role.undefaulted is None else Severity.WARNING,
            cluster=cluster,
        )


def _refused(cluster: str, role: Role) -> Iterator[Finding]:
    """Yields a trust policy that IAM refuses, and one of a provider in another account than that of the role."""
    if role.trust is None:
        return
    named = [each for grant in role.trust.grants for each in grant.no_providers if not placeholders.in_role_arn(each)]
    account = role.trust.account
    if role.trust.odd_effect:
        yield _of_role(cluster, role, f"has the Effect {role.trust.odd_effect!r}, which IAM refuses", "write Allow")
    elif named:
        what = f"trusts {', '.join(map(repr, named))}, which is no identity provider"
        yield _of_role(cluster, role, what, "write arn:aws:iam::<account>:oidc-provider/<host>/id/<id>")
    elif account and role.provider_account and account != role.provider_account:
        what = f"trusts a provider in account {account}, and Terraform makes the role in {role.provider_account}"
        yield _of_role(cluster, role, what, "correct the one, or allowed_account_ids of the provider of Terraform")


def _of_role(cluster: str, role: Role, what: str, hint: str) -> Finding:
    return Finding(
        f"role {role.name} {what}{not_judged(5)}",
        role.at("service_account"),
        hint,
        severity=Severity.ERROR if role.undefaulted is None else Severity.WARNING,
        cluster=cluster,
    )


def _is_open(text: str) -> bool:
    from gitops_gen.evidence.terraform_unknowns import is_open  # there is none without Terraform

    return is_open(text)


def _identity(provider: str) -> str:
    """Returns what no other provider has: the id of an issuer of EKS, whatever region stands before it."""
    issuer = _ISSUER.fullmatch(provider)
    return provider if issuer is None else issuer["id"]


def _is_of_eks(text: str) -> bool:
    """True for the issuer of a cluster of EKS, whose id is no example."""
    issuer = _ISSUER.fullmatch(text)
    return issuer is not None and not placeholders.in_oidc_id(issuer["id"])


def _host(tfvars: Tfvars) -> Iterator[Finding]:
    issuer = _ISSUER.fullmatch(tfvars.provider)
    if issuer is None:
        expected = "oidc.eks.<region>.<suffix>/id/<id>"
        yield _finding(tfvars, "oidc_provider", f"got {tfvars.provider or 'nothing'}, expected {expected}")
        return
    reason = check_oidc_id(issuer["id"])
    if reason is not None:
        yield _finding(tfvars, "oidc_provider", f"the id of the provider: {reason}")
    if tfvars.region and issuer["region"] != tfvars.region:
        message = f"the provider is in {issuer['region']}, expected {tfvars.region}, the cluster's region"
        yield _finding(tfvars, "oidc_provider", message, other_end="aws_region")
    partition = partition_of(issuer["region"])
    suffix = _suffix(partition, issuer["joint"]) if partition is not None else issuer["suffix"]
    if issuer["suffix"] != suffix:
        message = f"got a provider under {issuer['suffix']}, expected {suffix}"
        yield _finding(tfvars, "oidc_provider", message)


def _suffix(partition: Partition, joint: str) -> str:
    """Returns the end of the host of an issuer: oidc-eks is the one that has an address of IPv6 too."""
    return partition.dual_stack_suffix if joint == "-" else partition.dns_suffix


def _arn(tfvars: Tfvars) -> Iterator[Finding]:
    issuer = _ISSUER.fullmatch(tfvars.provider)
    partition = partition_of(issuer["region"]) if issuer else None
    account = tfvars.account or (parse_arn(tfvars.provider_arn) or _NO_ARN).account
    name = partition.name if partition else tfvars.partition or "aws"
    expected = f"arn:{name}:iam::{account}:oidc-provider/{tfvars.provider}"
    if issuer is not None and tfvars.provider_arn != expected:
        message = f"got {tfvars.provider_arn or 'nothing'}, expected {expected}"
        yield _finding(tfvars, "oidc_provider_arn", message, other_end="oidc_provider")


def _shared(tfvars: Tfvars, first: Tfvars) -> Finding:
    what = "the OIDC provider" if tfvars.provider == first.provider else "the id of the OIDC provider"
    return Finding(
        f"{tfvars.cluster} has {what} of {first.cluster}: {tfvars.provider}",
        tfvars.place / "oidc_provider",
        "every cluster has a provider of its own: look it up again",
        related=((first.place / "oidc_provider", f"{first.cluster} has it here"),),
        cluster=tfvars.cluster,
    )


def _finding(tfvars: Tfvars, step: str, message: str, *, other_end: str = "") -> Finding:
    return Finding(
        f"{tfvars.cluster}: {message}{not_judged(5) if tfvars.roles else ''}",
        tfvars.place / step,
        "take it from the cluster: aws eks describe-cluster --query cluster.identity.oidc.issuer",
        related=((tfvars.place / other_end, f"{other_end} is here"),) if other_end else (),
        cluster=tfvars.cluster,
    )


CHECK = Check("oidc-provider", _run, __doc__)
