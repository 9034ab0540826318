"""YAML as Argo CD's toYaml writes it: the writer of go-yaml v2 under sigs.k8s.io/yaml.

Keys are sorted, two spaces indent, a list stands in the column of its key, and a line is broken at the first single
space behind column 80. Source: sigs.k8s.io/yaml v1.6, and libyaml, of which go-yaml's emitter is a port.
"""

from __future__ import annotations

import math
import re
from functools import cmp_to_key
from itertools import combinations
from typing import TYPE_CHECKING, Final

from gitops_gen.evidence.gotemplate import json_text, numbers
from gitops_gen.evidence.gotemplate.errors import CannotSayError
from gitops_gen.evidence.gotemplate.values import byte_length, is_integer, is_list, is_map, is_nil, ordered

if TYPE_CHECKING:
    from collections.abc import Collection

_WIDTH: Final = 80
_INDENT: Final = 2
_LONGEST_KEY: Final = 128
_MOST_COMPARED: Final = 300
"""Keys with digits that are compared each with each."""

_WORDS = frozenset(
    word
    for each in ("y", "yes", "true", "on", "n", "no", "false", "off", "null", ".nan", ".inf", "+.inf", "-.inf")
    for word in (each, each.capitalize(), each.upper())
) | {"", "~", ".NaN", ".Inf", "+.Inf", "-.Inf"}
_BASE_60 = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_FRACTION = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?")
"""What starts with a point is read by Go as it stands, which takes underscores between digits only."""
_DATE = re.compile(r"[0-9]{4}-")
_TIME = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"(?:(?:[Tt](?=.*[Z+-])| (?!.*[Z+-]))"
    r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{1,2}):(?P<second>[0-9]{1,2})(?:[.,][0-9]+)?"
    r"(?:Z|[-+](?P<zone_hour>[0-9]{2}):(?P<zone_minute>[0-9]{2}))?)?"
)
_TIME_LIMITS = {"hour": 23, "minute": 59, "second": 59, "zone_hour": 24, "zone_minute": 59}
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_BINARY = re.compile(r"-?0b[01]+")

_OTHER_BREAKS = frozenset("\x85\u2028\u2029")
_PRINTABLE = re.compile("[\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]*")
_NOT_FIRST = frozenset("#,[]{}&*!|>'\"%@`")
_ESCAPES = {
    "\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e", '"': '"',
    "\\": "\\",
}  # fmt: skip


def encode(value: object) -> str:
    """Returns the YAML of a value, without a newline at the end.

    Raises CannotSayError for keys that go-yaml writes behind a question mark, and for what JSON has not.
    """
    writer = _Writer()
    writer.node(value, 0)
    return "".join(writer.pieces)


