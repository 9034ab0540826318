"""What Go's package fmt writes: print, printf, and the text of any value.

Source: the documentation of the Go package fmt.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from gitops_gen.evidence.gotemplate import numbers
from gitops_gen.evidence.gotemplate.errors import CannotSayError
from gitops_gen.evidence.gotemplate.values import (
    NOTHING,
    Int,
    Int64,
    in_order,
    is_float,
    is_integer,
    is_list,
    is_map,
    ordered,
    to_bytes,
    type_name,
)
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_WIDEST = 10_000
_NIL = "<nil>"

_ESCAPES = {"\a": "\\a", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\v": "\\v", "\\": "\\\\"}
_ASCII_END, _SHORT_END = 0x80, 0x10000


def text(value: object) -> str:
    """Returns the text of a value, as %v writes it."""
    if type(value) is str:
        return value
    if value is None or value is NOTHING:
        return _NIL
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_integer(value):
        return str(value)
    if isinstance(value, int | float):
        return numbers.format_float(value)
    return _container(value, text)


def sprint(arguments: Sequence[object]) -> str:
    """Returns what print writes: a space between two neighbours of which none is a string."""
    parts = []
    for index, value in enumerate(arguments):
        if index and not isinstance(value, str) and not isinstance(arguments[index - 1], str):
            parts.append(" ")
        parts.append(text(value))
    return "".join(parts)


def sprintln(arguments: Sequence[object]) -> str:
    """Returns what println writes."""
    return " ".join(map(text, arguments)) + "\n"


def quote(value: str, mark: str = '"') -> str:
    """Returns a text in quotes, with Go's escapes."""
    return mark + "".join(_escaped(character, mark) for character in value) + mark


def sprintf(form: str, arguments: Sequence[object]) -> str:
    """Returns what printf writes; a verb that does not fit its argument shows in the text, as in Go.

    Raises CannotSayError for the rare flags and verbs.
    """
    return _Printer(form, arguments).print()


class _Flags(NamedTuple):
    minus: bool = False
    plus: bool = False
    sharp: bool = False
    space: bool = False
    zero: bool = False
    width: int | None = None
    precision: int | None = None

    def pad(self, shown: str) -> str:
        missing = (self.width or 0) - len(shown)
        if missing <= 0:
            return shown
        if self.minus:
            return shown + " " * missing
        if self.zero:
            raise CannotSayError("printf pads with zeros what is no number")
        return " " * missing + shown

    def pad_number(self, sign: str, digits: str) -> str:
        if self.zero and not self.minus:
            return sign + digits.rjust((self.width or 0) - len(sign), "0")
        return self.pad(sign + digits)

    def sign(self, *, negative: bool) -> str:
        return "-" if negative else "+" if self.plus else " " if self.space else ""


_PLAIN: Final = _Flags()
_DIRECTIVE = lazily(
    r"%(?P<flags>[-+# 0]*)(?P<before>\[[0-9]+\])?(?P<width>\*|[0-9]+)?"
    r"(?P<dot>\.(?!\Z)(?P<precision>\*|[0-9]*))?(?P<index>\[[0-9]+\])?(?P<verb>.)?",
    re.DOTALL,
)
"""A directive; a dot at the end of the text is its verb."""


