"""A difference taken apart into single values, so that a rule on a field sees it when a parent comes or goes too."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Literal, TypeAlias

from gitops_gen.diff.values import Kind
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.diff.values import Difference, Place, Redacted, Scalar, Step, Value


class _Missing(Enum):
    MISSING = ""


MISSING = _Missing.MISSING
"""Stands for a side that has no value."""

Side: TypeAlias = "Scalar | Redacted | Literal[_Missing.MISSING]"


class Leaf(NamedTuple):
    """A single value on both sides, or on one of them."""

    steps: tuple[Step, ...]
    old: Side
    new: Side
    place: Place


def leaves(difference: Difference) -> Iterator[Leaf]:
    """Yields the single values of a difference; an empty map or list has none."""
    place, steps = difference.place, difference.steps
    if difference.kind is Kind.REORDERED:
        return
    old = () if difference.kind is Kind.ADDED else _singles(difference.old, steps)
    new = () if difference.kind is Kind.REMOVED else _singles(difference.new, steps)
    before, after = dict(old), dict(new)
    if difference.kind is Kind.SPLICED:
        # What is replaced in a list without identities is gone, and something else has come.
        yield from (Leaf(at, value, MISSING, place) for at, value in before.items())
        yield from (Leaf(at, MISSING, value, place) for at, value in after.items())
        return
    for at in dict.fromkeys((*before, *after)):
        yield Leaf(at, before.get(at, MISSING), after.get(at, MISSING), place)


def _singles(value: Value, steps: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], Scalar | Redacted]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _singles(inner, (*steps, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _singles(inner, (*steps, index))
    else:
        yield steps, value
