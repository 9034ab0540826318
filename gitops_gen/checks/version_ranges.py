"""Ranges of versions that no version is in, as Helm reads them. Part of source-revision.

What stands between two `||` holds all at once: with a space or a comma between, too.

Source: github.com/Masterminds/semver v3, constraints.go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_Version: TypeAlias = tuple[int, int, int]
_NUMBER = r"[0-9]+|[xX*]"
_BOUND = re.compile(
    rf"(?P<how>[=!<>~^]*)\s*v?(?P<major>{_NUMBER})(?:\.(?P<minor>{_NUMBER}))?(?:\.(?P<patch>{_NUMBER}))?"
    r"(?P<pre>-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?",
    re.ASCII,
)
_BETWEEN = re.compile(r"(\S+)\s+-\s+(\S+)")
_FIRST: _Version = (0, 0, 0)


class _Bound(NamedTuple):
    """What a version of a range states, up to the last number that it does."""

    major: int
    minor: int | None
    patch: int | None

    @property
    def least(self) -> _Version:
        return self.major, self.minor or 0, self.patch or 0

    @property
    def beyond(self) -> _Version:
        """The first version that does not begin so."""
        if self.minor is None:
            return self.major + 1, 0, 0
        if self.patch is None:
            return self.major, self.minor + 1, 0
        return self.major, self.minor, self.patch + 1

    @property
    def beyond_tilde(self) -> _Version | None:
        if self.patch is not None and self.least == _FIRST:
            return None
        return self._replace(patch=None).beyond

    @property
    def beyond_caret(self) -> _Version:
        if self.major or self.minor is None:
            return self.major + 1, 0, 0
        return self.beyond if self.patch is None or not self.minor else (self.major, self.minor + 1, 0)


_LIMITS: Mapping[str, Callable[[_Bound], tuple[_Version, _Version | None]]] = {
    **dict.fromkeys(("", "="), lambda bound: (bound.least, bound.beyond)),
    ">": lambda bound: (bound.beyond, None),
    **dict.fromkeys((">=", "=>"), lambda bound: (bound.least, None)),
    "<": lambda bound: (_FIRST, bound.least),
    **dict.fromkeys(("<=", "=<"), lambda bound: (_FIRST, bound.beyond)),
    **dict.fromkeys(("~", "~>"), lambda bound: (bound.least, bound.beyond_tilde)),
    "^": lambda bound: (bound.least, bound.beyond_caret),
}
"""The first version of each kind of bound, and the first behind it, if there is one."""


def is_empty_range(text: str) -> bool:
    """Tells whether no version is in a range that Helm reads. One that names a pre-release is not judged."""
    text = _BETWEEN.sub(r">=\1 <=\2", text)
    return all(map(_is_empty, text.split("||")))


def _is_empty(text: str) -> bool:
    first, beyond = _FIRST, None
    for found in _BOUND.finditer(text):
        if found["pre"]:
            return False
        limits = _LIMITS.get(found["how"])
        numbers = [int(each) if each and each.isdecimal() else None for each in found.group("major", "minor", "patch")]
        if limits is None or numbers[0] is None:
            continue
        minor, patch = numbers[1], numbers[2] if numbers[1] is not None else None
        least, behind = limits(_Bound(numbers[0], minor, patch))
        first = max(first, least)
        beyond = behind if beyond is None else beyond if behind is None else min(beyond, behind)
    return beyond is not None and first >= beyond
