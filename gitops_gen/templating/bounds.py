"""How large a thing may be that a template makes: a text, a list, a number, a nested value written into a file.

The size is known before the thing is made, so that a refused one takes neither memory nor time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SIZE_LIMIT = 8 * 1024 * 1024
"""Characters of one rendered file, and of any text or list that a template builds."""

NUMBER_LIMIT = 1024
"""Bits of a whole number that a template calculates with."""


TEMPLATE_LIMIT = 256 * 1024
"""Characters of one template: to compile a longer one takes longer than to render it."""

ITEM_WEIGHT = 64
"""What an item of a list weighs beside its characters."""

DEPTH_LIMIT = 100
"""Maps and lists of a value that stand inside each other."""


class TooMuchError(Exception):
    """A template asks for more than it may have. The text says of what, and how much there is."""


def check_size(size: int) -> None:
    """Raises TooMuchError for a text or list of more than SIZE_LIMIT characters or items."""
    if size > SIZE_LIMIT:
        raise TooMuchError(f"a text or list of {size:,} items, more than {SIZE_LIMIT:,}")


def check_written(value: object) -> None:
    """Raises TooMuchError for a nested value that takes more than SIZE_LIMIT characters in a file.

    Everything counts as often as it stands there: a few lists inside each other can stand for more than fits anywhere.
    """
    if not isinstance(value, dict | list | tuple):
        return
    size, rest = 0, [(value, 2)]
    while rest:
        each, indent = rest.pop()
        size += indent * len(each) + sum(len(item) for item in _items(each) if isinstance(item, str))
        check_size(size)
        rest.extend((item, indent + 2) for item in _items(each) if isinstance(item, dict | list | tuple))


def weight(value: object) -> int:
    """Returns how much there is to copy, compare or hash in a nested value, about in characters.

    Everything counts as often as it stands there. Raises TooMuchError for more than twice SIZE_LIMIT, and where maps
    and lists stand too deep inside each other.
    """
    total, level = 0, [value]
    for _ in range(DEPTH_LIMIT):
        inside: list[object] = []
        for each in level:
            if isinstance(each, str):
                total += len(each)
            elif isinstance(each, dict | list | tuple):
                total += ITEM_WEIGHT * len(each)
                inside.extend(_items(each))
            if total > 2 * SIZE_LIMIT:
                raise TooMuchError(f"lists that stand for more than {2 * SIZE_LIMIT // ITEM_WEIGHT:,} items")
        if not inside:
            return total
        level = inside
    raise TooMuchError(f"maps and lists more than {DEPTH_LIMIT} deep inside each other")


def check_operation(operator: str, left: object, right: object) -> None:
    """Raises TooMuchError for an operation that makes a text, a list or a number beyond its limit."""
    if isinstance(left, int) and isinstance(right, int):
        _check_bits(operator, left, right)
    elif operator == "+":
        check_size(_size(left) + _size(right))
    elif operator == "*":
        check_size(_product(left, right))


def check_bits(bits: int) -> None:
    """Raises TooMuchError for a whole number of more than NUMBER_LIMIT bits."""
    if bits > NUMBER_LIMIT:
        raise TooMuchError(f"a number of {bits:,} bits, more than {NUMBER_LIMIT:,}")


def plain_text(value: object) -> str:
    """Returns a text or a number as text.

    Raises TypeError for anything else: Python would write True, None, or where in memory an object lies.
    """
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return str(value)
    from jinja2 import Undefined

    if isinstance(value, Undefined):
        return str(value)  # raises Jinja's own error, which names the undefined
    shown = "null" if value is None else f"a {type(value).__name__}"
    raise TypeError(f"got {shown}, expected a text or a number")


def joined(values: Iterable[object], separator: str = "") -> str:
    """Returns texts and numbers in one text. Raises TooMuchError before it would be too long, and TypeError."""
    texts = [plain_text(value) for value in values]
    check_size(sum(map(len, texts)) + len(separator) * max(len(texts) - 1, 0))
    return separator.join(texts)


def _items(value: dict[object, object] | list[object] | tuple[object, ...]) -> Iterable[object]:
    return (*value.keys(), *value.values()) if isinstance(value, dict) else value


def _check_bits(operator: str, left: int, right: int) -> None:
    check_bits(max(left.bit_length(), right.bit_length()))
    if operator == "**":
        check_bits(left.bit_length() * max(right, 0))


def _size(value: object) -> int:
    return len(value) if isinstance(value, str | bytes | list | tuple) else 0


def _product(left: object, right: object) -> int:
    times = left if isinstance(left, int) else right
    return (_size(left) + _size(right)) * max(times, 0) if isinstance(times, int) else 0
