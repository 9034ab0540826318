"""The Terraform modules of a tree: the variables that each declares, and which module a variable file is for."""

from __future__ import annotations

import posixpath
from collections import Counter, deque
from typing import TYPE_CHECKING

from gitops_gen.data_classes import entity
from gitops_gen.evidence.terraform_types import ANY, Type, parse_type
from gitops_gen.evidence.values import at, map_at, text_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from gitops_gen.evidence.files import Files

_ENDING = ".tf"
OTHER_ENDINGS = (".tf.json", ".tofu", ".tofu.json", "override.tf")
"""Of files in JSON, of OpenTofu, or that are laid over the others: what they say is not read here."""

_ENOUGH = 2 / 3
"""The part of a file's variables that a module elsewhere must declare, to be taken for the one that it is for."""


class Variable(NamedTuple):
    """A variable that a module declares."""

    name: str
    path: str
    """The file."""
    type: Type
    is_required: bool
    is_secret: bool = False
    """True for one that is declared sensitive or ephemeral: its value belongs into no file."""


@entity
class Module:
    """A folder with a configuration of Terraform."""

    folder: str
    variables: Mapping[str, Variable]
    calls: tuple[tuple[str, Mapping[str, object]], ...]
    """The modules in other folders that it calls, with the arguments as they are written."""
    providers: tuple[tuple[str, Mapping[str, object]], ...] = ()
    """Its providers of AWS, each with the file that it stands in."""


class Modules:
    """The modules of a tree by folder. One with a file that cannot be read is nobody's: what it declares is unknown."""

    def __init__(self, files: Files, paths: Iterable[str]) -> None:
        # The variable files may be all that is judged, and the module that they are written for stands beside them.
        paths = tuple(dict.fromkeys((*paths, *files.near_the_top())))
        found = dict(_modules(files, paths))
        self._unread = {posixpath.dirname(path) for path in paths if path.endswith(OTHER_ENDINGS)}
        self._unread |= {folder for folder, module in found.items() if module is None}
        self._modules = {
            folder: module for folder, module in found.items() if module is not None and folder not in self._unread
        }
        called = {folder for module in self._modules.values() for folder, _ in module.calls}
        self._roots = [module for module in self._modules.values() if module.folder not in called]
        self._declaring: dict[str, list[Module]] = {}
        """The roots that declare a variable, by its name."""
        for module in self._roots:
            for name in module.variables:
                self._declaring.setdefault(name, []).append(module)
        self._alike_of: dict[frozenset[str], Module | None] = {}

    def module_of(self, path: str, names: Collection[str]) -> Module | None:
        """Returns the module that a variable file is for.

        The one in its folder, or the nearest one above that declares a variable of it; else the one root module that
        declares the most of its variables, and enough of them.
        """
        folder = own = posixpath.dirname(path)
        while folder not in self._unread:
            module = self._modules.get(folder)
            if module is not None and (folder == own or not module.variables.keys().isdisjoint(names)):
                return module
            if not folder:
                return self._alike(frozenset(names))
            folder = posixpath.dirname(folder)
        return None

    def is_for_another(self, name: str, module: Module) -> bool:
        """True for a variable that another module declares which is run: a file may be given to several."""
        return any(name in each.variables for each in self._roots if each is not module)

    def type_of(self, module: Module, variable: Variable) -> Type:
        """Returns the type of a variable; of one that takes anything, that of the module that it is passed on to."""
        return self.typing(module, variable).type

    def typing(self, module: Module, variable: Variable, depth: int = 3) -> Variable:
        """Returns the variable that says of which type a variable is: itself, or one that it is passed on to."""
        if variable.type is not ANY or not depth:
            return variable
        for folder, arguments in module.calls:
            called = self._modules.get(folder)
            for name, written in arguments.items():
                inner = called.variables.get(name) if called else None
                if written == f"var.{variable.name}" and called is not None and inner is not None:
                    return self.typing(called, inner, depth - 1)
        return variable

    def _alike(self, names: frozenset[str]) -> Module | None:
        if names not in self._alike_of:
            shared = Counter(each.folder for name in names for each in self._declaring.get(name, ()))
            best = max(shared.values(), default=0)
            alike = [folder for folder, count in shared.items() if count == best]
            is_one = len(alike) == 1 and best >= _ENOUGH * len(names)
            self._alike_of[names] = self._modules[alike[0]] if is_one else None
        return self._alike_of[names]


def _modules(files: Files, paths: Iterable[str]) -> Iterator[tuple[str, Module | None]]:
    folders: dict[str, list[str]] = {}
    for path in paths:
        if path.endswith(_ENDING):
            folders.setdefault(posixpath.dirname(path), []).append(path)
    waiting = deque(folders)
    while waiting:
        folder = waiting.popleft()
        module = _module(files, folder, folders[folder])
        if module is None or module.variables or module.calls:
            yield folder, module
        for called, _ in module.calls if module else ():
            if called not in folders and not called.startswith(".."):
                folders[called] = [path for path in files.under(called, recurse=False) if path.endswith(_ENDING)]
                waiting.append(called)


def _module(files: Files, folder: str, paths: list[str]) -> Module | None:
    variables: dict[str, Variable] = {}
    calls: list[tuple[str, Mapping[str, object]]] = []
    providers: list[tuple[str, Mapping[str, object]]] = []
    for path in paths:
        values = _parsed(files, path)
        if values is None:
            return None
        for name, block in map_at(values, "variable").items():
            variables[name] = _variable(name, path, block)
        for block in map_at(values, "module").values():
            source = text_at(block, "source") or ""
            if source.startswith("."):
                calls.append((posixpath.normpath(posixpath.join(folder, source)), map_at(block)))
        stated = at(values, "provider", "aws")
        of_aws = stated if isinstance(stated, list) else [stated]
        providers += [(path, map_at(each)) for each in of_aws if each is not None]
    return Module(folder, variables, tuple(calls), tuple(providers))


def _parsed(files: Files, path: str) -> object | None:
    from gitops_gen.evidence.hcl import parse_hcl

    file = files.get(path)
    if file is None:
        return None
    values, problem = parse_hcl(path, file.text)
    return None if problem else values


def _variable(name: str, path: str, block: object) -> Variable:
    stated = text_at(block, "type")
    has_default = isinstance(block, dict) and "default" in block
    is_secret = at(block, "sensitive") is True or at(block, "ephemeral") is True
    return Variable(name, path, parse_type(stated) if stated else ANY, not has_default, is_secret)
