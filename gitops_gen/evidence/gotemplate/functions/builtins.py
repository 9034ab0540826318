"""The functions that every Go template has. Source: the documentation of Go's text/template, section Functions."""

from __future__ import annotations

from gitops_gen.evidence.gotemplate.errors import CannotSayError, GoTemplateError
from gitops_gen.evidence.gotemplate.functions.table import Signature, takes
from gitops_gen.evidence.gotemplate.values import (
    Int,
    StringMap,
    Uint8,
    byte_length,
    is_integer,
    is_list,
    is_map,
    is_nil,
    is_true,
    ordered,
    to_bytes,
    type_name,
)

_HTML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;", "\0": "\ufffd"})
_INCOMPATIBLE = "incompatible types for comparison: {} and {}"


def index(item: object, *steps: object) -> object:
    """Returns what stands at the end of the steps; a key that a map has not gives nothing, and no error."""
    if item is None:
        raise GoTemplateError("error calling index: index of untyped nil")
    for step in steps:
        item = _at(item, step)
    return item


def _at(item: object, step: object) -> object:
    if item is None:
        raise GoTemplateError("error calling index: index of nil pointer")
    if is_map(item):
        return _value_of(item, step)
    if is_list(item):
        return ordered(item)[_position(step, len(item))]
    if isinstance(item, str):
        return Uint8(to_bytes(item)[_position(step, byte_length(item))])
    raise GoTemplateError(f"error calling index: can't index item of type {type_name(item)}")


def _value_of(item: dict[str, object], key: object) -> object:
    if key is None:
        raise GoTemplateError("error calling index: value is nil; should be of type string")
    if not isinstance(key, str):
        raise GoTemplateError(f"error calling index: value has type {type_name(key)}; should be string")
    return item.get(key, "" if isinstance(item, StringMap) else None)


def _position(step: object, length: int) -> int:
    if step is None:
        raise GoTemplateError("error calling index: cannot index slice/array with nil")
    if not isinstance(step, int) or not is_integer(step):
        raise GoTemplateError(f"error calling index: cannot index slice/array with type {type_name(step)}")
    if not 0 <= step < length:
        raise GoTemplateError(f"error calling index: index out of range: {step}")
    return int(step)


def length(item: object) -> Int:
    """Returns how many values a list or a map has, or how many bytes a text."""
    if isinstance(item, str):
        return Int(byte_length(item))
    if is_list(item) or is_map(item):
        return Int(len(item))
    raise GoTemplateError(f"error calling len: len of {'nil pointer' if item is None else f'type {type_name(item)}'}")


def equal(one: object, *others: object) -> bool:
    """Tells whether the first is equal to any of the others. Numbers of JSON are no integers: that is an error."""
    if not others:
        raise GoTemplateError("error calling eq: missing argument for comparison")
    return any(_equal(one, other) for other in others)


def _equal(one: object, other: object) -> bool:
    kinds = _basic(one), _basic(other)
    if kinds[0] != kinds[1]:
        if one is None or other is None:
            return False
        raise GoTemplateError(_refusal("eq", one, other))
    if kinds[0] is not None:
        return one == other
    if one is not None and other is not None and type_name(one)[0] != type_name(other)[0]:
        raise GoTemplateError(f"error calling eq: non-comparable types {type_name(one)} and {type_name(other)}")
    if is_nil(one) or is_nil(other):
        return is_nil(one) == is_nil(other)
    raise GoTemplateError(f"error calling eq: non-comparable type {type_name(other)}")


def _basic(value: object) -> str | None:
    """Returns the kind of a value that can be compared."""
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "string"
    if is_integer(value):
        return "int"
    return "float" if isinstance(value, int | float) else None


def _refusal(function: str, one: object, other: object) -> str:
    return f"error calling {function}: {_INCOMPATIBLE.format(type_name(one), type_name(other))}"


def unequal(one: object, other: object) -> bool:
    """Tells whether the two differ."""
    return not _equal(one, other)


def less(one: object, other: object) -> bool:
    """Tells whether the first is smaller; only two numbers of one kind or two strings can be ordered."""
    kinds = _basic(one), _basic(other)
    if None in kinds or kinds == ("bool", "bool"):
        raise GoTemplateError("error calling lt: invalid type for comparison")
    if kinds[0] != kinds[1]:
        raise GoTemplateError(_refusal("lt", one, other))
    if isinstance(one, str) and isinstance(other, str):
        return one < other
    return isinstance(one, int | float) and isinstance(other, int | float) and one < other


def less_or_equal(one: object, other: object) -> bool:
    """Tells whether the first is smaller or the same."""
    return less(one, other) or _equal(one, other)


def greater(one: object, other: object) -> bool:
    """Tells whether the first is greater."""
    return not less_or_equal(one, other)


def greater_or_equal(one: object, other: object) -> bool:
    """Tells whether the first is greater or the same."""
    return not less(one, other)


def negate(value: object) -> bool:
    """Tells whether an if would not take it."""
    return not is_true(value)


def escape_query(*arguments: object) -> str:
    """Returns the text of the arguments as it stands in the query of a URL."""
    from urllib.parse import quote_plus

    return quote_plus(to_bytes(_joined(arguments)))


def escape_html(*arguments: object) -> str:
    """Returns the text of the arguments as it stands in HTML."""
    return _joined(arguments).translate(_HTML)


def _joined(arguments: tuple[object, ...]) -> str:
    if None in arguments:
        raise CannotSayError("nil is escaped")
    return print_side_by_side(*arguments)


def print_side_by_side(*arguments: object) -> str:
    """Returns arguments as `print` does."""
    from gitops_gen.evidence.gotemplate import fmt

    return fmt.sprint(arguments)


def print_line(*arguments: object) -> str:
    """Returns arguments as `println` does."""
    from gitops_gen.evidence.gotemplate import fmt

    return fmt.sprintln(arguments)


def print_form(form: str, *arguments: object) -> str:
    """Returns arguments in a form, as `printf` does."""
    from gitops_gen.evidence.gotemplate import fmt

    return fmt.sprintf(form, arguments)


TABLE: dict[str, Signature] = {
    "and": takes("any any...", lambda *_: None),
    "or": takes("any any...", lambda *_: None),
    "not": takes("any", negate),
    "index": takes("any any...", index),
    "len": takes("any", length),
    "print": takes("any...", print_side_by_side, walks=True),
    "println": takes("any...", print_line, walks=True),
    "printf": takes("string any...", print_form, walks=True),
    "eq": takes("any any...", equal),
    "ne": takes("any any", unequal),
    "lt": takes("any any", less),
    "le": takes("any any", less_or_equal),
    "gt": takes("any any", greater),
    "ge": takes("any any", greater_or_equal),
    "urlquery": takes("any...", escape_query, walks=True),
    "html": takes("any...", escape_html, walks=True),
}
