"""What Go takes for no regular expression.

Source: the documentation of Go's regexp/syntax, whose syntax is that of RE2: nothing looks ahead or behind, nothing
refers back, and nothing is repeated twice.
"""

from __future__ import annotations

import re

_OPENING = re.compile(
    r"\((?:(?P<perl>\?)(?:(?P<flags>[imsU]*(?:-[imsU]+)?)(?P<end>[:)])|P?<(?P<name>\w+)>)?)?", re.ASCII
)
_REPETITION = re.compile(r"(?:[*+?]|\{(?P<least>[0-9]+)(?P<comma>,(?P<most>[0-9]*))?\})\??")
_ESCAPE = re.compile(
    r"\\(?:[aftnrvdDsSwWAbBz]|pN|PN|[pP](?:\{\^?\w+\}|\w)|0[0-7]{0,2}|[1-7][0-7]{1,2}|x[0-9A-Fa-f]{2}|x\{[0-9A-Fa-f]+\}"
    r"|(?=[\x00-\x7f])[^0-9A-Za-z])",
    re.DOTALL | re.ASCII,
)
_QUOTED = re.compile(r"\\Q.*?(?:\\E|\Z)", re.DOTALL)
_NAMED_CLASS = re.compile(r"\[:\^?(?P<name>\w+):\]", re.ASCII)
_NAMED_CLASSES = frozenset(
    {
        *("alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower"),
        *("print", "punct", "space", "upper", "word", "xdigit"),
    }
)
_OF_MANY = re.compile(r"\\[dDsSwWpP]|\[:")
_REFERENCE = re.compile(r"\$(?:\$|\{(?P<braced>\w+)\}|(?P<plain>\w+))", re.ASCII)
_MOST_REPEATED = 1000


def check_regex(pattern: str) -> str | None:
    """Returns why Go does not compile a regular expression, or None where it does."""
    try:
        _Reader(pattern).read()
    except _RefusedError as refused:
        return f"no regular expression of Go: {refused.reason}"
    return None


def unknown_group(pattern: str, replacement: str) -> str | None:
    """Returns the first reference of a replacement to a group that its expression does not have: Go puts nothing there.

    In braces, a name may be a variable that another tool fills in. Source: Go, regexp, Expand.
    """
    reader = _Reader(pattern)
    try:
        reader.read()
    except _RefusedError:
        return None
    for found in _REFERENCE.finditer(replacement):
        name = found["plain"] or found["braced"]
        is_known = name is None or (int(name) <= reader.groups if name.isdecimal() else name in reader.names)
        if not is_known and (found["plain"] or name.isdecimal()):
            return found[0]
    return None


class _RefusedError(Exception):
    """A regular expression that Go does not compile."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _Reader:
    """A walk over an expression, from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._open = 0
        self.groups = 0
        """How many of its groups keep what they match."""
        self.names: set[str] = set()
        self._is_repeatable = False
        self._is_repeated = False

    def read(self) -> None:
        while self._at < len(self._pattern):
            self._piece()
        if self._open:
            raise _RefusedError("a ( has no )")

    def _piece(self) -> None:
        sign = self._pattern[self._at]
        if sign in "*+?{" and (found := _REPETITION.match(self._pattern, self._at)):
            self._repeat(found)
            return
        self._is_repeated = False
        if sign == "(":
            self._group()
        elif sign == "[":
            self._class()
            self._is_repeatable = True
        elif sign == "\\":
            self._escape()
            self._is_repeatable = True
        else:
            self._sign(sign)

    def _sign(self, sign: str) -> None:
        if sign == ")":
            if not self._open:
                raise _RefusedError("a ) has no (")
            self._open -= 1
        self._is_repeatable = sign != "|"
        self._at += 1

    def _repeat(self, found: re.Match[str]) -> None:
        counts = [int(count) for count in (found["least"], found["most"]) if count]
        if any(count > _MOST_REPEATED for count in counts) or (len(counts) == 2 and counts[0] > counts[1]):
            raise _RefusedError(f"{found[0]} is no count of repetitions")
        if self._is_repeated:
            raise _RefusedError(f"{found[0]} repeats a repetition")
        if not self._is_repeatable:
            raise _RefusedError(f"{found[0]} has nothing to repeat")
        self._is_repeated = True
        self._at = found.end()

    def _group(self) -> None:
        found = _OPENING.match(self._pattern, self._at)
        name = found["name"] if found else None
        if found is None or (found["perl"] and not found["end"] and name is None):
            raise _RefusedError(f"it does not know {self._pattern[self._at : self._at + 4]}")
        if name is not None and name in self.names:
            raise _RefusedError(f"two groups are called {name}")
        self.names |= {name} if name is not None else set()
        self.groups += not found["perl"] or name is not None
        if found["end"] != ")":
            self._open += 1
            self._is_repeatable = False
        self._at = found.end()

    def _escape(self) -> None:
        quoted = _QUOTED.match(self._pattern, self._at)
        self._at = quoted.end() if quoted else self._escaped()

    def _escaped(self) -> int:
        """Returns where an escape ends."""
        found = _ESCAPE.match(self._pattern, self._at)
        if found is None:
            raise _RefusedError(f"it does not know {self._pattern[self._at : self._at + 2]}")
        return found.end()

    def _class(self) -> None:
        """Goes over a class; a ] that comes first is one of its letters."""
        self._at += 2 if self._pattern.startswith("[^", self._at) else 1
        is_first = True
        while is_first or not self._pattern.startswith("]", self._at):
            is_first = False
            low = self._letter()
            if self._pattern.startswith("-", self._at) and not self._pattern.startswith("-]", self._at):
                self._at += 1
                high = self._letter()
                if _OF_MANY.match(low) or _OF_MANY.match(high) or (len(low) == len(high) == 1 and low > high):
                    raise _RefusedError(f"{low}-{high} is no range")
        self._at += 1

    def _letter(self) -> str:
        """Goes over a letter of a class, or a class in it, and returns it."""
        start = self._at
        if start >= len(self._pattern):
            raise _RefusedError("a [ has no ]")
        named = _NAMED_CLASS.match(self._pattern, start)
        if named is not None:
            if named["name"] not in _NAMED_CLASSES:
                raise _RefusedError(f"it does not know {named[0]}")
            self._at = named.end()
        else:
            self._at = self._escaped() if self._pattern[start] == "\\" else start + 1
        return self._pattern[start : self._at]
