"""The Terraform that a tree holds, as it is run: each root with the values that are known, and what it makes.

A root is a folder that no other one calls by a path. It runs with the variable files beside it that Terraform loads by
itself, and once with each other file that is for it; Terragrunt runs a module with the inputs of its own file.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.evidence.charts import is_hidden
from gitops_gen.evidence.files import TFVARS_ENDINGS
from gitops_gen.evidence.hcl_files import parse
from gitops_gen.evidence.hcl_texts import NotHclError
from gitops_gen.evidence.hcl_tree import Block, Call, ListOf, Literal, Object, Template
from gitops_gen.evidence.retired import retired_folder
from gitops_gen.evidence.terraform import loading_order
from gitops_gen.evidence.terraform_mentions import EXCLUSIVE, POLICIES, SEVERAL, is_of_any
from gitops_gen.evidence.terraform_modules import OTHER_ENDINGS, Modules
from gitops_gen.evidence.terraform_resources import Part, defaults
from gitops_gen.evidence.terraform_roles import Configurations, Made, Unread
from gitops_gen.evidence.terraform_surroundings import Surroundings
from gitops_gen.evidence.terraform_unknowns import ACCOUNT, HOLE, PARTITION, UNKNOWN
from gitops_gen.evidence.terraform_values import Scope
from gitops_gen.evidence.trust import NOBODY_KNOWS
from gitops_gen.evidence.values import text_at
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.problems import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from gitops_gen.evidence.files import File, Files
    from gitops_gen.evidence.hcl_tree import Expression
    from gitops_gen.evidence.terraform import Role
    from gitops_gen.evidence.terraform_resources import Candidate

TERRAFORM = ".tf"
TERRAGRUNT = "terragrunt.hcl"
_OF_MODULES = frozenset({"modules", "module", "_modules", "tf-modules", "terraform-modules"})
"""Folders of what is called from somewhere, be it another repository."""
_OF_VARIABLE_FILES = frozenset({"required_var_files", "optional_var_files"})
_NO_ARGUMENTS, _NO_VARIABLES = ListOf((), 0), Object((), 0)
_GIVING = {**dict.fromkeys(POLICIES, "role"), SEVERAL: "roles", EXCLUSIVE: "role_name"}
"""What gives policies to roles, and the attribute that names these."""
_IN_ROLES = ("aws_iam_role", "iam-role", "iam-assumable-role", "pod-identity", "eks-blueprints-addon", "irsa")


class Run(NamedTuple):
    """What one run of a configuration makes."""

    made: Made
    cluster: str
    """The cluster that its variable file names; empty for none."""


class Roots:
    """The roots of a tree."""

    def __init__(self, files: Files, paths: Sequence[str], asked: Collection[str] = ()) -> None:
        self._files = files
        own = [path for path in paths if not is_hidden(path) and retired_folder(path, asked) is None]
        self._terragrunt = [path for path in own if path.rpartition("/")[2] == TERRAGRUNT]
        self._variable_files = [path for path in own if path.endswith(TFVARS_ENDINGS)]
        self._paths = [path for path in own if path.endswith(TERRAFORM)]
        self._all = paths
        self._other_paths = [path for path in own if path.endswith(OTHER_ENDINGS)]
        self._others = set(map(posixpath.dirname, self._other_paths))
        self._configurations = Configurations(files)

    @cached_property
    def is_empty(self) -> bool:
        """True if nothing looks like a role."""
        texts = (self._files.content(path) or "" for path in (*self._paths, *self._terragrunt, *self._other_paths))
        return not any(word in text for text in texts for word in _IN_ROLES)

    def runs(self) -> Iterator[Run]:
        """Yields what each run makes."""
        folders = dict.fromkeys(map(posixpath.dirname, self._paths))
        called = {inner for folder in folders for inner in self._calls(folder)}
        for path in self._terragrunt:
            yield from self._of_terragrunt(path, called)
        for folder in folders:
            if folder not in called:
                yield from self._runs_of(folder)
        for folder in sorted(self._others - folders.keys()):
            yield _unread(folder, "the Terraform there")

    def is_given_policies(self, role: str, path: str) -> bool:
        """True for a role that is given a policy in another folder than the one of its file, by its name."""
        return bool(self._given_in.get(role, set()) - {posixpath.dirname(path)})

    def may_be_given_policies(self, path: str) -> bool:
        """True where another folder than the one of a role's file gives policies to roles that nobody can name."""
        return bool(self._given_in.get(HOLE, set()) - {posixpath.dirname(path)})

    @cached_property
    def _given_in(self) -> Mapping[str, set[str]]:
        """The folders in which roles are given policies, by the written name; those of any role by a HOLE."""
        found: dict[str, set[str]] = {}
        for folder in dict.fromkeys(map(posixpath.dirname, self._paths)):
            for part in self._configurations.parts(folder) or ():
                for role in _given_policies(part.block):
                    if isinstance(role, Literal):
                        found.setdefault(str(role.value), set()).add(folder)
                    elif is_of_any(role):
                        found.setdefault(HOLE, set()).add(folder)
        return found

    def _calls(self, folder: str) -> Iterator[str]:
        for part in self._configurations.parts(folder) or ():
            for call in part.block.of("module"):
                source = call.attributes.get("source")
                if isinstance(source, Literal) and str(source.value).startswith("."):
                    found = posixpath.normpath(posixpath.join(folder, str(source.value)))
                    yield "" if found == "." else found

    def _runs_of(self, folder: str) -> Iterator[Run]:
        body = self._body(folder)
        if body is None or folder in self._others:
            yield _unread(folder, "the Terraform there")
        elif not _OF_MODULES.isdisjoint(folder.split("/")):
            declared = dict.fromkeys((each.labels[0] for each in body.of("variable") if each.labels), UNKNOWN)
            yield Run(self._configurations.made(folder, declared, _NOWHERE_KNOWN), "")
        else:
            files = self._files_of.get(folder, ())
            own = {each.labels[0] for each in body.of("variable") if each.labels}
            anywhere = dict.fromkeys(own & self._stated_anywhere, UNKNOWN)
            loaded = {name: value for file in _loaded(files, folder) for name, value in file.variables.items()}
            chosen = [file for file in files if not _is_loaded(file, folder)]
            stated = anywhere | {name: UNKNOWN for file in chosen for name in file.variables}
            for file in chosen:
                cluster = text_at(file.variables, "cluster_name") or ""
                beside = (each for each in chosen if text_at(each.variables, "cluster_name") is None)
                over = {name: UNKNOWN for each in beside for name in each.variables}  # it may be given, too
                yield Run(self._made(folder, body, {**stated, **loaded, **over, **file.variables}), cluster)
            if not chosen:
                yield Run(self._made(folder, body, {**anywhere, **loaded}), text_at(loaded, "cluster_name") or "")

    def _made(self, folder: str, body: Block, values: Mapping[str, object]) -> Made:
        """Returns what a root makes; what comes of a default, over which one may lay another value, is marked so."""
        own = defaults(body)
        made = self._configurations.made(folder, values, _surroundings(body, {**own, **values}))
        open_values = {**dict.fromkeys(own, UNKNOWN), **values}
        if not made.candidates or not own.keys() - values.keys():
            return made
        without = self._configurations.made(folder, open_values, _surroundings(body, open_values))
        known = {each.address: each.role for each in without.candidates}
        return made._replace(candidates=tuple(_marked(each, known.get(each.address)) for each in made.candidates))

    def _body(self, folder: str) -> Block | None:
        parts = self._configurations.parts(folder)
        return None if parts is None else Block("", (), {}, tuple(one for each in parts for one in each.block.blocks))

    @cached_property
    def _files_of(self) -> Mapping[str | None, list[File]]:
        """The variable files of each root; by None those of which nobody can say for which one they are."""
        found: dict[str | None, list[File]] = {}
        modules: Modules | None = None
        folders = set(map(posixpath.dirname, self._paths))
        for path in self._variable_files:
            file, folder = self._files.get(path), posixpath.dirname(path)
            if file is None:
                continue
            of: str | None = folder
            if folder not in folders:
                modules = modules or Modules(self._files, self._all)
                module = modules.module_of(path, file.variables.keys())
                of = module.folder if module is not None else None
            found.setdefault(of, []).append(file)
        return found

    @cached_property
    def _stated_anywhere(self) -> frozenset[str]:
        """The variables that files state of which nobody can say for which root they are."""
        return frozenset(name for file in self._files_of.get(None, ()) for name in file.variables)

    def _of_terragrunt(self, path: str, called: set[str]) -> Iterator[Run]:
        """Yields what Terragrunt runs: a module with the inputs of a file, and of those that it includes.

        Source: Terragrunt, "terraform block" and "include block": the inputs of the file itself are laid over those;
        "Inputs": variable files are laid over all inputs, be they beside the file or given as extra_arguments;
        "Built-in functions": a file is named by its path from the folder of the terragrunt.hcl.
        """
        text = self._files.content(path) or ""
        try:
            body = parse(text)
        except NotHclError:
            yield _unread(path, "what Terragrunt runs there")
            return
        blocks = body.of("terraform")
        stated = blocks[0].attributes.get("source") if blocks else None
        scope, folder = Scope({}, body, read=self._beside(path)), posixpath.dirname(path)
        inputs = scope.value(body.attributes.get("inputs"))
        over = dict.fromkeys(self._loaded_in.get(folder, ()), UNKNOWN)
        values = {**(_unmerged(inputs, body) if isinstance(inputs, dict) else {}), **over}
        is_given = any(_gives_variables(each, scope) for block in blocks for each in block.of("extra_arguments"))
        is_whole = isinstance(inputs, dict) and not body.of("include") and not is_given
        source = _source(stated, folder)
        inner = self._body(source) if source is not None else None
        if source is not None and inner is not None:
            called.add(source)
            names = (each.labels[0] for each in inner.of("variable") if each.labels)
            unknown = {} if is_whole else dict.fromkeys(names, UNKNOWN)
            known = {} if is_given else values
            yield Run(self._configurations.made(source, {**unknown, **known}, _NOWHERE_KNOWN), "")
        elif isinstance(stated, Literal) and is_whole:
            part = Part(path, text, Block("terragrunt", (), body.attributes, body.blocks, 0, len(text)))
            yield Run(self._configurations.far(part, str(stated.value), values, path), "")
        elif stated is not None:
            yield _unread(path, "what Terragrunt runs there")

    @cached_property
    def _loaded_in(self) -> Mapping[str, set[str]]:
        """The variables of which Terraform loads a value by itself, by the folder of the variable file."""
        found: dict[str, set[str]] = {}
        for path in self._variable_files:
            file = self._files.get(path) if loading_order(path) is not None else None
            if file is not None:
                found.setdefault(posixpath.dirname(path), set()).update(file.variables)
        return found

    def _beside(self, path: str) -> Callable[[str], str | None]:
        """Returns what reads a file by its path from the folder of another one, as Terragrunt does."""
        folder = posixpath.dirname(path)

        def read(name: str) -> str | None:
            target = posixpath.normpath(posixpath.join(folder, name))
            return None if target.startswith(("/", "..")) else self._files.content(target)

        return read


