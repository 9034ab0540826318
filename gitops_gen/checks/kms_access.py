"""The KMS keys that a role may use are keys of the regions whose secrets it reads, and the same on every cluster.

A secret that is encrypted with a customer-managed key needs kms:Decrypt on that key, which stands in the region of
the secret. No file says which key encrypts a secret, so what can be proved is this: a key is an ARN of a key, in the
partition of the role, in a region that the role reads; and roles that read the same secret use the same keys.
A policy by hand may be for other things too: there a key of another region is a warning, and one for any secret says
nothing of keys.

Fix: list the key of each secret's own region, on every cluster that reads the secret.

Source: AWS, secret encryption and decryption in Secrets Manager; external-secrets #390.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.aws.arns import check_kms_key_arn, parse_arn
from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence.iam import has_wildcard
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.terraform import Role, Tfvars


def _run(graph: Graph) -> Iterator[Finding]:
    same_secrets: defaultdict[tuple[str, ...], list[tuple[Tfvars, Role]]] = defaultdict(list)
    for tfvars in graph.tfvars:
        for role in tfvars.roles:
            yield from _of_one(tfvars, role)
            # Where somebody wrote a policy for any secret, the roles of two accounts have the same, for other secrets.
            if role.secret_arns and not (role.lines and any("*" in each for each in role.secret_arns)):
                same_secrets[tuple(sorted(role.secret_arns))].append((tfvars, role))
    for pairs in same_secrets.values():
        yield from _disagreement(pairs)


def _of_one(tfvars: Tfvars, role: Role) -> Iterator[Finding]:
    parsed = [arn for text in role.secret_arns if (arn := parse_arn(text))]
    regions, partitions = {arn.region for arn in parsed}, {arn.partition for arn in parsed}
    for index, text in enumerate(role.kms_key_arns):
        if role.lines and has_wildcard(text):
            continue  # a policy that somebody wrote by hand, for keys that have no name here
        place = role.at("kms_key_arns", index)
        arn, reason = parse_arn(text), check_kms_key_arn(text)
        if reason is None and arn is not None and parsed and not regions & {arn.region, "*"}:
            reason = f"the key is in {arn.region}, but the secrets are in {', '.join(sorted(regions))}"
        if reason is None and arn is not None and parsed and not partitions & {arn.partition, "*"}:
            reason = f"the key is in partition {arn.partition}, but the secrets are in {', '.join(sorted(partitions))}"
        if reason is not None:
            yield Finding(
                f"role {role.name}: {reason}",
                place,
                "list the key of the secret's own region",
                related=((role.at("secret_arns"), "the secrets that the role reads"),),
                severity=Severity.WARNING if role.lines else Severity.ERROR,  # by hand, it may be for something else
                cluster=tfvars.cluster,
            )


def _disagreement(pairs: list[tuple[Tfvars, Role]]) -> Iterator[Finding]:
    """Roles that read the same secrets need the same keys; the few that differ from the many are named."""
    by_keys: defaultdict[tuple[str, ...], list[tuple[Tfvars, Role]]] = defaultdict(list)
    for tfvars, role in pairs:
        by_keys[tuple(sorted(role.kms_key_arns))].append((tfvars, role))
    if len(by_keys) < 2:
        return
    usual = max(by_keys, key=lambda keys: (len(by_keys[keys]), len(keys)))
    like = by_keys[usual][0][1]
    for keys, found in by_keys.items():
        for tfvars, role in found if keys != usual else []:
            yield Finding(
                f"role {role.name} may use {', '.join(keys) or 'no key'}, but roles that read the same secrets use "
                f"{', '.join(usual) or 'none'}",
                role.at("kms_key_arns"),
                "a secret has one key: list the same one for every role that reads it",
                related=((like.place / "kms_key_arns", f"role {like.name} reads the same secrets"),),
                cluster=tfvars.cluster,
            )


CHECK = Check("kms-access", _run, __doc__, link=7, is_early=True)
