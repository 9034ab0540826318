"""The digest by which the content of a file is known."""

from __future__ import annotations

from hashlib import blake2b

DIGEST_SIZE = 16
"""Bytes of a digest."""


def digest_of(data: bytes | memoryview) -> bytes:
    """Returns the digest of a content."""
    return blake2b(data, digest_size=DIGEST_SIZE).digest()
