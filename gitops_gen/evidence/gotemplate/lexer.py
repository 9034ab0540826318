"""The tokens of a Go template. Source: the documentation of Go's text/template, Text and spaces, and Actions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.evidence.gotemplate.errors import CannotSayError, GoTemplateError
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator

KEYWORDS = frozenset({"block", "break", "continue", "define", "else", "end", "if", "nil", "range", "template", "with"})

_SPACES = " \t\r\n"
_OPEN = re.compile(r"\{\{(?P<trims>-(?=[ \t\r\n]))?")
_COMMENT = lazily(r"/\*.*?\*/(?P<close>(?P<trims>[ \t\r\n]-)?\}\})?", re.DOTALL)
_CLOSE = re.compile(r"(?P<trims>[ \t\r\n]-)?\}\}")

_NUMBER = lazily(
    r"[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?"
    r"|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?"
)
_TOKEN = re.compile(
    r"(?P<space>[ \t\r\n]+?(?=[ \t\r\n]-\}\})|[ \t\r\n]+)"
    r"|(?P<raw>`[^`]*`)"
    r'|(?P<string>"(?:[^"\\\n]|\\[^\n])*")'
    r"|(?P<char>'(?:[^'\\\n]|\\[^\n])*')"
    r"|(?P<variable>\$\w*)"
    r"|(?P<field>\.\w*)"
    r"|(?P<word>\w+)"
    r"|(?P<mark>:=|[=|(),])"
)
_WORDS = ("variable", "field", "word")
_DIGITS = frozenset("0123456789")
_NUMERIC = _DIGITS | {"+", "-"}
"""What a number starts with, but for one that starts with its point."""
_AFTER_WORD = re.compile(r"[ \t\r\n.,|:)(]|\}\}|\Z")
_UNFINISHED = {
    '"': "unterminated quoted string",
    "`": "unterminated raw quoted string",
    "'": "unterminated character constant",
    ":": "expected :=",
}


class Token(NamedTuple):
    """A piece of a template. Its kind is text, open, close, eof, or that of a piece of an action."""

    kind: str
    text: str
    at: int


def tokens(text: str) -> Iterator[Token]:
    """Yields the tokens; comments and trimmed spaces are gone. Raises GoTemplateError for what is no token."""
    position = 0
    trims = False
    while True:
        found = _OPEN.search(text, position)
        yield from _text(text, position, found, trims=trims)
        if found is None:
            break
        position, trims = _comment_end(text, found)
        if not position:
            yield Token("open", "{{", found.start())
            position = found.end()
            for token in _action(text, position):
                yield token
                position = token.at + len(token.text)
            trims = token.text != "}}"
    yield Token("eof", "", len(text))


def _text(text: str, start: int, found: re.Match[str] | None, *, trims: bool) -> Iterator[Token]:
    piece = text[start : found.start() if found else len(text)]
    if trims:
        piece = piece.lstrip(_SPACES)
    if found and found["trims"]:
        piece = piece.rstrip(_SPACES)
    if piece:
        yield Token("text", piece, start)


def _comment_end(text: str, found: re.Match[str]) -> tuple[int, bool]:
    """Returns where the comment ends that an action is, and whether it trims; 0 if the action is none."""
    start = found.end() + (1 if found["trims"] else 0)
    if not text.startswith("/*", start):
        return 0, False
    comment = _COMMENT.match(text, start)
    if comment is None:
        raise GoTemplateError("unclosed comment", start)
    if not comment["close"]:
        raise GoTemplateError("comment ends before closing delimiter", start)
    return comment.end(), bool(comment["trims"])


def _action(text: str, position: int) -> Iterator[Token]:
    depth = 0
    while not (close := _CLOSE.match(text, position)):
        token = _token(text, position)
        depth += {"(": 1, ")": -1}.get(token.kind, 0)
        if depth < 0:
            raise GoTemplateError("unexpected right paren", position)
        yield token
        position += len(token.text)
    if depth:
        raise GoTemplateError("unclosed left paren", position)
    yield Token("close", close[0], position)


def _token(text: str, position: int) -> Token:
    if _is_number(text[position : position + 2]):
        return _number(text, position)
    found = _TOKEN.match(text, position)
    if found is None:
        return _odd(text, position)
    kind, piece = found.lastgroup or "", found[0]
    if kind in _WORDS:
        return _word(kind, piece, text, position)
    return Token(piece if kind == "mark" else kind, piece, position)


def _is_number(start: str) -> bool:
    """True for the first two letters of what is a number, or a bad one."""
    return start[:1] in _NUMERIC or (start[:1] == "." and start[1:] in _DIGITS)


def _odd(text: str, position: int) -> Token:
    if position >= len(text):
        raise GoTemplateError("unclosed action", position)
    character = text[position]
    if character in _UNFINISHED:
        raise GoTemplateError(_UNFINISHED[character], position)
    if character.isascii() and character.isprintable():
        return Token("odd", character, position)
    raise GoTemplateError(f"unrecognized character in action: U+{ord(character):04X}", position)


def _word(kind: str, piece: str, text: str, position: int) -> Token:
    """Returns a word, a field or a variable; Go takes letters and decimal digits, and knows what may follow."""
    if not piece.isascii() and not all(each.isalpha() or each.isdecimal() or each in "_.$" for each in piece):
        raise CannotSayError("a name has letters that are none to everyone", position)
    end = position + len(piece)
    if not _AFTER_WORD.match(text, end):
        raise GoTemplateError(f"bad character U+{ord(text[end]):04X}", end)
    if kind == "word":
        kind = "keyword" if piece in KEYWORDS else "bool" if piece in ("true", "false") else "identifier"
    elif piece == ".":
        kind = "dot"
    return Token(kind, piece, position)


def _number(text: str, position: int) -> Token:
    found = _NUMBER.match(text, position)
    piece = found[0] if found else ""
    following = text[position + len(piece) : position + len(piece) + 1]
    if following.isalnum() or following == "_":
        raise GoTemplateError(f"bad number syntax: {piece + following}", position)
    if piece.endswith("i") or following in ("+", "-"):
        raise CannotSayError("a number is complex", position)
    return Token("number", piece, position)
