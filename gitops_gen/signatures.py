"""What the file system says of many files, as columns, and which of them have changed since."""

from __future__ import annotations

import os
import time
from array import array
from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple
from gitops_gen.signature import ABSENT, inode_of, settled, signature_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from gitops_gen.signature import Signature

    _Look: TypeAlias = "Callable[..., os.stat_result]"

NUMBERS = 3 * array("q").itemsize
"""Bytes of the numbers of one path, in columns."""

_SHARE = 2_500
"""Paths for which a process pays, which takes as long to make as to look at a thousand."""


def all_stale(folder: str, *tables: Signatures, follow: bool = False) -> tuple[Sequence[int], ...]:
    """Returns what `stale` does, of each table of paths below a folder: several processes share them if it pays."""
    paths = sum(len(table.paths) for table in tables)
    if paths < 2 * _SHARE:  # the most usual case, and nothing more is loaded
        return tuple(table.stale_of(range(len(table.paths)), folder, follow=follow) for table in tables)
    from gitops_gen.workers import default_jobs, in_parallel

    jobs = min(default_jobs(paths, 2 * _SHARE), paths // _SHARE)
    shares = [[_share(len(table.paths), number, jobs) for table in tables] for number in range(jobs)]

    def stale_of(share: Sequence[range]) -> list[list[int]]:
        return [table.stale_of(part, folder, follow=follow) for table, part in zip(tables, share, strict=True)]

    found = in_parallel(shares, stale_of)
    return tuple([number for part in of_table for number in part] for of_table in zip(*found, strict=True))


def _share(count: int, number: int, jobs: int) -> range:
    """Returns which of so many rows the process of a number looks at."""
    return range(count * number // jobs, count * (number + 1) // jobs)


class Signatures(NamedTuple):
    """The signatures of many files, as columns: some are looked at in every run, all of them."""

    paths: Sequence[str] = ()
    numbers: array[int] = array("q")
    """Three for each path."""

    @classmethod
    def of(cls, found: Mapping[str, Signature]) -> Signatures:
        """Returns signatures by path as columns."""
        return cls(tuple(found), array("q", [number for each in found.values() for number in each]))

    @classmethod
    def settled_below(cls, folder: str, paths: Sequence[str]) -> Signatures:
        """Returns the signatures, as `settled` has them, of the paths below a folder."""
        numbers, now = array("q"), time.time_ns()
        try:
            start = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            return cls()
        try:
            for path in paths:
                numbers.extend(settled(signature_of(path or ".", dir_fd=start), now))
        finally:
            os.close(start)
        return cls(tuple(paths), numbers)

    def rows(self) -> Iterator[tuple[str, Signature]]:
        """Yields each path and its signature."""
        yield from zip(
            self.paths, zip(self.numbers[0::3], self.numbers[1::3], self.numbers[2::3], strict=True), strict=True
        )

    def signature(self, index: int) -> Signature:
        """Returns the signature of a path by its number."""
        changed, size, inode = self.numbers[3 * index : 3 * index + 3]
        return changed, size, inode

    def stale(self, folder: str, *, follow: bool = False) -> Sequence[int]:
        """Returns the numbers of those that are not what the file system says now of the paths below a folder."""
        return all_stale(folder, self, follow=follow)[0]

    def stale_of(self, part: range, folder: str, *, follow: bool) -> list[int]:
        """Returns those of some numbers that `stale` returns."""
        try:
            # From the folder on, the way to each path is short.
            start = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            return [index for index in part if self.numbers[3 * index] != ABSENT[0]]
        try:
            return self._stale_from(start, part, os.stat if follow else os.lstat)
        finally:
            os.close(start)

    def _stale_from(self, start: int, part: range, look: _Look) -> list[int]:
        found: list[int] = []
        numbers = iter(self.numbers[3 * part.start : 3 * part.stop])
        rows = zip(part, self._paths_of(part), numbers, numbers, numbers, strict=True)
        for index, path, changed, size, inode in rows:
            try:
                status = look(path or ".", dir_fd=start)
            except OSError:
                if changed != ABSENT[0]:
                    found.append(index)
                continue
            if status.st_ctime_ns != changed or status.st_size != size or inode_of(status) != inode:
                found.append(index)
        return found

    def _paths_of(self, part: range) -> Iterable[str]:
        from gitops_gen.joined_paths import JoinedPaths

        if isinstance(self.paths, JoinedPaths):
            return self.paths.between(part.start, part.stop)
        return self.paths[part.start : part.stop]
