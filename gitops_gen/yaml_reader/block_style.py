"""The events of YAML in block style with one constant in each line, told without libyaml: its package takes its time.

Nearly all texts that a template makes are such, and most that people write by hand. What is told is what libyaml would
tell, and nothing is told of a text with anything else in it: a test compares them.

Source: YAML 1.2.2, sections 6.1 "Indentation Spaces", 7.3 "Flow Scalar Styles", 8.1.2 "Literal Style" and 8.2 "Block
Collection Styles".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, TypeAlias

from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    Kind: TypeAlias = Literal["document", "scalar", "mapping", "sequence", "end"]
    """What a listener is told by."""
    Told: TypeAlias = "list[tuple[Kind, BlockEvent]]"

_ODD = re.compile(r"[^\n -~]")
"""What means something besides itself, or may: tabs, other line ends, all that is not ASCII."""
_WORD = r"""[A-Za-z0-9_][A-Za-z0-9_./-]{0,99}|"[ !#-\[\]-~]*"|'[ -&(-~]*'"""
_LINE = re.compile(
    rf"""
    (\ {{0,60}})                                          # its indentation
    (-\ )?                                                # an item of a list
    (?:([A-Za-z_][A-Za-z0-9_./-]{{0,99}}):(?:\ +(?=[^ ])|$))?   # a key
    (
        "[ !#-\[\]-~]*" | '[ -&(-~]*'                      # without escapes
        | \|-?                                            # a literal text, in the lines behind it
        | \[(?:(?:{_WORD})(?:,\ (?:{_WORD}))*)?\] | \{{\}}
        | (?:[A-Za-z0-9_./$(<=+~]|-(?=[A-Za-z0-9.]))      # a plain text, but for the rarer ones: how it starts,
          (?:[!"$-9;-~]|:(?=[!-~])|\ +(?=[!"$-~])|\#)*     # and no colon before a space, no hash behind one
    )?
    (?:\ *(?<=\ )\#[ -~]*)?
    """,
    re.VERBOSE,
)
_IN_LIST = lazily(_WORD)
_START = "---"
_LONGEST = 65_536
"""Characters of a text that this pays for: in a longer one, libyaml makes up for what it takes to load it."""
_STRIPPED = "|-"


class BlockEvent:
    """What is told, and the place in the text where it stands: as an event of libyaml, and its mark."""

    __slots__ = ("column", "index", "line", "style", "value")
    tag = None
    anchor = None

    def __init__(self, index: int, line: int, column: int, value: str = "", style: str = "") -> None:
        self.index = index
        self.line = line
        self.column = column
        self.value = value
        self.style = style

    @property
    def start_mark(self) -> BlockEvent:
        return self


class _OtherStyleError(Exception):
    """A text has something that is not for this reader."""


_END = BlockEvent(0, 0, 0)


def block_events(text: str) -> Told | None:
    """Returns the events of a text, without those that say nothing; None where libyaml has to be asked."""
    if len(text) > _LONGEST or not text.endswith("\n") or _ODD.search(text):
        return None
    try:
        return _Lines(text).events()
    except _OtherStyleError:
        return None


class _Lines:
    """The lines of a text, and what is open where one of them begins."""

    def __init__(self, text: str) -> None:
        self._lines = text.split("\n")
        self._number = -1
        """The line that is read, counted from 0."""
        self._index = 0
        """Where in the text it begins."""
        self._told: Told = []
        self._open: list[tuple[int, bool]] = []
        """Each map and list that is open: the column of its keys or hyphens, and True for a list."""
        self._missing: BlockEvent | None = None
        """What the last key has for a value if that does not stand in the lines behind it: null."""
        self._can_begin = True
        """True where the value of a document may stand."""
        self._is_begun = False
        """True where a document has begun by its three hyphens."""

    def events(self) -> Told:
        """Returns what there is to tell. Raises _OtherStyleError."""
        while (line := self._next()) is not None:
            if line == _START:
                self._end_document()
                self._begin_document(0)
            elif line and line.lstrip(" ")[:1] != "#":
                self._take(line)
        self._end_document()
        return self._told

    def _next(self) -> str | None:
        """Goes to the next line, and returns it."""
        if self._number >= 0:
            self._index += len(self._lines[self._number]) + 1
        self._number += 1
        return self._lines[self._number] if self._number < len(self._lines) else None

    def _take(self, line: str) -> None:
        parts = _LINE.fullmatch(line)
        if parts is None:
            raise _OtherStyleError
        indent, hyphen, key, value = parts.groups()
        column = len(indent)
        if hyphen is not None:
            self._go_to(column, is_list=True)
            column += len(hyphen)
            if key is not None:
                self._go_into(column, is_list=False)
        elif key is not None:
            self._go_to(column, is_list=False)
        else:
            self._begin_value(column)
        if key is not None:
            self._tell("scalar", column, key)
        if value is not None:
            self._tell_value(value, parts.start(4), is_alone=key is None and hyphen is None)
        elif key is None:
            raise _OtherStyleError
        else:
            self._missing = self._event(column + len(key) + 1)

    def _go_to(self, column: int, *, is_list: bool) -> None:
        """Goes on with the map or the list in a column, or begins it, and ends all that is deeper."""
        if self._can_begin:
            self._begin_value(column)
            self._go_into(column, is_list=is_list)
            return
        if self._missing is not None:
            above, _ = self._open[-1]
            if column > above or (column == above and is_list):  # the hyphens of a list may stand below its key
                self._missing = None
                self._go_into(column, is_list=is_list)
                return
        self._end_missing()
        while self._open and (self._open[-1][0] > column or (self._open[-1] == (column, True) and not is_list)):
            self._end_block()
        if not self._open or self._open[-1] != (column, is_list):
            raise _OtherStyleError

    def _go_into(self, column: int, *, is_list: bool) -> None:
        self._tell("sequence" if is_list else "mapping", column)
        self._open.append((column, is_list))

    def _begin_document(self, column: int) -> None:
        self._tell("document", column)
        self._can_begin = self._is_begun = True

    def _begin_value(self, column: int) -> None:
        """Begins what a document is."""
        if not self._can_begin:
            raise _OtherStyleError
        if not self._is_begun:
            self._begin_document(column)
        self._can_begin = False

    def _end_document(self) -> None:
        if self._can_begin and self._is_begun:
            raise _OtherStyleError
        self._end_missing()
        while self._open:
            self._end_block()

    def _end_block(self) -> None:
        self._told.append(("end", _END))
        self._open.pop()

    def _end_missing(self) -> None:
        if self._missing is not None:
            self._told.append(("scalar", self._missing))
            self._missing = None

    def _tell_value(self, value: str, column: int, *, is_alone: bool) -> None:
        first = value[0]
        if first in "{[":
            self._tell("mapping" if first == "{" else "sequence", column)
            for word in _IN_LIST.finditer(value):
                self._tell_constant(word[0], column + word.start())
            self._told.append(("end", _END))
        elif is_alone:
            raise _OtherStyleError
        elif first == "|":
            event = self._tell("scalar", column, style=first)
            event.value = self._literal(self._open[-1][0]) + ("" if value == _STRIPPED else "\n")
        else:
            self._tell_constant(value, column)

    def _tell_constant(self, text: str, column: int) -> None:
        if text[0] in "\"'":
            self._tell("scalar", column, text[1:-1], text[0])
        else:
            self._tell("scalar", column, text)

    def _literal(self, column: int) -> str:
        """Returns the text in the next lines, which stand deeper than a column, without what ends it."""
        first = self._lines[self._number + 1]
        indent = len(first) - len(first.lstrip(" "))
        if indent <= column:
            raise _OtherStyleError
        found: list[str] = []
        for number in range(self._number + 1, len(self._lines)):
            line = self._lines[number]
            if line.isspace():
                raise _OtherStyleError
            if line and not line.startswith(" " * indent):
                break
            found.append(line[indent:])
        for _ in found:
            self._next()
        return "\n".join(found).rstrip("\n")

    def _tell(self, kind: Kind, column: int, value: str = "", style: str = "") -> BlockEvent:
        event = self._event(column, value, style)
        self._told.append((kind, event))
        return event

    def _event(self, column: int, value: str = "", style: str = "") -> BlockEvent:
        return BlockEvent(self._index + column, self._number, column, value, style)
