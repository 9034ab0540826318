"""What expressions of a Terraform configuration come to, with the values of its variables; or that nobody can say.

What is not known stands there as `terraform_unknowns` has it.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from gitops_gen.evidence import hcl_tree
from gitops_gen.evidence.hcl_expressions import template
from gitops_gen.evidence.hcl_texts import NotHclError
from gitops_gen.evidence.hcl_tree import (
    Access,
    Call,
    For,
    ListOf,
    Literal,
    Object,
    Operation,
    Reference,
    Splat,
    Spread,
    Template,
)
from gitops_gen.evidence.terraform_documents import policy_document
from gitops_gen.evidence.terraform_functions import from_json, result_of
from gitops_gen.evidence.terraform_loops import REPEATING, Work, result_of_loop
from gitops_gen.evidence.terraform_operators import compared, negated
from gitops_gen.evidence.terraform_sets import SetOf, in_order
from gitops_gen.evidence.terraform_sizes import is_of_size
from gitops_gen.evidence.terraform_surroundings import NOWHERE, Surroundings, told
from gitops_gen.evidence.terraform_texts import bounded, plain_text
from gitops_gen.evidence.terraform_tries import FAILED, is_missing, tried
from gitops_gen.evidence.terraform_unknowns import HOLE, UNKNOWN, is_open

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gitops_gen.evidence.hcl_tree import Block, Expression


_IN_A_ROW = 50
_MOST = 1_000
"""Instances of a block that are told apart."""
_LARGEST = 50_000
"""Values in a value, more than anybody writes: locals that have each other twice would have more and more."""


@dataclass(frozen=True, slots=True)
class Policy:
    """An aws_iam_policy, by what its ARN refers to."""

    block: Block
    scope: Scope


@dataclass
class Scope:
    """What a module refers to: its variables, its locals, and its policy documents."""

    variables: Mapping[str, object]
    body: Block
    here: Mapping[str, object] = field(default_factory=dict)
    """What each and count are in one instance of a block."""
    around: Surroundings = NOWHERE
    folder: str = ""
    """The folder of the module."""
    read: Callable[[str], str | None] | None = None
    """Returns what a file says, by its path; None for none."""
    _found: dict[str, object] = field(default_factory=dict)
    """What locals, documents and others that refer to more have come to."""
    _busy: set[str] = field(default_factory=set)
    """What is being worked out."""
    work: Work = field(default_factory=Work)

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
                return self._object(expression)
            case Reference():
                return self._reference(expression.steps)
            case Access() | Splat():
                return self._below(expression)
            case For():
                return result_of_loop(expression, self)
            case Operation():
                return self._operation(expression)
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
            return {"": self.with_here({})}
        chained = self._chained(block)
        if chained is not None:
            return chained
        many = {name: self.value(block.attributes[name]) for name in repeated}
        match many:
            case {"count": int(count)} if 0 <= count <= _MOST:
                return {str(index): self.with_here({"count": {"index": index}}) for index in range(count)}
            case {"for_each": list() | dict() as found}:
                values = found if isinstance(found, dict) else {each: each for each in found if isinstance(each, str)}
                is_known = len(values) >= len(set(map(repr, found))) and not any(map(is_open, values))
                scopes = {key: self.with_here({"each": {"key": key, "value": value}}) for key, value in values.items()}
                return scopes if is_known else None
            case _:
                return None

    def _chained(self, block: Block) -> Mapping[str, Scope] | None:
        """Returns the instances of a block that has one for each of a resource; None for any other, or if unknown.

        Source: Terraform, "The for_each Meta-Argument", chaining between resources.
        """
        of = chained_to(block)
        found = self.body.of("resource", *of) if of else ()
        instances = self.instances(found[0]) if found and found[0] is not block else None
        if instances is None:
            return None
        return {key: self.with_here({"each": {"key": key, "value": UNKNOWN}}) for key in instances}

    def index_of(self, expression: Expression | None) -> str | None:
        """Returns which instance of a resource an attribute of it is of, empty without any; None if it is not known."""
        if not isinstance(expression, Reference) or len(expression.steps) != _INDEXED:
            return ""
        return self._step(expression.steps[2])

    def of_any(self) -> Scope:
        """Returns the scope of an instance of which nobody knows which one it is."""
        return self.with_here({"count": {"index": UNKNOWN}, "each": UNKNOWN})

    def with_here(self, here: Mapping[str, object]) -> Scope:
        """Returns the scope of one instance of a block."""
        return replace(self, here=here)

    def with_names(self, names: Mapping[str, object]) -> Scope:
        """Returns the scope in a loop, which gives names beside those that there are."""
        return replace(self, here={**self.here, **names})

    def _object(self, expression: Object) -> object:
        found: dict[str, object] = {}
        for key, item in expression.items:
            name = HOLE if (found_key := self.value(key)) is UNKNOWN else plain_text(found_key)
            if not isinstance(name, str) or name in found:
                return UNKNOWN  # two keys that look the same while a part of them is not known
            found[name] = self.value(item)
        return found

    def _text(self, template: Template) -> object:
        parts = [each if isinstance(each, str) else self.value(each) for each in template.parts]
        parts = [HOLE if each is UNKNOWN else each for each in parts]
        if len(parts) == 1:
            return parts[0]  # Terraform takes a text of one expression alone for that one
        texts = [plain_text(each) for each in parts]
        return bounded("".join(map(str, texts))) if all(isinstance(each, str) for each in texts) else UNKNOWN

    def _below(self, expression: Access | Splat) -> object:
        """Returns what is below a value, or below each item of a list, by steps that may be worked out first."""
        of, names = expression.of, self._names_of(expression.steps)
        if names is None:
            return UNKNOWN
        if isinstance(expression, Access):
            return self._reference((*of.steps, *names)) if isinstance(of, Reference) else _below(self.value(of), names)
        found = self.value(of)
        items = in_order(found) if isinstance(found, list) else [] if found is None else [found]
        return UNKNOWN if found is UNKNOWN or items is None else [_below(each, names) for each in items]

    def _names_of(self, steps: Sequence[str | Expression]) -> list[str] | None:
        """Returns steps as they are written or worked out; None where one of them is not known."""
        found = [each if isinstance(each, str) else plain_text(self.value(each)) for each in steps]
        names = [each for each in found if isinstance(each, str) and not is_open(each)]
        return names if len(names) == len(found) else None

    def _reference(self, steps: tuple[str, ...]) -> object:
        kind, *rest = [step for each in steps if (step := self._step(each)) is not None]
        if len(rest) + 1 < len(steps):
            return UNKNOWN
        root = self._root(kind, rest)
        if root is not None:
            return _below(*root)
        match kind, rest:
            case "path", ["module"]:
                return self.folder or "."
            case "data", ["aws_iam_policy_document", *name, "json" | "minified_json"]:
                return self._once(f"document {name}", lambda: self._document(*name))
            case "data", ["aws_secretsmanager_secret", *name, "arn" | "id"]:
                return self._once(f"data {name}", lambda: self._secret("data", *name))
            case "data", [of, label, *_, attribute]:
                return self._once(f"{attribute} of {of} {label}", lambda: told(self, of, label, attribute))
            case "aws_secretsmanager_secret", [*name, "arn" | "id"]:
                return self._once(f"secret {name}", lambda: self._secret("resource", *name))
            case "aws_iam_policy", [*name, "arn" | "id"]:
                return self._once(f"policy {name}", lambda: self._policy(*name))
            case _:
                return UNKNOWN

    def _root(self, kind: str, rest: Sequence[str]) -> tuple[object, Sequence[str]] | None:
        """Returns the value that a reference starts at, and the steps below it; None for what is no such value."""
        if kind in self.here:
            return self.here[kind], rest
        match kind, rest:
            case "var", [label, *more]:
                return self.variables.get(label, UNKNOWN), more
            case "local", [label, *more]:
                return self._local(label), more
            case _:
                return None

    def is_absent(self, expression: Expression) -> bool:
        """True for a reference to what is not there, whatever is not known of the value that it should be in."""
        of, steps = (expression.of, expression.steps) if isinstance(expression, Access) else (expression, ())
        names = self._names_of(steps)
        if not isinstance(of, Reference) or names is None:
            return False
        kind, *rest = [step for each in (*of.steps, *names) if (step := self._step(each)) is not None]
        root = self._root(kind, rest)
        return root is not None and len(rest) + 1 == len(of.steps) + len(names) and is_missing(*root)

    def _once(self, what: str, compute: Callable[[], object]) -> object:
        """Returns what something comes to; what refers to itself, or to very many others in a row, is no value."""
        if what in self._found:
            return self._found[what]
        if what in self._busy or len(self._busy) > _IN_A_ROW:
            return UNKNOWN
        self._busy.add(what)
        try:
            value = compute()
        finally:
            self._busy.discard(what)
        self._found[what] = value if is_of_size(value, _LARGEST) else UNKNOWN
        return self._found[what]

    def _step(self, step: str) -> str | None:
        """Returns a step of a reference; one that says which instance is meant, as what that is here, or None."""
        kind, _, name = step.partition(".")
        if not name or kind not in ("each", "count"):
            return step
        found = _below(self.here.get(kind, UNKNOWN), [name])
        return str(found) if isinstance(found, str | int) and not is_open(found) else None

    def _document(self, name: str = "", key: str = "", *more: str) -> object:
        found = self._one("data", "aws_iam_policy_document", name, key, *more)
        return policy_document(*found) if found is not None else UNKNOWN

    def _policy(self, name: str = "", key: str = "", *more: str) -> object:
        found = self._one("resource", "aws_iam_policy", name, key, *more)
        return Policy(*found) if found is not None else UNKNOWN

    def _secret(self, kind: str, name: str = "", key: str = "", *more: str) -> object:
        """Returns the ARN of a secret, with room for the characters that Secrets Manager adds to its name.

        A secret that is looked up by an ARN may be in any account and region.
        """
        found = self._one(kind, "aws_secretsmanager_secret", name, key, *more)
        if found is None or found[0].attributes.keys() & {"provider", "region", "arn"}:
            return UNKNOWN
        name_of = found[1].value(found[0].attributes.get("name"))
        name = name_of if isinstance(name_of, str) else HOLE
        where = f"{self.around.partition}:secretsmanager:{self.around.region}:{self.around.account}"
        return f"arn:{where}:secret:{name}{_ANY_SUFFIX}"

    def _one(self, kind: str, of: str, name: str, key: str, *more: str) -> tuple[Block, Scope] | None:
        found = self.body.of(kind, of, name)
        scope = (self.instances(found[0]) or {}).get(key) if found and not more else None
        return (found[0], scope) if scope is not None else None

    def _local(self, name: str) -> object:
        return self._once(f"local {name}", lambda: self.with_here({}).value(self._stated_local(name)))

    def _stated_local(self, name: str) -> Expression | None:
        stated = (each.attributes.get(name) for each in self.body.of("locals"))
        return next((each for each in stated if each is not None), None)

    def _operation(self, operation: Operation) -> object:
        first, *others = operation.operands
        value = self.value(first)
        match operation.operator, value:
            case "?", bool():
                return self._answer(others[0 if value else 1], others[1 if value else 0])
            case "!", bool():
                return not value
            case ("&&", bool()) | ("||", bool()):
                return value if value is (operation.operator == "||") else self.value(others[0])
            case "-", _ if not others:
                return negated(value)
            case hcl_tree.REPEATED, _:
                return result_of("join", ["", value])
            case _, _ if operation.operator not in _OF_BOOLEANS:
                return compared(operation.operator, value, self.value(others[0]))
            case _:
                return UNKNOWN

    def _answer(self, chosen: Expression, other: Expression) -> object:
        """Returns what a condition comes to: both of its answers become texts if one of them is."""
        found = self.value(chosen)
        is_plain = isinstance(found, bool | int | float)
        return plain_text(found) if is_plain and isinstance(self.value(other), str) else found

    def _call(self, call: Call) -> object:
        if call.name in ("try", "can"):
            found = tried(call.arguments, self)
            return found if call.name == "try" or found is UNKNOWN else found is not FAILED
        arguments = self._arguments(call.arguments)
        if arguments is None:
            return UNKNOWN
        if call.name == "coalesce":
            return next((each for each in arguments if each not in (None, "")), UNKNOWN)
        if call.name in ("file", "templatefile"):
            return UNKNOWN if any(each is UNKNOWN or is_open(each) for each in arguments) else self._file(*arguments)
        return result_of(call.name, arguments)

    def _arguments(self, stated: Sequence[Expression]) -> list[object] | None:
        """Returns the arguments of a function; None where nobody can say how many there are."""
        arguments: list[object] = []
        for each in stated:
            if not isinstance(each, Spread):
                arguments.append(self.value(each))
                continue
            items = self.value(each.of)
            ordered = in_order(items) if isinstance(items, list) else None
            if ordered is None:
                return None
            arguments += ordered
        return arguments

    def _file(self, path: object, variables: object = None, *_: object) -> object:
        """Returns what a file of the tree says; a template is filled in."""
        text = self.read(posixpath.normpath(path)) if self.read is not None and isinstance(path, str) else None
        if text is None or variables is None:
            return UNKNOWN if text is None else text
        try:
            found = template(text)
        except NotHclError:
            return UNKNOWN
        return self.with_here(variables).value(found) if isinstance(variables, dict) else UNKNOWN


def chained_to(block: Block) -> tuple[str, ...]:
    """Returns the resource of which a block has one for each, by its type and its name; nothing for any other."""
    stated = block.attributes.get("for_each")
    if not isinstance(stated, Reference) or len(stated.steps) != _RESOURCE:
        return ()
    return () if stated.steps[0] in _NO_RESOURCE else stated.steps


def policy(value: object) -> object:
    """Returns a policy, which stands there as an object or as JSON."""
    return from_json(value) if isinstance(value, str) else value


_ANY_SUFFIX = "-??????"
_RESOURCE = 2
"""Steps of a reference to a resource: its type and its label."""
_NO_RESOURCE = frozenset({"var", "local", "each", "module", "data", "path"})
_INDEXED = 4
"""Steps of a reference to an attribute of one instance: aws_iam_role, its label, the index, the attribute."""
_OF_BOOLEANS = frozenset({"?", "!", "&&", "||"})


def _below(value: object, steps: Sequence[object]) -> object:
    for step in steps:
        match value, step:
            case dict(), _:
                value = value.get(step, UNKNOWN)
            case SetOf(), _:
                return UNKNOWN
            case list(), str() if step.isdecimal() and int(step) < len(value):
                value = value[int(step)]
            case _:
                return UNKNOWN
    return value
