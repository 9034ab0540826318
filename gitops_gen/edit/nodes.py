"""Where everything in a YAML text stands: nodes with the offsets of their first and last character.

Read from ruamel.yaml's events, because they place an alias where it is written; composed nodes do not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ruamel.yaml.events import Event


class UnreadableError(Exception):
    """ruamel.yaml does not read the text as one document."""


@dataclass(frozen=True, slots=True)
class Node:
    """A part of a text, from `start` up to `end`, its anchor and tag included. Offsets count characters from 0.

    A value that is not written is where the text before it ends, and has no length.
    """

    kind: str
    """map, list, scalar or alias."""
    start: int
    end: int
    style: str = ""
    """The quote of a scalar, | or >; the opening bracket of a collection in flow style; empty for plain and block."""
    text: str = ""
    items: tuple[Node, ...] = ()
    """The entries of a list; the keys and values of a map, in turn."""
    inside: int = 0
    """Where a collection in flow style goes on after its bracket."""

    @property
    def is_flow(self) -> bool:
        """True for a collection between brackets."""
        return self.style in ("[", "{")

    @property
    def pairs(self) -> tuple[tuple[Node, Node], ...]:
        """The keys and values of a map."""
        return tuple(zip(self.items[::2], self.items[1::2], strict=True))

    def value_of(self, key: str) -> Node | None:
        """Returns the value under a key that is written out in this map."""
        return next((value for name, value in self.pairs if name.kind == "scalar" and name.text == key), None)


@dataclass(frozen=True, slots=True)
class Document:
    """The one document of a text, and the offset up to which it may go on."""

    root: Node
    end: int


def read_document(text: str) -> Document:
    """Returns the nodes of a text of one document. Raises UnreadableError."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    # Only places are asked for, and ruamel.yaml refuses a tab before a comment, which other readers take.
    spaced = text.replace("\t", " ")
    try:
        return _Reader(text).document(YAML(typ="safe", pure=True).parse(spaced))
    except YAMLError as error:
        raise UnreadableError(" ".join(str(error).split())) from error


class _Reader:
    """Turns events to nodes. An event that shows nothing, as an empty value, stands where the last one ended."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._end = 0

    def document(self, events: Iterator[Event]) -> Document:
        from ruamel.yaml.events import DocumentEndEvent, DocumentStartEvent

        for event in events:
            if isinstance(event, DocumentStartEvent):
                root = self._node(next(events), events)
                end = next(events)
                is_explicit = isinstance(end, DocumentEndEvent) and end.explicit
                return Document(root, end.start_mark.index if is_explicit else len(self._text))
        raise UnreadableError("there is no document")

    def _node(self, event: Event, events: Iterator[Event]) -> Node:
        from ruamel.yaml.events import AliasEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent

        start, end = event.start_mark.index, event.end_mark.index
        if isinstance(event, AliasEvent):
            return self._leaf("alias", start, end)
        if isinstance(event, ScalarEvent):
            return self._leaf("scalar", start, end, event.style or "", event.value)
        if isinstance(event, MappingStartEvent):
            return self._collection("map", "{", event, events)
        if isinstance(event, SequenceStartEvent):
            return self._collection("list", "[", event, events)
        raise UnreadableError(f"got {type(event).__name__}")

    def _leaf(self, kind: str, start: int, end: int, style: str = "", text: str = "") -> Node:
        if start == end:
            return Node(kind, self._end, self._end, style, text)
        # The line breaks after a block of text are the next line's, but for those that the text keeps.
        self._end = len(self._text[:end].rstrip()) if style in ("|", ">") else end
        return Node(kind, start, self._end, style, text)

    def _collection(self, kind: str, bracket: str, event: Event, events: Iterator[Event]) -> Node:
        from ruamel.yaml.events import MappingEndEvent, SequenceEndEvent

        start, inside = event.start_mark.index, event.end_mark.index
        is_flow = bool(getattr(event, "flow_style", False))
        self._end = max(self._end, inside if is_flow else start)
        items: list[Node] = []
        while not isinstance(event := next(events), MappingEndEvent | SequenceEndEvent):
            items.append(self._node(event, events))
        if is_flow:
            self._end = event.end_mark.index
        return Node(kind, start, self._end, bracket if is_flow else "", items=tuple(items), inside=inside)
