"""What became of many texts that were put, in columns: a worker sends them at once, and they take little memory."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import TYPE_CHECKING

from gitops_gen.change_kind import ChangeKind
from gitops_gen.digests import DIGEST_SIZE, NO_KEY
from gitops_gen.tree.values import Change, Staged, Written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.signature import Signature

_KINDS = (None, *ChangeKind)
_FRESH = 1 << 7
"""The bit of a kind that says that the file waits in a folder which is yet to come."""
_NUMBERS = 4
_NOT_WRITTEN = Written(0, 0, 0, 0)


class StagedColumns:
    """The answers of `stage` for some texts, in order, without their paths."""

    def __init__(self) -> None:
        self._kinds = bytearray()
        self._written = array("q")
        self._odd: dict[int, Change] = {}
        """By number: the changes of which there is more to say than their kind."""
        self.digests = bytearray()
        """For each text its key, or NO_KEY, and the digest of its bytes, one after the other."""

    def __len__(self) -> int:
        return len(self._kinds)

    def add(self, staged: Staged) -> None:
        """Adds the answer for the next text."""
        change = staged.change
        if change is not None and change.obstacle is not None:
            self._odd[len(self._kinds)] = change
        kind = _KINDS.index(None if change is None else change.kind)
        self._kinds.append(kind | _FRESH if staged.is_fresh else kind)
        self._written.extend(staged.written or _NOT_WRITTEN)
        self.digests += staged.key or NO_KEY
        self.digests += staged.content

    def extend(self, others: StagedColumns) -> None:
        """Adds the answers for some more texts."""
        start = len(self)
        self._odd.update({start + number: change for number, change in others._odd.items()})
        self._kinds += others._kinds
        self._written.extend(others._written)
        self.digests += others.digests

    def change(self, number: int, path: str) -> Change | None:
        """Returns how a text differs from the disk, by its number and path."""
        kind = _KINDS[self._kinds[number] & ~_FRESH]
        return self._odd.get(number) or (None if kind is None else Change(kind, path))

    def is_fresh(self, number: int) -> bool:
        """Tells whether the file of a text waits in a folder that is yet to come."""
        return self._kinds[number] >= _FRESH

    def signature(self, number: int) -> Signature:
        """Returns the signature that the file of a text had when it was written; zeros if it was not."""
        changed, size, inode = self._written[_NUMBERS * number : _NUMBERS * number + 3]
        return changed, size, inode

    def staged(self, number: int, path: str) -> Staged:
        """Returns the answer for a text, by its number and path."""
        start = 2 * DIGEST_SIZE * number
        key, content = (bytes(self.digests[at : at + DIGEST_SIZE]) for at in (start, start + DIGEST_SIZE))
        written = Written(*self._written[_NUMBERS * number : _NUMBERS * (number + 1)])
        return Staged(
            self.change(number, path),
            content,
            None if written == _NOT_WRITTEN else written,
            self.is_fresh(number),
            None if key == NO_KEY else key,
        )


class StagedFiles(Mapping[str, Staged]):
    """The answers of `stage`, by path."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self.columns = StagedColumns()
        """The answers, in the order of the paths."""

    def add(self, path: str, staged: Staged) -> None:
        """Adds the answer for one more text."""
        self._numbers[path] = len(self.columns)
        self.columns.add(staged)

    def extend(self, paths: Iterable[str], columns: StagedColumns) -> Iterator[Change]:
        """Adds the answers for some more texts, and yields their changes."""
        start = len(self.columns)
        self.columns.extend(columns)
        for number, path in enumerate(paths, start):
            self._numbers[path] = number
            change = self.columns.change(number, path)
            if change is not None:
                yield change

    def is_fresh(self, path: str) -> bool:
        """Tells whether the file of a text waits in a folder that is yet to come."""
        return self.columns.is_fresh(self._numbers[path])

    def __getitem__(self, path: str) -> Staged:
        return self.columns.staged(self._numbers[path], path)

    def __iter__(self) -> Iterator[str]:
        return iter(self._numbers)

    def __len__(self) -> int:
        return len(self._numbers)
