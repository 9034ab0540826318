"""Two sets of files to the resources that differ, and the files."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gitops_gen.diff.differences import differences, has_meaning, splices
from gitops_gen.diff.documents import as_text, read
from gitops_gen.diff.formatting import formatting_of
from gitops_gen.diff.pairing import order_of, pairs
from gitops_gen.diff.values import Change, Difference, Element, FileChange, Formatting, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.diff.atlas import Atlas
    from gitops_gen.diff.documents import Documents
    from gitops_gen.diff.masking import Mask
    from gitops_gen.diff.pairing import Pair, Side
    from gitops_gen.diff.values import Place, Value


class Comparison:
    """The files of two sides whose text differs, taken apart. Everything in it is without secrets."""

    def __init__(self, old: Mapping[str, str], new: Mapping[str, str], atlas: Atlas, mask: Mask) -> None:
        self._atlas = atlas
        self._mask = mask
        changes: list[Change] = []
        files: list[FileChange] = []
        for path in sorted(old.keys() | new.keys()):
            before, after = old.get(path), new.get(path)
            if before != after:
                found, order = self._changes(path, before, after)
                changes += found
                files.append(self._file(path, before, after, found, order))
        self.changes = tuple(changes)
        self.files = tuple(files)

    def _changes(self, path: str, before: str | None, after: str | None) -> tuple[tuple[Change, ...], tuple[int, ...]]:
        """Returns the changes of a file, and the order of the documents that stay if it is another one."""
        old, new = self._read(path, before, after)
        place, is_text = self._place(path), any(each is not None and each.is_text for each in (old, new))
        found = tuple(pairs(self._mask.name(path), old, new))
        changes = (self._change(pair, place, is_text=is_text) for pair in found)
        return tuple(change for change in changes if change is not None), order_of(found)

    def _read(self, path: str, before: str | None, after: str | None) -> tuple[Documents | None, Documents | None]:
        old = None if before is None else read(path, before, self._mask)
        new = None if after is None else read(path, after, self._mask)
        if old is None or new is None or old.is_text == new.is_text:
            return old, new
        # One side breaks its own format: then both are compared by their lines.
        return as_text(path, before or "", self._mask), as_text(path, after or "", self._mask)

    def _change(self, pair: Pair, place: Place, *, is_text: bool) -> Change | None:
        old, new = pair.old, pair.new
        if old is None or new is None:
            side = old or new
            assert side is not None  # noqa: S101 - a pair has a side
            return self._whole(side, place, Kind.REMOVED if old else Kind.ADDED, is_text=is_text)
        before, after = old.document, new.document
        found = tuple(_in_text(before.value, after.value) if is_text else differences(before.value, after.value))
        if not found:
            return None
        is_renamed = before.identity[1:] != after.identity[1:]
        kind = Kind.RENAMED if is_renamed else Kind.CHANGED
        placed = tuple(replace(each, place=self._place_of(each, place)) for each in found)
        was = before.resource if is_renamed else None
        return Change(kind, after.resource, place, old.where, new.where, placed, was, is_text)

    def _whole(self, side: Side, place: Place, kind: Kind, *, is_text: bool) -> Change:
        value = side.document.value
        old, new = (value, None) if kind is Kind.REMOVED else (None, value)
        before, after = (side.where, None) if kind is Kind.REMOVED else (None, side.where)
        difference = Difference(kind, (), old, new, place=place)
        return Change(kind, side.document.resource, place, before, after, (difference,), is_text=is_text)

    def _place(self, path: str) -> Place:
        place = self._atlas.place(path)
        name = self._mask.name
        return replace(place, environment=name(place.environment), cluster=name(place.cluster), app=name(place.app))

    def _place_of(self, difference: Difference, place: Place) -> Place:
        """Returns where a difference lands: inside of an element that names a cluster, on that cluster."""
        for step in difference.steps:
            for value in _texts(step):
                if value in self._atlas.clusters:
                    return self._atlas.of_cluster(value, place.app)
                if value in self._atlas.by_application:
                    return self._atlas.of_cluster(self._atlas.by_application[value], place.app)
        return place

    def _file(
        self,
        path: str,
        before: str | None,
        after: str | None,
        changes: tuple[Change, ...],
        order: tuple[int, ...],
    ) -> FileChange:
        kind = Kind.ADDED if before is None else Kind.REMOVED if after is None else Kind.CHANGED
        meaning = any(is_meant(change) for change in changes)
        # A file without a document has nothing but comments.
        formatting: tuple[Formatting, ...] = () if changes else (Formatting.COMMENT,)
        if before is not None and after is not None:
            formatting = formatting_of(before, after, changes, is_reordered=bool(order))
        return FileChange(kind, self._mask.name(path), self._place(path), meaning, formatting, order)


def is_meant(change: Change) -> bool:
    """Tells whether a change is more than another order of what has an identity."""
    return any(has_meaning(each) for each in change.differences)


def _in_text(old: Value, new: Value) -> Iterator[Difference]:
    if isinstance(old, list) and isinstance(new, list):
        yield from splices(old, new)


def _texts(step: object) -> Iterator[str]:
    if isinstance(step, Element):
        yield from (value for _, value in step.identity if isinstance(value, str))
