"""The functions of Terraform that configurations write names, ARNs and policies with.

Source: Terraform, "Functions"; each is compared with Terraform's own.
"""

from __future__ import annotations

import json
from itertools import chain, product
from typing import TYPE_CHECKING

from gitops_gen.evidence.terraform_sets import SetOf, in_order, set_of
from gitops_gen.evidence.terraform_texts import TEXT_FUNCTIONS, bounded, formatted, plain_text
from gitops_gen.evidence.terraform_unknowns import HOLE, UNKNOWN, is_exact, is_open

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_MOST = 10_000
"""Items that a function may come to: more than anybody writes."""


def result_of(name: str, arguments: Sequence[object]) -> object:
    """Returns what a function makes of its arguments; UNKNOWN for one that is not known here, or of what is not."""
    if name not in _FOR_ANYTHING and any(each is UNKNOWN for each in arguments):
        return UNKNOWN
    function = _FUNCTIONS.get(name) or TEXT_FUNCTIONS.get(name)
    return function(arguments) if function is not None else UNKNOWN


def from_json(text: str) -> object:
    """Returns what a text says that is JSON; UNKNOWN for any other, and for one that may say two things of a key."""
    try:
        found: object = json.loads(text, object_pairs_hook=_object_of)
    except (ValueError, RecursionError):
        return UNKNOWN
    return found


