"""What the file system says of files without opening them, and how far it tells that nothing has changed since."""

from __future__ import annotations

import os
import time
from array import array
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    _Look: TypeAlias = "Callable[..., os.stat_result]"

Signature: TypeAlias = tuple[int, int, int]
"""Of a file: when it last changed in any way (ns since 1970, by the file system's clock), its size, its inode.

Nobody who writes, renames or replaces a file can set the first one back.
"""

ABSENT: Signature = (-1, -1, -1)
"""Where nothing stands."""
UNKNOWN: Signature = (0, 0, 0)
"""Like nothing on any disk: for a file that may have changed, or may yet change without a trace."""

NUMBERS = 3 * array("q").itemsize
"""Bytes of the numbers of one path, in columns."""

_INODE_BITS = 2**63 - 1
_SECOND = 1_000_000_000
_TICK = 20_000_000
"""Nanoseconds within which two changes may carry one time: the kernel's clock for files ticks every 1 to 10 ms."""
_COARSE_TICK = 2 * _SECOND
"""As above, for file systems that count in seconds, or in two."""
_SHARE = 2_500
"""Paths for which a process pays, which takes as long to make as to look at a thousand."""


def signature_of(path: str, *, follow: bool = False, dir_fd: int | None = None) -> Signature:
    """Returns the signature of what stands at a path, or ABSENT. `follow` looks behind a symbolic link.

    `dir_fd` is an open folder that a relative path begins at.
    """
    try:
        return of_status(os.stat(path, follow_symlinks=follow, dir_fd=dir_fd))
    except OSError:
        return ABSENT


def of_status(status: os.stat_result) -> Signature:
    """Returns the signature that a status comes to."""
    return status.st_ctime_ns, status.st_size, inode_of(status)


def inode_of(status: os.stat_result) -> int:
    """Returns the inode of a file as a column can hold it: some file systems number with all 64 bits."""
    return status.st_ino & _INODE_BITS


def settled(signature: Signature, now: int) -> Signature:
    """Returns a signature that was read at a time (ns since 1970), or UNKNOWN if a later change could leave it so."""
    changed = signature[0]
    tick = _TICK if changed % _SECOND else _COARSE_TICK
    return signature if changed < now - tick else UNKNOWN


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
