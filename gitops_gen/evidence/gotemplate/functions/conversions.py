"""How sprig makes a text or a number of any value. Source: Masterminds/sprig v3.3.0 and spf13/cast."""

from __future__ import annotations

import re

from gitops_gen.evidence.gotemplate import fmt, numbers
from gitops_gen.evidence.gotemplate.errors import CannotSayError
from gitops_gen.evidence.gotemplate.values import Strings, is_list, ordered

_ZERO_DECIMALS = re.compile(r"\.0+\Z")


def to_text(value: object) -> str:
    """Returns the text of a value."""
    return fmt.text(value)


def to_strings(value: object) -> Strings:
    """Returns the texts of the elements of a list, without nil; whatever else is the one element of a list."""
    if is_list(value):
        return Strings(to_text(element) for element in value if element is not None)
    return Strings() if value is None else Strings([to_text(value)])


def in_sequence(value: object) -> Strings:
    """Returns the same, where the order of the elements counts."""
    return to_strings(ordered(value) if is_list(value) else value)


def to_int(value: object) -> int:
    """Returns a value as an integer of 64 bits, 0 where it is none."""
    if isinstance(value, str):
        return _int_of(value)
    if isinstance(value, float):
        return numbers.whole(value)
    return numbers.whole(value) if isinstance(value, int) else 0


def to_float(value: object) -> float:
    """Returns a value as a float64, 0 where it is none."""
    if isinstance(value, str):
        found = numbers.parse_float(value)
        return 0.0 if found is None else found  # -0 is a number of its own
    return float(value) if isinstance(value, int | float) else 0.0


def _int_of(text: str) -> int:
    digits = _ZERO_DECIMALS.sub("", text)
    if re.match(r"[-+]?0[0-9_]", digits):
        raise CannotSayError(f"the number {text} is decimal or octal, by the version of sprig")
    return numbers.parse_int(digits, any_base=True) or 0