class _Printer:
    """One call of printf: which of its arguments come next, and what a directive writes."""

    def __init__(self, form: str, arguments: Sequence[object]) -> None:
        self._form = form
        self._arguments = arguments
        self._next = 0
        self._is_reordered = False

    def print(self) -> str:
        shown = _DIRECTIVE.sub(self._directive, self._form)
        if self._is_reordered or self._next >= len(self._arguments):
            return shown
        extra = ", ".join(
            "<nil>" if value is None else _typed(value, _PLAIN) for value in self._arguments[self._next :]
        )
        return f"{shown}%!(EXTRA {extra})"

    def _directive(self, found: re.Match[str]) -> str:
        marks = found["flags"]
        flags = _Flags("-" in marks, "+" in marks, "#" in marks, " " in marks, "0" in marks)
        flags, wrong_width = self._with_width(flags, found["width"])
        flags, wrong_precision = self._with_precision(flags, found["precision"])
        return wrong_width + wrong_precision + self._verb(found, flags)

    def _with_width(self, flags: _Flags, written: str | None) -> tuple[_Flags, str]:
        if written != "*":
            return flags._replace(width=_measure(written) if written else None), ""
        width = self._measured()
        if width is None:
            return flags, "%!(BADWIDTH)"
        return flags._replace(width=abs(width), minus=flags.minus or width < 0), ""

    def _with_precision(self, flags: _Flags, written: str | None) -> tuple[_Flags, str]:
        if written != "*":
            return flags._replace(precision=None if written is None else _measure(written or "0")), ""
        precision = self._measured()
        if precision is None or precision < 0:
            return flags, "%!(BADPREC)"
        return flags._replace(precision=precision), ""

    def _measured(self) -> int | None:
        """Returns the argument that a star takes, if it is an integer."""
        value = self._arguments[self._next] if self._next < len(self._arguments) else None
        self._next += 1
        return _measure(str(value)) if isinstance(value, Int | Int64) else None

    def _verb(self, found: re.Match[str], flags: _Flags) -> str:
        verb, index = found["verb"], found["index"] or found["before"]
        is_known = self._go_to(found, index) if index else True
        if verb is None:
            return "%!(NOVERB)"
        if verb == "%":
            return "%"
        if verb == "[":
            raise CannotSayError("printf has a bracket that holds no number")
        if not is_known or self._next >= len(self._arguments):
            return f"%!{verb}({'MISSING' if is_known else 'BADINDEX'})"
        self._next += 1
        return _shown(self._arguments[self._next - 1], verb, flags)

    def _go_to(self, found: re.Match[str], index: str) -> bool:
        """Makes a numbered argument the next one; tells whether there is one of this number."""
        if found["before"] and (found["width"] or found["dot"]):
            raise CannotSayError("printf numbers its arguments before a width or a precision")
        self._is_reordered = True
        if not 0 < _measure(index[1:-1]) <= len(self._arguments):
            return False
        self._next = int(index[1:-1]) - 1
        return True


def _measure(written: str) -> int:
    if len(written) > len(str(_WIDEST)) or abs(int(written)) > _WIDEST:
        raise CannotSayError(f"printf pads to more than {_WIDEST:,} characters")
    return int(written)


def _shown(value: object, verb: str, flags: _Flags) -> str:
    """Returns what a verb writes for a value at the top."""
    if verb == "T":
        return flags.pad(_NIL if value is None else type_name(value)[: flags.precision])
    if verb in "pw" or (verb == "v" and flags.sharp):
        raise CannotSayError(f"printf has the verb %{'#' * (verb == 'v')}{verb}")
    if verb == "v":
        flags = flags._replace(plus=False)
    if value is None:
        return flags.pad(_NIL) if verb == "v" else f"%!{verb}({_NIL})"
    return _deep(value, verb, flags)


def _deep(value: object, verb: str, flags: _Flags) -> str:
    """Returns what a verb writes for a value that may stand in another one: it goes to what stands inside."""
    if is_list(value) or is_map(value):
        return _container(value, lambda inner: _NIL if inner is None else _deep(inner, verb, flags))
    writer = _writer(value)
    shown = writer(value, verb, flags)
    return f"%!{verb}({_typed(value, flags)})" if shown is None else shown


def _container(value: object, shown: Callable[[object], str]) -> str:
    if is_list(value):
        return f"[{' '.join(map(shown, ordered(value)))}]"
    if is_map(value):
        return f"map[{' '.join(f'{shown(key)}:{shown(inner)}' for key, inner in in_order(value))}]"
    raise CannotSayError(f"a {type_name(value)} is written")


def _typed(value: object, flags: _Flags) -> str:
    return f"{type_name(value)}={_deep(value, 'v', flags)}"


def _writer(value: object) -> Callable[[object, str, _Flags], str | None]:
    if isinstance(value, bool):
        return _bool
    if is_integer(value):
        return _integer
    if is_float(value):
        return _float
    return _string


