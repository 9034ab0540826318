"""A YAML file with positions: its value, read strictly, and the line and column where any part of it is written.

The value is built from libyaml's events without keeping positions. They are asked for only when something is wrong;
then the same text is read once more, with its marks.
"""

from __future__ import annotations

import gc
import math
import os
import re
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeAlias, cast

from gitops_gen.problems import GitopsGenError, Location, ModelError, Problem, Related, in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from yaml import MarkedYAMLError

Value: TypeAlias = "dict[str, Value] | list[Value] | str | int | float | bool | None"
"""What a document can be. Maps and lists that stand behind an alias are shared, so a value is read, not changed."""
Scalar: TypeAlias = "str | int | float | bool | None"
Step: TypeAlias = "str | int"

MAX_BYTES = 32 * 1024 * 1024
"""The largest file that is read."""
MAX_DEPTH = 100
"""How many maps and lists may stand inside each other."""
MAX_ALIASED = 100_000
"""How many values the aliases of one text may stand for, all written out."""
MAX_WHOLE = 2**53
"""The largest whole number that survives Helm and Argo CD, which read numbers as 64-bit floats."""


class InvalidYamlError(GitopsGenError):
    """A text is not YAML as it is accepted here."""


@dataclass(frozen=True)
class Source:
    """One YAML file: its path (POSIX, relative to the root, as messages show it) and its text."""

    path: str
    text: str = field(repr=False)

    @cached_property
    def data(self) -> Value:
        """The value of the one document. Raises ModelError with every problem of the file, in reading order."""
        builder = _Builder(self.path)
        builder.read(self.text)
        problems = [*builder.problems, *_not_one_document(builder)]
        if problems:
            raise ModelError(*in_order(problems))
        return builder.documents[0]

    def locate(self, steps: tuple[Step, ...], *, key: bool = False) -> Location:
        """Returns where the value at `steps` is written, or its key; never raises.

        A value that came through a merge is where it is written; an alias is where the alias stands, and what is
        inside of it where the anchor's value is written. If nothing is at `steps`: the nearest parent that exists,
        its key if it has one.
        """
        place = self._root
        for step in steps:
            child = _child(place, step)
            if child is None:
                return self._location(place.key or place.start)
            place = child
        return self._location((key and place.key) or place.start)

    def written(self, steps: tuple[Step, ...]) -> str:
        """Returns the scalar at `steps` as it is written, without its quotes: 1.10, not 1.1. Empty if there is none."""
        place: _Place | None = self._root
        for step in steps:
            place = _child(place, step) if place else None
        return place.text if place else ""

    @cached_property
    def _root(self) -> _Place:
        return _survey(self.text).root

    def _location(self, start: tuple[int, int]) -> Location:
        return Location(self.path, *start)


def read(root: Path, path: str) -> Source:
    """Returns the file at `path`, relative to `root`; nothing outside of `root` is opened.

    Raises ModelError: symlink-outside, unreadable-file, file-too-large, and what `decode` raises.
    """
    real = Path(os.path.realpath(root / path))
    if not real.is_relative_to(os.path.realpath(root)):
        raise _refused(path, "symlink-outside", "leads outside of the root", "replace the symbolic link with the file")
    try:
        refusal = _refuse_unread(path, real.stat())
        raw = b"" if refusal else real.read_bytes()
    except OSError as error:
        raise _unreadable(root, path, error) from error
    if refusal:
        raise refusal
    return decode(path, raw)


def decode(path: str, raw: bytes) -> Source:
    """Returns the file with these bytes. A byte order mark is dropped. Raises ModelError: not-utf8, binary-file."""
    save = "save the file as UTF-8"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(Location(path, 1, 1), "not-utf8", "is UTF-16, expected UTF-8", save)
    if b"\0" in raw:
        at = _end_of(path, raw[: raw.index(b"\0")].decode(errors="replace"))
        raise _refused(at, "binary-file", "got a NUL byte, expected text", save)
    if _is_mostly_control(raw[:8192]):
        raise _refused(path, "binary-file", "is mostly control characters, expected text", save)
    try:
        return Source(path, raw.decode().removeprefix(_BYTE_ORDER_MARK))
    except UnicodeDecodeError as error:
        at = _end_of(path, raw[: error.start].decode())
        message = f"got the byte 0x{raw[error.start]:02X}, expected UTF-8"
        raise _refused(at, "not-utf8", message, save) from error


