"""What the file system says of one file without opening it."""

from __future__ import annotations

import os
from typing import TypeAlias

Signature: TypeAlias = tuple[int, int, int]
"""Of a file: when it last changed in any way (ns since 1970, by the file system's clock), its size, its inode.

Nobody who writes, renames or replaces a file can set the first one back.
"""

ABSENT: Signature = (-1, -1, -1)
"""Where nothing stands."""
UNKNOWN: Signature = (0, 0, 0)
"""Like nothing on any disk: for a file that may have changed, or may yet change without a trace."""

_INODE_BITS = 2**63 - 1
_SECOND = 1_000_000_000
_TICK = 20_000_000
"""Nanoseconds within which two changes may carry one time: the kernel's clock for files ticks every 1 to 10 ms."""
_COARSE_TICK = 2 * _SECOND
"""As above, for file systems that count in seconds, or in two."""


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
