"""Two values to the differences between them: fields by their names, elements of lists by their identity."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from gitops_gen.diff.elements import elements, is_in_order, names_of
from gitops_gen.diff.sameness import same, token
from gitops_gen.diff.values import Difference, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.diff.elements import Names
    from gitops_gen.diff.values import Step, Value

_MOST_PAIRS = 250_000
"""Items of both sides, multiplied, that are aligned with each other; what is longer is replaced as a whole."""


def differences(old: Value, new: Value, steps: tuple[Step, ...] = ()) -> Iterator[Difference]:
    """Yields every difference; none means that the values are the same but for the order of keys."""
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _of_maps(old, new, steps)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _of_lists(old, new, steps)
    elif not same(old, new):
        yield Difference(Kind.CHANGED, steps, old, new)


def splices(old: Sequence[Value], new: Sequence[Value], steps: tuple[Step, ...] = ()) -> Iterator[Difference]:
    """Yields which runs of items are replaced by which; an item that is put between others is one difference."""
    start, end = _common_ends(old, new)
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    for first, last, other_first, other_last in _aligned(before, after):
        yield Difference(
            Kind.SPLICED, steps, list(before[first:last]), list(after[other_first:other_last]), start + first
        )


def _of_maps(old: dict[str, Value], new: dict[str, Value], steps: tuple[Step, ...]) -> Iterator[Difference]:
    for key, value in old.items():
        if key in new:
            yield from differences(value, new[key], (*steps, key))
        else:
            yield Difference(Kind.REMOVED, (*steps, key), old=value)
    for key, value in new.items():
        if key not in old:
            yield Difference(Kind.ADDED, (*steps, key), new=value)


def _of_lists(old: list[Value], new: list[Value], steps: tuple[Step, ...]) -> Iterator[Difference]:
    names = names_of(old, new, steps)
    if names is not None:
        yield from _of_elements(old, new, names, steps)
    elif _is_paired(old, new):
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            yield from differences(before, after, (*steps, index))
    else:
        yield from splices(old, new, steps)


def _of_elements(old: list[Value], new: list[Value], names: Names, steps: tuple[Step, ...]) -> Iterator[Difference]:
    before, after = elements(old, names) or {}, elements(new, names) or {}
    for element, value in before.items():
        if element in after:
            yield from differences(value, after[element], (*steps, element))
        else:
            yield Difference(Kind.REMOVED, (*steps, element), old=value)
    yield from _reordered([each for each in before if each in after], [each for each in after if each in before], steps)
    for index, (element, value) in enumerate(after.items()):
        if element not in before:
            yield Difference(Kind.ADDED, (*steps, element), new=value, index=index)


def _reordered(before: Sequence[object], after: Sequence[object], steps: tuple[Step, ...]) -> Iterator[Difference]:
    if before != after:
        positions = {element: index for index, element in enumerate(before)}
        yield Difference(Kind.REORDERED, steps, new=[positions[element] for element in after])


def has_meaning(difference: Difference) -> bool:
    """Tells whether a difference is more than another order of elements that have an identity."""
    return difference.kind is not Kind.REORDERED or is_in_order(difference.steps)


def _is_paired(old: list[Value], new: list[Value]) -> bool:
    """Tells whether the items of two lists differ in their insides only, so that they are compared one by one."""
    return len(old) == len(new) and all(
        same(before, after) or (type(before) is type(after) and isinstance(before, dict | list))
        for before, after in zip(old, new, strict=True)
    )


def _common_ends(old: Sequence[Value], new: Sequence[Value]) -> tuple[int, int]:
    shortest = min(len(old), len(new))
    start = next((index for index in range(shortest) if not same(old[index], new[index])), shortest)
    rest = shortest - start
    end = next((index for index in range(rest) if not same(old[-1 - index], new[-1 - index])), rest)
    return start, end


def _aligned(old: Sequence[Value], new: Sequence[Value]) -> Iterator[tuple[int, int, int, int]]:
    if len(old) * len(new) > _MOST_PAIRS:
        yield 0, len(old), 0, len(new)
        return
    matcher = SequenceMatcher(None, [*map(token, old)], [*map(token, new)], autojunk=False)
    for tag, *span in matcher.get_opcodes():
        if tag != "equal":
            first, last, other_first, other_last = span
            yield first, last, other_first, other_last
