"""Where everything in a text is written: read only when something is to be located."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.problems import Location
from gitops_gen.yaml_reader.events import EnoughError, NoYamlError, tell
from gitops_gen.yaml_reader.limits import MAX_DEPTH, MERGE
from gitops_gen.yaml_reader.scalars import is_merge

if TYPE_CHECKING:
    from gitops_gen.yaml_reader.events import Event
    from gitops_gen.yaml_reader.limits import Step


_LITERAL = "|"


class WrittenValue:
    """Where a value is written, with its scalar text or its children. A merge stands under its own name."""

    __slots__ = ("before", "children", "is_list", "key", "start", "text")

    def __init__(
        self,
        start: tuple[int, int],
        text: str = "",
        is_list: bool = False,
        children: dict[Step, WrittenValue] | None = None,
    ) -> None:
        self.start = start
        self.text = text
        self.is_list = is_list
        self.children: dict[Step, WrittenValue] = {} if children is None else children
        self.key: tuple[int, int] | None = None
        self.before: tuple[int, int] | None = None
        """Of a literal block (|), how many lines and columns are before its text."""


class Survey:
    """Keeps where everything in a text is written. Of a repeated key it keeps the first."""

    def __init__(self, text: str = "") -> None:
        self._text = text
        self.maps: dict[tuple[int, int], WrittenValue] = {}
        self._documents = WrittenValue((0, 0), is_list=True)
        self._current = self._documents
        self._key: WrittenValue | None = None
        self._outer: list[tuple[WrittenValue, WrittenValue | None]] = []
        self._anchors: dict[str, WrittenValue] = {}

    @property
    def root(self) -> WrittenValue:
        """The first document; without one, a place without line and column."""
        return self.place_of(0)

    def place_of(self, document: int) -> WrittenValue:
        """Returns the place of a document; without one, a place without line and column."""
        return self._documents.children.get(document, WrittenValue((0, 0)))

    def document(self, _: Event) -> None:
        self._anchors.clear()

    def scalar(self, event: Event) -> None:
        place = WrittenValue(_start(event), event.value)
        if event.style == _LITERAL:
            place.before = self._before(event)
        self._remember(place, event)
        self._add(place)
        if self._key and is_merge(event):
            self._key.text = MERGE

    def alias(self, event: Event) -> None:
        place = self._anchors.get(event.anchor or "", WrittenValue((0, 0)))
        self._add(WrittenValue(_start(event), place.text, place.is_list, place.children))

    def mapping(self, event: Event) -> None:
        place = WrittenValue(_start(event))
        self._open(place, event)
        self.maps[event.start_mark.index, len(self._outer)] = place

    def sequence(self, event: Event) -> None:
        self._open(WrittenValue(_start(event), is_list=True), event)

    def end(self, _: Event) -> None:
        self._current, self._key = self._outer.pop()

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.split("\n")

    def _before(self, event: Event) -> tuple[int, int] | None:
        """Returns how many lines and columns are before the text of a literal block; None for a text without words."""
        start, lines = event.start_mark.line + 1, event.value.split("\n")
        number = next((number for number, line in enumerate(lines) if line.strip()), None)
        if number is None or start + number >= len(self._lines):
            return None
        written, line = self._lines[start + number].rstrip("\r"), lines[number]
        return (start, len(written) - len(line)) if written.endswith(line) else None

    def _open(self, place: WrittenValue, event: Event) -> None:
        if len(self._outer) >= MAX_DEPTH:
            raise EnoughError
        self._remember(place, event)
        self._add(place)
        self._outer.append((self._current, self._key))
        self._current, self._key = place, None

    def _remember(self, place: WrittenValue, event: Event) -> None:
        if event.anchor is not None:
            self._anchors[event.anchor] = place

    def _add(self, place: WrittenValue) -> None:
        children = self._current.children
        if self._current.is_list:
            children[len(children)] = place
        elif self._key is None:
            self._key = place
        else:
            place.key = self._key.start
            children.setdefault(self._key.text, place)
            self._key = None


def survey(text: str) -> Survey:
    """Returns where everything is written, up to where the text is no YAML any more: that is reported elsewhere."""
    survey = Survey(text)
    with suppress(NoYamlError):
        tell(text, survey)
    return survey


def locate(path: str, place: WrittenValue, steps: tuple[Step, ...], *, key: bool) -> Location:
    """Returns where the value at some steps is written, or its key; they may lead on into the text of a block (|)."""
    for number, step in enumerate(steps):
        child = child_of(place, step)
        if child is None:
            inner = _located_in_text(path, place, steps[number:], key=key)
            return inner or Location(path, *(place.key or place.start))
        place = child
    return Location(path, *((key and place.key) or place.start))


def _located_in_text(path: str, place: WrittenValue, steps: tuple[Step, ...], *, key: bool) -> Location | None:
    """Returns where in the text of a literal block a value is written; None if it has nothing at the first step."""
    inner = survey(place.text).root if place.before is not None else None
    if place.before is None or inner is None or child_of(inner, steps[0]) is None:
        return None
    lines, columns = place.before
    found = locate(path, inner, steps, key=key)
    return Location(path, lines + found.line, columns + found.column)


def _start(event: Event) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def child_of(place: WrittenValue, step: Step) -> WrittenValue | None:
    """Returns what is at `step` of a place, or else of what is merged into it."""
    places, seen = [place], set[int]()
    while places:
        current = places.pop()
        if step in current.children:
            return current.children[step]
        merged = current.children.get(MERGE)
        if merged is not None and id(merged) not in seen:
            seen.add(id(merged))
            places.extend(reversed(merged.children.values()) if merged.is_list else [merged])
    return None
