"""What is wrong with the characters of a text: too many of them, or one that may not stand there.

Every check returns the reason why a text is refused, got before expected, or None.
A reason names at most one character of the text, so it is short and shows no secret.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re

_NAMES = {
    " ": "a space",
    "\t": "a tab",
    "\n": "a line break",
    "\r": "a carriage return",
    "-": "a hyphen",
    "_": "an underscore",
    ".": "a dot",
    "/": "a slash",
    ":": "a colon",
}


def check_length(text: str, limit: int) -> str | None:
    """Refuses an empty text and one of more than `limit` characters."""
    if not text:
        return f"got an empty text, expected 1 to {limit} characters"
    if len(text) > limit:
        return f"got {len(text)} characters, expected at most {limit}"
    return None


def check_characters(text: str, unwanted: re.Pattern[str], expected: str) -> str | None:
    """Refuses the first character at which `unwanted` matches, by name and place (counted from 1)."""
    found = unwanted.search(text)
    if found is None:
        return None
    return f"got {_name(text[found.start()])} {_place(text, found.start())}, expected {expected}"


def _name(character: str) -> str:
    if character in _NAMES:
        return _NAMES[character]
    if not character.isascii():
        return f"{character!r}, which is not ASCII,"
    if character.isalpha():
        return "a capital letter" if character.isupper() else "a lower case letter"
    return "a digit" if character.isdigit() else f"the character {character!r}"


def _place(text: str, index: int) -> str:
    if index == 0:
        return "at the start"
    return "at the end" if index == len(text) - 1 else f"at character {index + 1}"
