"""How deep an HCL text nests: one that would take the parser so deep that it ends the whole process is refused before.

Source: HCL native syntax specification, lexical elements and templates; tried with pygohcl 1.3, which follows each
bracket, each `? :` and each sign by a call of its own.
"""

from __future__ import annotations

import re
from functools import cache

from gitops_gen.patterns import lazily

DEEPEST = 100
"""Brackets inside of each other, with those of templates, and the texts that these stand in."""

_CHOICES = 1000
"""How many `? :` a text may hold: the last one may stand inside of all others."""

_OPENING = "([{"
_CODE = lazily(
    r"""
    (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<quote>")
    | <<-?(?P<tag>[^\W\d][\w-]*)[^\n]*\n
    | (?P<choice>\?)
    | (?P<signs>(?:[!-]\s*){100})
    | (?:\#|//)[^\n]*
    | /\*.*?(?:\*/|\Z)
    """,
    re.VERBOSE | re.DOTALL,
)
_TEXT = lazily(r"""\\.|\$\$\{|%%\{|(?P<open>[$%]\{)|(?P<end>["\n])""", re.DOTALL)


def too_deep(text: str) -> tuple[str, int] | None:
    """Returns why a text nests too deep, and on which line; None for one that the parser may have."""
    if sum(map(text.count, _OPENING)) <= DEEPEST and text.count("?") <= _CHOICES and not _SIGNS.search(text):
        return None  # as nearly every text: it has not enough to be deep
    return _Scan(text).run()


_SIGNS = lazily(r"(?:[!-]\s*){100}")


class _Scan:
    """One way through a text, with a stack of what it is inside of: code, a text in quotes, a heredoc."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._inside = [_CODE]
        self._choices = 0

    def run(self) -> tuple[str, int] | None:
        """As `too_deep`."""
        position = 0
        while (found := self._inside[-1].search(self._text, position)) is not None:
            position = found.end()
            reason = self._step(found)
            if reason is not None:
                return reason, self._text.count("\n", 0, found.start()) + 1
        return None

    def _step(self, found: re.Match[str]) -> str | None:
        kind = found.lastgroup
        if kind == "open":
            self._inside.append(_CODE)
        elif kind == "quote":
            self._inside.append(_TEXT)
        elif kind == "tag":
            self._inside.append(_heredoc(found["tag"]))
        elif kind in ("close", "end") and len(self._inside) > 1:
            self._inside.pop()
        self._choices += kind == "choice"
        if len(self._inside) > DEEPEST + 1:
            return f"brackets stand more than {DEEPEST} deep inside each other"
        return "operators stand too deep inside each other" if kind == "signs" or self._choices > _CHOICES else None


@cache
def _heredoc(tag: str) -> re.Pattern[str]:
    """Returns what counts inside of a heredoc: its templates, and the line that ends it."""
    return re.compile(rf"\$\$\{{|%%\{{|(?P<open>[$%]\{{)|(?P<end>^[ \t]*{re.escape(tag)}[ \t]*\r?$)", re.MULTILINE)
