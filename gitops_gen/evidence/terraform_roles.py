"""The IAM roles that a hand-written Terraform configuration makes for ServiceAccounts, with the values of one cluster.

Read are aws_iam_role with a trust for AssumeRoleWithWebIdentity, and what aws_iam_role_policy and
aws_iam_role_policy_attachment let it do; in the module of a variable file, and in the modules that it calls by a path.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.evidence.hcl_expressions import (
    Block,
    Call,
    ListOf,
    NotHclError,
    Object,
    Opaque,
    Reference,
    Template,
    parse,
)
from gitops_gen.evidence.iam import action_matches
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.terraform import ROLES, Role, with_roles
from gitops_gen.evidence.terraform_values import UNKNOWN, Scope, policy
from gitops_gen.evidence.values import map_at
from gitops_gen.problems import Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.evidence.files import File, Files
    from gitops_gen.evidence.hcl_expressions import Expression
    from gitops_gen.evidence.terraform import Tfvars
    from gitops_gen.evidence.terraform_modules import Modules

READ = "secretsmanager:GetSecretValue"
_DECRYPT = "kms:Decrypt"
_WEB_IDENTITY = "sts:AssumeRoleWithWebIdentity"
_SUBJECT = "system:serviceaccount:"
_ROLE = "aws_iam_role"
_POLICIES = ("aws_iam_role_policy", "aws_iam_role_policy_attachment")
"""The resources that give a policy to the one role that their `role` names."""
_NAMING = frozenset({"id", "name"})
"""The attributes of a role by which somebody can give it a policy."""
_DEPTH = 4
"""Modules that call modules are followed this deep."""


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles of a configuration."""

    roles: tuple[Role, ...]
    is_whole: bool
    """False if it may make more of them, which nobody can name without Terraform."""


_NONE_KNOWN = Roles((), is_whole=False)


@dataclass(frozen=True, slots=True)
class _Part:
    """A block with the file in which it stands."""

    path: str
    text: str
    block: Block

    def line(self, needle: str) -> Location:
        """Returns the first line in the block that has a text, as far as one can see; else where it starts."""
        head = re.search(r'\b{}\s+"{}"\s+"{}"'.format(self.block.type, *map(re.escape, self.block.labels)), self.text)
        start = head.end() if head else 0
        found = self.text.find(needle, start)
        return Location(self.path, self.text.count("\n", 0, found if found >= 0 else start) + 1, 1)


