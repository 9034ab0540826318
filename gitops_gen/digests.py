"""The digest by which the content of a file is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

try:
    # What hashlib has it from: hashlib loads OpenSSL besides, which takes longer than all that is digested in a run.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

__all__ = ["DIGEST_SIZE", "NO_KEY", "blake2b", "digest_of", "digest_of_all"]

if TYPE_CHECKING:
    from array import array
    from collections.abc import Iterable

DIGEST_SIZE = 16
"""Bytes of a digest."""

NO_KEY = bytes(DIGEST_SIZE)
"""Stands for the digest of what a text follows from, where nobody knows it."""


def digest_of(data: bytes | memoryview) -> bytes:
    """Returns the digest of a content."""
    return blake2b(data, digest_size=DIGEST_SIZE).digest()


def digest_of_all(parts: Iterable[bytes | array[int]]) -> bytes:
    """Returns the digest of a content that is given in parts."""
    digest = blake2b(digest_size=DIGEST_SIZE)
    for part in parts:
        digest.update(part)
    return digest.digest()