_NOWHERE_KNOWN = Surroundings(ACCOUNT, PARTITION, HOLE)


def _unmerged(inputs: Mapping[str, object], body: Block) -> Mapping[str, object]:
    """Returns inputs as far as no file that Terragrunt includes adds to them.

    Source: Terragrunt, "include block", merge_strategy: deep joins lists, and maps key by key; deep_map_only does so
    with maps.
    """
    stated = [each.attributes["merge_strategy"] for each in body.of("include") if "merge_strategy" in each.attributes]
    strategies = {each.value if isinstance(each, Literal) else "deep" for each in stated}
    joined = (list, dict) if "deep" in strategies else dict if "deep_map_only" in strategies else ()
    return {name: UNKNOWN if isinstance(value, joined) else value for name, value in inputs.items()}


def _given_policies(body: Block) -> Iterator[Expression]:
    """Yields what names the roles that are given policies."""
    for each in body.of("resource"):
        stated = each.attributes.get(_GIVING.get(each.labels[0], "")) if each.labels else None
        if stated is not None:
            yield from stated.items if isinstance(stated, ListOf) else (stated,)


def _gives_variables(block: Block, scope: Scope) -> bool:
    """True for extra_arguments that may give variables a value, which is laid over the inputs.

    Source: Terragrunt, "Extra Arguments".
    """
    arguments = scope.value(block.attributes.get("arguments", _NO_ARGUMENTS))
    environment = scope.value(block.attributes.get("env_vars", _NO_VARIABLES))
    if not _OF_VARIABLE_FILES.isdisjoint(block.attributes):
        return True
    if not isinstance(arguments, list) or not isinstance(environment, dict):
        return True
    are_flags = all(isinstance(each, str) and not each.lstrip("-").startswith(("var", HOLE)) for each in arguments)
    return not are_flags or any(each.startswith(("TF_VAR_", "TF_CLI_ARGS", HOLE)) for each in environment)