class Configurations:
    """The configurations of a tree, each folder read once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._read: dict[str, tuple[_Part, ...] | None] = {}
        self._count = 0

    def roles(self, folder: str, variables: Mapping[str, object], depth: int = _DEPTH) -> Roles:
        """Returns the roles of the configuration in a folder."""
        parts = self._parts(folder)
        if parts is None or not depth:
            return _NONE_KNOWN
        module = _Module(parts, variables)
        found: list[Role] = []
        is_whole = True
        for part in module.resources(_ROLE):
            made = list(self._made(module, part))
            found += [role for role in made if role is not None]
            is_whole = is_whole and None not in made
        for call in module.body.of("module"):
            for called in self._called(folder, call, module.scope, depth):
                found += called.roles
                is_whole = is_whole and called.is_whole
        return Roles(tuple(found), is_whole)

    def _made(self, module: _Module, part: _Part) -> Iterator[Role | None]:
        """Yields the roles for ServiceAccounts that a resource makes; None for what is not known of them."""
        instances = module.scope.instances(part.block)
        if instances is None:
            if module.is_for_service_accounts(part, module.scope) is not False:
                yield None
            return
        for key, scope in instances.items():
            if module.is_for_service_accounts(part, scope) is not False:
                self._count += 1
                yield module.role(part, scope, key, self._count)

    def _called(self, folder: str, call: Block, scope: Scope, depth: int) -> Iterator[Roles]:
        source = scope.value(call.attributes.get("source"))
        instances = scope.instances(call)
        is_local = isinstance(source, str) and source.startswith(".")
        if not is_local or instances is None or _is_given_policies(call, scope.body):
            yield _NONE_KNOWN
            return
        for each in instances.values():
            variables = {name: each.value(expression) for name, expression in call.attributes.items()}
            yield self.roles(posixpath.normpath(posixpath.join(folder, str(source))), variables, depth - 1)

    def _parts(self, folder: str) -> tuple[_Part, ...] | None:
        """Returns the files of a folder; None if there is none, or one cannot be read."""
        if folder not in self._read:
            paths = [path for path in self._files.under(folder, recurse=False) if path.endswith(".tf")]
            files = [file for path in paths if (file := self._files.get(path)) is not None]
            try:
                self._read[folder] = tuple(_Part(file.path, file.text, parse(file.text)) for file in files) or None
            except NotHclError:
                self._read[folder] = None
        return self._read[folder]


class _Module:
    """The files of one folder, with the values of its variables."""

    def __init__(self, parts: Sequence[_Part], variables: Mapping[str, object]) -> None:
        self._parts = parts
        self.body = Block("", (), {}, tuple(block for part in parts for block in part.block.blocks))
        self.scope = Scope({**_defaults(self.body), **variables}, self.body)

    def resources(self, kind: str) -> Iterator[_Part]:
        """Yields the resources of a type."""
        for part in self._parts:
            yield from (_Part(part.path, part.text, each) for each in part.block.of("resource", kind))

    def is_for_service_accounts(self, part: _Part, scope: Scope) -> bool | None:
        """Tells whether a role is for web identities; None where its trust is not known."""
        statements = _statements(scope, part.block.attributes.get("assume_role_policy"))
        return None if statements is None else any(_is_trust(each) for each in statements)

    def role(self, part: _Part, scope: Scope, key: str, number: int) -> Role | None:
        """Returns one instance of a role, or None where its name, its one subject or its policies are not known."""
        name = scope.value(part.block.attributes.get("name"))
        statements = _statements(scope, part.block.attributes.get("assume_role_policy")) or ()
        subject = _subject([each for each in statements if _is_trust(each)])
        policies = self._policies(part.block.labels[1], key)
        if not (isinstance(name, str) and subject and policies is not None) or self._may_have_more(part.block, name):
            return None
        namespace, _, account = subject.removeprefix(_SUBJECT).partition(":")
        reading = next((each for each, found in policies if _resources(found, READ)), part)
        trust, resource = part.line(_SUBJECT), reading.line("esource")
        allowed = [statement for _, found in policies for statement in found]
        return Role(
            key=f"{part.block.labels[1]}[{key}]" if key else part.block.labels[1],
            name=name,
            namespace=namespace,
            service_account=account,
            secret_arns=_resources(allowed, READ),
            kms_key_arns=_resources(allowed, _DECRYPT),
            place=Place(part.path, 0, part.block.labels, number),
            actions=tuple(action for each in allowed for action in _texts(each.get("Action"))),
            lines={
                "role_name": part.line("name"),
                "namespace": trust,
                "service_account": trust,
                "secret_arns": resource,
                "kms_key_arns": resource,
                "actions": reading.line("ction"),
            },
        )

    def _policies(self, role: str, key: str) -> list[tuple[_Part, Sequence[Mapping[str, object]]]] | None:
        """Returns the policies of a role with what they allow, or None where one is not known."""
        found = []
        for attached in self._policies_of(role, key):
            if attached is None:
                return None
            part, scope = attached
            statements = _statements(scope, part.block.attributes.get("policy"))
            if statements is None or not all(map(_is_known, statements)):
                return None
            found.append((part, statements))
        return found

    def _may_have_more(self, role: Block, name: str) -> bool:
        """True for a role that may have policies besides those that are given to it in the usual way.

        It may name them itself, one resource may give a policy to several roles, a role may be named as a text, and a
        module that gets its name may add to it.
        """
        if role.attributes.keys() & {"managed_policy_arns"} or role.of("inline_policy") or role.of("dynamic"):
            return True
        label = role.labels[1]
        several = (each.block.attributes.get("roles") for each in self.resources("aws_iam_policy_attachment"))
        calls = (each for call in self.body.of("module") for each in call.attributes.values())
        named = (each.block.attributes.get("role") for kind in _POLICIES for each in self.resources(kind))
        return (
            any(_mentions(each, _ROLE, label) is not False for each in several)
            or any(_mentions(each, _ROLE, label) for each in calls)
            or any(not _is_of_a_role(each) and self.scope.value(each) in (UNKNOWN, name) for each in named)
        )

    def _policies_of(self, role: str, key: str) -> Iterator[tuple[_Part, Scope] | None]:
        """Yields the policies of a role; None for one that is not among these files."""
        for part in self.resources("aws_iam_role_policy"):
            for scope in self._attached(part, role, key):
                yield (part, scope) if scope is not None else None
        for part in self.resources("aws_iam_role_policy_attachment"):
            for scope in self._attached(part, role, key):
                yield self._policy(part, scope) if scope is not None else None

    def _attached(self, part: _Part, role: str, key: str) -> Iterator[Scope | None]:
        """Yields the instances of a resource that are for one of a role; None for one that may be."""
        target = part.block.attributes.get("role")
        if not _is_of(target, _ROLE, role):
            return
        instances = self.scope.instances(part.block)
        for scope in instances.values() if instances is not None else ():
            index = scope.index_of(target)
            if index == key:
                yield scope
            elif index is None or not (index and key):
                yield None
        if instances is None:
            yield None

    def _policy(self, attachment: _Part, scope: Scope) -> tuple[_Part, Scope] | None:
        """Returns the policy that an attachment is of, if it is among these files."""
        target = attachment.block.attributes.get("policy_arn")
        for part in self.resources("aws_iam_policy"):
            if _is_of(target, "aws_iam_policy", part.block.labels[1]):
                found = (self.scope.instances(part.block) or {}).get(scope.index_of(target) or "")
                return (part, found) if found is not None else None
        return None


def _statements(scope: Scope, expression: Expression | None) -> Sequence[Mapping[str, object]] | None:
    """Returns the statements of a policy, or None where one is not known."""
    found = policy(scope.value(expression))
    stated = found.get("Statement") if isinstance(found, dict) else None
    items = stated if isinstance(stated, list) else [stated]
    statements = [each for each in items if isinstance(each, dict)]
    return statements if len(statements) == len(items) else None


def _defaults(body: Block) -> dict[str, object]:
    empty = Scope({}, Block("", (), {}, ()))
    variables = (each for each in body.of("variable") if each.labels and "default" in each.attributes)
    return {each.labels[0]: empty.value(each.attributes["default"]) for each in variables}


def _is_of(expression: Expression | None, kind: str, name: str) -> bool:
    """Tells whether an expression refers to a resource: its id, its name or its ARN."""
    return isinstance(expression, Reference) and expression.steps[:2] == (kind, name)


def _is_of_a_role(expression: Expression | None) -> bool:
    return isinstance(expression, Reference) and expression.steps[:1] == (_ROLE,)


def _is_given_policies(call: Block, body: Block) -> bool:
    """True where a resource beside the call of a module gives a policy to what the module makes."""
    found = (each for each in body.of("resource") if each.labels[:1] in {(kind,) for kind in _POLICIES})
    name = call.labels[0] if call.labels else ""
    return any(_mentions(each.attributes.get("role"), "module", name) is not False for each in found)


def _mentions(expression: Expression | None, kind: str, name: str) -> bool | None:
    """Tells whether an expression has a thing in it, or what it is named by; None where one cannot see."""
    match expression:
        case Reference(steps=("each" | "local", *_)):
            return None
        case Reference():
            rest = expression.steps[2:]
            return expression.steps[:2] == (kind, name) and (kind != _ROLE or not rest or rest[-1] in _NAMING)
        case Template() | Call() | ListOf() | Object():
            found = [_mentions(each, kind, name) for each in _parts_of(expression)]
            return True if True in found else None if None in found else False
        case Opaque():
            return None
        case _:
            return False


def _parts_of(expression: Template | Call | ListOf | Object) -> tuple[Expression, ...]:
    match expression:
        case Template():
            return tuple(each for each in expression.parts if not isinstance(each, str))
        case Call():
            return expression.arguments
        case ListOf():
            return expression.items
        case _:
            return tuple(value for _, value in expression.items)


def _is_trust(statement: Mapping[str, object]) -> bool:
    return _WEB_IDENTITY in _texts(statement.get("Action"))


def _is_known(statement: Mapping[str, object]) -> bool:
    """Tells whether all that a statement allows is known; one that denies, or excepts, is not read."""
    actions, resources = statement.get("Action"), statement.get("Resource")
    are_texts = all(each is not UNKNOWN for value in (actions, resources) for each in _items(value))
    return statement.get("Effect") == "Allow" and bool(actions) and bool(resources) and are_texts


def _subject(statements: Sequence[Mapping[str, object]]) -> str | None:
    """Returns the one subject that is trusted, if it is exact."""
    found = {
        text
        for statement in statements
        for test in ("StringEquals", "StringLike")
        for variable, value in map_at(statement, "Condition", test).items()
        if str(variable).endswith(":sub")
        for text in _items(value)
    }
    one = next(iter(found), None) if len(found) == 1 else None
    is_exact = isinstance(one, str) and one.startswith(_SUBJECT) and not {"*", "?"} & set(one)
    return one if is_exact and isinstance(one, str) else None


def _resources(statements: Sequence[Mapping[str, object]], action: str) -> tuple[str, ...]:
    """Returns the resources on which some statements allow an action."""
    return tuple(
        resource
        for each in statements
        if any(action_matches(pattern, action) for pattern in _texts(each.get("Action")))
        for resource in _texts(each.get("Resource"))
    )


def _items(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else [value]


def _texts(value: object) -> tuple[str, ...]:
    return tuple(each for each in _items(value) if isinstance(each, str))


def configured(found: Sequence[Tfvars], others: Sequence[File], files: Files, modules: Modules) -> Iterator[Tfvars]:
    """Yields variable files, those that state no roles with the roles of the configuration that they are for.

    `others` are variable files that name no cluster: what they state may be laid over a default.
    """
    configurations = Configurations(files)
    for each in found:
        module = None if ROLES in each.values else modules.module_of(each.path, each.values.keys())
        if module is not None:
            beside = dict.fromkeys(_stated_beside(others, each.path, module.folder), UNKNOWN)
            roles = configurations.roles(module.folder, {**beside, **each.values})
            yield with_roles(each, roles.roles, is_whole=roles.is_whole)
        else:
            yield each if ROLES in each.values else with_roles(each, (), is_whole=False)


def _stated_beside(others: Sequence[File], path: str, folder: str) -> Iterator[str]:
    """Yields what variable files state that may be given with another one: those beside it, in its module or above."""
    for file in others:
        where = posixpath.dirname(file.path)
        if not where or any(f"{each}/".startswith(f"{where}/") for each in (posixpath.dirname(path), folder)):
            yield from file.variables
