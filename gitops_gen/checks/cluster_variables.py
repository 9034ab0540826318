"""The variables of a generated variable file, held against what all of them state, where no module is here to ask.

A file that lacks what the others have, a value of another type or a field of a role with a typo stops the plan, or is
dropped by Terraform without a word: an object type takes the attributes that it knows.

Part of tfvars-variables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.terraform import ROLES
from gitops_gen.evidence.values import map_at
from gitops_gen.near_miss import is_typo, nearest_name
from gitops_gen.problems import Location
from gitops_gen.shapes import TEXT, block, many, mapping, misfits

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from gitops_gen.evidence.files import File

TEXTS = ("cluster_name", "env", "account_id", "aws_region", "oidc_provider", "oidc_provider_arn")
NAMES = frozenset({*TEXTS, ROLES})
"""The variables of a cluster, as the generated files have them."""
_ROLE_TEXTS = ("role_name", "namespace", "service_account")
ROLE_LISTS = ("secret_arns", "kms_key_arns")
_ROLE_FIELDS = frozenset({*_ROLE_TEXTS, *ROLE_LISTS})
_ROLE = block({**dict.fromkeys(_ROLE_TEXTS, TEXT), **dict.fromkeys(ROLE_LISTS, many(TEXT))})
_VARIABLES = block({**dict.fromkeys(TEXTS, TEXT), ROLES: mapping(_ROLE)})


def cluster_variables(files: Sequence[File]) -> Iterator[Finding]:
    """Yields what is wrong with some generated variable files of clusters."""
    odd = [file for file in files if not _is_sound(file.variables)]
    stated = {name: file for file in files for name in file.variables} if odd else {}
    fields = {name for file in files for role in _roles(file.variables) for name in map_at(role)} if odd else set()
    for file in odd:
        yield from _missing(file, stated)
        yield from _types(file)
        yield from _fields(file, fields)


def _is_sound(variables: Mapping[str, object]) -> bool:
    """True for what nearly every file is: all of the variables, each of its type, and roles with all of the fields."""
    return all(variables.get(name).__class__ is str for name in TEXTS) and (
        variables.get(ROLES).__class__ is dict and all(map(_is_sound_role, _roles(variables)))
    )


def _is_sound_role(role: object) -> bool:
    return (
        isinstance(role, dict)
        and role.keys() == _ROLE_FIELDS
        and all(role[name].__class__ is str for name in _ROLE_TEXTS)
        and all(role[name].__class__ is list for name in ROLE_LISTS)
        and all(item.__class__ is str for name in ROLE_LISTS for item in role[name])
    )


def _roles(variables: Mapping[str, object]) -> Collection[object]:
    return map_at(variables, ROLES).values()


def _missing(file: File, stated: Mapping[str, File]) -> Iterator[Finding]:
    for name in (*TEXTS, ROLES):
        others = file.variables.keys() - NAMES if name not in file.variables else ()
        typos = (each for each in others if _is_typo(each, name))
        typo = next((each for each in typos if _is_of_its_kind(file.variables[each], name)), None)
        if name not in file.variables and (name in stated or typo is not None):
            slip = typo or nearest_name(name, others)
            yield Finding(
                f"there is no value for {name}{', which the other files have' if name in stated else ''}",
                Place(file.path, 0, (slip,)) if slip else Location(file.path, 1, 1),
                f"write {name} for {slip}" if slip else f"add {name} =",
                related=((Place(stated[name].path, 0, (name,)), "in this one, for example"),) if name in stated else (),
                on_key=slip is not None,
                cause=f"missing {name}",
            )


def _is_typo(variable: str, name: str) -> bool:
    """Tells whether a variable is called almost so, whatever the other files have: by a letter, or by its case."""
    one, other = (each.replace("-", "").replace("_", "") for each in (variable, name))
    return is_typo(one, other) or one.casefold() == other


def _is_of_its_kind(value: object, name: str) -> bool:
    """Tells whether a value may be meant for a variable: a list, account_ids, is none for account_id."""
    return not isinstance(value, list) and isinstance(value, dict) == (name == ROLES)


def _types(file: File) -> Iterator[Finding]:
    for misfit in misfits(file.variables, _VARIABLES, None):
        if not misfit.on_key:
            yield Finding(
                f"{'.'.join(map(str, misfit.steps))}: {misfit.reason}",
                Place(file.path, 0, misfit.steps),
                misfit.hint,
                cause=f"type of {misfit.steps[0]}",
            )


def _fields(file: File, fields: Collection[str]) -> Iterator[Finding]:
    """Yields the fields that a role lacks and others have, or has with a typo: that is no field to Terraform."""
    for key, role in map_at(file.variables, ROLES).items():
        own = map_at(role)
        for name in sorted(_ROLE_FIELDS.difference(own)):
            others = own.keys() - _ROLE_FIELDS
            is_usual = name in fields
            typo = next((each for each in sorted(others) if _is_typo(each, name)), None)
            slip = typo or (nearest_name(name, others) if is_usual else None)
            if is_usual or slip is not None:
                yield Finding(
                    f"role {key} has no {name}{', which the others have' if is_usual else ''}",
                    Place(file.path, 0, (ROLES, key, slip) if slip else (ROLES, key)),
                    f"write {name} for {slip}" if slip else f"add {name} =",
                    on_key=slip is not None,
                    cause=f"role without {name}",
                )
