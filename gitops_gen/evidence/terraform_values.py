"""What expressions of a Terraform configuration come to, with the values of its variables; or that nobody can say."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from gitops_gen.evidence.hcl_expressions import Call, ListOf, Literal, Object, Reference, Template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.evidence.hcl_expressions import Block, Expression


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that only Terraform, or AWS, knows."""


UNKNOWN: Final = Unknown()


@dataclass
class Scope:
    """What a module refers to: its variables, its locals, and its policy documents."""

    variables: Mapping[str, object]
    body: Block
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

    def _text(self, template: Template) -> object:
        parts = [each if isinstance(each, str) else self.value(each) for each in template.parts]
        if not all(isinstance(each, str | int | float) for each in parts):
            return UNKNOWN
        return "".join(str(each).lower() if isinstance(each, bool) else str(each) for each in parts)

    def _reference(self, steps: tuple[str, ...]) -> object:
        kind, *rest = steps
        if kind == "var" and rest:
            return _below(self.variables.get(rest[0], UNKNOWN), rest[1:])
        if kind == "local" and rest:
            return _below(self._local(rest[0]), rest[1:])
        if steps[:2] == ("data", "aws_iam_policy_document") and steps[3:] == ("json",):
            found = self.body.of("data", "aws_iam_policy_document", steps[2])
            return policy_document(found[0], self) if found else UNKNOWN
        return UNKNOWN

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
    if any(each.type != "statement" for each in block.blocks) or block.attributes.keys() - {"version", "policy_id"}:
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


_NAMES = {"actions": "Action", "resources": "Resource", "not_actions": "NotAction", "not_resources": "NotResource"}


def _below(value: object, steps: list[str]) -> object:
    for step in steps:
        value = value.get(step, UNKNOWN) if isinstance(value, dict) else UNKNOWN
    return value


def _json(text: str) -> object:
    try:
        found: object = json.loads(text)
    except ValueError:
        return UNKNOWN
    return found
