"""JSON as Go's encoding/json writes and reads it."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

from gitops_gen.evidence.gotemplate import numbers
from gitops_gen.evidence.gotemplate.errors import CannotSayError
from gitops_gen.evidence.gotemplate.values import (
    in_order,
    is_integer,
    is_list,
    is_map,
    is_nil,
    ordered,
    to_bytes,
    type_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_HTML = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
_SEPARATORS = str.maketrans({"\u2028": "\\u2028", "\u2029": "\\u2029"})


def encode(value: object, *, escapes_html: bool = True, indent: str = "") -> str:
    """Returns the JSON of a value, in one line or, with an indent, as toPrettyJson writes it."""
    return _Encoder(escapes_html=escapes_html, indent=indent).encode(value, "\n")


def decode(text: str) -> object:
    """Returns the value of a JSON text. Raises ValueError for what is none, CannotSayError for what Go reads oddly."""
    try:
        value: object = json.loads(text, parse_int=_number, parse_float=_number, parse_constant=_refuse)
    except RecursionError:
        raise CannotSayError("a JSON text is nested too deep") from None
    to_bytes(json.dumps(value, ensure_ascii=False))
    return value


class _Encoder:
    def __init__(self, *, escapes_html: bool, indent: str) -> None:
        self._escapes_html = escapes_html
        self._indent = indent

    def encode(self, value: object, newline: str) -> str:
        if is_nil(value):
            return "null"
        if isinstance(value, str):
            return self._string(value)
        if isinstance(value, bool):
            return "true" if value else "false"
        if is_integer(value):
            return str(value)
        if isinstance(value, int | float):
            return numbers.format_json_float(value)
        return self._container(value, newline)

    def _container(self, value: object, newline: str) -> str:
        inner = newline + self._indent
        if is_list(value):
            return self._block("[]", [self.encode(each, inner) for each in ordered(value)], newline)
        if is_map(value):
            colon = ": " if self._indent else ":"
            entries = (self._string(key) + colon + self.encode(each, inner) for key, each in in_order(value))
            return self._block("{}", entries, newline)
        raise CannotSayError(f"a {type_name(value)} is written as JSON")

    def _block(self, brackets: str, parts: Iterable[str], newline: str) -> str:
        parts = list(parts)
        if not parts or not self._indent:
            return brackets[0] + ",".join(parts) + brackets[1]
        inner = newline + self._indent
        return brackets[0] + inner + f",{inner}".join(parts) + newline + brackets[1]

    def _string(self, text: str) -> str:
        written = json.dumps(text, ensure_ascii=False).translate(_SEPARATORS)
        return written.translate(_HTML) if self._escapes_html else written


def _number(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise CannotSayError("a number of a JSON text does not fit in a float64")
    return number


def _refuse(constant: str) -> object:
    raise ValueError(constant)
