"""What a role may read of the secrets and parameters that a store asks for by name, by the patterns of its policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.iam import covers, covers_ended, covers_parameter, covers_secret

_ARN = 6
"""Parts of the ARN of a parameter: what it is called has no colon."""

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gitops_gen.evidence.readers import Reader
    from gitops_gen.evidence.terraform import Role


def may_read_parameter(role: Role, reader: Reader, name: str) -> bool:
    """Returns whether a role by hand may read a parameter, as far as that is known."""
    return any(is_parameter(arn, reader, name) for arn in parameters_of(role))


def parameters_of(role: Role) -> tuple[str, ...]:
    """Returns what a role by hand may read of Parameter Store, as far as that is known."""
    return (*role.parameter_arns, *role.possible_parameter_arns)


def is_parameter(pattern: str, reader: Reader, name: str) -> bool:
    """Returns whether a pattern covers a parameter that a store asks for."""
    arn = reader.role_arn
    if name.startswith("arn:") or arn is None:
        return covers(pattern, ":".join(name.split(":")[:_ARN]))  # a version or a label may stand behind
    where = {"partition": arn.partition, "region": reader.region or "", "account": arn.account}
    return covers_parameter(pattern, **where, name=name.partition(":")[0])  # a version or a label may stand behind


def is_covered(patterns: Iterable[str], where: tuple[str, str, str], name: str) -> bool:
    """Returns whether one of some patterns covers a secret, in a partition, a region and an account."""
    partition, region, account = where
    if name.startswith("arn:"):
        return any(covers(each, name) or covers_ended(each, name) for each in patterns)
    return any(covers_secret(each, partition=partition, region=region, account=account, name=name) for each in patterns)