def _unread(path: str, what: str) -> Run:
    return Run(Made((), (Unread(Location(path), what),)), "")


def _surroundings(body: Block, variables: Mapping[str, object]) -> Surroundings:
    """Returns where a root makes things, by its one provider without an alias."""
    providers = [each for each in body.of("provider", "aws") if "alias" not in each.attributes]
    if len(providers) != 1:
        return _NOWHERE_KNOWN
    scope = Scope(variables, body)
    region = scope.value(providers[0].attributes.get("region"))
    accounts = scope.value(providers[0].attributes.get("allowed_account_ids"))
    account = accounts[0] if isinstance(accounts, list) and len(accounts) == 1 else None
    is_known = isinstance(account, str) and account.isdecimal()
    return Surroundings(
        account if isinstance(account, str) and is_known else ACCOUNT,
        PARTITION,
        region if isinstance(region, str) else HOLE,
    )


def _source(stated: Expression | None, folder: str) -> str | None:
    """Returns the folder of the tree that a source of Terragrunt names; None for any other."""
    match stated:
        case Literal(value=str(text)) if text.startswith("."):
            found = posixpath.join(folder, text)
        case Template(parts=(Call(name="get_repo_root", arguments=()), str(text))):
            found = text.lstrip("/")
        case Template(parts=(Call(name="get_terragrunt_dir", arguments=()), str(text))):
            found = f"{folder}{text}"
        case _:
            return None
    return posixpath.normpath(found.replace("//", "/"))


def _loaded(files: Sequence[File], folder: str) -> list[File]:
    """Returns the files that Terraform loads by itself, in its order."""
    found = [(order, each) for each in files if (order := _order(each, folder)) is not None]
    return [each for _, each in sorted(found, key=lambda pair: pair[0])]


def _is_loaded(file: File, folder: str) -> bool:
    return _order(file, folder) is not None


def _order(file: File, folder: str) -> tuple[int, str] | None:
    return loading_order(file.path) if posixpath.dirname(file.path) == folder else None


def _said_by(role: Role) -> tuple[object, ...]:
    read = (role.secret_arns, role.possible_arns, role.parameter_arns, role.possible_parameter_arns)
    return role.name, role.trust, *read, role.kms_key_arns


def _marked(candidate: Candidate, without: Role | None) -> Candidate:
    role = candidate.role
    if without is None:  # whether there is one at all depends on a default
        without = role._replace(name=HOLE, trust=NOBODY_KNOWS, account="").with_more
    is_same = _said_by(role) == _said_by(without)
    return candidate if is_same else candidate._replace(role=role._replace(undefaulted=without))
