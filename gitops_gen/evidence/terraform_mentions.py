"""What the expressions of Terraform refer to: which role a resource is for, and who else may give it a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.hcl_expressions import Call, ListOf, Object, Opaque, Operation, Reference, Template
from gitops_gen.evidence.terraform_values import chained_to

if TYPE_CHECKING:
    from gitops_gen.evidence.hcl_expressions import Block, Expression

ROLE = "aws_iam_role"
POLICIES = ("aws_iam_role_policy", "aws_iam_role_policy_attachment")
"""The resources that give a policy to the one role that their `role` names."""
SEVERAL = "aws_iam_policy_attachment"
"""The resource that gives a policy to several roles."""
_NAMING = frozenset({"id", "name"})
"""The attributes of a role by which somebody can give it a policy."""


def is_of(expression: Expression | None, kind: str, name: str) -> bool:
    """Tells whether an expression refers to a resource: its id, its name or its ARN."""
    return isinstance(expression, Reference) and expression.steps[:2] == (kind, name)


def targets(block: Block, attribute: str) -> tuple[Expression, ...]:
    """Returns what an attribute names, or each item of its list; of what is made for each of a resource, that one."""
    stated = block.attributes.get(attribute)
    chained = chained_to(block)
    match stated:
        case None:
            return ()
        case ListOf():
            return stated.items
        case Reference(steps=("each", "value", *rest)) if chained:
            return (Reference((*chained, "each.key", *map(str, rest)), stated.start),)
        case _:
            return (stated,)


def is_of_a_role(expression: Expression | None) -> bool:
    return isinstance(expression, Reference) and expression.steps[:1] == (ROLE,)


def is_given_policies(call: Block, body: Block) -> bool:
    """True where a resource beside the call of a module gives a policy to what the module makes."""
    found = (each for each in body.of("resource") if each.labels[:1] in {(kind,) for kind in POLICIES})
    several = body.of("resource", SEVERAL)
    calls = (each for other in body.of("module") if other is not call for each in other.attributes.values())
    name = call.labels[0] if call.labels else ""
    return (
        any(mentions(each.attributes.get("role"), "module", name) is not False for each in found)
        or any(mentions(each.attributes.get("roles"), "module", name) is not False for each in several)
        or any(_names_role(each, name) for each in calls)
    )


def _names_role(expression: Expression, module: str) -> bool:
    """Tells whether an expression has what is named after a role of a module, as its outputs are called."""
    match expression:
        case Reference(steps=("module", name, *_, output)):
            return name == module and "role" in output and not output.endswith("arn")
        case Template() | Call() | ListOf() | Object() | Operation():
            return any(_names_role(each, module) for each in _parts_of(expression))
        case _:
            return False


def mentions(expression: Expression | None, kind: str, name: str) -> bool | None:
    """Tells whether an expression has a thing in it, or what it is named by; None where one cannot see."""
    match expression:
        case Reference(steps=("each" | "local", *_)):
            return None
        case Reference():
            rest = expression.steps[2:]
            return expression.steps[:2] == (kind, name) and (kind != ROLE or not rest or rest[-1] in _NAMING)
        case Template() | Call() | ListOf() | Object() | Operation():
            found = [mentions(each, kind, name) for each in _parts_of(expression)]
            return True if True in found else None if None in found else False
        case Opaque():
            return None
        case _:
            return False


def _parts_of(expression: Template | Call | ListOf | Object | Operation) -> tuple[Expression, ...]:
    match expression:
        case Template():
            return tuple(each for each in expression.parts if not isinstance(each, str))
        case Call():
            return expression.arguments
        case ListOf():
            return expression.items
        case Operation():
            return expression.operands
        case _:
            return tuple(value for _, value in expression.items)
