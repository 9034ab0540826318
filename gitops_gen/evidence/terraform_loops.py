"""What the loops of Terraform come to, in expressions and in dynamic blocks.

Source: Terraform, "for Expressions".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.evidence.terraform_sets import SetOf, in_order
from gitops_gen.evidence.terraform_texts import plain_text
from gitops_gen.evidence.terraform_unknowns import HOLE, UNKNOWN, is_open

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.hcl_tree import For
    from gitops_gen.evidence.terraform_values import Scope

REPEATING = frozenset({"count", "for_each"})
"""The arguments that repeat a block."""
_MOST = 20_000
"""Rounds of a loop, with those in it: more than anybody writes."""
_KEY_AND_ITEM = 2


@dataclass
class Work:
    """How much is left to do in the loops that are worked out."""

    loops: int = 0
    left: int = _MOST


class _UnknownItemsError(Exception):
    """Nobody can say which items there are."""


def items_of(value: object) -> list[tuple[object, object]] | None:
    """Returns what a loop goes through, each item behind its key: of a set in no order, if that is not known."""
    match value:
        case SetOf():
            return [(each, each) for each in value]
        case list():
            return list(enumerate(value))
        case dict() if not any(map(is_open, value)):
            return sorted(value.items())
        case _:
            return None


def result_of_loop(loop: For, scope: Scope) -> object:
    """Returns what a loop comes to; UNKNOWN where nobody can say what it goes through, or how far."""
    value = scope.value(loop.of)
    if loop.key is None and isinstance(value, SetOf) and in_order(value) is None:
        return UNKNOWN
    items = items_of(value)
    if items is None or len(loop.names) > _KEY_AND_ITEM:
        return UNKNOWN
    work = scope.work
    if work.loops == 0:
        work.left = _MOST
    work.loops += 1
    try:
        rounds = _rounds(loop, items, scope)
        return [each.value(loop.value) for each in rounds] if loop.key is None else _object(loop, rounds)
    except _UnknownItemsError:
        return UNKNOWN
    finally:
        work.loops -= 1


def _rounds(loop: For, items: list[tuple[object, object]], scope: Scope) -> Iterator[Scope]:
    """Yields the scope of each round that the condition of a loop lets through. Raises _UnknownItemsError."""
    for key, value in items:
        scope.work.left -= 1
        given = dict(zip(loop.names, (key, value) if len(loop.names) == _KEY_AND_ITEM else (value,), strict=True))
        found = scope.with_names(given)
        passes = True if loop.condition is None else found.value(loop.condition)
        if not isinstance(passes, bool) or scope.work.left < 0:
            raise _UnknownItemsError
        if passes:
            yield found


def _object(loop: For, rounds: Iterator[Scope]) -> object:
    """Returns the object that a loop comes to. Raises _UnknownItemsError."""
    made: dict[str, object] = {}
    grouped: dict[str, list[object]] = {}
    for scope in rounds:
        key = scope.value(loop.key)
        name = HOLE if key is UNKNOWN else plain_text(key)
        if not isinstance(name, str) or (name in made and not loop.is_grouped) or (is_open(name) and loop.is_grouped):
            raise _UnknownItemsError
        made[name] = scope.value(loop.value)
        grouped.setdefault(name, []).append(made[name])
    return grouped if loop.is_grouped else made
