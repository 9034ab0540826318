"""Sets of Terraform, which have no order until they are made into a list.

Source: Terraform, "for Expressions", Ordering of Elements: the elements of a set of strings are sorted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.terraform_unknowns import is_exact

if TYPE_CHECKING:
    from collections.abc import Iterable


class SetOf(list[object]):
    """The elements of a set, each once and sorted where all of them are known."""


def set_of(items: Iterable[object]) -> SetOf:
    """Returns a set of some elements. Of what is not known as a whole, two may be the same."""
    found = list(items)
    if all(isinstance(each, str) and is_exact(each) for each in found):
        return SetOf(sorted(set(map(str, found))))
    return SetOf(found)


def in_order(value: list[object]) -> list[object] | None:
    """Returns the items of a list, or of a set in the order in which Terraform gives them; None where it is unknown."""
    if not isinstance(value, SetOf):
        return value
    is_sorted = all(isinstance(each, str) and is_exact(each) for each in value)
    return list(value) if is_sorted or len(value) <= 1 else None