def _bool(value: object, verb: str, flags: _Flags) -> str | None:
    return flags.pad("true" if value else "false") if verb in "tv" else None


def _string(value: object, verb: str, flags: _Flags) -> str | None:
    shown = str(value)
    if verb in "xX":
        if flags.sharp or flags.space or flags.precision is not None:
            raise CannotSayError("printf has flags on %x of a string")
        return flags.pad(to_bytes(shown).hex() if verb == "x" else to_bytes(shown).hex().upper())
    if verb not in "svq":
        return None
    if flags.precision is not None:
        shown = shown[: flags.precision]
    if verb == "q":
        if flags.sharp or flags.plus:
            raise CannotSayError("printf has flags on %q")
        shown = quote(shown)
    return flags.pad(shown)


_INTEGER_BASES = {"d": "d", "v": "d", "b": "b", "o": "o", "O": "o", "x": "x", "X": "X"}
_SHARP_PREFIXES = {"b": "0b", "x": "0x", "X": "0X"}


def _integer(value: object, verb: str, flags: _Flags) -> str | None:
    number = int(str(value))
    if verb in _INTEGER_BASES:
        return _in_base(number, verb, flags)
    if verb in "cqU":
        return _rune(number, verb, flags)
    return None


def _in_base(number: int, verb: str, flags: _Flags) -> str:
    if flags.precision == 0 and number == 0:
        return " " * (flags.width or 0)
    digits = format(abs(number), _INTEGER_BASES[verb]).rjust(flags.precision or 0, "0")
    sign = flags.sign(negative=number < 0)
    prefix = _prefix(digits, verb, sharp=flags.sharp)
    if flags.precision is not None:
        return flags._replace(zero=False).pad(sign + prefix + digits)
    if flags.zero and not flags.minus:
        digits = digits.rjust((flags.width or 0) - len(sign), "0")
        prefix = _prefix(digits, verb, sharp=flags.sharp)
    return flags._replace(zero=False).pad(sign + prefix + digits)


def _prefix(digits: str, verb: str, *, sharp: bool) -> str:
    if verb in "oO":
        return ("0o" if verb == "O" else "") + ("0" if sharp and not digits.startswith("0") else "")
    return _SHARP_PREFIXES.get(verb, "") if sharp else ""


def _rune(number: int, verb: str, flags: _Flags) -> str:
    if flags.sharp or flags.plus or flags.precision is not None:
        raise CannotSayError(f"printf has flags on %{verb} of an integer")
    if verb == "U":
        if number < 0:
            raise CannotSayError("printf has %U of a negative number")
        return flags.pad(f"U+{number:04X}")
    character = chr(number) if 0 <= number < 0x110000 and not 0xD800 <= number < 0xE000 else "\ufffd"
    return flags.pad(character if verb == "c" else quote(character, "'"))


_PRECISE = {"e": "e", "E": "E", "f": "f", "F": "f", "g": "g", "G": "G", "v": "g"}


def _float(value: object, verb: str, flags: _Flags) -> str | None:
    if verb in "bxX":
        raise CannotSayError(f"printf has %{verb} of a float64")
    if verb not in _PRECISE:
        return None
    if flags.sharp:
        raise CannotSayError("printf has the flag # on a float64")
    number = float(str(value))
    shown = _digits(abs(number), _PRECISE[verb], flags.precision)
    is_negative = numbers.is_negative(number)
    if not shown[0].isdigit():
        return flags._replace(zero=False).pad((flags.sign(negative=is_negative) or "+") + shown[-3:])
    return flags.pad_number(flags.sign(negative=is_negative), shown)


def _digits(number: float, verb: str, precision: int | None) -> str:
    if precision is None and verb in "gG":
        shown = numbers.format_float(number)
        return shown.upper() if verb == "G" else shown
    return numbers.format_precise(number, verb, 6 if precision is None else precision or int(verb in "gG"))


def _escaped(character: str, mark: str) -> str:
    if character == mark:
        return f"\\{mark}"
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    if code < _ASCII_END:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < _SHORT_END else f"\\U{code:08x}"
