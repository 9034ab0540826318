"""What became of many texts that were put, in columns: a worker sends them at once, and they take little memory."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from gitops_gen.change_kind import ChangeKind
from gitops_gen.digests import DIGEST_SIZE
from gitops_gen.tree.values import Change, Staged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_KINDS = (None, *ChangeKind)
_NOT_WRITTEN = (0, 0)


class StagedColumns:
    """The answers of `stage` for some texts, in order, without their paths."""

    def __init__(self) -> None:
        self._kinds = bytearray()
        self._contents = bytearray()
        self._written = array("q")
        self._odd: dict[int, Change] = {}
        """By number: the changes of which there is more to say than their kind."""

    def add(self, staged: Staged) -> None:
        """Adds the answer for the next text."""
        change = staged.change
        if change is not None and change.obstacle is not None:
            self._odd[len(self._kinds)] = change
        self._kinds.append(_KINDS.index(change.kind if change is not None else None))
        self._contents += staged.content
        self._written.extend(staged.written or _NOT_WRITTEN)

    def rows(self, paths: Iterable[str]) -> Iterator[tuple[str, Staged]]:
        """Yields each path with the answer for its text. The paths are those that were put, in the same order."""
        for number, path in enumerate(paths):
            kind = _KINDS[self._kinds[number]]
            change = self._odd.get(number) or (None if kind is None else Change(kind, path))
            content = bytes(self._contents[DIGEST_SIZE * number : DIGEST_SIZE * (number + 1)])
            written = self._written[2 * number], self._written[2 * number + 1]
            yield path, Staged(change, content, None if written == _NOT_WRITTEN else written)
