"""What the expressions of Terraform refer to: which role a resource is for, and who else may give it a policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.hcl_tree import Access, For, ListOf, Opaque, Reference, Splat, parts_of
from gitops_gen.evidence.terraform_values import chained_to

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.evidence.hcl_tree import Block, Expression

ROLE = "aws_iam_role"
POLICIES = ("aws_iam_role_policy", "aws_iam_role_policy_attachment")
"""The resources that give a policy to the one role that their `role` names."""
SEVERAL = "aws_iam_policy_attachment"
"""The resource that gives a policy to several roles."""
EXCLUSIVE = "aws_iam_role_policy_attachments_exclusive"
"""The resource that gives a role some policies, and takes all others from it."""
_OF_ANY = (Opaque, For, Access, Splat)
"""Expressions that may refer to more than what they name."""
_VALUES = frozenset({"var", "local", "data", "each"})
_NAMING = frozenset({"id", "name"})
"""The attributes of a role by which somebody can give it a policy."""


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


class Mentions:
    """The things of one kind that some expressions have in them, or what those are named by."""

    def __init__(self, kind: str, expressions: Iterable[Expression | None]) -> None:
        self._kind = kind
        self.names: set[str] = set()
        self.may_be_any = False
        """True if one cannot see everything that they refer to."""
        for each in expressions:
            self._look_into(each)

    def may_be(self, name: str) -> bool:
        """True for a thing that is mentioned, or of which one cannot see whether it is."""
        return self.may_be_any or name in self.names

    def _look_into(self, expression: Expression | None) -> None:
        if isinstance(expression, _OF_ANY):
            self.may_be_any = True
        match expression:
            case Reference(steps=("each" | "local", *_)):
                self.may_be_any = True
            case Reference(steps=(kind, name, *rest)) if kind == self._kind:
                if kind != ROLE or not rest or rest[-1] in _NAMING:
                    self.names.add(name)
            case None:
                pass
            case _:
                for each in parts_of(expression):
                    self._look_into(each)


class PolicyGivers:
    """What gives policies, beside the calls of modules, to what those make."""

    def __init__(self, body: Block) -> None:
        giving = [each.attributes.get("role") for kind in POLICIES for each in body.of("resource", kind)]
        giving += [each.attributes.get("roles") for each in body.of("resource", SEVERAL)]
        self._given = Mentions("module", giving)
        self._named_by: dict[str, list[Block]] = {}
        """The calls that are told of a role of a module, by the name of that one."""
        for call in body.of("module"):
            for name in {name for each in call.attributes.values() for name in _with_roles(each)}:
                self._named_by.setdefault(name, []).append(call)

    def give_to(self, call: Block) -> bool:
        """True where something beside the call of a module gives a policy to what the module makes."""
        name = call.labels[0] if call.labels else ""
        return self._given.may_be(name) or any(other is not call for other in self._named_by.get(name, ()))


def is_of_any(expression: Expression) -> bool:
    """True for what names a role by a value, and neither by its resource nor by what a module makes."""
    found = {each.steps[0] for each in _references(expression)}
    return bool(found & _VALUES) and found.isdisjoint({ROLE, "module"})


def _references(expression: Expression) -> Iterator[Reference]:
    match expression:
        case Reference():
            yield expression
        case _:
            for each in parts_of(expression):
                yield from _references(each)


def _with_roles(expression: Expression) -> Iterator[str]:
    """Yields the modules of which an expression has what is named after a role, as their outputs are called."""
    match expression:
        case Reference(steps=("module", name, *_, output)):
            if "role" in output and not output.endswith("arn"):
                yield name
        case _:
            for each in parts_of(expression):
                yield from _with_roles(each)
