"""What a file must be for its bytes to be text as they stand: nearly every file is."""

from __future__ import annotations

from typing import Final

BYTE_ORDER_MARK: Final = "\ufeff"

LOOKED_AT: Final = 8192
"""Bytes at the start of a file by which it is judged whether it is text."""
CONTROL: Final = bytes(code for code in range(32) if chr(code) not in "\t\n\f\r\x1b") + b"\x7f"
"""The characters that text does not hold."""


def plain_text(raw: bytes) -> str | None:
    """Returns the text of a file; None for one that is no UTF-8, has a byte order mark, or looks binary."""
    start = raw[:LOOKED_AT]
    if b"\0" in raw or len(start.translate(None, CONTROL)) < len(start):
        return None
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        return None
    return None if BYTE_ORDER_MARK in text else text