def _object_of(pairs: Sequence[tuple[str, object]]) -> Mapping[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError  # two keys that look the same, maybe while a part of them is not known
    return found


def _same(arguments: Sequence[object]) -> object:
    return arguments[0] if len(arguments) == 1 else UNKNOWN


def _tostring(arguments: Sequence[object]) -> object:
    match arguments:
        case [None]:
            return None
        case [value]:
            return plain_text(value)
        case _:
            return UNKNOWN


def _jsondecode(arguments: Sequence[object]) -> object:
    match arguments:
        case [str(text)] if not is_open(text):
            return from_json(text)
        case _:
            return UNKNOWN


def _toset(arguments: Sequence[object]) -> object:
    match arguments:
        case [list(items)]:
            return set_of(items)
        case _:
            return UNKNOWN


def _tolist(arguments: Sequence[object]) -> object:
    match arguments:
        case [list(items)]:
            found = in_order(items)
            return UNKNOWN if found is None else found
        case _:
            return UNKNOWN


def _length(arguments: Sequence[object]) -> object:
    match arguments:
        case [SetOf() as items]:
            return len(items) if in_order(items) is not None else UNKNOWN
        case [list() | dict() as items]:
            return len(items)
        case [str(text)] if text.isascii():
            return len(text)
        case _:
            return UNKNOWN


def _concat(arguments: Sequence[object]) -> object:
    found = [in_order(each) for each in arguments if isinstance(each, list)]
    if len(found) < len(arguments) or None in found:
        return UNKNOWN
    return _bounded([item for each in found if each is not None for item in each])


def _bounded(items: list[object]) -> object:
    return items if len(items) <= _MOST else UNKNOWN


def _merge(arguments: Sequence[object]) -> object:
    found = [each for each in arguments if each is not None]
    if not all(isinstance(each, dict) for each in found):
        return UNKNOWN
    maps = [each for each in found if isinstance(each, dict) and each]
    if len(maps) > 1 and any(is_open(key) for each in maps for key in each):
        return UNKNOWN  # two keys that look the same may not be, and those that do not may be
    return {key: item for each in maps for key, item in each.items()}


def _keys(arguments: Sequence[object]) -> object:
    match arguments:
        case [dict(items)] if not any(map(is_open, items)):
            return sorted(items)
        case _:
            return UNKNOWN


def _values(arguments: Sequence[object]) -> object:
    match arguments:
        case [dict(items)] if not any(map(is_open, items)):
            return [items[key] for key in sorted(items)]
        case _:
            return UNKNOWN


def _lookup(arguments: Sequence[object]) -> object:
    match arguments:
        case [dict(items), key, *default] if is_exact(key) and not any(map(is_open, items)):
            return items.get(plain_text(key), default[0] if default else UNKNOWN)
        case _:
            return UNKNOWN


def _element(arguments: Sequence[object]) -> object:
    match arguments:
        case [list(items), int(index)] if items and index >= 0:
            found = in_order(items)
            return UNKNOWN if found is None else found[index % len(found)]
        case _:
            return UNKNOWN


def _slice(arguments: Sequence[object]) -> object:
    match arguments:
        case [list(items), int(first), int(end)] if not isinstance(items, SetOf) and 0 <= first <= end <= len(items):
            return items[first:end]
        case _:
            return UNKNOWN


def _reverse(arguments: Sequence[object]) -> object:
    match arguments:
        case [list(items)] if (found := in_order(items)) is not None:
            return found[::-1]
        case _:
            return UNKNOWN


def _one(arguments: Sequence[object]) -> object:
    match arguments:
        case [[]]:
            return None
        case [[item]]:
            return item
        case _:
            return UNKNOWN


def _flatten(arguments: Sequence[object]) -> object:
    match arguments:
        case [list(items)]:
            found: list[object] = []
            return _bounded(found) if _flat(items, found) else UNKNOWN
        case _:
            return UNKNOWN


def _flat(items: list[object], found: list[object]) -> bool:
    """Adds the items of a list, those of lists in it in their place; False where that is not known."""
    ordered = in_order(items)
    if ordered is None or len(found) > _MOST:
        return False
    for each in ordered:
        if each is UNKNOWN or (isinstance(each, list) and not _flat(each, found)):
            return False
        if not isinstance(each, list):
            found.append(each)
    return True


def _compact(arguments: Sequence[object]) -> object:
    """A text of which a part is known is not empty."""
    match arguments:
        case [list(items)] if (found := in_order(items)) is not None:
            if all(each is None or (isinstance(each, str) and set(each) != {HOLE}) for each in found):
                return [each for each in found if each]
    return UNKNOWN


def _distinct(arguments: Sequence[object]) -> object:
    match arguments:
        case [list(items)] if all(isinstance(each, str) and is_exact(each) for each in items):
            return list(dict.fromkeys(items))
        case _:
            return UNKNOWN


def _sort(arguments: Sequence[object]) -> object:
    texts = _exact_texts(arguments)
    return UNKNOWN if texts is None or len(texts) != 1 else sorted(texts[0])


def _exact_texts(arguments: Sequence[object]) -> list[list[str]] | None:
    """Returns lists of texts that are known as a whole; None for any other arguments."""
    lists = [each for each in arguments if isinstance(each, list)]
    is_known = len(lists) == len(arguments) and all(
        isinstance(each, str) and is_exact(each) for each in chain.from_iterable(lists)
    )
    return [list(map(str, each)) for each in lists] if is_known and lists else None


def _contains(arguments: Sequence[object]) -> object:
    match arguments:
        case [list(items), str(wanted)] if is_exact(wanted) and all(isinstance(each, str) for each in items):
            return True if wanted in items else False if is_exact(items) else UNKNOWN
        case _:
            return UNKNOWN


def _index(arguments: Sequence[object]) -> object:
    match arguments:
        case [list(items), str(wanted)] if (texts := _exact_texts([items])) and not isinstance(items, SetOf):
            return texts[0].index(wanted) if wanted in texts[0] else UNKNOWN
        case _:
            return UNKNOWN


def _zipmap(arguments: Sequence[object]) -> object:
    match arguments:
        case [SetOf(), _] | [_, SetOf()]:
            return UNKNOWN
        case [list(keys), list(items)] if len(keys) == len(items) and _exact_texts([keys]):
            return dict(zip(map(str, keys), items, strict=True))
        case _:
            return UNKNOWN


def _range(arguments: Sequence[object]) -> object:
    if not arguments or not all(isinstance(each, int) and not isinstance(each, bool) for each in arguments):
        return UNKNOWN
    numbers = [int(str(each)) for each in arguments]
    first, end = (0, numbers[0]) if len(numbers) == 1 else numbers[:2]
    if len(numbers) > len(("first", "end")) or not 0 <= end - first <= _MOST:
        return UNKNOWN
    return list(range(first, end))


def _setproduct(arguments: Sequence[object]) -> object:
    lists = [each for each in arguments if isinstance(each, list) and not isinstance(each, SetOf)]
    size = 1
    for each in lists:
        size *= len(each)
    if len(lists) < max(len(arguments), 2) or size > _MOST:
        return UNKNOWN
    return [list(each) for each in product(*lists)]


def _set_function(combine: Callable[[set[str], set[str]], set[str]]) -> Callable[[Sequence[object]], object]:
    def function(arguments: Sequence[object]) -> object:
        texts = _exact_texts(arguments)
        if texts is None:
            return UNKNOWN
        found = set(texts[0])
        for each in texts[1:]:
            found = combine(found, set(each))
        return set_of(found)

    return function


def _join(arguments: Sequence[object]) -> object:
    match arguments:
        case [str(separator), *lists] if lists and all(isinstance(each, list) for each in lists):
            ordered = [in_order(each) for each in lists if isinstance(each, list)]
            items = [item for each in ordered if each is not None for item in each]
            texts = [HOLE if each is UNKNOWN else plain_text(each) for each in items]
            if None not in ordered and all(isinstance(each, str) for each in texts):
                return bounded(separator.join(map(str, texts)))
    return UNKNOWN


def _formatlist(arguments: Sequence[object]) -> object:
    lists = [in_order(each) if isinstance(each, list) else None for each in arguments[1:]]
    if any(isinstance(each, list) and found is None for each, found in zip(arguments[1:], lists, strict=True)):
        return UNKNOWN
    lengths = {len(each) for each in lists if each is not None}
    if len(lengths) != 1:
        return UNKNOWN
    rows = (
        [found[row] if found is not None else each for each, found in zip(arguments[1:], lists, strict=True)]
        for row in range(lengths.pop())
    )
    return [formatted([arguments[0], *row]) for row in rows]


_FOR_ANYTHING = frozenset({"format", "lookup"})
"""Functions that say for themselves what an argument that is not known does."""
_FUNCTIONS: Mapping[str, Callable[[Sequence[object]], object]] = {
    "jsonencode": _same,
    "tomap": _same,
    "sensitive": _same,
    "nonsensitive": _same,
    "tostring": _tostring,
    "jsondecode": _jsondecode,
    "toset": _toset,
    "tolist": _tolist,
    "length": _length,
    "concat": _concat,
    "merge": _merge,
    "keys": _keys,
    "values": _values,
    "lookup": _lookup,
    "element": _element,
    "slice": _slice,
    "reverse": _reverse,
    "one": _one,
    "flatten": _flatten,
    "compact": _compact,
    "distinct": _distinct,
    "sort": _sort,
    "contains": _contains,
    "index": _index,
    "zipmap": _zipmap,
    "range": _range,
    "setproduct": _setproduct,
    "setunion": _set_function(set.union),
    "setintersection": _set_function(set.intersection),
    "setsubtract": _set_function(set.difference),
    "join": _join,
    "formatlist": _formatlist,
}
