"""The lines of a text by offset, whatever ends them: LF, CRLF or CR."""

from __future__ import annotations

import re

_BREAK = re.compile(r"\r\n|\r|\n")
_BLANK = re.compile(r"[ \t]*(?:\r\n|\r|\n)")
_COMMENT_LINE = re.compile(r"([ \t]*)#")
_COMMENT = re.compile(r"(?:(?<=\s)|\A)#[^\r\n]*")


def line_start(text: str, at: int) -> int:
    """Returns where the line of an offset begins."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def line_end(text: str, at: int) -> int:
    """Returns where the line of an offset ends, before its line break."""
    found = _BREAK.search(text, at)
    return found.start() if found else len(text)


def next_line(text: str, at: int) -> int:
    """Returns where the line after that of an offset begins, or the end of the text."""
    found = _BREAK.search(text, at)
    return found.end() if found else len(text)


def line_above(text: str, start: int) -> int:
    """Returns where the line above the one that begins at `start` begins."""
    return line_start(text, before_break(text, start))


def before_break(text: str, start: int) -> int:
    """Returns where the line break stands that ends just before `start`."""
    if text.endswith("\r\n", 0, start):
        return start - 2
    return start - 1 if text.endswith(("\r", "\n"), 0, start) else start


def break_above(text: str, at: int) -> str:
    """Returns the line break that ends the line above that of an offset, or else the first of the text, or else LF."""
    start = line_start(text, at)
    found = text[before_break(text, start) : start]
    first = _BREAK.search(text)
    return found or (first.group() if first else "\n")


def is_at_line_start(text: str, at: int) -> bool:
    """True if a line begins at an offset."""
    return line_start(text, at) == at


def is_blank(text: str, start: int) -> bool:
    """True if the line that begins at `start` holds nothing, and another follows."""
    return _BLANK.match(text, start) is not None


def after_blanks(text: str, start: int) -> int:
    """Returns where the first line begins, from `start` on, that holds something."""
    while is_blank(text, start):
        start = next_line(text, start)
    return start


def comment_column(text: str, start: int) -> int | None:
    """Returns the column (from 0) of the comment that is the whole line at `start`, or None."""
    found = _COMMENT_LINE.match(text, start)
    return len(found[1]) if found else None


def without_comments(text: str) -> str:
    """Returns the text between two nodes with a space for every character of a comment."""
    return _COMMENT.sub(lambda found: " " * len(found.group()), text)