def parse_documents(text: str, path: str = "") -> tuple[Value, ...]:
    """Returns the value of each document of a text; an empty document is None.

    As strict as the model's files: a repeated key or an ambiguous scalar is an error. Raises InvalidYamlError with
    every problem, located in `path`.
    """
    builder = _Builder(path)
    builder.read(text)
    if builder.problems:
        raise InvalidYamlError(*in_order(builder.problems))
    return tuple(builder.documents)


# --- bytes

_BYTE_ORDER_MARK = "\ufeff"
_CONTROL = bytes(code for code in range(32) if chr(code) not in "\t\n\f\r\x1b") + b"\x7f"


def _refused(at: str | Location, code: str, message: str, hint: str) -> ModelError:
    return ModelError(Problem(code, message, Location(at) if isinstance(at, str) else at, hint))


def _refuse_unread(path: str, status: os.stat_result) -> ModelError | None:
    """Judges by what the file system says, so that a huge file or a pipe is never opened."""
    if stat.S_ISDIR(status.st_mode):
        return _refused(path, "unreadable-file", "is a folder, expected a file", "put a file in its place")
    if not stat.S_ISREG(status.st_mode):
        return _refused(path, "unreadable-file", "is no regular file", "put a file in its place")
    if status.st_size > MAX_BYTES:
        message = f"got {status.st_size:,} bytes, expected at most {MAX_BYTES:,} (32 MiB)"
        return _refused(path, "file-too-large", message, "split it into smaller files")
    return None


def _unreadable(root: Path, path: str, error: OSError) -> ModelError:
    if not isinstance(error, FileNotFoundError):
        message, hint = f"cannot be read: {error.strerror}", "make it a file that you can read"
    elif (root / path).is_symlink():
        message, hint = "is a symbolic link to nothing", "replace the symbolic link with the file"
    else:
        message, hint = "there is no such file", "create it, or correct its name"
    return _refused(path, "unreadable-file", message, hint)


def _is_mostly_control(raw: bytes) -> bool:
    return len(raw.translate(None, _CONTROL)) < len(raw) / 2


def _end_of(path: str, before: str) -> Location:
    """Returns the place of the character that follows the text `before`."""
    before = before.removeprefix(_BYTE_ORDER_MARK)
    return Location(path, before.count("\n") + 1, len(before) - before.rfind("\n"))


# --- events

if TYPE_CHECKING:

    class _Mark(Protocol):
        """A place in the text; all three count from 0."""

        index: int
        line: int
        column: int

    class _Event(Protocol):
        """What libyaml reports; each kind of event has some of these."""

        anchor: str | None
        tag: str | None
        value: str
        style: str
        start_mark: _Mark

    class _Listener(Protocol):
        """Who is told the events of a text, in order."""

        def document(self, event: _Event) -> None: ...
        def scalar(self, event: _Event) -> None: ...
        def alias(self, event: _Event) -> None: ...
        def mapping(self, event: _Event) -> None: ...
        def sequence(self, event: _Event) -> None: ...
        def end(self, event: _Event) -> None: ...


class _EnoughError(Exception):
    """A listener wants to be told no more."""


