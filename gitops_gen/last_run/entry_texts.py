"""The text of an environment's file, cut where the entries of its clusters begin.

It is cut by lines, and only where that is as good as reading it: the whole of such a file has been read before, and
how many entries it has is known from that.
"""

from __future__ import annotations

import re

from gitops_gen.named_tuple import NamedTuple

_LIST = re.compile(r"^clusters:[ ]*(?:#[^\n]*)?\n", re.MULTILINE)
_FIRST = re.compile(r"(?:[ ]*(?:#[^\n]*)?\n)*([ ]*)- ")
_END = re.compile(r"^(?![ \n#-])", re.MULTILINE)
"""Where a line has something in its first column that belongs to no list."""

_OTHER_BREAKS = re.compile("[\t\r\x85\u2028\u2029\ufeff]")
"""What moves columns, or ends lines, elsewhere than where it seems."""

_WORD = r"[A-Za-z0-9_./][A-Za-z0-9_./:@=+,-]*(?<!:)"
_QUOTED = r"""(?:"(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*')"""
_INSIDE = rf"(?:[A-Za-z0-9_./:@=+,\- ]|{_QUOTED})*"
_VALUE = rf"(?:{_QUOTED}|{_WORD}|\{{{_INSIDE}\}}|\[{_INSIDE}\])"
_PAIR = rf"(?:[A-Za-z0-9_]+|\"[A-Za-z0-9_]+\"):(?:[ ]+{_VALUE})?"
_COMMENT = r"(?:[ ]+#[^\n]*)?[ ]*"
_EMPTY = r"[ ]*(?:#[^\n]*)?"
_HEAD = re.compile(rf"(?:(?:---|{_EMPTY}|[ ]*(?:- )?(?:{_PAIR}|{_VALUE}){_COMMENT})\n)*")
"""Lines of which none is the inside of a text that goes on over several: the list is a list."""


class Cut(NamedTuple):
    """A text in parts: together they are the text."""

    head: str
    entries: tuple[str, ...]
    """Of each cluster the lines from its own first one to that of the next."""
    tail: str

    def only(self, numbers: frozenset[int]) -> str:
        """Returns the text without the other entries, with everything that is left on the line where it was."""
        kept = (entry if number in numbers else "\n" * entry.count("\n") for number, entry in enumerate(self.entries))
        return "".join((self.head, *kept, self.tail))


def cut(text: str, count: int) -> Cut | None:
    """Returns the parts of a text with so many entries of clusters; None where lines do not tell them.

    An entry begins with a hyphen in the column of the list, and every line that has one there is found: if there are
    as many of them as there are entries, each is the beginning of one.
    """
    lists = list(_LIST.finditer(text))
    if len(lists) != 1 or _OTHER_BREAKS.search(text) or not text.endswith("\n"):
        return None
    start = lists[0].end()
    first = _FIRST.match(text, start)
    if first is None or not _HEAD.fullmatch(text, 0, lists[0].start()):
        return None
    found = _END.search(text, start)
    end = found.start() if found else len(text)
    begins = [
        each.start()
        for each in re.finditer(rf"^{first[1]}-(?=[ \n])", text[:end], re.MULTILINE)
        if each.start() >= start
    ]
    if len(begins) != count:
        return None
    entries = tuple(text[begin:stop] for begin, stop in zip(begins, (*begins[1:], end), strict=True))
    return Cut(text[: begins[0]], entries, text[end:])


def is_plain(entry: str) -> bool:
    """Tells whether an entry is what its lines say, one by one, and ends where its last line ends.

    Then the entries after it are read as before, whatever stood in its place.
    """
    indent = len(entry) - len(entry.lstrip(" "))
    inner = rf"[ ]{{{indent + 2},}}(?:- )?(?:{_PAIR}|{_VALUE}){_COMMENT}"
    line = rf"(?:{inner}|{_EMPTY})\n"
    return re.fullmatch(rf"[ ]{{{indent}}}- [ ]*{_PAIR}{_COMMENT}\n(?:{line})*", entry) is not None
