"""What `try` and `can` of Terraform come to: what is not there fails, and what is not known may be there.

Source: Terraform, "try Function" and "can Function".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gitops_gen.evidence.hcl_tree import Access, Literal, Reference
from gitops_gen.evidence.terraform_sets import SetOf
from gitops_gen.evidence.terraform_unknowns import UNKNOWN, has_unknown, is_open

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitops_gen.evidence.hcl_tree import Expression
    from gitops_gen.evidence.terraform_values import Scope


@dataclass(frozen=True, slots=True)
class Failed:
    """An error of Terraform."""


FAILED: Final = Failed()
_READ = (Reference, Access, Literal)
"""Expressions in which nothing is worked out that may fail by itself."""


def tried(arguments: Sequence[Expression], scope: Scope) -> object:
    """Returns the first of some expressions that is no error; FAILED if all are, UNKNOWN if that is not known."""
    for each in arguments:
        found = scope.value(each)
        if found is UNKNOWN and scope.is_absent(each):
            continue
        return found if isinstance(each, _READ) or not has_unknown(found) else UNKNOWN
    return FAILED


def is_missing(value: object, steps: Sequence[str]) -> bool:
    """True where nothing is below a value by some steps, whatever is not known of it."""
    for step in steps:
        match value:
            case dict() if step in value:
                value = value[step]
            case dict():
                return not any(map(is_open, value))
            case list() if not isinstance(value, SetOf) and step.isdecimal():
                if int(step) >= len(value):
                    return True
                value = value[int(step)]
            case str():
                return not is_open(value)
            case bool() | int() | float() | None:
                return True
            case _:
                return False
    return False
