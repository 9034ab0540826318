"""What stands in the texts of HCL: plain pieces, and between them what is filled in and what says when it is.

Source: HCL native syntax specification, "Templates".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class NotHclError(Exception):
    """A text is not read as HCL here."""


class Piece(NamedTuple):
    """A piece of a text."""

    text: str
    """What it says; of what stands in braces, that."""
    opened: str = ""
    """What opens the braces, ${ or %{; empty for a plain piece."""


FILLED_IN, DIRECTIVE = "${", "%{"
_PLAIN = ("$${", "%%{")
"""What stands for the sign and a brace."""
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\"}
_CODE = re.compile(r"u[0-9A-Fa-f]{4}|U00(?:0[0-9A-Fa-f]|10)[0-9A-Fa-f]{4}")
"""The number of a character, behind a backslash."""
_TRIMS = "~"
"""Takes away the white space beside the braces."""


def end_of_quoted(text: str, position: int) -> int:
    """Returns the position of the quote that ends a text, from behind its first quote on. Raises NotHclError."""
    while not text.startswith('"', position):
        if position >= len(text) or text[position] == "\n":
            raise NotHclError
        if text.startswith("\\", position):
            position += 2
        elif text.startswith(_PLAIN, position):
            position += 3
        elif text.startswith((FILLED_IN, DIRECTIVE), position):
            position = _end_of_braces(text, position + 2)
        else:
            position += 1
    return position


def end_of_text(text: str, start: int) -> int:
    """Returns the position behind the text in quotes that starts there. Raises NotHclError."""
    return end_of_quoted(text, start + 1) + 1


def _end_of_braces(text: str, position: int) -> int:
    """Returns the position behind the brace that ends what is in a text."""
    depth = 1
    while position < len(text):
        character = text[position]
        if character == '"':
            position = end_of_quoted(text, position + 1) + 1
            continue
        depth += (character == "{") - (character == "}")
        position += 1
        if depth == 0:
            return position
    raise NotHclError


def pieces(text: str, *, is_quoted: bool) -> Iterator[Piece]:
    """Yields the pieces of a text, without white space that a tilde takes away. Raises NotHclError."""
    plain, trims = "", False
    for found in _written(text, is_quoted=is_quoted):
        if not found.opened:
            plain = found.text.lstrip() if trims else found.text
            continue
        inner = found.text
        yield Piece(plain.rstrip() if inner.startswith(_TRIMS) else plain)
        plain, trims = "", inner.endswith(_TRIMS)
        yield found._replace(text=inner.removeprefix(_TRIMS).removesuffix(_TRIMS).strip())
    yield Piece(plain)


def templates_in(text: str) -> tuple[str, ...]:
    """Returns what is between the braces in a text, which may have its quotes. Raises NotHclError."""
    return tuple(each.text for each in pieces(text, is_quoted=text.startswith('"')) if each.opened)


def _written(text: str, *, is_quoted: bool) -> Iterator[Piece]:
    """Yields the pieces of a text as they are written, with escapes read; there is one between two plain ones."""
    plain: list[str] = []
    position = 0
    while position < len(text):
        if text.startswith(_PLAIN, position):
            plain.append(text[position + 1 : position + 3])
            position += 3
        elif text.startswith((FILLED_IN, DIRECTIVE), position):
            end = _end_of_braces(text, position + 2)
            if plain:
                yield Piece("".join(plain))
                plain = []
            yield Piece(text[position + 2 : end - 1], text[position : position + 2])
            position = end
        elif is_quoted and text[position] == "\\":
            escaped, position = _escaped(text, position + 1)
            plain.append(escaped)
        else:
            plain.append(text[position])
            position += 1
    if plain:
        yield Piece("".join(plain))


def _escaped(text: str, position: int) -> tuple[str, int]:
    """Returns the character that stands behind a backslash, and the position behind it."""
    code = _CODE.match(text, position)
    if code is not None:
        return chr(int(code[0][1:], 16)), code.end()
    return _ESCAPES.get(text[position : position + 1], ""), position + 1