class _Writer:
    """The text so far, and its column; a scalar breaks its lines by that."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._column = 0

    def node(self, value: object, indent: int) -> None:
        """Writes a value whose lines stand at this indent, behind what is written already."""
        if is_nil(value):
            self._put("null")
        elif is_map(value):
            self._map(value, indent)
        elif is_list(value):
            self._list(value, indent)
        else:
            self._scalar(value, indent + _INDENT)

    def _map(self, value: dict[str, object], indent: int) -> None:
        if not value:
            self._put("{}")
        for index, key in enumerate(_in_order(value)):
            if index:
                self._line(indent)
            self._key(key)
            self._value(value[key], indent)

    def _key(self, key: str) -> None:
        if byte_length(key) > _LONGEST_KEY or "\n" in key:
            raise CannotSayError("a key of a map is too long for one line of YAML")
        self._put(_one_line(key, _style(key)) + ":")

    def _value(self, value: object, indent: int) -> None:
        inner = indent
        if (is_map(value) or is_list(value)) and value:
            inner = indent + _INDENT if is_map(value) else indent
            self._line(inner)
        else:
            self._put(" ")
        self.node(value, inner)

    def _list(self, value: list[object], indent: int) -> None:
        if not value:
            self._put("[]")
        for index, element in enumerate(ordered(value)):
            if index:
                self._line(indent)
            self._put("- ")
            is_block = (is_map(element) or is_list(element)) and bool(element)
            self.node(element, indent + _INDENT if is_block else indent)

    def _scalar(self, value: object, indent: int) -> None:
        if isinstance(value, str):
            self._string(value, indent)
        elif isinstance(value, bool):
            self._put("true" if value else "false")
        elif is_integer(value):
            self._put(str(value))
        else:
            self._put(_number(value))

    def _string(self, text: str, indent: int) -> None:
        style = _style(text)
        if style == "literal":
            self._literal(text, indent)
        elif style == "double":
            self._double(text, indent)
        else:
            self._folded(text, indent, style)

    def _literal(self, text: str, indent: int) -> None:
        hint = str(_INDENT) if text[0] in " \n" else ""
        chomp = "-" if not text.endswith("\n") else "+" if text == "\n" or text.endswith("\n\n") else ""
        self._put(f"|{hint}{chomp}\n")
        lines = text.removesuffix("\n").split("\n")
        pad = " " * indent
        self._put("\n".join(pad + line if line else "" for line in lines))

    def _folded(self, text: str, indent: int, style: str) -> None:
        quote = "'" if style == "single" else ""
        self._put(quote)
        for index, character in enumerate(text):
            if self._breaks_at(text, index, is_quoted=bool(quote)):
                self._line(indent)
            else:
                self._put("''" if character == quote else character)
        self._put(quote)

    def _breaks_at(self, text: str, index: int, *, is_quoted: bool) -> bool:
        if text[index] != " " or self._column <= _WIDTH or (index and text[index - 1] == " "):
            return False
        if is_quoted and not 0 < index < len(text) - 1:
            return False
        return text[index + 1 : index + 2] != " "

    def _double(self, text: str, indent: int) -> None:
        self._put('"')
        spaces = False
        for index, character in enumerate(text):
            if character != " ":
                self._put(_escaped(character))
            elif self._column > _WIDTH and not spaces and 0 < index < len(text) - 1:
                self._line(indent)
                self._put("\\" if text[index + 1] == " " else "")
            else:
                self._put(" ")
            spaces = character == " "
        self._put('"')

    def _put(self, text: str) -> None:
        self.pieces.append(text)
        self._column = len(text) - text.rindex("\n") - 1 if "\n" in text else self._column + len(text)

    def _line(self, indent: int) -> None:
        self._put("\n" + " " * indent)


def _number(value: object) -> str:
    """Returns a number after its way through JSON: a whole one is an integer there."""
    written = json_text.encode(value)
    if not set(written) & set(".e"):
        return written if numbers.parse_int(written, any_base=False) is not None else _beyond(written)
    return numbers.format_float(float(written))


def _beyond(written: str) -> str:
    return written if 0 <= int(written) < 2**64 else numbers.format_float(float(written))


def _style(text: str) -> str:
    """Returns how a string is written: plain, single, double or literal."""
    if not text:
        return "double"
    if set(text) & _OTHER_BREAKS:
        raise CannotSayError("a text has line breaks of a rare kind, which go-yaml writes oddly")
    if not _PRINTABLE.fullmatch(text) or " \n" in text:
        return "double"
    if "\n" in text:
        return "double" if text[-1] == " " else "literal"
    if _resolves(text):
        return "double"
    return "single" if _needs_quotes(text) else "plain"


def _needs_quotes(text: str) -> bool:
    if text[0] in _NOT_FIRST or text[0] == " " or text[-1] == " " or text.startswith(("---", "...")):
        return True
    if text[0] in "-?" and (len(text) == 1 or text[1] == " "):
        return True
    return ": " in text or text.endswith(":") or " #" in text


def _one_line(text: str, style: str) -> str:
    if style == "double":
        return f'"{"".join(map(_escaped, text))}"'
    return "'" + text.replace("'", "''") + "'" if style == "single" else text


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return f"\\{_ESCAPES[character]}"
    if _PRINTABLE.fullmatch(character):
        return character
    code = ord(character)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _resolves(text: str) -> bool:
    """Tells whether the plain text is something else than a string to go-yaml, or was one to YAML 1.1."""
    if text in _WORDS or _BASE_60.fullmatch(text):
        return True
    if text[0] == ".":
        return _is_float(_FRACTION.fullmatch(text))
    if text[0] not in "+-0123456789":
        return False
    if _DATE.match(text):
        return _is_time(_TIME.fullmatch(text))
    plain = text.replace("_", "")
    return bool(
        numbers.parse_int(plain, any_base=True) is not None
        or _is_float(_FLOAT.fullmatch(plain))
        or _BINARY.fullmatch(plain)
    )


def _is_float(found: re.Match[str] | None) -> bool:
    """Tells whether it is a number that a float can hold: one that is too large is a text to Go."""
    return found is not None and math.isfinite(float(found[0]))


def _is_time(found: re.Match[str] | None) -> bool:
    """Tells whether it is a day that exists, and a time of it."""
    if found is None or any(int(found[name] or 0) > most for name, most in _TIME_LIMITS.items()):
        return False
    month, day = int(found["month"]), int(found["day"])
    return 0 < month <= len(_DAYS) and 0 < day <= _days(int(found["year"]), month)


def _days(year: int, month: int) -> int:
    is_leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return _DAYS[month - 1] + (month == 2 and is_leap)


def _in_order(value: Collection[str]) -> list[str]:
    """Returns the keys of a map in go-yaml's order.

    Raises CannotSayError where there is none: keys with digits may go round in a circle (10a before 1b before 9 before
    10a), and what Go then writes depends on the order in which it meets them, which is another one each time.
    """
    keys = sorted(value, key=cmp_to_key(_compare_keys))
    numbered = any(character.isdecimal() for key in keys for character in key)
    if numbered and (len(keys) > _MOST_COMPARED or any(_compare_keys(*each) > 0 for each in combinations(keys, 2))):
        raise CannotSayError("the keys of a map have no certain order in YAML")
    return keys


def _compare_keys(one: str, other: str) -> int:
    """Orders the keys of a map as go-yaml does: letters behind the rest, and numbers by their value."""
    for index, (a, b) in enumerate(zip(one, other, strict=False)):
        if a == b:
            continue
        if a.isalpha() and b.isalpha():
            return ord(a) - ord(b)
        if a.isalpha() or b.isalpha():
            return -1 if b.isalpha() else 1
        return _compare_numbers(one, other, index)
    return len(one) - len(other)


def _compare_numbers(one: str, other: str, index: int) -> int:
    start = 1 if "0" in (one[index], other[index]) and one[:index][_digits_before(one, index) :].strip("0") else 0
    first, second = _number_at(one, index, start), _number_at(other, index, start)
    if first != second:
        return -1 if first < second else 1
    return ord(one[index]) - ord(other[index])


def _digits_before(text: str, index: int) -> int:
    while index and text[index - 1].isdecimal():
        index -= 1
    return index


def _number_at(text: str, index: int, value: int) -> tuple[int, int]:
    """Returns the number that starts here, as Go counts it together, and how many digits it has."""
    end = index
    while end < len(text) and text[end].isdecimal():
        value = numbers.wrap(value * 10 + ord(text[end]) - ord("0"))
        end += 1
    return value, end - index
