"""Values as Go's templates see them: their types, their truth, their size, and when two are equal.

JSON stands as Python reads it, and a plain int or float is always a float64, as Go reads a JSON number. What only a
template can make has a type of its own here: a Go int is not a float64, and a []string is not a []interface {}.
"""

from __future__ import annotations

from typing import Final, TypeGuard

from gitops_gen.evidence.gotemplate.errors import CannotSayError

TEXT_LIMIT: Final = 1024 * 1024
"""Characters of a template, of what it renders, and of every text that it builds on the way."""
SIZE_LIMIT: Final = 50_000
"""Values that may stand inside of one value."""


_VALUE_WORK: Final = 5


class Int(int):
    """A Go int: a literal, a length, an index."""


class Int64(int):
    """A Go int64: what sprig's arithmetic makes."""


class Uint8(int):
    """A Go byte: one of a text."""


class Strings(list[str]):
    """A Go []string."""


class Ints(list[Int]):
    """A Go []int."""


class Lists(list[list[object]]):
    """A Go [][]interface {}."""


class NilList(list[object]):
    """A Go slice that is nil: as empty as another, yet null in JSON and equal to nil."""


class NilStrings(list[str]):
    """A Go []string that is nil."""


class StringMap(dict[str, str]):
    """A Go map[string]string."""


class NilMap(dict[str, object]):
    """A Go map that is nil: as empty as another, yet null in JSON and equal to nil."""


class Shuffled(list[object]):
    """The keys or the values of a map with several: Go gives them in another order each time."""


class ShuffledStrings(list[str]):
    """As Shuffled, of strings."""


class _Nothing:
    """What is not there: a key that is missing, or a null that was taken out of where it stood."""

    def __bool__(self) -> bool:
        return False


NOTHING: Final = _Nothing()

_TYPE_NAMES: dict[type, str] = {
    type(None): "interface {}",
    _Nothing: "<nil>",
    bool: "bool",
    str: "string",
    int: "float64",
    float: "float64",
    Int: "int",
    Int64: "int64",
    Uint8: "uint8",
    list: "[]interface {}",
    NilList: "[]interface {}",
    Shuffled: "[]interface {}",
    Lists: "[][]interface {}",
    Strings: "[]string",
    NilStrings: "[]string",
    ShuffledStrings: "[]string",
    Ints: "[]int",
    dict: "map[string]interface {}",
    NilMap: "map[string]interface {}",
    StringMap: "map[string]string",
}
_KINDS = {"[": "slice", "m": "map"}


def type_name(value: object) -> str:
    """Returns the name of the Go type. Raises CannotSayError for what is no value of a template."""
    name = _TYPE_NAMES.get(type(value))
    if name is None:
        raise CannotSayError(f"a parameter of the type {type(value).__name__} is no JSON")
    return name


def kind_name(value: object) -> str:
    """Returns the kind of the Go type, as slice or map. Raises as type_name."""
    name = type_name(value)
    return _KINDS.get(name[0], name)


def is_list(value: object) -> TypeGuard[list[object]]:
    """Tells whether it is a Go slice, of whatever type."""
    return isinstance(value, list)


def is_map(value: object) -> TypeGuard[dict[str, object]]:
    """Tells whether it is a Go map, of whatever type."""
    return isinstance(value, dict)


def is_float(value: object) -> bool:
    """Tells whether it is a float64."""
    return type(value) in (int, float)


def is_integer(value: object) -> bool:
    """Tells whether it is of one of Go's integer types."""
    return isinstance(value, Int | Int64 | Uint8)


def is_nil(value: object) -> bool:
    """Tells whether it is nil: nothing, null, or a slice or a map that is nil."""
    return value is None or value is NOTHING or isinstance(value, NilList | NilStrings | NilMap)


def is_true(value: object) -> bool:
    """Tells whether an if takes it: everything but false, zero, nil and what is empty."""
    return bool(value)


def ordered(values: list[object]) -> list[object]:
    """Returns the list. Raises CannotSayError if its order is another one each time."""
    if isinstance(values, Shuffled | ShuffledStrings):
        raise CannotSayError("the keys and values of a map come in another order each time; sortAlpha orders them")
    return values


def in_order(value: dict[str, object]) -> list[tuple[str, object]]:
    """Returns the entries of a map as Go ranges over them: by key."""
    return sorted(value.items(), key=_by_key)


def _by_key(entry: tuple[str, object]) -> str:
    return entry[0]


def deep_equal(one: object, other: object) -> bool:
    """Tells what Go's reflect.DeepEqual tells: the same type all the way down, and the same value."""
    if type_name(one) != type_name(other) or is_nil(one) != is_nil(other):
        return False
    if is_list(one) and is_list(other):
        return len(one) == len(other) and all(map(deep_equal, ordered(one), ordered(other)))
    if is_map(one) and is_map(other):
        return one.keys() == other.keys() and all(deep_equal(value, other[key]) for key, value in one.items())
    return one == other


def weigh(value: object) -> int:
    """Returns the work of looking at a value, at all that stands in it and at all of its text.

    Raises CannotSayError above SIZE_LIMIT values, and for what is nested too deep or is no value of a template.
    """
    count = total = 0
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        count += 1
        if count > SIZE_LIMIT:
            raise CannotSayError(f"a value holds more than {SIZE_LIMIT:,} others")
        total += _own_weight(inner)
        if is_list(inner):
            waiting.extend(inner)
        elif is_map(inner):
            waiting.extend(inner.values())
    return total


def _own_weight(value: object) -> int:
    if type(value) is str:
        return _VALUE_WORK + len(value)
    if is_map(value):
        return _VALUE_WORK + sum(map(len, value))
    type_name(value)
    return _VALUE_WORK


def to_bytes(text: str) -> bytes:
    """Returns a text as Go holds it. Raises CannotSayError for what has no UTF-8."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise CannotSayError("a text is not valid Unicode") from None


def from_bytes(raw: bytes) -> str:
    """Returns the text of bytes. Raises CannotSayError for what is no UTF-8, as a letter that was cut in two."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise CannotSayError("a text is not valid UTF-8 any more") from None


def byte_length(text: str) -> int:
    """Returns the length of a text in bytes, which is what Go counts."""
    return len(text) if text.isascii() else len(to_bytes(text))


def cut(text: str, start: int, end: int) -> str:
    """Returns the bytes from start to end. Raises CannotSayError if that cuts a letter in two."""
    return text[start:end] if text.isascii() else from_bytes(to_bytes(text)[start:end])


def check_length(length: int) -> None:
    """Raises CannotSayError for a text that would be too long."""
    if length > TEXT_LIMIT:
        raise CannotSayError(f"a text of more than {TEXT_LIMIT:,} characters")
