"""Numbers as Go writes and reads them. Source: the Go packages strconv, fmt and encoding/json."""

from __future__ import annotations

import math
import re

from gitops_gen.evidence.gotemplate.errors import CannotSayError
from gitops_gen.patterns import lazily

_SHORTEST = lazily(r"(\d+)(?:\.(\d+))?(?:e([+-]\d+))?")
_JSON_EXPONENT = lazily(r"e-0(\d)$")
_MOST = 2**63

_INTEGER = lazily(
    r"0[xX](?P<b16>(?:_?[0-9a-fA-F])+)|0[bB](?P<b2>(?:_?[01])+)|0[oO]?(?P<b8>(?:_?[0-7])+)|(?P<b10>0|[1-9](?:_?[0-9])*)"
)
_MOST_DIGITS = 1_000
_DECIMAL = lazily(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_UNUSUAL_FLOAT = lazily(r"[+-]?(?:0[xX].*|inf|infinity|nan|.*_.*)", re.IGNORECASE | re.DOTALL)

_FIXED_FROM, _FIXED_BELOW = -4, 6
"""The exponents between which %v of a float64 has no exponent; so 557702566877 becomes 5.57702566877e+11."""
_JSON_FIXED_FROM, _JSON_FIXED_BELOW = -6, 21


def format_float(number: float) -> str:
    """Returns a float64 as %v and print write it: 3, 0.1, 1e+06."""
    return _unusual(number) or _written(number, _FIXED_FROM, _FIXED_BELOW)


def format_json_float(number: float) -> str:
    """Returns a float64 as encoding/json writes it. Raises CannotSayError for what JSON has not."""
    if _unusual(number):
        raise CannotSayError("a number that is infinite has no JSON")
    return _JSON_EXPONENT.sub(r"e-\1", _written(number, _JSON_FIXED_FROM, _JSON_FIXED_BELOW))


def format_precise(number: float, verb: str, precision: int) -> str:
    """Returns a float64 under %e, %f or %g with a precision."""
    if unusual := _unusual(number):
        return unusual
    return f"{float(number):.{precision}{verb}}"


def wrap(number: int) -> int:
    """Returns the number as it is after an overflow of 64 bits."""
    return (number + _MOST) % (2 * _MOST) - _MOST


def whole(number: float) -> int:
    """Returns the integer part. Raises CannotSayError for what does not fit in 64 bits: Go leaves that open."""
    if not math.isfinite(number) or abs(number) >= _MOST:
        raise CannotSayError("a number that does not fit in 64 bits is made an integer")
    return int(number)


def parse_int(text: str, *, any_base: bool) -> int | None:
    """Returns what strconv.ParseInt reads, or None; `any_base` reads 0x1F, 0b1, 017 and 1_000 too."""
    sign, digits = (text[0], text[1:]) if text[:1] in ("+", "-") else ("", text)
    if len(digits) > _MOST_DIGITS:
        return None
    number = _in_any_base(digits) if any_base else _in_base_ten(digits)
    if number is None:
        return None
    number = -number if sign == "-" else number
    return number if number == wrap(number) else None


def parse_float(text: str) -> float | None:
    """Returns what strconv.ParseFloat reads, or None. Raises CannotSayError for inf, nan and hexadecimal digits."""
    if _DECIMAL.fullmatch(text):
        number = float(text)
        return number if math.isfinite(number) else None
    if _UNUSUAL_FLOAT.fullmatch(text):
        raise CannotSayError(f"the number {text} is of an unusual form")
    return None


def is_negative(number: float) -> bool:
    """Tells whether a float64 has a minus, which zero may have."""
    return math.copysign(1, number) < 0


def _unusual(number: float) -> str | None:
    if isinstance(number, float) and not math.isfinite(number):
        return "NaN" if math.isnan(number) else "+Inf" if number > 0 else "-Inf"
    return None


def _written(number: float, fixed_from: int, fixed_below: int) -> str:
    sign, digits, exponent = _shortest(float(number))
    if not digits.strip("0"):
        return f"{sign}0"
    if not fixed_from <= exponent < fixed_below:
        rest = f".{digits[1:]}" if len(digits) > 1 else ""
        return f"{sign}{digits[0]}{rest}e{exponent:+03d}"
    if exponent < 0:
        return f"{sign}0.{'0' * (-exponent - 1)}{digits}"
    if len(digits) <= exponent + 1:
        return sign + digits.ljust(exponent + 1, "0")
    return f"{sign}{digits[: exponent + 1]}.{digits[exponent + 1 :]}"


def _shortest(number: float) -> tuple[str, str, int]:
    """Returns the sign, the shortest digits that give the number back, and the exponent of the first of them."""
    sign = "-" if is_negative(number) else ""
    found = _SHORTEST.fullmatch(repr(abs(number)))
    if found is None:
        raise CannotSayError("a number is infinite")
    before, after, power = found[1], found[2] or "", int(found[3] or 0)
    digits = (before + after).lstrip("0")
    exponent = len(before) - 1 + power - (len(before + after) - len(digits))
    return sign, digits.rstrip("0") or "0", exponent


def _in_any_base(digits: str) -> int | None:
    found = _INTEGER.fullmatch(digits)
    if found is None:
        return None
    base = found.lastgroup or ""
    return int(found[base].replace("_", ""), int(base.removeprefix("b")))


def _in_base_ten(digits: str) -> int | None:
    return int(digits) if digits.isascii() and digits.isdecimal() else None
