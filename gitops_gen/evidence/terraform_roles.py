"""The IAM roles that a hand-written Terraform configuration makes, with some values of its variables.

Read are aws_iam_role with its trust, and what aws_iam_role_policy, aws_iam_role_policy_attachment and its own policies
let it do; in a folder, in the modules that it calls by a path, and in a few of the registry. What is known of a role in
part only is a candidate; `Roles` are those that are known as a whole, and are for one ServiceAccount.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from gitops_gen.evidence.hcl_expressions import (
    Block,
    Call,
    ListOf,
    Literal,
    NotHclError,
    Object,
    Opaque,
    Operation,
    Reference,
    Template,
    parse,
)
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.terraform import ROLES, Role, with_roles
from gitops_gen.evidence.terraform_policies import (
    ANYTHING,
    Granted,
    granted_by,
    granted_by_arns,
    statements_of,
    texts,
)
from gitops_gen.evidence.terraform_values import (
    ACCOUNT,
    GENERATED,
    HOLE,
    NOWHERE,
    UNKNOWN,
    Policy,
    Scope,
    chained_to,
    is_open,
)
from gitops_gen.evidence.trust import WEB_IDENTITY, Trust, matches, trust_of
from gitops_gen.problems import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gitops_gen.evidence.files import File, Files
    from gitops_gen.evidence.hcl_expressions import Expression
    from gitops_gen.evidence.terraform import Tfvars
    from gitops_gen.evidence.terraform_modules import Modules
    from gitops_gen.evidence.terraform_policies import Statements
    from gitops_gen.evidence.terraform_registry import FarRole
    from gitops_gen.evidence.terraform_values import Surroundings

_SUBJECT = "system:serviceaccount:"
_ROLE = "aws_iam_role"
_POLICIES = ("aws_iam_role_policy", "aws_iam_role_policy_attachment")
"""The resources that give a policy to the one role that their `role` names."""
_SEVERAL = "aws_iam_policy_attachment"
"""The resource that gives a policy to several roles."""
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


class Candidate(NamedTuple):
    """A role that a configuration makes, as far as that is known."""

    role: Role
    """Its name may have a HOLE, or what Terraform puts behind a prefix."""
    address: str
    """What Terraform calls it: equal for the same role made with other values."""
    is_known: bool
    """True if all of it is."""
    is_for_service_accounts: bool | None
    """Whether it is for web identities; None where its trust is not known."""


class Unread(NamedTuple):
    """What may make roles, and is not read: a module that is not here, or a folder that is no HCL to us."""

    at: Location
    what: str


class Made(NamedTuple):
    """What a configuration makes."""

    candidates: tuple[Candidate, ...]
    unread: tuple[Unread, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A block with the file in which it stands."""

    path: str
    text: str
    block: Block

    def line(self, needle: str) -> Location:
        """Returns the first line in the block that has a text, as far as one can see; else where it starts."""
        found = self.text.find(needle, self.text.find("{", self.block.start), self.block.end)
        return Location(self.path, self.text.count("\n", 0, found if found >= 0 else self.block.start) + 1, 1)


