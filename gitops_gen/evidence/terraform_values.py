"""What expressions of a Terraform configuration come to, with the values of its variables; or that nobody can say.

What is not known stands there as `terraform_unknowns` has it.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gitops_gen.evidence.hcl_expressions import NotHclError, template
from gitops_gen.evidence.hcl_tree import Call, ListOf, Literal, Object, Operation, Reference, Template
from gitops_gen.evidence.terraform_functions import FOR_ANY_TEXT, from_json, result_of
from gitops_gen.evidence.terraform_unknowns import ACCOUNT, HOLE, PARTITION, UNKNOWN, is_open
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gitops_gen.evidence.hcl_tree import Block, Expression


REPEATING = frozenset({"count", "for_each"})
_IN_A_ROW = 50
_MOST = 1_000
"""Instances of a block that are told apart."""


class Surroundings(NamedTuple):
    """What the provider of a configuration knows by itself: where it makes things."""

    account: str = HOLE
    partition: str = HOLE
    region: str = HOLE


NOWHERE = Surroundings()


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
    _locals: dict[str, object] = field(default_factory=dict)
    _busy: set[str] = field(default_factory=set)
    """What is being worked out."""

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
        return Scope(self.variables, self.body, here, self.around, self.folder, self.read, self._locals, self._busy)

    def _object(self, expression: Object) -> object:
        found: dict[str, object] = {}
        for key, item in expression.items:
            name = str(HOLE if (found_key := self.value(key)) is UNKNOWN else found_key)
            if name in found:
                return UNKNOWN  # two keys that look the same while a part of them is not known
            found[name] = self.value(item)
        return found

    def _text(self, template: Template) -> object:
        parts = [each if isinstance(each, str) else self.value(each) for each in template.parts]
        parts = [HOLE if each is UNKNOWN else each for each in parts]
        if not all(isinstance(each, str | int | float) for each in parts):
            return UNKNOWN
        return "".join(str(each).lower() if isinstance(each, bool) else str(each) for each in parts)

    def _reference(self, steps: tuple[str, ...]) -> object:
        kind, *rest = [step for each in steps if (step := self._step(each)) is not None]
        if len(rest) + 1 < len(steps):
            return UNKNOWN
        if kind in self.here:
            return _below(self.here[kind], rest)
        match kind, rest:
            case "var" | "local", [label, *more]:
                return _below(self._local(label) if kind == "local" else self.variables.get(label, UNKNOWN), more)
            case "path", ["module"]:
                return self.folder or "."
            case "data", ["aws_iam_policy_document", *name, "json" | "minified_json"]:
                return self._once(f"document {name}", lambda: self._document(*name))
            case "data", ["aws_secretsmanager_secret", *name, "arn" | "id"]:
                return self._once(f"data {name}", lambda: self._secret("data", *name))
            case "data", [of, label, *_, attribute]:
                return self._told(of, label, attribute)
            case "aws_secretsmanager_secret", [*name, "arn" | "id"]:
                return self._once(f"secret {name}", lambda: self._secret("resource", *name))
            case "aws_iam_policy", [*name, "arn" | "id"]:
                return self._once(f"policy {name}", lambda: self._policy(*name))
            case _:
                return UNKNOWN

    def _once(self, what: str, compute: Callable[[], object]) -> object:
        """Returns what something comes to; what refers to itself, or to very many others in a row, is no value."""
        if what in self._busy or len(self._busy) > _IN_A_ROW:
            return UNKNOWN
        self._busy.add(what)
        try:
            return compute()
        finally:
            self._busy.discard(what)

    def _step(self, step: str) -> str | None:
        """Returns a step of a reference; one that says which instance is meant, as what that is here, or None."""
        kind, _, name = step.partition(".")
        if not name or kind not in ("each", "count"):
            return step
        found = _below(self.here.get(kind, UNKNOWN), [name])
        return str(found) if isinstance(found, str | int) and not is_open(found) else None

    def _told(self, kind: str, name: str, attribute: str) -> object:
        """Returns what the provider tells of where it is; a data source may be of another one, or of a stated region.

        Source: terraform-provider-aws, region_data_source.go.
        """
        blocks = self.body.of("data", kind, name)
        if not blocks or "provider" in blocks[0].attributes:
            return UNKNOWN
        if kind == "aws_region" and not blocks[0].attributes.keys().isdisjoint(_STATING_REGION):
            return self._stated_region(blocks[0]) if attribute in ("id", *_REGION) else UNKNOWN
        found = {
            ("aws_caller_identity", "account_id"): self.around.account,
            ("aws_partition", "partition"): self.around.partition,
            ("aws_region", "name"): self.around.region,
            ("aws_region", "id"): self.around.region,
            ("aws_region", "region"): self.around.region,
        }.get((kind, attribute), HOLE)
        return UNKNOWN if found == HOLE else found

    def _stated_region(self, block: Block) -> object:
        """Returns the region that a data source states; UNKNOWN for one that is looked up, or one of several."""
        stated = next((block.attributes[each] for each in _REGION if each in block.attributes), None)
        return UNKNOWN if block.attributes.keys() & REPEATING else self.with_here({}).value(stated)

    def _document(self, name: str = "", key: str = "", *more: str) -> object:
        found = self._one("data", "aws_iam_policy_document", name, key, *more)
        return _policy_document(*found) if found is not None else UNKNOWN

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
        if name not in self._locals:
            stated = (each.attributes.get(name) for each in self.body.of("locals"))
            found = next((each for each in stated if each is not None), None)
            self._locals[name] = self._once(f"local {name}", lambda: self.value(found))
        return self._locals[name]

    def _operation(self, operation: Operation) -> object:
        first, *others = operation.operands
        value = self.value(first)
        match operation.operator, value:
            case "?", bool():
                return self.value(others[0 if value else 1])
            case "!", bool():
                return not value
            case ("&&", bool()) | ("||", bool()):
                return value if value is (operation.operator == "||") else self.value(others[0])
            case "==" | "!=", _:
                is_same = _is_same(value, self.value(others[0]))
                return UNKNOWN if is_same is None else is_same is (operation.operator == "==")
            case _:
                return UNKNOWN

    def _call(self, call: Call) -> object:
        arguments = [self.value(each) for each in call.arguments]
        if call.name in ("coalesce", "try"):
            return next((each for each in arguments if each not in (None, "") or call.name == "try"), UNKNOWN)
        if any(each is UNKNOWN for each in arguments):
            return UNKNOWN
        if call.name not in FOR_ANY_TEXT and any(map(is_open, arguments)):
            return UNKNOWN
        if call.name in ("file", "templatefile"):
            return self._file(*arguments)
        return result_of(call.name, arguments)

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


_OPEN = {HOLE, ACCOUNT, PARTITION}


def _is_same(one: object, other: object) -> bool | None:
    """Tells whether two values are equal; None where they are not known."""
    if one is UNKNOWN or other is UNKNOWN:
        return None
    if one is None or other is None:
        return one is other
    if not all(isinstance(each, str | int | float | bool) for each in (one, other)):
        return None
    return None if any(isinstance(each, str) and _OPEN & set(each) for each in (one, other)) else one == other


def policy(value: object) -> object:
    """Returns a policy, which stands there as an object or as JSON."""
    return from_json(value) if isinstance(value, str) else value


def _policy_document(block: Block, scope: Scope) -> object:
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
    principals = {
        _known(scope.value(each.attributes.get("type"))): scope.value(each.attributes.get("identifiers"))
        for each in block.of("principals")
    }
    found |= {"Principal": principals} if principals else {}
    conditions: dict[str, dict[str, object]] = {}
    for each in block.of("condition"):
        test, variable = (_known(scope.value(each.attributes.get(name))) for name in ("test", "variable"))
        own = conditions.setdefault(test, {})
        own[variable] = UNKNOWN if variable in own else scope.value(each.attributes.get("values"))
    return found | ({"Condition": conditions} if conditions else {})


def _known(value: object) -> str:
    return value if isinstance(value, str) else HOLE


_ANY_SUFFIX = "-??????"
_REGION = ("region", "name")
"""What a data source aws_region states its region with."""
_STATING_REGION = (*_REGION, "endpoint")
_RESOURCE = 2
"""Steps of a reference to a resource: its type and its label."""
_NO_RESOURCE = frozenset({"var", "local", "each", "module", "data", "path"})
_INDEXED = 4
"""Steps of a reference to an attribute of one instance: aws_iam_role, its label, the index, the attribute."""
_OF_DOCUMENT = {"version", "policy_id", *REPEATING}
_NAMES = {"actions": "Action", "resources": "Resource", "not_actions": "NotAction", "not_resources": "NotResource"}


def _below(value: object, steps: Sequence[object]) -> object:
    for step in steps:
        match value, step:
            case dict(), _:
                value = value.get(step, UNKNOWN)
            case list(), str() if step.isdecimal() and int(step) < len(value):
                value = value[int(step)]
            case _:
                return UNKNOWN
    return value
