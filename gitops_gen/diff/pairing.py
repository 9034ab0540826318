"""The documents of the old files and of the new ones, paired: the same resource, a renamed one, or one of a side."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.diff.values import Where

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gitops_gen.diff.documents import Document, Documents


@dataclass(frozen=True, slots=True)
class Side:
    """A document on one side, and where it stands."""

    document: Document
    where: Where


@dataclass(frozen=True, slots=True)
class Pair:
    """A document on both sides, or on one of them."""

    old: Side | None
    new: Side | None


def pairs(path: str, old: Documents | None, new: Documents | None) -> Iterator[Pair]:
    """Yields the documents of one file, paired, in the order of the new side; what is gone stands first."""
    before, after = _sides(path, old), _sides(path, new)
    partners = _same(before, after)
    taken = set(partners.values())
    gone = [each for each in before if each.where not in taken]
    come = [each for each in after if each.where not in partners]
    partners |= _renamed(gone, come)
    by_where = {side.where: side for side in before}
    taken = set(partners.values())
    yield from (Pair(side, None) for side in before if side.where not in taken)
    for side in after:
        partner = partners.get(side.where)
        yield Pair(by_where[partner] if partner else None, side)


def order_of(found: Iterable[Pair]) -> tuple[int, ...]:
    """Returns the old positions of the documents that stay, counted among them, in the new order; empty if that is
    the old one."""
    stay = [pair.old.where.index for pair in found if pair.old is not None and pair.new is not None]
    positions = {index: position for position, index in enumerate(sorted(stay))}
    order = tuple(positions[index] for index in stay)
    return order if order != tuple(range(len(order))) else ()


def _sides(path: str, documents: Documents | None) -> list[Side]:
    items = documents.items if documents else ()
    return [Side(document, Where(path, index)) for index, document in enumerate(items)]


def _same(before: Sequence[Side], after: Sequence[Side]) -> dict[Where, Where]:
    """Returns, for documents of the new side, the same of the old one: by identity, or, without one, in order."""
    waiting: dict[object, list[Side]] = defaultdict(list)
    for side in before:
        waiting[_key(side)].append(side)
    found: dict[Where, Where] = {}
    for side in after:
        if waiting[_key(side)]:
            found[side.where] = waiting[_key(side)].pop(0).where
    return found


def _key(side: Side) -> object:
    return side.document.identity if side.document.is_object else None


def _renamed(before: Sequence[Side], after: Sequence[Side]) -> Mapping[Where, Where]:
    """Returns the pairs of what is left: one object of a kind gone from a file and one come is the same, renamed."""
    gone, come = _by_kind(before), _by_kind(after)
    return {
        come[kind][0].where: sides[0].where
        for kind, sides in gone.items()
        if len(sides) == 1 and len(come.get(kind, ())) == 1
    }


def _by_kind(sides: Sequence[Side]) -> Mapping[tuple[str, str], list[Side]]:
    found: dict[tuple[str, str], list[Side]] = defaultdict(list)
    for side in sides:
        if side.document.is_object:
            found[side.document.identity[:2]].append(side)
    return found
