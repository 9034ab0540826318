"""A file that one run leaves for the next: sealed, so that what is damaged is not read, and replaced as a whole."""
# A Path object takes longer to load than all that is done here.
# ruff: noqa: PTH105, PTH108

from __future__ import annotations

import os
from binascii import crc32
from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable, Sequence

    Part: TypeAlias = bytes | memoryview | array[int]
    """A part of a file, as it is in memory."""

_SEAL_SIZE = 12
"""Bytes of a seal: how long the body is, and its CRC-32.

That tells damage, as it does to gzip and ext4, at five times the speed of a digest: the state of 10,000 clusters has 16
MB. Somebody who may write the file could seal it anew as well as we do.
"""


def open_at_once(path: str, flags: int) -> int:
    """Opens a file; a named pipe in its place must not hold up the run. To be given to `open` as its opener."""
    return os.open(path, flags | os.O_NONBLOCK)


def sealed(magic: bytes, body: Sequence[Part]) -> list[Part]:
    """Returns the parts of a file: the magic, which tells its kind and version, the seal, and the body."""
    return [magic, _seal_of(body), *body]


def start_of_body(magic: bytes) -> int:
    """Returns how many bytes of a file with such a magic stand before its body."""
    return len(magic) + _SEAL_SIZE


def body_of(magic: bytes, data: bytes) -> memoryview:
    """Returns the body of a file. Raises ValueError if it is damaged, or of another kind or version."""
    start = start_of_body(magic)
    body = memoryview(data)[start:]
    if data[: len(magic)] != magic or data[len(magic) : start] != _seal_of([body]):
        raise ValueError("damaged, or of another version")
    return body


def _seal_of(parts: Iterable[Part]) -> bytes:
    length = checksum = 0
    for part in parts:
        length += memoryview(part).nbytes
        checksum = crc32(part, checksum)
    return length.to_bytes(8) + checksum.to_bytes(4)


def replace(path: str, parts: Iterable[Part], *, mode: int = 0o666) -> None:
    """Writes a file as a whole, or leaves what is there. Raises OSError. `mode` is what the umask is taken from."""
    temporary = f"{path}.{os.getpid()}"
    try:
        # A link in its place may lead anywhere.
        with open(temporary, "wb", opener=lambda path, flags: os.open(path, flags | os.O_NOFOLLOW, mode)) as file:
            file.writelines(parts)
        os.replace(temporary, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise
