"""The canonical style of Terraform's variable files: what `terraform fmt` would make of one.

Two spaces for each level; one space around =, and in a run of lines the = below each other, as are the comments
behind the values. An empty line, a line with a comment only, or a value of several lines ends a run.
Source: `terraform fmt` 1.11.4, tried on files.
"""

from __future__ import annotations

import unicodedata
from itertools import groupby
from typing import TYPE_CHECKING

from gitops_gen.evidence.hcl_tokens import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.evidence.hcl_tokens import Token

_INDENT = "  "


def formatted(text: str) -> str | None:
    """Returns a file in canonical style, or None for one with more than constants, which is not judged."""
    found = tokens(text)
    if found is None or any(token.text == "(" or not _has_plain_width(token.text) for token in found):
        return None
    lines = list(_lines(found))
    _indent(lines)
    for is_run, run in groupby(lines, key=lambda line: bool(line.after)):
        if is_run:
            _align_values(list(run))
    for is_run, run in groupby(lines, key=lambda line: bool(line.comment)):
        if is_run:
            _align_comments(list(run))
    return "\n".join(line.text for line in lines)


def _has_plain_width(text: str) -> bool:
    """Returns whether each character takes one column, as far as Terraform counts them."""
    return text.isascii() or not any(unicodedata.category(character).startswith(("M", "C", "S")) for character in text)


class _Line:
    """One line, or the lines of a heredoc: what stands before =, the rest, and the comment behind."""

    def __init__(self, change: int, before: str, after: str, comment: str) -> None:
        self.change = change
        """How many more brackets are opened than closed."""
        self.before, self.after, self.comment = before, after, comment
        self.indent = 0

    @property
    def code(self) -> str:
        """The line without its comment."""
        return f"{_INDENT * self.indent if self.before else ''}{self.before}{self.after}"

    @property
    def text(self) -> str:
        """The line."""
        return self.code + self.comment


def _lines(found: Iterable[Token]) -> Iterator[_Line]:
    line: list[Token] = []
    for token in found:
        if token.kind == "newline":
            yield _line(line)
            line = []
        else:
            line.append(token)
    yield _line(line)


def _line(found: list[Token]) -> _Line:
    change = sum((token.kind == "open") - (token.kind == "close") for token in found)
    comment = ""
    if len(found) > 1 and found[-1].kind == "comment":
        comment = found.pop().text
    is_attribute = len(found) > 1 and found[1].kind == "equal" and change <= 0
    split = 1 if is_attribute else len(found)
    return _Line(change, _joined(found[:split]), _joined(found[split:]), comment)


def _joined(found: list[Token]) -> str:
    parts: list[str] = []
    for index, token in enumerate(found):
        if index and _has_space(found[index - 1], token, found[index - 2] if index > 1 else None):
            parts.append(" ")
        parts.append(token.text)
    return "".join(parts)


def _has_space(before: Token, after: Token, farther: Token | None) -> bool:
    if after.kind == "comma" or before.text in "([" or after.text in ")]":
        return False
    if before.kind == "minus" and (farther is None or farther.kind in ("equal", "comma", "open", "colon")):
        return False
    return not (before.text == "{" and after.text == "}")


def _indent(lines: list[_Line]) -> None:
    """Gives each line its level. Brackets that open on one line make one level, which all of them must close."""
    levels: list[int] = []
    for line in lines:
        if line.change > 0:
            line.indent = len(levels)
            levels.append(line.change)
            continue
        closed = -line.change
        while closed > 0 and levels:
            taken = min(closed, levels[-1])
            levels[-1] -= taken
            closed -= taken
            if not levels[-1]:
                levels.pop()
        line.indent = len(levels)


def _align_values(run: list[_Line]) -> None:
    width = max(len(line.before) for line in run)
    for line in run:
        line.before = line.before.ljust(width + 1)


def _align_comments(run: list[_Line]) -> None:
    width = max(len(line.code) for line in run)
    for line in run:
        line.comment = " " * (width - len(line.code) + 1) + line.comment
