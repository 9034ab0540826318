"""The events of YAML, told to a listener one by one, and the places that they name."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Protocol, cast

from gitops_gen.garbage_collector import collector_paused
from gitops_gen.plain_text import BYTE_ORDER_MARK
from gitops_gen.problems import Location
from gitops_gen.yaml_reader.block_style import block_events

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from yaml import MarkedYAMLError
    from yaml.reader import ReaderError


if TYPE_CHECKING:

    class Mark(Protocol):
        """A place in the text; all three count from 0."""

        index: int
        line: int
        column: int

    class Event(Protocol):
        """What libyaml reports; each kind of event has some of these."""

        anchor: str | None
        tag: str | None
        value: str
        style: str
        start_mark: Mark

    class Listener(Protocol):
        """Who is told the events of a text, in order."""

        def document(self, event: Event) -> None: ...
        def scalar(self, event: Event) -> None: ...
        def alias(self, event: Event) -> None: ...
        def mapping(self, event: Event) -> None: ...
        def sequence(self, event: Event) -> None: ...
        def end(self, event: Event) -> None: ...


class EnoughError(Exception):
    """A listener wants to be told no more."""


_TOO_DEEP = "exceeded maximum nesting depth"
"""What libyaml says of more open brackets than it holds, when it reads ahead of the events."""


class NoYamlError(Exception):
    """A text is no YAML."""

    def __init__(self, cause: MarkedYAMLError | ReaderError | UnicodeEncodeError) -> None:
        """`cause` is what libyaml says of it."""
        self.cause = cause
        super().__init__(str(cause))


def tell(text: str, listener: Listener) -> None:
    """Tells the listener every event of the text, up to where it has enough. Raises NoYamlError."""
    known = block_events(text)
    with collector_paused(), suppress(EnoughError):
        if known is None:
            _tell_all(text, listener)
        else:
            told = {kind: getattr(listener, kind) for kind in ("document", "scalar", "mapping", "sequence", "end")}
            for kind, event in known:
                told[kind](event)


def _tell_all(text: str, listener: Listener) -> None:
    from yaml import MarkedYAMLError
    from yaml.reader import ReaderError

    try:
        _tell_events(text, listener)
    except (MarkedYAMLError, ReaderError, UnicodeEncodeError) as error:
        raise NoYamlError(error) from error


def _tell_events(text: str, listener: Listener) -> None:
    """Tells the events of libyaml. Raises what it raises."""
    from yaml import MarkedYAMLError, events

    handlers: dict[type, Callable[[Event], None]] = {
        events.StreamStartEvent: _ignore,
        events.DocumentStartEvent: listener.document,
        events.ScalarEvent: listener.scalar,
        events.AliasEvent: listener.alias,
        events.MappingStartEvent: listener.mapping,
        events.MappingEndEvent: listener.end,
        events.SequenceStartEvent: listener.sequence,
        events.SequenceEndEvent: listener.end,
        events.DocumentEndEvent: _ignore,
        events.StreamEndEvent: _ignore,
    }
    told = 0
    try:
        for event in _events(text):
            handlers[type(event)](event)
            told += 1
    except MarkedYAMLError as error:
        if error.problem != _TOO_DEEP or error.problem_mark is None:
            raise
        # What it had read ahead is not told yet, and any listener has enough of it before it ends.
        for event in islice(_events(text[: error.problem_mark.index]), told, None):
            handlers[type(event)](event)


def _events(text: str) -> Iterator[Event]:
    from yaml import CSafeLoader

    return iter(cast("Callable[[], Event | None]", CSafeLoader(text).get_event), None)


def _ignore(_: Event) -> None:
    """For the events that say nothing."""


def end_of(path: str, before: str) -> Location:
    """Returns the place of the character that follows the text `before`."""
    before = before.removeprefix(BYTE_ORDER_MARK)
    return Location(path, before.count("\n") + 1, len(before) - before.rfind("\n"))