def _tell(text: str, listener: _Listener) -> None:
    """Tells the listener every event of the text, up to where it has enough. Raises what libyaml raises."""
    from yaml import CSafeLoader, events

    handlers: dict[type, Callable[[_Event], None]] = {
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
    next_event = cast("Callable[[], _Event | None]", CSafeLoader(text).get_event)
    with _collector_paused(), suppress(_EnoughError):
        while (event := next_event()) is not None:
            handlers[type(event)](event)


def _ignore(_: _Event) -> None:
    """For the events that say nothing."""


@contextmanager
def _collector_paused() -> Iterator[None]:
    """The collector would walk the growing value again and again, which takes as long as building it."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


# --- values

# No YAML text can hold a lone surrogate, so these two meet no key that a person wrote.
_MERGE = "\udcff<<"
_UNUSABLE = "\udcff"


@dataclass(slots=True)
class _Anchor:
    """An anchored value, and how many values it is with its aliases written out: None while it is still open."""

    value: Value
    size: int | None
    nodes_before: int = 0


@dataclass(slots=True)
class _Frame:
    """A map or a list that is still open."""

    map: dict[str, Value] | None
    list: list[Value]
    index: int = 0
    anchor: _Anchor | None = None
    key: str | None = None


class _Builder:
    """Builds the value of each document and collects what is wrong with the text."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.documents: list[Value] = []
        self.starts: list[_Mark] = []
        self.problems: list[Problem] = []
        self._frame = _Frame(None, self.documents)
        self._outer: list[_Frame] = []
        self._names: dict[str, str] = {}
        self._anchors: dict[str, _Anchor] = {}
        self._merge_keys: list[_Event] = []
        self._repeated: list[tuple[str, _Event, tuple[int, int]]] = []
        self._nodes = 0
        self._aliased = 0

    def read(self, text: str) -> None:
        """Reads all documents of the text, once."""
        from yaml import MarkedYAMLError
        from yaml.reader import ReaderError

        try:
            _tell(text, self)
        except MarkedYAMLError as error:
            self.problems.append(_syntax_problem(error, self.path, text))
        except ReaderError as error:
            before = text.encode()[: error.position].decode()
            self.problems.append(_forbidden_character(self.path, before, error.character))
        except UnicodeEncodeError as error:
            self.problems.append(_forbidden_character(self.path, text[: error.start], ord(text[error.start])))
        if self._repeated:
            self._report_repeated(_survey(text))

    def document(self, event: _Event) -> None:
        self.starts.append(event.start_mark)
        self._anchors.clear()

    def scalar(self, event: _Event) -> None:
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

    def alias(self, event: _Event) -> None:
        if self._awaits_key():
            value = self._behind_alias(event, otherwise=_UNUSABLE)
            self._use_key(self._string_key(value, f"*{event.anchor}", event), event)
        else:
            self._put(self._behind_alias(event, otherwise={}))

    def mapping(self, event: _Event) -> None:
        value: dict[str, Value] = {}
        self._open(value, _Frame(value, []), event)

    def sequence(self, event: _Event) -> None:
        value: list[Value] = []
        self._open(value, _Frame(None, value), event)

    def end(self, _: _Event) -> None:
        frame = self._frame
        if frame.map is not None and _MERGE in frame.map:
            self._merge(frame.map)
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

    def _open(self, value: Value, frame: _Frame, event: _Event) -> None:
        if len(self._outer) >= MAX_DEPTH:
            message = f"maps and lists stand more than {MAX_DEPTH} deep inside each other"
            self._add("nesting-too-deep", message, event, "make the structure flatter")
            raise _EnoughError
        if event.tag is not None:
            self._check_collection_tag(event.tag, value, event)
        if event.anchor is not None:
            frame.anchor = self._anchors[event.anchor] = _Anchor(value, None, self._nodes)
        self._nodes += 1
        frame.index = event.start_mark.index
        if self._awaits_key():
            self._refuse_collection_as_key(value, event)
        else:
            self._put(value)
        self._outer.append(self._frame)
        self._frame = frame

    def _check_collection_tag(self, tag: str, value: Value, event: _Event) -> None:
        fits = dict if tag == f"{_CORE}map" else list if tag == f"{_CORE}seq" else None
        if fits is None or not isinstance(value, fits):
            refused = _unsupported_tag(tag, _kind(value))
            self._add(refused.code, refused.message, event, refused.hint)

    def _refuse_collection_as_key(self, value: Value, event: _Event) -> None:
        hint = 'use a string; if it is a template, quote all of it: "{{ name }}"'
        self._add("key-not-a-string", f"the key is {_kind(value)}, expected a string", event, hint)
        self._frame.key = _UNUSABLE

    def _behind_alias(self, event: _Event, *, otherwise: Value) -> Value:
        name = event.anchor or ""
        anchor = self._anchors.get(name)
        if anchor is None:
            message = f"the alias *{name} has no anchor &{name} before it"
            self._add("invalid-yaml", message, event, f"write &{name} where its value is; or {_quote(f'*{name}')}")
            return otherwise
        if anchor.size is None:
            message = f"the alias *{name} stands inside the value of its own anchor"
            self._add("alias-bomb", message, event, "write out what is meant")
            return otherwise
        self._nodes += anchor.size
        self._aliased += anchor.size
        if self._aliased > MAX_ALIASED:
            message = f"the aliases up to here stand for more than {MAX_ALIASED:,} values"
            self._add("alias-bomb", message, event, "write out what is meant")
            raise _EnoughError
        return anchor.value

    def _scalar_with_properties(self, event: _Event) -> None:
        is_key = self._awaits_key()
        value: Value
        if event.tag is not None:
            value = self._judged(event, partial(_tagged, event.tag))
        else:
            value = self._name(event) if is_key else self._value(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchor(value, 1)
        if is_key:
            self._use_key(self._string_key(value, event.value, event), event)
        else:
            self._put(value)

    def _value(self, event: _Event) -> Value:
        text = event.value
        if event.style or text[:1] not in _SUSPECT:
            return text
        return self._judged(event, _plain)

    def _judged(self, event: _Event, judge: Callable[[str], Scalar]) -> Scalar:
        try:
            return judge(event.value)
        except _RefusedError as refused:
            self._add(refused.code, refused.message, event, refused.hint)
            return event.value

    def _name(self, event: _Event) -> str:
        if event.style:
            return event.value
        return self._names.get(event.value) or self._new_name(event)

    def _new_name(self, event: _Event) -> str:
        """Returns the key that a plain scalar is. Sound ones are kept, since the same few names come again."""
        text = event.value
        if text == "<<":
            return _MERGE
        value: Scalar
        try:
            value = _plain(text)
        except _RefusedError as refused:
            if refused.code == "ambiguous-scalar":
                self._add(refused.code, refused.message, event, _quote(text))
                return text
            value = math.inf
        if isinstance(value, str):
            self._names[text] = text
        return self._string_key(value, text, event)

    def _string_key(self, value: Value, written: str, event: _Event) -> str:
        if isinstance(value, str):
            return value
        if written:
            message, hint = f"the key {_short(written)} is {_kind(value)}, expected a string", _quote(written)
        else:
            message, hint = "the key is empty, expected a string", "write the key before the colon"
        self._add("key-not-a-string", message, event, hint)
        return _UNUSABLE

    def _use_key(self, name: str, event: _Event) -> None:
        frame = self._frame
        frame.key = name
        if frame.map is None:
            return
        if name in frame.map:
            if name is not _UNUSABLE:
                self._repeated.append((name, event, (frame.index, len(self._outer))))
        elif name is _MERGE:
            self._merge_keys.append(event)

    def _merge(self, value: dict[str, Value]) -> None:
        """Lays the map under `<<`, or each of a list of them, below the keys that are written out; earlier ones win."""
        key = self._merge_keys.pop()
        below = value.pop(_MERGE)
        written = dict(value)
        value.clear()
        for source in below if isinstance(below, list) else [below]:
            if isinstance(source, dict):
                value.update((name, inner) for name, inner in source.items() if name not in value)
            else:
                message = f"<< got {_kind(source)}, expected a map or a list of maps"
                self._add("invalid-yaml", message, key, "merge an alias of a map, as <<: *name")
        value.update(written)

    def _report_repeated(self, survey: _Survey) -> None:
        for name, event, where in self._repeated:
            first = survey.maps[where].children[name].key or (0, 0)
            shown, hint = _short(name), "remove one of the two"
            if name is _MERGE:
                shown, hint = "<<", "merge them together, as <<: [*one, *two]"
            problem = self._problem("duplicate-key", f"the key {shown} is already there", event, hint)
            related = Related(Location(self.path, *first), "the first one")
            self.problems.append(replace(problem, related=(related,)))

    def _add(self, code: str, message: str, event: _Event, hint: str) -> None:
        self.problems.append(self._problem(code, message, event, hint))

    def _problem(self, code: str, message: str, event: _Event, hint: str) -> Problem:
        mark = event.start_mark
        return Problem(code, message, Location(self.path, mark.line + 1, mark.column + 1), hint)


def _not_one_document(builder: _Builder) -> Iterator[Problem]:
    """Yields what is wrong with the number of documents of a file."""
    if len(builder.starts) > 1:
        second = builder.starts[1]
        at = Location(builder.path, second.line + 1, second.column + 1)
        message = "a second document starts here, expected one in a file"
        yield Problem("several-documents", message, at, "move it to a file of its own, or delete it with its ---")
    elif builder.documents in ([], [None]) and not builder.problems:
        yield Problem("empty-file", "holds no value", Location(builder.path), "write its content, or delete it")


# --- scalars

_CORE = "tag:yaml.org,2002:"
_SUSPECT = frozenset(["", *"~+-.0123456789nNtTfFyYoO"])
"""What a plain scalar starts with if it may be anything but a string."""
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_FORMER_BOOLEANS = {
    **dict.fromkeys(("yes", "Yes", "YES", "on", "On", "ON"), "true"),
    **dict.fromkeys(("no", "No", "NO", "off", "Off", "OFF"), "false"),
}
_NUMBER = re.compile(
    r"(?P<whole>[-+]?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+)"
    r"|(?P<padded>[-+]?0[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<fraction>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<former>[-+]?0(?:[bB][01]+|[oO][0-7]+|[xX][0-9a-fA-F]+))"
    r"|(?P<endless>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)


class _RefusedError(Exception):
    """A scalar that has no meaning here."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        self.code = code
        self.message = message
        self.hint = hint
        super().__init__(message)


def _plain(text: str) -> Scalar:
    """Returns what a plain scalar means under the core schema of YAML 1.2. Raises _RefusedError.

    Refused is what readers of YAML 1.1 and 1.2 take differently where a person can be bitten.
    """
    if text in _WORDS:
        return _WORDS[text]
    number = _NUMBER.fullmatch(text)
    if number is not None:
        return _NUMBERS[number.lastgroup or ""](text)
    if text in _FORMER_BOOLEANS:
        raise _ambiguous(text, "true or false", _FORMER_BOOLEANS[text])
    if "_" in text and _NUMBER.fullmatch(text.replace("_", "")):
        raise _ambiguous(text, "a number", text.replace("_", ""))
    return text


def _whole(text: str) -> int:
    # Python takes quadratic time for a decimal number, and refuses a very long one.
    value = int(text, 0) if len(text) <= len(str(-MAX_WHOLE)) or text.startswith("0x") else MAX_WHOLE + 1
    if abs(value) > MAX_WHOLE:
        expected = f"expected a whole number up to {MAX_WHOLE}: Helm and Argo CD read numbers as 64-bit floats"
        raise _RefusedError("number-out-of-range", f"got {_short(text)}, {expected}", _quote(text))
    return value


def _fraction(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        return _endless(text)
    return value


def _endless(text: str) -> float:
    message = f"got {_short(text)}, expected a finite number"
    raise _RefusedError("number-out-of-range", message, _quote(text))


def _padded(text: str) -> int:
    message = f"{_short(text)} is ambiguous: YAML readers drop the leading zero or read it as octal"
    raise _RefusedError("ambiguous-scalar", message, _quote(text))


def _former(text: str) -> int:
    raise _ambiguous(text, "a number", str(int(text, 0)) if len(text) <= 60 else "it in decimal")


_NUMBERS: dict[str, Callable[[str], int | float]] = {
    "whole": _whole,
    "padded": _padded,
    "fraction": _fraction,
    "former": _former,
    "endless": _endless,
}


def _ambiguous(text: str, other: str, plain: str) -> _RefusedError:
    message = f"{_short(text)} is ambiguous: some YAML readers take it for {other}, some for a string"
    return _RefusedError("ambiguous-scalar", message, f"write {_short(plain)}, or {_quote(text)}")


def _tagged(tag: str, text: str) -> Scalar:
    """Returns what a scalar with an explicit tag means. Raises _RefusedError."""
    if tag == f"{_CORE}str":
        return text
    expected = _TAGS.get(tag)
    if expected is None:
        raise _unsupported_tag(tag, "a scalar")
    value = _plain(text)
    if expected is float and type(value) is int:
        return float(value)
    if type(value) is not expected:
        raise _unsupported_tag(tag, _short(text) or "an empty value")
    return value


_TAGS = {f"{_CORE}int": int, f"{_CORE}float": float, f"{_CORE}bool": bool, f"{_CORE}null": type(None)}


def _unsupported_tag(tag: str, value: str) -> _RefusedError:
    core = tag.startswith(_CORE)
    shown = f"!!{tag.removeprefix(_CORE)}" if core else tag
    if tag in _TAGS or shown in ("!!str", "!!map", "!!seq"):
        message = f"the tag {shown} does not fit {value}"
    else:
        message = f"the tag {_short(shown)} is not supported"
    return _RefusedError("unsupported-tag", message, "remove the tag")


def _quote(text: str) -> str:
    return f'quote it: "{text}"' if len(text) <= 60 else "quote it"


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def _kind(value: Value) -> str:
    if value is None:
        return "null"
    return _KINDS[type(value)]


_KINDS: dict[type, str] = {
    str: "a string",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a map",
}


# --- syntax

_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?= |$)", re.MULTILINE)
_INDENT = "indent with spaces, as deep as the lines that belong together"
_TAB = ("a tab stands where YAML wants spaces", "use spaces")
_ESCAPE = (
    "the double-quoted text has an escape that YAML does not know",
    "write \\\\ for a backslash, or use single quotes",
)
_OPEN_QUOTE = ("the quote that opens here is not closed", "close it, or quote with the other kind of quote")
_PROBLEMS = {
    "found a tab character that violates indentation": _TAB,
    "found a tab character where an indentation space is expected": _TAB,
    "found unknown escape character": _ESCAPE,
    "did not find expected hexdecimal number": _ESCAPE,
    "found invalid Unicode character escape code": _ESCAPE,
    "found unexpected end of stream": _OPEN_QUOTE,
    "found unexpected document indicator": _OPEN_QUOTE,
    "mapping values are not allowed in this context": (
        "a colon cannot stand here",
        "quote the value if the colon is part of it; else check the indentation and the line above",
    ),
    "block sequence entries are not allowed in this context": (
        "a list entry cannot start here",
        "start the list on the next line",
    ),
    "could not find expected ':'": ("got a line without a colon, expected a key", "write it as key: value"),
    "did not find expected '-' indicator": ("expected a list entry, which starts with -", _INDENT),
    "did not find expected <document start>": ("expected the end of the document", _INDENT),
    "did not find expected ',' or ']'": ("expected a comma or ] in the list", "close the list with ]"),
    "did not find expected ',' or '}'": ("expected a comma or } in the map", "close the map with }"),
    "did not find expected node content": ("expected a value", "write the value, or quote it"),
    "did not find expected alphabetic or numeric character": (
        "* and & start the name of an alias or an anchor, and this is none",
        "quote the whole value",
    ),
    "found undefined tag handle": ("the tag is not supported", "remove the tag"),
    "found incompatible YAML document": ("the %YAML directive asks for an unknown version", "remove the directive"),
    "did not find expected comment or line break": (
        "nothing can stand in the line of a | or >",
        "start the text on the next line",
    ),
}
_IN_BRACKETS = (
    "did not find expected ',' or ']'",
    "did not find expected ',' or '}'",
    "did not find expected node content",
)
_AT_CONTEXT = ("found unexpected end of stream", "found unexpected document indicator", "could not find expected ':'")
"""Where libyaml goes on to the next line or to the end of the file, the place to correct is where it began."""


def _syntax_problem(error: MarkedYAMLError, path: str, text: str) -> Problem:
    conflict = _CONFLICT.search(text)
    if conflict:
        at = _end_of(path, text[: conflict.start()])
        hint = "resolve it, and delete the lines with <<<<<<<, ======= and >>>>>>>"
        return Problem("invalid-yaml", "a merge conflict is not resolved", at, hint)
    mark = error.context_mark if error.problem in _AT_CONTEXT else error.problem_mark
    message, hint = _wording(error.problem or "", text, mark.index if mark else 0)
    problem = Problem("invalid-yaml", message, _at(path, mark), hint)
    if error.context in ("while parsing a flow sequence", "while parsing a flow mapping"):
        return replace(problem, related=(Related(_at(path, error.context_mark), "it opens here"),))
    return problem


def _at(path: str, mark: _Mark | None) -> Location:
    return Location(path, mark.line + 1, mark.column + 1) if mark else Location(path)


def _wording(problem: str, text: str, index: int) -> tuple[str, str]:
    """Returns the message and the hint for what libyaml says about the character at `index`."""
    if problem == "found character that cannot start any token":
        character = text[index]
        return (
            _TAB if character == "\t" else (f"the character {character} cannot start a value", "quote the whole value")
        )
    if problem == "did not find expected key":
        if text[text.rfind("\n", 0, index) + 1 : index].strip():
            return ("expected the end of the value", "quote the whole value, and escape the quotes inside of it")
        return ("expected a key, as deep as the ones above it", _INDENT)
    if problem in _IN_BRACKETS and not text[index:].strip():
        return ("the text ends inside of brackets", "close them with ] or }")
    return _PROBLEMS.get(problem, (problem, "correct the YAML here"))


def _forbidden_character(path: str, before: str, code: int) -> Problem:
    message = f"got the character U+{code:04X}, which YAML does not allow"
    hint = "delete it" if 0xD800 <= code <= 0xDFFF else f'delete it, or write "\\u{code:04X}" in double quotes'
    return Problem("invalid-yaml", message, _end_of(path, before), hint)


# --- places


@dataclass(slots=True)
class _Place:
    """Where a value is written, with its scalar text or its children. A merge stands under its own name."""

    start: tuple[int, int]
    text: str = ""
    is_list: bool = False
    children: dict[Step, _Place] = field(default_factory=dict)
    key: tuple[int, int] | None = None


class _Survey:
    """Keeps where everything in a text is written. Of a repeated key it keeps the first."""

    def __init__(self) -> None:
        self.maps: dict[tuple[int, int], _Place] = {}
        self._documents = _Place((0, 0), is_list=True)
        self._current = self._documents
        self._key: _Place | None = None
        self._outer: list[tuple[_Place, _Place | None]] = []
        self._anchors: dict[str, _Place] = {}

    @property
    def root(self) -> _Place:
        """The first document; without one, a place without line and column."""
        return self._documents.children.get(0, _Place((0, 0)))

    def document(self, _: _Event) -> None:
        self._anchors.clear()

    def scalar(self, event: _Event) -> None:
        place = _Place(_start(event), event.value)
        self._remember(place, event)
        self._add(place)
        if self._key and event.value == "<<" and not event.style and event.tag is None:
            self._key.text = _MERGE

    def alias(self, event: _Event) -> None:
        place = self._anchors.get(event.anchor or "", _Place((0, 0)))
        self._add(_Place(_start(event), place.text, place.is_list, place.children))

    def mapping(self, event: _Event) -> None:
        place = _Place(_start(event))
        self._open(place, event)
        self.maps[event.start_mark.index, len(self._outer)] = place

    def sequence(self, event: _Event) -> None:
        self._open(_Place(_start(event), is_list=True), event)

    def end(self, _: _Event) -> None:
        self._current, self._key = self._outer.pop()

    def _open(self, place: _Place, event: _Event) -> None:
        if len(self._outer) >= MAX_DEPTH:
            raise _EnoughError
        self._remember(place, event)
        self._add(place)
        self._outer.append((self._current, self._key))
        self._current, self._key = place, None

    def _remember(self, place: _Place, event: _Event) -> None:
        if event.anchor is not None:
            self._anchors[event.anchor] = place

    def _add(self, place: _Place) -> None:
        children = self._current.children
        if self._current.is_list:
            children[len(children)] = place
        elif self._key is None:
            self._key = place
        else:
            place.key = self._key.start
            children.setdefault(self._key.text, place)
            self._key = None


def _survey(text: str) -> _Survey:
    """Returns where everything is written, up to where the text is no YAML any more: that is reported elsewhere."""
    from yaml import YAMLError

    survey = _Survey()
    with suppress(YAMLError, UnicodeEncodeError):
        _tell(text, survey)
    return survey


def _start(event: _Event) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _child(place: _Place, step: Step) -> _Place | None:
    """Returns what is at `step` of a place, or else of what is merged into it."""
    places, seen = [place], set[int]()
    while places:
        current = places.pop()
        if step in current.children:
            return current.children[step]
        merged = current.children.get(_MERGE)
        if merged is not None and id(merged) not in seen:
            seen.add(id(merged))
            places.extend(reversed(merged.children.values()) if merged.is_list else [merged])
    return None
