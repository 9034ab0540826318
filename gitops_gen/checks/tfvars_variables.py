"""A variable file gives a Terraform module the variables that it declares, each of its type.

Terraform ignores a variable that the module does not declare, with a warning that nobody reads in a pipeline, and asks
for one that is missing, or stops. A value of another type stops the plan. The module is the one in the folder of the
file, or one above it that knows a variable of it, or else the one that declares most of its variables; what it passes
on with var.NAME is judged by the type of the module that takes it. Its provider works in the account of the file, where
it says in which it may. In other people's files a name that is not declared is a warning, and so is a type where the
module is in another folder; one that is missing is a note, and what is declared sensitive may be missing, as it belongs
into no file. Where no module is here, a generated file of a cluster has what the others of its kind have, and in any
file a slip is told in a variable that all of the others beside it have. It stands in the folder of its cluster, where
the others do. One with roles for a cluster that no Application lands on is a warning
where the Secrets of other clusters are here and not its own. A file with the settings of a backend, for terraform init,
gives no variables. A file in JSON, as one.auto.tfvars.json, is read as well.

Fix: name the variables as variables.tf does; give each that has no default a value of its type.

Source: Terraform, "Input Variables", "Type Constraints", "Backend block configuration"; tried with 1.11.4.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from gitops_gen.checks.cluster_variables import NAMES, ROLE_LISTS, TEXTS, cluster_variables
from gitops_gen.checks.finding import Check, Finding
from gitops_gen.checks.left_variables import left_variables
from gitops_gen.checks.misplaced_variables import misplaced_variables
from gitops_gen.checks.provider_accounts import provider_accounts
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.terraform import ROLES
from gitops_gen.evidence.terraform_modules import Modules
from gitops_gen.evidence.terraform_types import mismatches
from gitops_gen.evidence.values import list_at, map_at
from gitops_gen.problems import Location, Severity, some_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gitops_gen.evidence.files import File
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.leaves import Steps
    from gitops_gen.evidence.terraform_modules import Module, Variable

_BACKENDS = (
    frozenset({"bucket", "key"}),
    frozenset({"bucket", "prefix"}),
    frozenset({"storage_account_name", "container_name"}),
    frozenset({"address", "lock_address"}),
)
"""What S3, Google Cloud Storage, Azure and HTTP need to keep a state: each has settings of such names."""


def _run(graph: Graph) -> Iterator[Finding]:
    files = [file for file in graph.variable_files if file.hcl_problem is None]
    if not files:
        return
    modules = Modules(graph.files, graph.paths)
    alone: list[File] = []
    unknown: set[str] = set()
    for file in files:
        module = modules.module_of(file.path, file.variables)
        if module is not None and _is_of_backend(file.variables, module):
            continue
        if module is not None:
            yield from _names(graph, modules, file, module)
            yield from _types(graph, modules, file, module)
            yield from provider_accounts(graph, file, module)
        if graph.is_ours(Place(file.path)):
            yield from _empty(file)
            if module is not None:
                yield from _numbers(file)
            if module is None and not NAMES.isdisjoint(file.variables):
                alone.append(file)
                continue
        if module is None:
            unknown.add(file.path)
    yield from cluster_variables(alone)
    if unknown:
        from gitops_gen.checks.neighbouring_variables import neighbouring_variables

        yield from neighbouring_variables(graph, files, unknown)
    yield from misplaced_variables(graph)
    yield from left_variables(graph)


def _is_of_backend(variables: Mapping[str, object], module: Module) -> bool:
    """True for the settings of a backend, given with -backend-config: none of those is a variable of the module."""
    return any(each <= variables.keys() and each.isdisjoint(module.variables) for each in _BACKENDS)


def _names(graph: Graph, modules: Modules, file: File, module: Module) -> Iterator[Finding]:
    missing = {
        each.name: each for each in module.variables.values() if each.is_required and each.name not in file.variables
    }
    is_beside = graph.is_ours(Place(file.path)) or posixpath.dirname(file.path) == module.folder
    for name in file.variables:
        if name not in module.variables and (is_beside or not modules.is_for_another(name, module)):
            meant = missing.pop(_nearest(name, missing), None)
            yield _undeclared(graph, file, module, name, meant)
    if graph.is_ours(Place(file.path)):
        for variable in missing.values():
            yield _missing(graph, file, module, (variable,))
    elif others := tuple(each for each in missing.values() if not each.is_secret):
        yield _missing(graph, file, module, others)


def _nearest(name: str, names: Iterable[str]) -> str:
    from difflib import get_close_matches

    longer = [each for each in names if each.startswith(name) or name.startswith(each)]
    return next(iter(longer or get_close_matches(name, names, n=1)), "")


def _undeclared(graph: Graph, file: File, module: Module, name: str, meant: Variable | None) -> Finding:
    declared = _declared(graph, meant) if meant else Location(module.folder or ".")
    return Finding(
        f"the module in {_folder(file, module)} declares no variable {name}: Terraform ignores it",
        Place(file.path, 0, (name,)),
        f"did you mean {meant.name}, which has no value?" if meant else "remove it, or declare it",
        related=((declared, f"{meant.name} is declared here" if meant else "the module"),),
        # Terraform warns of it. What is meant may have its value from -var, TF_VAR_ or another file.
        severity=Severity.ERROR if meant and graph.is_ours(Place(file.path)) else Severity.WARNING,
        on_key=True,
        cause=f"undeclared {name}",
    )


def _missing(graph: Graph, file: File, module: Module, variables: tuple[Variable, ...]) -> Finding:
    # Other files, -var or TF_VAR_ may give them where the files are not generated: there one note tells them all.
    names = [each.name for each in variables]
    return Finding(
        f"the module in {_folder(file, module)} has no default for {some_of(names)}, and here is no value",
        Location(file.path, 1, 1),
        f'add "{names[0]}":' if file.is_json else f"add {names[0]} =",
        related=((_declared(graph, variables[0]), f"{'it' if len(names) == 1 else names[0]} is declared here"),),
        severity=Severity.ERROR if graph.is_ours(Place(file.path)) else Severity.NOTE,
        cause=f"missing {', '.join(names)}",
    )


def _folder(file: File, module: Module) -> str:
    return module.folder or ("the root folder" if "/" in file.path else "this folder")


def _types(graph: Graph, modules: Modules, file: File, module: Module) -> Iterator[Finding]:
    # A module in another folder is the one as far as its variables tell; there may be another one of that name.
    is_its_own = graph.is_ours(Place(file.path)) or module.folder == posixpath.dirname(file.path)
    for name, value in file.variables.items():
        variable = module.variables.get(name)
        if variable is None:
            continue
        typing = modules.typing(module, variable)
        passed_on = ((_declared(graph, typing), "its type is stated here"),) if typing is not variable else ()
        for mismatch in mismatches(value, typing.type):
            yield Finding(
                f"{'.'.join(map(str, (name, *mismatch.steps)))}: got {mismatch.got}, expected {mismatch.expected}",
                Place(file.path, 0, (name, *mismatch.steps)),
                "write a value of that type",
                related=((_declared(graph, variable), "the variable is declared here"), *passed_on),
                severity=Severity.ERROR if is_its_own else Severity.WARNING,
                cause=f"type of {name}",
            )


def _declared(graph: Graph, variable: Variable) -> Location:
    """Returns the line on which a module declares a variable."""
    file = graph.files.get(variable.path)
    found = re.search(rf'^\s*variable\s+"{re.escape(variable.name)}"', file.text, re.MULTILINE) if file else None
    if file is None or found is None:
        return Location(variable.path)
    return Location(variable.path, file.text.count("\n", 0, found.end()) + 1)


def _empty(file: File) -> Iterator[Finding]:
    """A generated file gives every variable something: an empty text is one that got lost."""
    for name, value in file.variables.items():
        if value in ("", None):
            yield Finding(
                f"the variable {name} is empty",
                Place(file.path, 0, (name,)),
                "write its value",
                cause=f"empty {name}",
            )


def _numbers(file: File) -> Iterator[Finding]:
    """A generated file quotes every text: Terraform makes one of a number too, and no account or ARN is left."""
    for steps, value in _texts(file.variables):
        if value is None or isinstance(value, int | float):
            got = "null" if value is None else "true or false" if isinstance(value, bool) else "a number"
            yield Finding(
                f"{'.'.join(map(str, steps))}: got {got}, expected a string",
                Place(file.path, 0, steps),
                "write it in quotes",
                cause=f"type of {steps[0]}",
            )


def _texts(variables: Mapping[str, object]) -> Iterator[tuple[Steps, object]]:
    """Yields what has to be a text, with what leads to it; a variable that is null is an empty one."""
    for name in TEXTS:
        yield (name,), "" if variables.get(name) is None else variables[name]
    for key, role in map_at(variables, ROLES).items():
        for name in ROLE_LISTS:
            for index, each in enumerate(list_at(role, name)):
                yield (ROLES, key, name, index), each


CHECK = Check("tfvars-variables", _run, __doc__)
