"""What the policies of a configuration allow a role, as far as that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.iam import action_matches
from gitops_gen.evidence.terraform_unknowns import HOLE
from gitops_gen.evidence.terraform_values import Policy, policy
from gitops_gen.evidence.trust import items
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gitops_gen.evidence.hcl_expressions import Expression
    from gitops_gen.evidence.terraform_values import Scope

    Statements = Sequence[Mapping[str, object]]

READ = "secretsmanager:GetSecretValue"
_DECRYPT = "kms:Decrypt"


class Granted(NamedTuple):
    """What policies allow a role."""

    secrets: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    possible: tuple[str, ...] = ()
    """Secrets that it may be allowed to read: where a part of a pattern is not known, * stands for it."""
    is_known: bool = True

    def __or__(self, other: Granted) -> Granted:
        """Returns what both allow."""
        return Granted(
            self.secrets + other.secrets,
            self.keys + other.keys,
            self.actions + other.actions,
            self.possible + other.possible,
            self.is_known and other.is_known,
        )


ANYTHING = Granted(possible=("*",), is_known=False)
"""What a policy allows that nobody knows."""


def statements_of(scope: Scope, expression: Expression | None) -> Statements | None:
    """Returns the statements of a policy, or None where one is not known."""
    return statements_in(scope.value(expression))


def statements_in(value: object) -> Statements | None:
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

    A statement that denies to read secrets, and one with a condition, leave open what is allowed; one that denies
    anything leaves open what else it may do.
    """
    if statements is None:
        return ANYTHING
    reading = [each for each in statements if _may_allow(each, READ)]
    is_denied = any(each.get("Effect", "Allow") != "Allow" for each in reading)
    granted = Granted(is_known=all(map(_is_known, statements)))
    for each in statements:
        if each.get("Effect", "Allow") == "Allow":
            granted |= _granted(each, is_open=is_denied)
    denies = any(each.get("Effect", "Allow") != "Allow" for each in statements)
    return granted._replace(actions=()) if denies else granted


def _granted(statement: Mapping[str, object], *, is_open: bool) -> Granted:
    resources = [each if isinstance(each, str) else HOLE for each in items(statement.get("Resource"))]
    whole = tuple(each for each in resources if HOLE not in each)
    is_sure = not is_open and "Condition" not in statement
    own = set(texts(statement.get("Action")))
    is_reading = any(action_matches(each, READ) for each in own)
    may_read = is_reading or _may_allow(statement, READ)
    possible = [each for each in resources if may_read and (HOLE in each or not (is_reading and is_sure))]
    return Granted(
        secrets=whole if is_reading and is_sure else (),
        keys=whole if any(action_matches(each, _DECRYPT) for each in own) else (),
        actions=texts(statement.get("Action")),
        possible=tuple(each.replace(HOLE, "*") for each in possible),
    )


def _may_allow(statement: Mapping[str, object], action: str) -> bool:
    """Tells whether a statement may be about an action, as far as it is known."""
    if "NotAction" in statement:
        return not any(action_matches(each, action) for each in texts(statement.get("NotAction")))
    found = items(statement.get("Action"))
    return any(not isinstance(each, str) or HOLE in each or action_matches(each, action) for each in found)


def _is_known(statement: Mapping[str, object]) -> bool:
    """Tells whether all that a statement allows is known; one that denies, or excepts, is not read."""
    found = [each for name in ("Action", "Resource") for each in items(statement.get(name))]
    return statement.get("Effect") == "Allow" and all(isinstance(each, str) and HOLE not in each for each in found)


def texts(value: object) -> tuple[str, ...]:
    return tuple(each for each in items(value) if isinstance(each, str) and HOLE not in each)
