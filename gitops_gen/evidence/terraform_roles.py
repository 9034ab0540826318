"""The IAM roles that a hand-written Terraform configuration makes, with some values of its variables.

Read are aws_iam_role with its trust, and what aws_iam_role_policy, aws_iam_role_policy_attachment and its own policies
let it do; in a folder, in the modules that it calls by a path, and in a few of the registry. What is known of a role in
part only is a candidate; `Roles` are those that are known as a whole, and are for one ServiceAccount.
"""

from __future__ import annotations

import posixpath
from collections import defaultdict
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.evidence.hcl_files import parse
from gitops_gen.evidence.hcl_texts import NotHclError
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.terraform import ROLES, Role, loading_order, with_roles
from gitops_gen.evidence.terraform_mentions import ROLE
from gitops_gen.evidence.terraform_resources import Candidate, Module, Part, role_for
from gitops_gen.evidence.terraform_surroundings import NOWHERE
from gitops_gen.evidence.terraform_unknowns import ACCOUNT, HOLE, UNKNOWN, is_open
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.problems import Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gitops_gen.evidence.files import File, Files
    from gitops_gen.evidence.hcl_tree import Block
    from gitops_gen.evidence.terraform import Tfvars
    from gitops_gen.evidence.terraform_modules import Modules
    from gitops_gen.evidence.terraform_registry import FarRole
    from gitops_gen.evidence.terraform_surroundings import Surroundings

    _Loaded: TypeAlias = tuple[tuple[int, str], Mapping[str, object]]
    """When Terraform loads a variable file, and what it states."""

_DEPTH = 4
"""Modules that call modules are followed this deep."""


@dataclass(frozen=True, slots=True)
class Roles:
    """The roles of a configuration."""

    roles: tuple[Role, ...]
    is_whole: bool
    """False if it may make more of them, which nobody can name without Terraform."""


class Unread(NamedTuple):
    """What may make roles, and is not read: a module that is not here, or a folder that is no HCL to us."""

    at: Location
    what: str


class Made(NamedTuple):
    """What a configuration makes."""

    candidates: tuple[Candidate, ...]
    unread: tuple[Unread, ...]


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
        module = Module(parts, variables, around, self._part_of, folder, self._files.content)
        found = [each for part in module.resources(ROLE) for each in self._made(module, part, address)]
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

    def _has_provider(self, folder: str) -> bool:
        """True for a module that states by itself where it makes things, which may be somewhere else."""
        return any(part.block.of("provider", "aws") for part in self.parts(folder) or ())

    def number(self) -> int:
        """Returns a number that tells a role apart from all others."""
        self._count += 1
        return self._count

    def _part_of(self, block: Block) -> Part:
        return self._parts_of[id(block)]

    def _made(self, module: Module, part: Part, address: str) -> Iterator[Candidate]:
        """Yields the roles that a resource makes; one where nobody can say how many."""
        instances = module.scope.instances(part.block)
        are_known = instances is not None
        for key, scope in (instances if instances is not None else {"0": module.scope.of_any()}).items():
            yield module.candidate(part, scope, key, self.number(), address, is_known=are_known)

    def _called(self, folder: str, part: Part, module: Module, address: str, depth: int) -> Iterator[Made]:
        call, scope = part.block, module.scope
        name = call.labels[0] if call.labels else ""
        source = scope.value(call.attributes.get("source"))
        if not isinstance(source, str) or is_open(source):
            yield Made((), (Unread(part.line("source"), f"module {name}"),))
            return
        instances = scope.instances(call)
        is_given_more = module.policy_givers.give_to(call)
        for key, each in (instances if instances is not None else {"": scope.of_any()}).items():
            own = f"{address}module.{name}[{key}]."
            arguments = {key: each.value(expression) for key, expression in call.attributes.items()}
            around = scope.around
            if "providers" in call.attributes:  # they may be of another account, and of another region
                around, arguments = NOWHERE, {key: _elsewhere(value) for key, value in arguments.items()}
            if source.startswith("."):
                inner = posixpath.normpath(posixpath.join(folder, source))
                if self._has_provider(inner):
                    around = NOWHERE
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
        of_parameters = part.line("ssm_parameter_arns" if granted.parameters else "source")
        place = Place(part.path, 0, ("module", *part.block.labels), self.number())
        named = part.line("name ")
        trusting = part.line("namespace_service_accounts" if "namespace_service_accounts" in part.text else "subjects")
        role = role_for(made.name, made.trust, granted, place, address)
        lines = {"role_name": named, "path": part.line("path"), "namespace": trusting, "service_account": trusting}
        lines |= dict.fromkeys(("secret_arns", "kms_key_arns", "actions"), reading)
        lines["parameter_arns"] = of_parameters
        role = role._replace(lines=lines, path=made.path)
        return Candidate(role, address, is_known=False, is_for_service_accounts=None)


def _less_known(made: Made, *, is_known: bool, is_given_more: bool) -> Made:
    """Returns what a module makes that is called so often as nobody knows, or whose roles get policies elsewhere."""
    if is_known and not is_given_more:
        return made
    roles = (each.role.with_more if is_given_more else each.role for each in made.candidates)
    found = zip(made.candidates, roles, strict=True)
    candidates = tuple(each._replace(role=role, is_known=False) for each, role in found)
    return Made(candidates, made.unread)


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


def configured(found: Sequence[Tfvars], others: Sequence[File], files: Files, modules: Modules) -> Iterator[Tfvars]:
    """Yields variable files, those that state no roles with the roles of the configuration that they are for.

    `others` are variable files that name no cluster: what they state may be laid over a default.
    """
    configurations = Configurations(files)
    loaded = _loaded(found, others)
    for each in found:
        module = None if ROLES in each.values else modules.module_of(each.path, each.values.keys())
        if module is not None:
            beside = dict.fromkeys(_stated_beside(others, each.path, module.folder), UNKNOWN)
            over = _laid_over(loaded.get(posixpath.dirname(each.path), ()), each.path)
            roles = configurations.roles(module.folder, {**beside, **each.values, **over})
            yield with_roles(each, roles.roles, is_whole=roles.is_whole)
        else:
            yield each if ROLES in each.values else with_roles(each, (), is_whole=False)


def _loaded(found: Iterable[Tfvars], others: Iterable[File]) -> Mapping[str, list[_Loaded]]:
    """Returns what Terraform loads by itself, by folder."""
    loaded: defaultdict[str, list[_Loaded]] = defaultdict(list)
    stated = ((each.path, each.values) for each in found)
    for path, values in (*stated, *((each.path, each.variables) for each in others)):
        order = loading_order(path)
        if order is not None:
            loaded[posixpath.dirname(path)].append((order, values))
    return loaded


def _laid_over(loaded: Iterable[_Loaded], path: str) -> dict[str, object]:
    """Returns what Terraform loads after a variable file, of what it loads by itself from the folder of that one."""
    order = loading_order(path)
    later = [each for each in loaded if order is not None and each[0] > order]
    return {name: value for _, values in sorted(later, key=itemgetter(0)) for name, value in values.items()}


def _stated_beside(others: Sequence[File], path: str, folder: str) -> Iterator[str]:
    """Yields what variable files state that may be given with another one: those beside it, in its module or above."""
    for file in others:
        where = posixpath.dirname(file.path)
        if not where or any(f"{each}/".startswith(f"{where}/") for each in (posixpath.dirname(path), folder)):
            yield from file.variables
