"""What the policies of a configuration allow a role, as far as that is known.

A variable of a policy, as ${aws:PrincipalTag/team}, is filled in by AWS: what it comes to is not known here.

Source: IAM, "Policy elements: Variables and tags"; terraform-provider-aws, iam_policy_document_data_source.go, which
takes &{ for ${.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.evidence.iam import action_matches, has_wildcard
from gitops_gen.evidence.terraform_unknowns import HOLE
from gitops_gen.evidence.terraform_values import Policy, policy
from gitops_gen.evidence.trust import items
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from gitops_gen.evidence.hcl_tree import Expression
    from gitops_gen.evidence.terraform_values import Scope

    Statements = Sequence[Mapping[str, object]]

READ = "secretsmanager:GetSecretValue"
READ_PARAMETER = "ssm:GetParameter"
_READING = (READ, READ_PARAMETER)
_DECRYPT = "kms:Decrypt"
_VARIABLE = re.compile(r"[$&]\{[^}]*\}")


class Granted(NamedTuple):
    """What policies allow a role."""

    secrets: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    """Secrets that it may be allowed to read: where a part of a pattern is not known, * stands for it."""
    is_known: bool = True
    parameters: tuple[str, ...] = ()
    possible_parameters: tuple[str, ...] = ()
    """Parameters of Parameter Store that it may be allowed to read, as secrets."""

    def __or__(self, other: Granted) -> Granted:
        """Returns what both allow."""
        return Granted(
            self.secrets + other.secrets,
            self.keys + other.keys,
            self.actions + other.actions,
            self.possible + other.possible,
            self.is_known and other.is_known,
            self.parameters + other.parameters,
            self.possible_parameters + other.possible_parameters,
        )

    @property
    def unsure(self) -> Granted:
        """The same, where it is not known whether any of it is given."""
        return Granted(
            possible=self.secrets + self.possible,
            is_known=False,
            possible_parameters=self.parameters + self.possible_parameters,
        )


ANYTHING = Granted(possible=("*",), is_known=False, possible_parameters=("*",))
"""What a policy allows that nobody knows."""


def statements_of(scope: Scope, expression: Expression | None) -> Statements | None:
    """Returns the statements of a policy, or None where one is not known."""
    return _statements_in(scope.value(expression))


def _statements_in(value: object) -> Statements | None:
    """Returns the statements of a policy, which stands there as an object or as JSON."""
    found = policy(value)
    stated = found.get("Statement") if isinstance(found, dict) else None
    every = stated if isinstance(stated, list) else [stated]
    statements = [each for each in every if isinstance(each, dict)]
    return statements if len(statements) == len(every) else None


def granted_by_arns(arns: Iterable[object]) -> Granted:
    """Returns what some policies allow, by what their ARNs come to."""
    granted = Granted()
    for each in arns:
        of = statements_of(each.scope, each.block.attributes.get("policy")) if isinstance(each, Policy) else None
        granted |= granted_by(of)
    return granted


def granted_by(statements: Statements | None) -> Granted:
    """Returns what a policy allows, as far as that is known.

    A statement that denies to read, and one with a condition, leave open what is allowed; one that denies
    anything leaves open what else it may do.
    """
    if statements is None:
        return ANYTHING
    denying = [each for each in statements if each.get("Effect", "Allow") != "Allow"]
    open_ones = frozenset(action for action in _READING if any(_may_allow(each, action) for each in denying))
    granted = Granted(is_known=all(map(_is_known, statements)))
    for each in statements:
        if each.get("Effect", "Allow") == "Allow":
            granted |= _granted(each, open_ones)
    return granted._replace(actions=()) if denying else granted


def _granted(statement: Mapping[str, object], denied: Collection[str]) -> Granted:
    resources = _resources(statement)
    own = texts(statement.get("Action"))
    secrets, possible = _read(statement, resources, READ, denied)
    parameters, possible_parameters = _read(statement, resources, READ_PARAMETER, denied)
    return Granted(
        secrets=secrets,
        keys=_whole(resources, _DECRYPT) if any(action_matches(each, _DECRYPT) for each in own) else (),
        actions=own,
        possible=possible,
        parameters=parameters,
        possible_parameters=possible_parameters,
    )


def _read(
    statement: Mapping[str, object], resources: Sequence[str], action: str, denied: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Returns what a statement allows to read by an action, and what it may allow."""
    is_sure = action not in denied and "Condition" not in statement
    is_reading = any(action_matches(each, action) for each in texts(statement.get("Action")))
    may_read = is_reading or _may_allow(statement, action)
    own = [each for each in resources if _may_be_of(each, action)]
    possible = [each for each in own if may_read and (HOLE in each or not (is_reading and is_sure))]
    whole = _whole(own, action) if is_reading and is_sure else ()
    return whole, tuple(each.replace(HOLE, "*") for each in possible)


def _resources(statement: Mapping[str, object]) -> list[str]:
    """Returns the resources of a statement, with a HOLE where a part of one is not known."""
    stated = (each if isinstance(each, str) else HOLE for each in items(statement.get("Resource")))
    return [_VARIABLE.sub(HOLE, each) for each in stated]


def _whole(resources: Iterable[str], action: str) -> tuple[str, ...]:
    """Returns the resources that are wholly known, of those that an action may be about."""
    return tuple(each for each in resources if HOLE not in each and _may_be_of(each, action))


def _may_be_of(resource: str, action: str) -> bool:
    """Tells whether a resource may be one of the service of an action: a statement may name those of several."""
    arn, partition, service, *rest = *resource.split(":"), "", ""
    is_open = any(HOLE in each or has_wildcard(each) for each in (arn, partition, service))
    return is_open or not rest or not service or service == action.partition(":")[0]


def _may_allow(statement: Mapping[str, object], action: str) -> bool:
    """Tells whether a statement may be about an action, as far as it is known."""
    if "NotAction" in statement:
        return not any(action_matches(each, action) for each in texts(statement.get("NotAction")))
    found = items(statement.get("Action"))
    return any(not isinstance(each, str) or HOLE in each or action_matches(each, action) for each in found)


def _is_known(statement: Mapping[str, object]) -> bool:
    """Tells whether all that a statement allows is known; one that denies, or excepts, is not read."""
    found = [*items(statement.get("Action")), *_resources(statement)]
    return statement.get("Effect") == "Allow" and all(isinstance(each, str) and HOLE not in each for each in found)


def texts(value: object) -> tuple[str, ...]:
    return tuple(each for each in items(value) if isinstance(each, str) and HOLE not in each)
