"""The operators of Terraform on values that are known.

Source: Terraform, "Arithmetic and Logical Operators".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.terraform_unknowns import ACCOUNT, HOLE, PARTITION, UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_OPEN = {HOLE, ACCOUNT, PARTITION}
_LARGEST = 10**15
"""Numbers beyond which nobody calculates with in a configuration."""

_OF_NUMBERS: Mapping[str, Callable[[int, int], object]] = {
    "+": lambda one, two: one + two,
    "-": lambda one, two: one - two,
    "*": lambda one, two: one * two,
    "/": lambda one, two: one // two if two and one % two == 0 else UNKNOWN,
    "%": lambda one, two: one % two if two > 0 and one >= 0 else UNKNOWN,
    "<": lambda one, two: one < two,
    ">": lambda one, two: one > two,
    "<=": lambda one, two: one <= two,
    ">=": lambda one, two: one >= two,
}


def compared(operator: str, one: object, other: object) -> object:
    """Returns what an operator with two operands comes to; UNKNOWN for what is not whole numbers, unless it is == ."""
    if operator in ("==", "!="):
        is_same = _is_same(one, other)
        return UNKNOWN if is_same is None else is_same is (operator == "==")
    if not (_is_whole(one) and _is_whole(other)) or operator not in _OF_NUMBERS:
        return UNKNOWN
    return _OF_NUMBERS[operator](int(str(one)), int(str(other)))


def negated(value: object) -> object:
    """Returns a whole number with the other sign."""
    return -int(str(value)) if _is_whole(value) else UNKNOWN


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= _LARGEST


def _is_same(one: object, other: object) -> bool | None:
    """Tells whether two values are equal; None where they are not known, or of two types."""
    if one is UNKNOWN or other is UNKNOWN:
        return None
    if one is None or other is None:
        return one is other
    match one, other:
        case str(), str():
            return None if _OPEN & {*one, *other} else one == other
        case bool(), bool():
            return one is other
        case (bool(), _) | (_, bool()):
            return None
        case int() | float(), int() | float():
            return one == other
        case _:
            return None