class Configurations:
    """The configurations of a tree, each folder read once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._read: dict[str, tuple[Part, ...] | None] = {}
        self._parts_of: dict[int, Part] = {}
        self._count = 0

    def roles(self, folder: str, variables: Mapping[str, object]) -> Roles:
        """Returns the roles of the configuration in a folder that are known."""
        return self.known(self.made(folder, variables))

    def known(self, made: Made) -> Roles:
        """Returns what is known of the roles for ServiceAccounts that a configuration makes."""
        found = [each for each in made.candidates if each.is_for_service_accounts is not False]
        is_whole = not made.unread and all(each.is_known for each in found)
        return Roles(tuple(each.role for each in found if each.is_known), is_whole)

    def made(
        self,
        folder: str,
        variables: Mapping[str, object],
        around: Surroundings = NOWHERE,
        address: str = "",
        depth: int = _DEPTH,
    ) -> Made:
        """Returns what the configuration in a folder makes."""
        parts = self.parts(folder)
        try:
            if parts is not None and depth:
                return self._made_of(folder, parts, variables, around, address, depth)
        except RecursionError:
            pass  # what refers to what refers to more than anybody writes
        return Made((), (Unread(Location(folder), "the Terraform there"),))

    def _made_of(
        self,
        folder: str,
        parts: Sequence[Part],
        variables: Mapping[str, object],
        around: Surroundings,
        address: str,
        depth: int,
    ) -> Made:
        module = _Module(parts, variables, around, self._part_of, folder, self._files.content)
        found = [each for part in module.resources(_ROLE) for each in self._made(module, part, address)]
        unread: list[Unread] = []
        for part in module.parts("module"):
            for called in self._called(folder, part, module, address, depth):
                found += called.candidates
                unread += called.unread
        return Made(tuple(found), tuple(unread))

    def parts(self, folder: str) -> tuple[Part, ...] | None:
        """Returns the files of a folder; None if there is none, or one cannot be read."""
        if folder not in self._read:
            paths = [path for path in self._files.under(folder, recurse=False) if path.endswith(".tf")]
            files = [file for path in paths if (file := self._files.get(path)) is not None]
            try:
                self._read[folder] = tuple(Part(file.path, file.text, parse(file.text)) for file in files) or None
            except NotHclError:
                self._read[folder] = None
            for part in self._read[folder] or ():
                for block in part.block.blocks:
                    self._parts_of[id(block)] = Part(part.path, part.text, block)
        return self._read[folder]

    def number(self) -> int:
        """Returns a number that tells a role apart from all others."""
        self._count += 1
        return self._count

    def _part_of(self, block: Block) -> Part:
        return self._parts_of[id(block)]

    def _made(self, module: _Module, part: Part, address: str) -> Iterator[Candidate]:
        """Yields the roles that a resource makes; one where nobody can say how many."""
        instances = module.scope.instances(part.block)
        are_known = instances is not None
        for key, scope in (instances if instances is not None else {"0": _of_any(module.scope)}).items():
            yield module.candidate(part, scope, key, self.number(), address, is_known=are_known)

    def _called(self, folder: str, part: Part, module: _Module, address: str, depth: int) -> Iterator[Made]:
        call, scope = part.block, module.scope
        name = call.labels[0] if call.labels else ""
        source = scope.value(call.attributes.get("source"))
        if not isinstance(source, str) or is_open(source):
            yield Made((), (Unread(part.line("source"), f"module {name}"),))
            return
        instances = scope.instances(call)
        is_given_more = _is_given_policies(call, scope.body)
        for key, each in (instances if instances is not None else {"": _of_any(scope)}).items():
            own = f"{address}module.{name}[{key}]."
            arguments = {key: each.value(expression) for key, expression in call.attributes.items()}
            around = scope.around
            if "providers" in call.attributes:  # they may be of another account, and of another region
                around, arguments = NOWHERE, {key: _elsewhere(value) for key, value in arguments.items()}
            if source.startswith("."):
                inner = posixpath.normpath(posixpath.join(folder, source))
                called = self.made(inner, arguments, around, own, depth - 1)
            else:
                called = self.far(part, source, arguments, own)
            yield _less_known(called, is_known=instances is not None, is_given_more=is_given_more)

    def far(self, part: Part, source: str, arguments: Mapping[str, object], address: str) -> Made:
        """Returns what a module makes that is not in the tree."""
        from gitops_gen.evidence.terraform_registry import made_by

        found = made_by(source, arguments)
        if found is None:
            what = " ".join((part.block.type, *part.block.labels))
            return Made((), (Unread(part.line("source"), f"{what}, {source}"),))
        return Made(tuple(self._of_far(part, each, address) for each in found), ())

    def _of_far(self, part: Part, made: FarRole, address: str) -> Candidate:
        granted = made.granted
        reading = part.line("secrets_manager_arns" if granted.secrets else "source")
        place = Place(part.path, 0, ("module", *part.block.labels), self.number())
        named = part.line("name ")
        trusting = part.line("namespace_service_accounts" if "namespace_service_accounts" in part.text else "subjects")
        role = _role(made.name, made.trust, granted, place, address)
        lines = {"role_name": named, "path": part.line("path"), "namespace": trusting, "service_account": trusting}
        lines |= dict.fromkeys(("secret_arns", "kms_key_arns", "actions"), reading)
        role = role._replace(lines=lines, path=made.path)
        return Candidate(role, address, is_known=False, is_for_service_accounts=None)


class _Module:
    """The files of one folder, with the values of its variables."""

    def __init__(
        self,
        parts: Sequence[Part],
        variables: Mapping[str, object],
        around: Surroundings,
        part_of: Callable[[Block], Part],
        folder: str,
        read: Callable[[str], str | None],
    ) -> None:
        self._part_of = part_of
        self.body = Block("", (), {}, tuple(block for part in parts for block in part.block.blocks))
        self.scope = Scope({**defaults(self.body), **variables}, self.body, {}, around, folder, read)

    def parts(self, *types: str) -> Iterator[Part]:
        """Yields the blocks of a type."""
        return (self._part_of(each) for each in self.body.of(*types))

    def resources(self, kind: str) -> Iterator[Part]:
        """Yields the resources of a type."""
        return self.parts("resource", kind)

    def candidate(self, part: Part, scope: Scope, key: str, number: int, address: str, *, is_known: bool) -> Candidate:
        """Returns one instance of a role."""
        block, label = part.block, part.block.labels[1]
        name = role_name(scope, block)
        written = block.attributes.get("assume_role_policy")
        statements = statements_of(scope, written)
        trust = trust_of(statements)
        given = list(self._given(part, scope, key, name))
        granted = Granted()
        for _, each in given:
            granted |= each
        if self._may_have_more(block, name):
            granted |= ANYTHING
        subject = _subject(statements or ())
        is_one = subject is not None and not is_open(name) and GENERATED not in name
        place = Place(part.path, 0, block.labels, number)
        role = _role(name, trust, granted, place, f"{label}[{key}]" if key else label)
        account, path = scope.around.account, scope.value(block.attributes.get("path", _ROOT))
        role = role._replace(
            account=role.account or (account if account.isdecimal() else ""),
            path=path if isinstance(path, str) and not is_open(path) else "",
        )
        lines = self._lines(part, written, given)
        if "provider" in block.attributes:  # it is in the account of another provider
            role = _of_elsewhere(role)
        return Candidate(
            role._replace(lines=lines),
            f"{address}{_ROLE}.{label}[{key}]",
            is_known=is_known and is_one and granted.is_known,
            is_for_service_accounts=None if statements is None else any(map(_is_trust, statements)),
        )

    def _lines(
        self, part: Part, trust: Expression | None, given: Sequence[tuple[Part, Granted]]
    ) -> Mapping[str, Location]:
        trusting = self._document(trust) or part
        reading = next((each for each, found in given if found.secrets), given[0][0] if given else part)
        document = self._document(reading.block.attributes.get("policy")) or reading
        subject, resource = trusting.line(_SUBJECT), document.line("esource")
        return {
            "role_name": part.line("name"),
            "path": part.line("path"),
            "namespace": subject,
            "service_account": subject,
            "secret_arns": resource,
            "kms_key_arns": resource,
            "actions": document.line("ction"),
        }

    def _document(self, expression: Expression | None) -> Part | None:
        """Returns the policy document that an expression refers to."""
        if not isinstance(expression, Reference) or expression.steps[:2] != ("data", "aws_iam_policy_document"):
            return None
        return next(self.parts(*expression.steps[:3]), None)

    def _given(self, role: Part, scope: Scope, key: str, name: str) -> Iterator[tuple[Part, Granted]]:
        """Yields the policies of a role with what they allow."""
        for each in role.block.of("inline_policy"):
            yield role, granted_by(statements_of(scope, each.attributes.get("policy")))
        managed = scope.value(role.block.attributes.get("managed_policy_arns"))
        if "managed_policy_arns" in role.block.attributes:
            yield role, granted_by_arns(managed if isinstance(managed, list) else [managed])
        for part in self.resources("aws_iam_role_policy"):
            for found, is_sure in self._attached(part, "role", role.block.labels[1], key, name):
                statements = statements_of(found, part.block.attributes.get("policy"))
                yield part, _if_sure(granted_by(statements), is_sure=is_sure)
        for kind, attribute in (("aws_iam_role_policy_attachment", "role"), (_SEVERAL, "roles")):
            for part in self.resources(kind):
                for found, is_sure in self._attached(part, attribute, role.block.labels[1], key, name):
                    target = found.value(part.block.attributes.get("policy_arn"))
                    of = self._part_of(target.block) if isinstance(target, Policy) else part
                    yield of, _if_sure(granted_by_arns([target]), is_sure=is_sure)

    def _may_have_more(self, role: Block, name: str) -> bool:
        """True for a role that may have policies besides those that are given to it in the usual way.

        It may name them itself, one resource may give a policy to several roles, a role may be named as a text, and a
        module that gets its name may add to it.
        """
        if role.of("dynamic"):
            return True
        label = role.labels[1]
        several = (one for each in self.resources(_SEVERAL) for one in _targets(each.block, "roles"))
        calls = (each for call in self.body.of("module") for each in call.attributes.values())
        named = (one for kind in _POLICIES for each in self.resources(kind) for one in _targets(each.block, "role"))
        return (
            any(not _is_of_a_role(each) and _mentions(each, _ROLE, label) is not False for each in several)
            or any(_mentions(each, _ROLE, label) for each in calls)
            or any(not _is_of_a_role(each) and _may_be(self.scope.value(each), name) is None for each in named)
        )

    def _attached(self, part: Part, attribute: str, role: str, key: str, name: str) -> Iterator[tuple[Scope, bool]]:
        """Yields the instances of a resource that are for one of a role, and whether they are for certain."""
        for target in _targets(part.block, attribute):
            if _is_of(target, _ROLE, role):
                yield from self._instances_for(part, target, key)
            elif not _is_of_a_role(target) and _may_be(self.scope.value(target), name):
                yield _of_any(self.scope), False

    def _instances_for(self, part: Part, target: Expression, key: str) -> Iterator[tuple[Scope, bool]]:
        instances = self.scope.instances(part.block)
        for scope in instances.values() if instances is not None else ():
            index = scope.index_of(target)
            if index == key:
                yield scope, True
            elif index is None or not (index and key):
                yield scope, False
        if instances is None:
            yield _of_any(self.scope), False


def role_name(scope: Scope, block: Block) -> str:
    """Returns the name of a role; Terraform makes one where there is a prefix, or none.

    Source: terraform-provider-aws, internal/create/naming.go: a prefix, or terraform-, with 26 characters behind it.
    """
    name, prefix = (scope.value(block.attributes.get(each)) if each in block.attributes else None for each in _NAMES)
    if name in (None, ""):
        start = prefix if prefix not in (None, "") else "terraform-"
        return f"{start}{GENERATED}" if isinstance(start, str) else HOLE
    return name if isinstance(name, str) else HOLE


_NAMES = ("name", "name_prefix")
_ROOT = Literal("/", 0)


def _role(name: str, trust: Trust, granted: Granted, place: Place, key: str) -> Role:
    """Returns a role; a ServiceAccount is named where it trusts exactly one."""
    one = trust.subjects[0] if len(trust.subjects) == 1 else ""
    namespace, _, account = one.removeprefix(_SUBJECT).partition(":") if one.startswith(_SUBJECT) else ("", "", "")
    return Role(
        key=key,
        name=name,
        namespace=namespace,
        service_account=account,
        secret_arns=granted.secrets,
        kms_key_arns=granted.keys,
        place=place,
        actions=granted.actions,
        trust=trust,
        possible_arns=tuple(dict.fromkeys(granted.possible)),
        account=trust.account,
    )


def _less_known(made: Made, *, is_known: bool, is_given_more: bool) -> Made:
    """Returns what a module makes that is called so often as nobody knows, or whose roles get policies elsewhere."""
    if is_known and not is_given_more:
        return made
    more = ("*",) if is_given_more else ()
    roles = (each.role._replace(possible_arns=(*each.role.possible_arns, *more)) for each in made.candidates)
    found = zip(made.candidates, roles, strict=True)
    candidates = tuple(each._replace(role=role, is_known=False) for each, role in found)
    return Made(candidates, made.unread)


def _if_sure(granted: Granted, *, is_sure: bool) -> Granted:
    if is_sure:
        return granted
    return Granted(possible=granted.secrets + granted.possible, is_known=False)


def _of_any(scope: Scope) -> Scope:
    """Returns the scope of an instance of which nobody knows which one it is."""
    return scope.with_here({"count": {"index": UNKNOWN}, "each": UNKNOWN})


def _elsewhere(value: object) -> object:
    """Returns a value as it is for another provider: the account is not the one of the role."""
    match value:
        case str():
            return value.replace(ACCOUNT, HOLE)
        case list():
            return [_elsewhere(each) for each in value]
        case dict():
            return {key: _elsewhere(each) for key, each in value.items()}
        case _:
            return value


def _of_elsewhere(role: Role) -> Role:
    unsure = tuple(each.replace(ACCOUNT, "*") for each in role.secret_arns if ACCOUNT in each)
    return role._replace(
        secret_arns=tuple(each for each in role.secret_arns if ACCOUNT not in each),
        possible_arns=(*(each.replace(ACCOUNT, "*") for each in role.possible_arns), *unsure),
    )


def defaults(body: Block) -> dict[str, object]:
    """Returns the defaults of the variables that a module declares."""
    empty = Scope({}, Block("", (), {}, ()))
    variables = (each for each in body.of("variable") if each.labels and "default" in each.attributes)
    return {each.labels[0]: empty.value(each.attributes["default"]) for each in variables}


def _may_be(value: object, name: str) -> bool | None:
    """Tells whether a value is the name of a role; None where nobody can say."""
    if not isinstance(value, str) or is_open(name) or GENERATED in name:
        return None
    return matches(value, name, is_pattern=False)


def _is_of(expression: Expression | None, kind: str, name: str) -> bool:
    """Tells whether an expression refers to a resource: its id, its name or its ARN."""
    return isinstance(expression, Reference) and expression.steps[:2] == (kind, name)


def _targets(block: Block, attribute: str) -> tuple[Expression, ...]:
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


def _is_of_a_role(expression: Expression | None) -> bool:
    return isinstance(expression, Reference) and expression.steps[:1] == (_ROLE,)


def _is_given_policies(call: Block, body: Block) -> bool:
    """True where a resource beside the call of a module gives a policy to what the module makes."""
    found = (each for each in body.of("resource") if each.labels[:1] in {(kind,) for kind in _POLICIES})
    several = body.of("resource", _SEVERAL)
    calls = (each for other in body.of("module") if other is not call for each in other.attributes.values())
    name = call.labels[0] if call.labels else ""
    return (
        any(_mentions(each.attributes.get("role"), "module", name) is not False for each in found)
        or any(_mentions(each.attributes.get("roles"), "module", name) is not False for each in several)
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


def _mentions(expression: Expression | None, kind: str, name: str) -> bool | None:
    """Tells whether an expression has a thing in it, or what it is named by; None where one cannot see."""
    match expression:
        case Reference(steps=("each" | "local", *_)):
            return None
        case Reference():
            rest = expression.steps[2:]
            return expression.steps[:2] == (kind, name) and (kind != _ROLE or not rest or rest[-1] in _NAMING)
        case Template() | Call() | ListOf() | Object() | Operation():
            found = [_mentions(each, kind, name) for each in _parts_of(expression)]
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


def _is_trust(statement: Mapping[str, object]) -> bool:
    return WEB_IDENTITY in texts(statement.get("Action"))


def _subject(statements: Statements) -> str | None:
    """Returns the one subject that is trusted, if it is exact."""
    found = trust_of([each for each in statements if _is_trust(each)]).subjects
    one = found[0] if len(found) == 1 else ""
    return one if one.startswith(_SUBJECT) and not {"*", "?", HOLE} & set(one) else None


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
