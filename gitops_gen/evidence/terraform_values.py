"""What expressions of a Terraform configuration come to, with the values of its variables; or that nobody can say."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gitops_gen.evidence.hcl_expressions import Call, ListOf, Literal, Object, Reference, Template

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gitops_gen.evidence.hcl_expressions import Block, Expression


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that only Terraform, or AWS, knows."""


UNKNOWN: Final = Unknown()

REPEATING = frozenset({"count", "for_each"})
_MOST = 1_000
"""Instances of a block that are told apart."""


@dataclass
class Scope:
    """What a module refers to: its variables, its locals, and its policy documents."""

    variables: Mapping[str, object]
    body: Block
    here: Mapping[str, object] = field(default_factory=dict)
    """What each and count are in one instance of a block."""
    _locals: dict[str, object] = field(default_factory=dict)

    def value(self, expression: Expression | None) -> object:
        """Returns what an expression comes to; UNKNOWN as a whole, or in the part that is not known."""
        match expression:
            case Literal():
                return expression.value
            case Template():
                return self._text(expression)
            case ListOf():
                return [self.value(each) for each in expression.items]
            case Object():
                return {str(self.value(key)): self.value(item) for key, item in expression.items}
            case Reference():
                return self._reference(expression.steps)
            case Call():
                return self._call(expression)
            case _:
                return UNKNOWN

    def instances(self, block: Block) -> Mapping[str, Scope] | None:
        """Returns what each instance of a block refers to, by its key; None where nobody can say which there are.

        The key of a block that is not repeated is empty.
        """
        repeated = block.attributes.keys() & REPEATING
        if not repeated:
            return {"": self._in({})}
        many = {name: self.value(block.attributes[name]) for name in repeated}
        match many:
            case {"count": int(count)} if 0 <= count <= _MOST:
                return {str(index): self._in({"count": {"index": index}}) for index in range(count)}
            case {"for_each": list() | dict() as found}:
                values = found if isinstance(found, dict) else {each: each for each in found if isinstance(each, str)}
                is_known = len(values) >= len(set(map(repr, found))) and str(UNKNOWN) not in values
                scopes = {key: self._in({"each": {"key": key, "value": value}}) for key, value in values.items()}
                return scopes if is_known else None
            case _:
                return None

    def index_of(self, expression: Expression | None) -> str | None:
        """Returns which instance of a resource an attribute of it is of, empty without any; None if it is not known."""
        if not isinstance(expression, Reference) or len(expression.steps) != _INDEXED:
            return ""
        return self._step(expression.steps[2])

    def _in(self, here: Mapping[str, object]) -> Scope:
        return Scope(self.variables, self.body, here, self._locals)

    def _text(self, template: Template) -> object:
        parts = [each if isinstance(each, str) else self.value(each) for each in template.parts]
        if not all(isinstance(each, str | int | float) for each in parts):
            return UNKNOWN
        return "".join(str(each).lower() if isinstance(each, bool) else str(each) for each in parts)

    def _reference(self, steps: tuple[str, ...]) -> object:
        kind, *rest = [step for each in steps if (step := self._step(each)) is not None]
        if len(rest) + 1 < len(steps):
            return UNKNOWN
        if kind in self.here:
            return _below(self.here[kind], rest)
        if kind == "var" and rest:
            return _below(self.variables.get(rest[0], UNKNOWN), rest[1:])
        if kind == "local" and rest:
            return _below(self._local(rest[0]), rest[1:])
        if kind == "data" and rest[:1] == ["aws_iam_policy_document"] and rest[-1] == "json":
            return self._document(*rest[1:-1])
        return UNKNOWN

    def _step(self, step: str) -> str | None:
        """Returns a step of a reference; one that says which instance is meant, as what that is here, or None."""
        kind, _, name = step.partition(".")
        if not name or kind not in ("each", "count"):
            return step
        found = _below(self.here.get(kind, UNKNOWN), [name])
        return str(found) if isinstance(found, str | int) else None

    def _document(self, name: str = "", key: str = "", *more: str) -> object:
        found = self.body.of("data", "aws_iam_policy_document", name)
        scope = (self.instances(found[0]) or {}).get(key) if found and not more else None
        return policy_document(found[0], scope) if scope is not None else UNKNOWN

    def _local(self, name: str) -> object:
        if name not in self._locals:
            self._locals[name] = UNKNOWN  # one that refers to itself is no value
            stated = (each.attributes.get(name) for each in self.body.of("locals"))
            self._locals[name] = self.value(next((each for each in stated if each is not None), None))
        return self._locals[name]

    def _call(self, call: Call) -> object:
        arguments = [self.value(each) for each in call.arguments]
        if any(each is UNKNOWN for each in arguments):
            return UNKNOWN
        match call.name, arguments:
            case ("jsonencode" | "tostring" | "toset" | "tolist", [value]):
                return value
            case "jsondecode", [str(text)]:
                return _json(text)
            case "lower", [str(text)]:
                return text.lower()
            case "trimprefix", [str(text), str(prefix)]:
                return text.removeprefix(prefix)
            case "replace", [str(text), str(old), str(new)] if not old.startswith("/"):
                return text.replace(old, new)
            case "join", [str(separator), list(items)] if all(isinstance(each, str) for each in items):
                return separator.join(map(str, items))
            case _:
                return UNKNOWN


def policy(value: object) -> object:
    """Returns a policy, which stands there as an object or as JSON."""
    return _json(value) if isinstance(value, str) else value


def policy_document(block: Block, scope: Scope) -> object:
    """Returns the policy that a data source aws_iam_policy_document builds, as its JSON has it."""
    if any(each.type != "statement" for each in block.blocks) or block.attributes.keys() - _OF_DOCUMENT:
        return UNKNOWN
    return {"Statement": [_statement(each, scope) for each in block.of("statement")]}


def _statement(block: Block, scope: Scope) -> object:
    if any(each.type not in ("principals", "condition") for each in block.blocks):
        return UNKNOWN
    stated = {name: scope.value(each) for name, each in block.attributes.items()}
    found: dict[str, object] = {"Effect": stated.get("effect", "Allow")}
    found |= {_NAMES[name]: value for name, value in stated.items() if name in _NAMES}
    for each in block.of("principals"):
        found["Principal"] = {
            str(scope.value(each.attributes.get("type"))): scope.value(each.attributes.get("identifiers"))
        }
    conditions: dict[str, dict[str, object]] = {}
    for each in block.of("condition"):
        test, variable = (str(scope.value(each.attributes.get(name))) for name in ("test", "variable"))
        conditions.setdefault(test, {})[variable] = scope.value(each.attributes.get("values"))
    return found | ({"Condition": conditions} if conditions else {})


_INDEXED = 4
"""Steps of a reference to an attribute of one instance: aws_iam_role, its label, the index, the attribute."""
_OF_DOCUMENT = {"version", "policy_id", *REPEATING}
_NAMES = {"actions": "Action", "resources": "Resource", "not_actions": "NotAction", "not_resources": "NotResource"}


def _below(value: object, steps: Sequence[object]) -> object:
    for step in steps:
        value = value.get(step, UNKNOWN) if isinstance(value, dict) else UNKNOWN
    return value


def _json(text: str) -> object:
    try:
        found: object = json.loads(text)
    except ValueError:
        return UNKNOWN
    return found
