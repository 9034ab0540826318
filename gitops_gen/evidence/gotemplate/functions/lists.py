"""sprig's functions for lists, and Go's slice as sprig replaces it. Source: Masterminds/sprig v3.3.0, list.go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.gotemplate.errors import CannotSayError, GoTemplateError
from gitops_gen.evidence.gotemplate.functions.conversions import to_int, to_strings, to_text
from gitops_gen.evidence.gotemplate.functions.table import Signature, takes
from gitops_gen.evidence.gotemplate.values import (
    SIZE_LIMIT,
    Int,
    Ints,
    Lists,
    NilList,
    Strings,
    deep_equal,
    is_list,
    is_true,
    kind_name,
    ordered,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST_COMPARED = 1_000


def _elements(value: object, verb: str) -> list[object]:
    """Returns the elements of a list in their order. Raises GoTemplateError if it is none."""
    return ordered(_list(value, verb))


def _list(value: object, verb: str) -> list[object]:
    if is_list(value):
        return value
    if value is None:
        raise GoTemplateError(f"error calling {verb}: nil is no list")
    raise GoTemplateError(f"error calling {verb}: Cannot {verb} on type {kind_name(value)}")


def first(value: object) -> object:
    """Returns the first element, or nil."""
    elements = _elements(value, "first")
    return elements[0] if elements else None


def last(value: object) -> object:
    """Returns the last element, or nil."""
    elements = _elements(value, "last")
    return elements[-1] if elements else None


def rest(value: object) -> list[object]:
    """Returns everything but the first."""
    elements = _elements(value, "rest")
    return elements[1:] if elements else NilList()


def initial(value: object) -> list[object]:
    """Returns everything but the last."""
    elements = _elements(value, "initial")
    return elements[:-1] if elements else NilList()


def append(value: object, element: object) -> list[object]:
    """Returns the list with one more at the end."""
    return [*_elements(value, "append"), element]


def prepend(value: object, element: object) -> list[object]:
    """Returns the list with one more at the start."""
    return [element, *_elements(value, "prepend")]


def concat(*values: object) -> list[object]:
    """Returns the elements of several lists."""
    elements = [element for value in values for element in _elements(value, "concat")]
    return elements or NilList()


def reverse(value: object) -> list[object]:
    """Returns the list from its end."""
    return _elements(value, "reverse")[::-1]


def compact(value: object) -> list[object]:
    """Returns the elements that are not empty."""
    return [element for element in _elements(value, "compact") if is_true(element)]


def unique(value: object) -> list[object]:
    """Returns every element once."""
    found: list[object] = []
    for element in _comparable(_elements(value, "uniq")):
        if not _contains(found, element):
            found.append(element)
    return found


def without(value: object, *unwanted: object) -> list[object]:
    """Returns the elements that are none of these."""
    elements = _comparable(_elements(value, "without"))
    return [element for element in elements if not _contains(_comparable(list(unwanted)), element)]


def has(needle: object, value: object) -> bool:
    """Tells whether a list has the element; it must be of the same type."""
    return value is not None and _contains(_list(value, "has"), needle)


def _contains(elements: list[object], needle: object) -> bool:
    return any(deep_equal(needle, element) for element in elements)


def _comparable(elements: list[object]) -> list[object]:
    if len(elements) > _MOST_COMPARED:
        raise CannotSayError(f"more than {_MOST_COMPARED:,} elements are compared")
    return elements


def part(value: object, *bounds: object) -> object:
    """Returns the elements from one index to another."""
    elements = _elements(value, "slice")
    if not elements:
        return None
    start = to_int(bounds[0]) if bounds else 0
    end = to_int(bounds[1]) if len(bounds) > 1 else len(elements)
    if not 0 <= start <= end:
        raise GoTemplateError("error calling slice: slice index out of bounds")
    if end > len(elements):
        raise CannotSayError("slice goes beyond the end of a list")
    return type(elements)(elements[start:end])


def sort_alpha(value: object) -> Strings:
    """Returns the texts of the elements in the order of their bytes."""
    return Strings(sorted(to_strings(value))) if is_list(value) else Strings([to_text(value)])


def chunk(size: int, value: object) -> Lists:
    """Returns the list in lists of this size."""
    elements = _elements(value, "chunk")
    if size <= 0:
        raise CannotSayError("chunk has no size")
    return Lists(elements[start : start + size] for start in range(0, len(elements), size))


def until(end: int) -> Ints:
    """Returns the numbers from 0 to below the end."""
    return until_step(0, end, -1 if end < 0 else 1)


def until_step(start: int, end: int, step: int) -> Ints:
    """Returns the numbers from the start to before the end."""
    numbers = range(start, end, step) if step and (step < 0) == (end < start) else range(0)
    if len(numbers) > SIZE_LIMIT:
        raise CannotSayError(f"a list of more than {SIZE_LIMIT:,} numbers")
    return Ints(map(Int, numbers))


def sequence(*bounds: int) -> str:
    """Returns the numbers from the first to the last with spaces between them, as the command seq."""
    if len(bounds) not in (1, 2, 3):
        return ""
    start, end = (1 if len(bounds) == 1 else bounds[0]), bounds[-1]
    step = bounds[1] if len(bounds) > 2 else -1 if end < start else 1
    if len(bounds) > 2 and end < start and step > 0:
        return ""
    return " ".join(map(str, until_step(start, end + (-1 if end < start else 1), step)))


def _list_of(*elements: object) -> list[object]:
    return list(elements)


_BOTH: dict[str, tuple[str, Callable[..., object]]] = {
    "first": ("any", first),
    "last": ("any", last),
    "rest": ("any", rest),
    "initial": ("any", initial),
    "append": ("any any", append),
    "push": ("any any", append),
    "prepend": ("any any", prepend),
    "reverse": ("any", reverse),
    "compact": ("any", compact),
    "uniq": ("any", unique),
    "without": ("any any...", without),
    "has": ("any any", has),
    "slice": ("any any...", part),
    "chunk": ("int any", chunk),
}
"""The functions that have a twin, mustX, which fails as they do."""

TABLE: dict[str, Signature] = {
    **{name: takes(types, call, walks=True) for name, (types, call) in _BOTH.items()},
    **{f"must{name[0].upper()}{name[1:]}": takes(types, call, walks=True) for name, (types, call) in _BOTH.items()},
    "list": takes("any...", _list_of, walks=True),
    "tuple": takes("any...", _list_of, walks=True),
    "concat": takes("any...", concat, walks=True),
    "sortAlpha": takes("any", sort_alpha, walks=True),
    "until": takes("int", until, walks=True),
    "untilStep": takes("int int int", until_step, walks=True),
    "seq": takes("int...", sequence),
}
