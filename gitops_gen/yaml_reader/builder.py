"""The value of each document of a text, built from events, with everything that is wrong with it."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from gitops_gen.plain_text import BYTE_ORDER_MARK
from gitops_gen.problems import Location, Problem, Related
from gitops_gen.yaml_reader.events import EnoughError, NoYamlError, tell
from gitops_gen.yaml_reader.limits import MAX_ALIASED, MAX_DEPTH, MERGE
from gitops_gen.yaml_reader.scalars import (
    CORE,
    INFINITE,
    LETTERS,
    SUSPECT,
    RefusedError,
    as_go,
    doubtful,
    is_merge,
    kind_of,
    plain,
    quote,
    short,
    tagged,
    unsupported_tag,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from gitops_gen.yaml_reader.events import Event, Mark
    from gitops_gen.yaml_reader.limits import Scalar, Value
    from gitops_gen.yaml_reader.places import Survey


# As MERGE, for a key that cannot be one.
UNUSABLE = "\udcff"
_COLLECTION_AS_KEY = "collection-as-key"


class _Anchor:
    """An anchored value, and how many keys and values it is with its aliases written out; None while it is open."""

    __slots__ = ("nodes_before", "size", "value")

    def __init__(self, value: Value, size: int | None, nodes_before: int = 0) -> None:
        self.value = value
        self.size = size
        self.nodes_before = nodes_before


class _Frame:
    """A map or a list that is still open."""

    __slots__ = ("anchor", "index", "is_key", "key", "list", "map")

    def __init__(self, map: dict[str, Value] | None, list: list[Value]) -> None:  # noqa: A002 - what it is
        self.map = map
        self.list = list
        self.index = 0
        self.anchor: _Anchor | None = None
        self.key: str | None = None
        self.is_key = False
        """True for one that stands where a key is expected, which is told of it."""


def build(path: str, text: str, *, as_go: bool = False) -> Builder:
    """Returns what has read all documents of a text.

    A scalar that readers disagree on is the text that it is, or what it is to the readers of Argo CD, Helm and kubectl.
    """
    builder = Builder(path, as_go=as_go)
    builder.read(text)
    return builder


class Builder:
    """Builds the value of each document and collects what is wrong with the text."""

    def __init__(self, path: str, *, as_go: bool = False) -> None:
        self.path = path
        self._is_as_go = as_go
        self.documents: list[Value] = []
        self.starts: list[Mark] = []
        self.problems: list[Problem] = []
        self.settled: list[Problem] = []
        """Those of the problems whose scalar is here what it is to Argo CD, Helm and kubectl: its value, or its key."""
        self.doubts: list[Problem] = []
        """What is sound to other readers, and something else to those of Argo CD, Helm and kubectl."""
        self.misnamed: list[Problem] = []
        """Those of the doubts that are of a key, which stays what is written."""
        self._frame = _Frame(None, self.documents)
        self._outer: list[_Frame] = []
        self._names: dict[str, str] = {}
        self._anchors: dict[str, _Anchor] = {}
        self._merge_keys: list[Event] = []
        self._repeated: list[tuple[str, Event, tuple[int, int]]] = []
        self._nodes = 0
        self._aliased = 0

    @property
    def has_aliases(self) -> bool:
        """True if an alias stands for something in the text."""
        return self._aliased > 0

    def read(self, text: str) -> None:
        """Reads all documents of the text, once."""
        text = text.removeprefix(BYTE_ORDER_MARK)
        try:
            tell(text, self)
        except NoYamlError as error:
            from gitops_gen.yaml_reader.syntax import no_yaml

            self.problems.append(no_yaml(error.cause, self.path, text))
        for frame in (*self._outer, self._frame):  # some are open where the text breaks off
            _drop_reserved(frame.map)
        if self._repeated:
            from gitops_gen.yaml_reader.places import survey

            self._report_repeated(survey(text))

    def document(self, event: Event) -> None:
        self.starts.append(event.start_mark)
        self._anchors.clear()

    def scalar(self, event: Event) -> None:
        self._nodes += 1
        frame = self._frame
        if event.tag is not None or event.anchor is not None:
            self._scalar_with_properties(event)
        elif frame.map is None:
            frame.list.append(self._value(event))
        elif frame.key is None:
            self._use_key(self._name(event), event)
        else:
            frame.map[frame.key] = self._value(event)
            frame.key = None

    def alias(self, event: Event) -> None:
        if self._awaits_key():
            value = self._behind_alias(event, otherwise=UNUSABLE)
            self._string_key(value, f"*{event.anchor}", event)
            self._use_key(value if isinstance(value, str) else UNUSABLE, event)
        else:
            self._put(self._behind_alias(event, otherwise={}))

    def mapping(self, event: Event) -> None:
        value: dict[str, Value] = {}
        self._open(value, _Frame(value, []), event)

    def sequence(self, event: Event) -> None:
        value: list[Value] = []
        self._open(value, _Frame(None, value), event)

    def end(self, _: Event) -> None:
        frame = self._frame
        if frame.map is not None and MERGE in frame.map:
            self._merge(frame.map)
        _drop_reserved(frame.map)
        if frame.anchor is not None:
            frame.anchor.size = self._nodes - frame.anchor.nodes_before
        self._frame = self._outer.pop()

    def _awaits_key(self) -> bool:
        return self._frame.map is not None and self._frame.key is None

    def _put(self, value: Value) -> None:
        frame = self._frame
        if frame.map is None or frame.key is None:
            frame.list.append(value)
        else:
            frame.map[frame.key] = value
            frame.key = None

    def _open(self, value: Value, frame: _Frame, event: Event) -> None:
        if len(self._outer) >= MAX_DEPTH:
            message = f"maps and lists stand more than {MAX_DEPTH} deep inside each other"
            self._add("nesting-too-deep", message, event, "make the structure flatter")
            raise EnoughError
        if event.tag is not None:
            self._check_collection_tag(event.tag, value, event)
        if event.anchor is not None:
            frame.anchor = self._anchors[event.anchor] = _Anchor(value, None, self._nodes)
        self._nodes += 1
        frame.index = event.start_mark.index
        if self._awaits_key():
            self._refuse_collection_as_key(value, event)
            frame.is_key = True
        else:
            self._put(value)
        self._outer.append(self._frame)
        self._frame = frame

    def _check_collection_tag(self, tag: str, value: Value, event: Event) -> None:
        fits = dict if tag == f"{CORE}map" else list if tag == f"{CORE}seq" else None
        if fits is None or not isinstance(value, fits):
            refused = unsupported_tag(tag, kind_of(value))
            self._add(refused.code, refused.message, event, refused.hint)

    def _refuse_collection_as_key(self, value: Value, event: Event) -> None:
        self._frame.key = UNUSABLE
        if not self._frame.is_key:  # one inside of another is the same mistake: {{ name }}: value
            hint = 'use a string; if it is a template, quote all of it: "{{ name }}"'
            self._add(_COLLECTION_AS_KEY, f"the key is {kind_of(value)}, expected a string", event, hint)

    def _behind_alias(self, event: Event, *, otherwise: Value) -> Value:
        name = event.anchor or ""
        anchor = self._anchors.get(name)
        if anchor is None:
            message = f"the alias *{name} has no anchor &{name} before it"
            self._add("invalid-yaml", message, event, f"write &{name} where its value is; or {quote(f'*{name}')}")
            return otherwise
        if anchor.size is None:
            message = f"the alias *{name} stands inside the value of its own anchor"
            self._add("alias-bomb", message, event, "write out what is meant")
            return otherwise
        self._nodes += anchor.size
        self._aliased += anchor.size
        if self._aliased > MAX_ALIASED:
            message = f"the aliases up to here stand for more than {MAX_ALIASED:,} keys and values"
            self._add("alias-bomb", message, event, "write out what is meant")
            raise EnoughError
        return anchor.value

    def _scalar_with_properties(self, event: Event) -> None:
        is_key = self._awaits_key()
        value: Value
        if is_key and is_merge(event):
            value = MERGE
        elif event.tag is not None:
            value = self._judged(event, partial(tagged, event.tag))
        else:
            value = self._name(event) if is_key else self._value(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchor(value, 1)
        if is_key:
            self._use_key(self._string_key(value, event.value, event), event)
        else:
            self._put(value)

    def _value(self, event: Event) -> Value:
        text = event.value
        if event.style or text[:1] not in SUSPECT:  # most scalars: not worth a call
            return text
        return self._judged(event, plain)

    def _judged(self, event: Event, judge: Callable[[str], Scalar]) -> Scalar:
        letter = LETTERS.get(event.value) if event.tag is None else None
        if letter is not None:
            self._doubt(event, doubtful(event.value).hint)
            return letter == "true" if self._is_as_go else event.value
        try:
            return judge(event.value)
        except RefusedError as refused:
            self._add(refused.code, refused.message, event, refused.hint)
            if not self._is_as_go or refused.code != "ambiguous-scalar" or event.tag is not None:
                return event.value
            self.settled.append(self.problems[-1])
            return as_go(event.value)

    def _name(self, event: Event) -> str:
        if event.style:
            return event.value
        return self._names.get(event.value) or self._new_name(event)

    def _new_name(self, event: Event) -> str:
        """Returns the key that a plain scalar is. Sound ones are kept, since the same few names come again."""
        text = event.value
        if text == "<<":
            return MERGE
        if text in LETTERS:
            self._doubt(event, quote(text))
            self.misnamed.append(self.doubts[-1])
            return text
        value: Scalar
        try:
            value = plain(text)
        except RefusedError as refused:
            if refused.code == "ambiguous-scalar":
                self._add(refused.code, refused.message, event, quote(text))
                return text
            value = INFINITE  # a number all the same
        if isinstance(value, str):
            self._names[text] = text
        return self._string_key(value, text, event)

    def _string_key(self, value: Value, written: str, event: Event) -> str:
        if isinstance(value, str):
            return value
        if written:
            message, hint = f"the key {short(written)} is {kind_of(value)}, expected a string", quote(written)
        else:
            message, hint = "the key is empty, expected a string", "write the key before the colon"
        is_collection, is_whole = isinstance(value, dict | list), type(value) is int and str(value) == written
        code = _COLLECTION_AS_KEY if is_collection else "number-as-key" if is_whole else "key-not-a-string"
        self._add(code, message, event, hint)
        if is_whole:
            self.settled.append(self.problems[-1])
        return written

    def _use_key(self, name: str, event: Event) -> None:
        frame = self._frame
        frame.key = name
        if frame.map is None:
            return
        if name in frame.map:
            if name is not UNUSABLE:
                self._repeated.append((name, event, (frame.index, len(self._outer))))
        elif name is MERGE:
            self._merge_keys.append(event)

    def _merge(self, value: dict[str, Value]) -> None:
        """Lays the map under `<<`, or each of a list of them, below the keys that are written out; earlier ones win."""
        key = self._merge_keys.pop()
        below = value.pop(MERGE)
        written = dict(value)
        value.clear()
        for source in below if isinstance(below, list) else [below]:
            if isinstance(source, dict):
                value.update((name, inner) for name, inner in source.items() if name not in value)
            else:
                message = f"<< got {kind_of(source)}, expected a map or a list of maps"
                self._add("invalid-yaml", message, key, "merge an alias of a map, as <<: *name")
        value.update(written)

    def _report_repeated(self, survey: Survey) -> None:
        for name, event, where in self._repeated:
            first = survey.maps[where].children[name].key or (0, 0)
            shown, hint = short(name), "remove one of the two"
            if name is MERGE:
                shown, hint = "<<", "merge them together, as <<: [*one, *two]"
            problem = self._problem("duplicate-key", f"the key {shown} is already there", hint, event)
            related = Related(Location(self.path, *first), "the first one")
            self.problems.append(problem._replace(related=(related,)))

    def _doubt(self, event: Event, hint: str) -> None:
        refused = doubtful(event.value)
        self.doubts.append(self._problem(refused.code, *self._shown(refused.message, hint, event), event))

    def _add(self, code: str, message: str, event: Event, hint: str) -> None:
        self.problems.append(self._problem(code, *self._shown(message, hint, event), event))

    def _shown(self, message: str, hint: str, event: Event) -> tuple[str, str]:
        """Returns a message and its hint without the value in it, where that stands under the key of a secret."""
        from gitops_gen.secrets_guard import HIDDEN, is_secret_key

        if not is_secret_key(self._owner()):
            return message, hint
        for part in ("value", "anchor", "tag"):
            if written := getattr(event, part, None):
                word = re.compile(rf"(?<!\w){re.escape(short(written))}(?!\w)")
                message, hint = word.sub(HIDDEN, message), "quote it" if word.search(hint) else hint
        return message, hint

    def _owner(self) -> str:
        """Returns the key whose value is read: of an item with `name` and `value`, as of a variable, the name."""
        frame = next((each for each in (self._frame, *reversed(self._outer)) if each.map is not None), None)
        if frame is None or frame.map is None or self._awaits_key():
            return ""
        key = frame.key or next(reversed(frame.map), "")  # that of a list which is still open is the last one
        name = frame.map.get("name")
        return name if key == "value" and isinstance(name, str) else key

    def _problem(self, code: str, message: str, hint: str, event: Event) -> Problem:
        mark = event.start_mark
        return Problem(code, message, Location(self.path, mark.line + 1, mark.column + 1), hint)


def _drop_reserved(value: dict[str, Value] | None) -> None:
    """Removes what only the builder knows, so that the value of a text with problems holds nothing unwritten."""
    if value is not None:
        value.pop(MERGE, None)
        value.pop(UNUSABLE, None)
