"""Regular expressions of Go, for the forms that mean the same to Python and that cannot run away.

What is taken: letters, classes, groups, alternatives, anchors, and repetitions of what has none inside. Everything
else is a CannotSayError, and so is what could take long: the steps grow with each repetition.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from gitops_gen.evidence.gotemplate.errors import CannotSayError
from gitops_gen.evidence.gotemplate.values import check_length

if TYPE_CHECKING:
    from collections.abc import Iterator

_STEP_LIMIT: Final = 5_000_000
_LONGEST_PATTERN: Final = 500
_UNBOUNDED: Final = 1_000_000

_PIECE = re.compile(
    r"(?P<class>\[\^?(?:\\[dws\]\[\\^.+*?(){}|$/-]|[^\]\[\\])+\])"
    r"|(?P<escape>\\[dwsDWS.+*?(){}\[\]|^$\\/-])"
    r"|(?P<open>\((?:\?:|\?P?<[A-Za-z_][A-Za-z0-9_]*>|(?!\?)))"
    r"|(?P<close>\))"
    r"|(?P<repeat>[*+?]|\{[0-9]{1,3}(?:,[0-9]{0,3})?\})(?P<lazy>\??)"
    r"|(?P<anchor>[\^$]|\\b)"
    r"|(?P<either>\|)"
    r"|(?P<letter>[^\\\[\](){}*+?|^$])"
)
_REPEATABLE = ("class", "escape", "close", "letter")
_UNLIKE_PYTHON = re.compile(r"--|&&|\|\||~~")
_MEANINGS = {"$": r"\Z", r"\s": r"[\t\n\f\r ]", r"\S": r"[^\t\n\f\r ]"}
_INSERT = re.compile(r"\$(?:(?P<dollar>\$)|(?P<bare>\w+)|\{(?P<braced>\w+)\})", re.ASCII)


def is_match(pattern: str, text: str) -> bool:
    """Tells whether the pattern is somewhere in the text."""
    return _on(pattern, text).search(text) is not None


def find(pattern: str, text: str) -> str:
    """Returns the first match, or an empty text."""
    found = _on(pattern, text).search(text)
    return found[0] if found else ""


def find_all(pattern: str, text: str, most: int) -> list[str]:
    """Returns the matches, at most so many; all of them if that is negative."""
    found = [each[0] for each in _matches(pattern, text)]
    return found if most < 0 else found[:most]


def replace(pattern: str, text: str, replacement: str, *, literally: bool = False) -> str:
    """Returns the text with every match replaced; $1 and ${1} in the replacement stand for groups."""
    check_length(len(text) * (1 + replacement.count("$")) + (len(text) + 1) * len(replacement))
    if not literally and "$" in replacement and not replacement.isascii():
        raise CannotSayError("the replacement of a regular expression has $ and letters that are not ASCII")
    pieces, end = [], 0
    for found in _matches(pattern, text):
        pieces += [text[end : found.start()], replacement if literally else _expanded(replacement, found)]
        end = found.end()
    return "".join([*pieces, text[end:]])


def split(pattern: str, text: str, most: int) -> list[str]:
    """Returns what stands between the matches, at most so many parts; all of them if that is negative."""
    if pattern and not text:
        return [""]
    parts: list[str] = []
    start = end = 0
    for found in _matches(pattern, text):
        if 0 < most == len(parts) + 1:
            break
        end = found.start()
        if found.end():
            parts.append(text[start:end])
        start = found.end()
    return [*parts, text[start:]] if end != len(text) else parts


def quote(text: str) -> str:
    """Returns the pattern that only matches this text."""
    return re.sub(r"([\\.+*?()|\[\]{}^$])", r"\\\1", text)


def _matches(pattern: str, text: str) -> Iterator[re.Match[str]]:
    """Yields the matches from left to right; an empty one is none right behind another."""
    compiled = _on(pattern, text)
    start, end = 0, -1
    while start <= len(text) and (found := compiled.search(text, start)):
        if found.end() > start or found.start() != end:
            yield found
        end = found.end()
        start = max(start + 1, end) if end == start else end


def _expanded(replacement: str, found: re.Match[str]) -> str:
    def insert(place: re.Match[str]) -> str:
        if place["dollar"]:
            return "$"
        name = place["bare"] or place["braced"]
        if name in found.re.groupindex:
            return found[name] or ""
        is_index = name.isdecimal() and (name == "0" or name[0] != "0") and int(name) <= found.re.groups
        return (found[int(name)] or "") if is_index else ""

    return _INSERT.sub(insert, replacement)


def _on(pattern: str, text: str) -> re.Pattern[str]:
    """Returns the compiled pattern. Raises CannotSayError for one that is not taken or that may take long here."""
    compiled, costs = _compiled(pattern)
    steps = len(text) + 1
    for cost in costs:
        steps *= min(cost, len(text) + 1)
        if steps > _STEP_LIMIT:
            raise CannotSayError("a regular expression may take long on such a text")
    return compiled


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> tuple[re.Pattern[str], tuple[int, ...]]:
    if len(pattern) > _LONGEST_PATTERN:
        raise CannotSayError("a regular expression is very long")
    reader = _Reader(pattern)
    reader.read()
    try:
        return re.compile(reader.translated, re.ASCII), tuple(reader.costs)
    except (re.error, RecursionError):
        raise CannotSayError(f"the regular expression {pattern} may be none") from None


class _Reader:
    """A pattern, piece by piece: what it is to Python, and how much each choice in it multiplies the steps."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self.translated = ""
        self.costs: list[int] = []
        self._choices = [False]
        """For each open group whether it holds a choice, so that it must not be repeated."""

    def read(self) -> None:
        position, before = 0, ""
        closed_choice = False
        while position < len(self._pattern):
            found = _PIECE.match(self._pattern, position)
            if found is None:
                raise self._refusal()
            kind = found.lastgroup if found.lastgroup != "lazy" else "repeat"
            if kind == "close":
                closed_choice = self._close()
            elif kind == "repeat":
                self._repeat(found, before, holds_choice=before == "close" and closed_choice)
            else:
                self._other(kind, found[0])
            self.translated += self._meaning(kind, found[0])
            position, before = found.end(), kind or ""

    def _refusal(self) -> CannotSayError:
        return CannotSayError(f"the regular expression {self._pattern} has a form that is not supported")

    def _close(self) -> bool:
        if len(self._choices) == 1:
            raise self._refusal()
        holds_choice = self._choices.pop()
        self._choices[-1] |= holds_choice
        return holds_choice

    def _repeat(self, found: re.Match[str], before: str, *, holds_choice: bool) -> None:
        if before not in _REPEATABLE or (holds_choice and found["repeat"] != "?"):
            raise self._refusal()
        self._choices[-1] = True
        written = found["repeat"].strip("{}").rpartition(",")[2]
        bound = {"*": _UNBOUNDED, "+": _UNBOUNDED, "?": 1, "": _UNBOUNDED}.get(written)
        self.costs.append(1 + (int(written) if bound is None else bound))

    def _other(self, kind: str | None, piece: str) -> None:
        if kind == "open":
            self._choices.append(False)
        elif kind == "either":
            self._choices[-1] = True
            self.costs.append(2)
        elif kind == "class" and _UNLIKE_PYTHON.search(piece):
            raise self._refusal()

    def _meaning(self, kind: str | None, piece: str) -> str:
        if kind == "class":
            return piece.replace(r"\\", "\0").replace(r"\s", r"\t\n\f\r ").replace("\0", r"\\")
        if kind == "open":
            return piece.replace("?<", "?P<")
        return _MEANINGS.get(piece, piece)
