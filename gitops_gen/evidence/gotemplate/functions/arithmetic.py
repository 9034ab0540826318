"""sprig's arithmetic, in 64 bits. Source: Masterminds/sprig v3.3.0, numeric.go and functions.go."""

from __future__ import annotations

import math
from functools import reduce

from gitops_gen.evidence.gotemplate import fmt, numbers
from gitops_gen.evidence.gotemplate.errors import CannotSayError, GoTemplateError
from gitops_gen.evidence.gotemplate.functions.conversions import to_float, to_int
from gitops_gen.evidence.gotemplate.functions.table import Signature, takes
from gitops_gen.evidence.gotemplate.values import Int, Int64

_MOST_PLACES = 15


def _int64(number: int) -> Int64:
    return Int64(numbers.wrap(number))


def divide(one: object, other: object) -> Int64:
    """Returns the quotient without its fraction."""
    dividend, divisor = to_int(one), _divisor("div", other)
    quotient = abs(dividend) // abs(divisor)
    return _int64(quotient if (dividend < 0) == (divisor < 0) else -quotient)


def modulo(one: object, other: object) -> Int64:
    """Returns the rest, with the sign of the first."""
    dividend, divisor = to_int(one), _divisor("mod", other)
    rest = abs(dividend) % abs(divisor)
    return _int64(-rest if dividend < 0 else rest)


def _divisor(function: str, value: object) -> int:
    divisor = to_int(value)
    if not divisor:
        raise GoTemplateError(f"error calling {function}: runtime error: integer divide by zero")
    return divisor


def multiply(*factors: object) -> Int64:
    """Returns the product."""
    return reduce(lambda product, factor: _int64(product * to_int(factor)), factors, Int64(1))


def rounded(value: object, places: int, *threshold: float) -> float:
    """Returns the number with so many decimals; from the threshold on, which is .5, it is rounded up."""
    if abs(places) > _MOST_PLACES:
        raise CannotSayError(f"round has more than {_MOST_PLACES} places")
    power = math.pow(10, places)
    scaled = power * to_float(value)
    up = math.modf(scaled)[0] >= (threshold[0] if threshold else 0.5)
    return _floor_or_ceiling(scaled, up=up) / power


def _floor_or_ceiling(number: float, *, up: bool) -> float:
    """As math.floor and math.ceil, which stay float64 in Go."""
    return float(math.ceil(number) if up else math.floor(number)) if math.isfinite(number) else number


def atoi(text: str) -> Int:
    """Returns the integer that a text is in base ten, or 0."""
    number = numbers.parse_int(text, any_base=False)
    if number is None and text.lstrip("+-").isdecimal():
        raise CannotSayError("a number does not fit in 64 bits")
    return Int(number or 0)


def from_octal(value: object) -> Int64:
    """Returns the integer that a text is in base eight, or 0."""
    text = fmt.text(value)
    digits = text[1:] if text[:1] in ("+", "-") else text
    if not digits or set(digits) - set("01234567"):
        return Int64(0)
    number = numbers.parse_int(f"{text[: len(text) - len(digits)]}0o{digits}", any_base=True)
    if number is None:
        raise CannotSayError("a number does not fit in 64 bits")
    return Int64(number)


TABLE: dict[str, Signature] = {
    "add": takes("any...", lambda *values: _int64(sum(map(to_int, values)))),
    "add1": takes("any", lambda value: _int64(to_int(value) + 1)),
    "sub": takes("any any", lambda one, other: _int64(to_int(one) - to_int(other))),
    "mul": takes("any any...", multiply),
    "div": takes("any any", divide),
    "mod": takes("any any", modulo),
    "max": takes("any any...", lambda *values: Int64(max(map(to_int, values)))),
    "biggest": takes("any any...", lambda *values: Int64(max(map(to_int, values)))),
    "min": takes("any any...", lambda *values: Int64(min(map(to_int, values)))),
    "maxf": takes("any any...", lambda *values: max(map(to_float, values))),
    "minf": takes("any any...", lambda *values: min(map(to_float, values))),
    "ceil": takes("any", lambda value: _floor_or_ceiling(to_float(value), up=True)),
    "floor": takes("any", lambda value: _floor_or_ceiling(to_float(value), up=False)),
    "round": takes("any int float64...", rounded),
    "atoi": takes("string", atoi),
    "int": takes("any", lambda value: Int(to_int(value))),
    "int64": takes("any", lambda value: Int64(to_int(value))),
    "float64": takes("any", to_float),
    "toDecimal": takes("any", from_octal, walks=True),
}
