"""Brackets of a jq expression: one that is not closed, or closes nothing, stops every reader of jq.

Strings are passed over. An expression with a comment, or with an expression inside of a string, is not judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_ENDS: Final = frozenset(_CLOSING.values())
_NOT_JUDGED: Final = ("#", "\\(")


def unbalanced(text: str) -> str | None:
    """Says which bracket, or which quote, of an expression has no other one; None if all have one."""
    if any(each in text for each in _NOT_JUDGED):
        return None
    opened: list[str] = []
    characters = iter(text)
    for character in characters:
        if character == '"':
            if not _ends(characters):
                return '" is not closed'
        elif character in _CLOSING:
            opened.append(character)
        elif character in _ENDS and (not opened or _CLOSING[opened.pop()] != character):
            return f"{character} closes nothing"
    return f"{opened[-1]} is not closed" if opened else None


def _ends(characters: Iterator[str]) -> bool:
    """Reads to the end of a string; False if there is none."""
    for character in characters:
        if character == "\\":
            next(characters, None)
        elif character == '"':
            return True
    return False
