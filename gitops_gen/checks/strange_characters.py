"""No word in a generated file has a letter that only looks right, and no value a sign that shows nothing.

Copied from a page or a chat, a name brings a Cyrillic letter for a Latin one, a space without width, or one that does
not break. It reads like the right one, and no review shows it; where nothing else knows the name, as a value that a
chart of another repository reads, nothing else tells of it. Words that are wholly of another alphabet are none of
these, and neither is prose with such spaces in it.

Fix: type the word anew.

Source: Unicode Technical Standard 39, confusables; Unicode, general category Cf.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding
from gitops_gen.patterns import lazily
from gitops_gen.problems import Location, Severity

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from gitops_gen.evidence.files import File
    from gitops_gen.evidence.graph import Graph

_ALIKE = (
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0455\u0456\u0458\u0501\u051b\u051d"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u0406\u0408"
    "\u03bf\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
)
"""Letters, Cyrillic and Greek, that look like Latin ones."""
_NOTHING = "\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_JOINER = "\u200c\u200d"
"""Beside letters of other alphabets, and in pictures, these mean something."""
_SPACE = "\u00a0\u2007\u202f\u3000"
_STRANGE = lazily(
    rf"(?P<alike>[{_ALIKE}](?=[{_ALIKE}]*[A-Za-z])|(?<=[A-Za-z])[{_ALIKE}])"
    rf"|(?P<nothing>[{_NOTHING}]|(?<=[0-9A-Za-z])[{_JOINER}]|[{_JOINER}](?=[0-9A-Za-z]))"
    rf"|(?P<space>(?:^[ ]*(?:-[ ])?|(?<=[\"'])|(?<=[:=][ ]))[{_SPACE}]|[{_SPACE}](?=[\"']|$))"
)
_WORD = lazily(rf"[0-9A-Za-z_{_ALIKE}]*")
_COMMENTS = ("#", "//")


def _run(graph: Graph) -> Iterator[Finding]:
    for file in graph.plain_files:
        if not file.text.isascii() and file.origin is not None:
            yield from _in(file)


def _in(file: File) -> Iterator[Finding]:
    """Yields the first strange character of each line."""
    for number, line in enumerate(file.text.splitlines(), 1):
        if line.isascii() or line.lstrip().startswith(_COMMENTS):
            continue
        found = next((each for each in _STRANGE.finditer(line) if each["alike"] is None or _is_mixed(line, each)), None)
        if found is not None:
            yield _finding(Location(file.path, number, found.end()), found[0][-1], is_letter=found["alike"] is not None)


def _is_mixed(line: str, found: re.Match[str]) -> bool:
    """Tells whether all of the word around a letter is Latin, or looks so."""
    start, end = found.span()
    while start and line[start - 1].isalnum():
        start -= 1
    while end < len(line) and line[end].isalnum():
        end += 1
    return _WORD.fullmatch(line[start:end]) is not None


def _finding(place: Location, character: str, *, is_letter: bool) -> Finding:
    import unicodedata

    name = unicodedata.name(character, f"U+{ord(character):04X}").lower()
    why = "which looks like a Latin letter" if is_letter else "which nobody sees"
    return Finding(
        f"got the character U+{ord(character):04X}, {name}, {why}",
        place,
        "type the word anew",
        severity=Severity.WARNING,
    )


CHECK = Check("strange-characters", _run, __doc__, is_of_files=True)
