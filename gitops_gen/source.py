"""A YAML file with positions: its value, read strictly, and the line and column where any part of it is written.

The value is built from libyaml's events without keeping positions. They are asked for only when something is wrong;
then the same text is read once more, with its marks.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.data_classes import entity
from gitops_gen.plain_text import BYTE_ORDER_MARK, CONTROL, LOOKED_AT, plain_text
from gitops_gen.problems import GitopsGenError, Location, ModelError, Problem, in_order
from gitops_gen.yaml_reader.limits import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.yaml_reader.builder import Builder
    from gitops_gen.yaml_reader.limits import Step, Value
    from gitops_gen.yaml_reader.places import Survey, WrittenValue
    from gitops_gen.yaml_reader.shared import SharedReader


UNREADABLE = "invalid-yaml"
"""The code of what ends the reading of a text: what follows in it is not read."""
LOCKED = "is encrypted by git-crypt, expected text"
"""What is said of a file that nobody has unlocked."""
UTF_16 = "is UTF-16, expected UTF-8"
"""What is said of a file that begins with a byte order mark of UTF-16."""
_OF_GIT_CRYPT = b"\0GITCRYPT\0"
_MARKED = rf"(?m)^(---[ \t]*\r?\n){BYTE_ORDER_MARK}"
"""A document that begins with a byte order mark."""


class InvalidYamlError(GitopsGenError):
    """A text is not YAML as it is accepted here."""


@entity
class Source:
    """One YAML file: its path (POSIX, relative to the root, as messages show it) and its text."""

    path: str
    text: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Source) and (self.path, self.text) == (other.path, other.text)

    def __hash__(self) -> int:
        return hash((self.path, self.text))

    @property
    def data(self) -> Value:
        """The value of the one document. Raises ModelError with every problem of the file, in reading order."""
        if self.problems:
            raise ModelError(*self.problems)
        return self.salvaged

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the text, in reading order."""
        return in_order([*self._built.problems, *_not_one_document(self._built)])

    @property
    def salvaged(self) -> Value:
        """What could be read of the value, whatever is wrong with the text: of a refused scalar, its text."""
        return self._built.documents[0] if self._built.documents else None

    def locate(self, steps: tuple[Step, ...], *, key: bool = False) -> Location:
        """Returns where the value at `steps` is written, or its key; never raises.

        A value that came through a merge is where it is written; an alias is where the alias stands, and what is
        inside of it where the anchor's value is written. Steps may lead on into the text of a literal block. If
        nothing is at `steps`: the nearest parent that exists, its key if it has one.
        """
        from gitops_gen.yaml_reader.places import locate

        return locate(self.path, self._root, steps, key=key)

    def written(self, steps: tuple[Step, ...]) -> str:
        """Returns the scalar at `steps` as it is written, without its quotes: 1.10, not 1.1. Empty if there is none."""
        return _written(self._root, steps)

    @cached_property
    def _built(self) -> Builder:
        from gitops_gen.yaml_reader.builder import build

        return build(self.path, self.text)

    @cached_property
    def _root(self) -> WrittenValue:
        from gitops_gen.yaml_reader.places import survey

        return survey(self.text).root


def read(root: Path, path: str) -> Source:
    """Returns the file at `path`, relative to `root`; nothing outside of `root` is opened.

    Raises ModelError: symlink-outside, unreadable-file, file-too-large, and what `decode` raises.
    """
    real = Path(os.path.realpath(root / path))
    if not real.is_relative_to(os.path.realpath(root)):
        raise _refused(path, "symlink-outside", "leads outside of the root", "replace the symbolic link with the file")
    return _read(root, path, real)


def decode(path: str, raw: bytes) -> Source:
    """Returns the file with these bytes. Raises ModelError: not-utf8, binary-file.

    A byte order mark is dropped, also that of a document, as two files have it that were put together. Source:
    kubernetes/apimachinery, pkg/util/yaml, YAMLReader, by which kubectl and Argo CD read each document by itself.
    """
    text = plain_text(raw)
    if text is not None:
        return Source(path, text)
    from gitops_gen.yaml_reader.events import end_of

    save = "save the file as UTF-8"
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise _refused(Location(path, 1, 1), "not-utf8", UTF_16, save)
    if raw.startswith(_OF_GIT_CRYPT):
        raise _refused(Location(path), "binary-file", LOCKED, "unlock it: git-crypt unlock")
    if b"\0" in raw:
        at = end_of(path, raw[: raw.index(b"\0")].decode(errors="replace"))
        raise _refused(at, "binary-file", "got a NUL byte, expected text", save)
    if _is_mostly_control(raw[:LOOKED_AT]):
        raise _refused(path, "binary-file", "is mostly control characters, expected text", save)
    try:
        return Source(path, re.sub(_MARKED, r"\1", raw.decode().removeprefix(BYTE_ORDER_MARK)))
    except UnicodeDecodeError as error:
        at = end_of(path, raw[: error.start].decode())
        message = f"got the byte 0x{raw[error.start]:02X}, expected UTF-8"
        raise _refused(at, "not-utf8", message, save) from error


def parse_documents(text: str, path: str = "") -> tuple[Value, ...]:
    """Returns the value of each document of a text; an empty document is None.

    As strict as the model's files: a repeated key or an ambiguous scalar is an error. Raises InvalidYamlError with
    every problem, located in `path`.
    """
    from gitops_gen.yaml_reader.builder import build

    builder = build(path, text)
    if builder.problems:
        raise InvalidYamlError(*in_order(builder.problems))
    return tuple(builder.documents)


@entity
class Documents:
    """A text of several YAML documents that somebody else may have written: what could be read, and what is wrong.

    A scalar that readers of YAML disagree on has the value that Argo CD, Helm and kubectl give it.
    """

    path: str
    text: str
    reader: SharedReader | None = None
    """What has read other texts that may be much alike."""
    known: tuple[Value, ...] | None = None
    """The values, of a sound text that has been read before."""

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """The value of each document. Where the text is no YAML any more, they end."""
        return tuple(self._built.documents) if self._shared is None else self._shared

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the text, in reading order."""
        return in_order(self._built.problems) if self._shared is None else ()

    @property
    def sound(self) -> tuple[Value, ...] | None:
        """The values of a text that nothing is odd about; None for any other, and without a reader of many."""
        return self._shared

    @property
    def misread(self) -> tuple[Problem, ...]:
        """The problems for which Argo CD, Helm or kubectl may read something else than the values here."""
        if self._shared is not None:
            return ()
        settled = frozenset(self._built.settled)
        return (*(each for each in self.problems if each not in settled), *in_order(self._built.misnamed))

    @cached_property
    def doubts(self) -> tuple[Problem, ...]:
        """What the readers of Argo CD, Helm and kubectl take for something else, in reading order."""
        return in_order(self._built.doubts) if self._shared is None else ()

    def locate(self, document: int, steps: tuple[Step, ...], *, key: bool = False) -> Location:
        """As `Source.locate`, in a document counted from 0; never raises."""
        from gitops_gen.yaml_reader.places import locate

        return locate(self.path, self._places.place_of(document), steps, key=key)

    def written(self, document: int, steps: tuple[Step, ...]) -> str:
        """As `Source.written`, in a document counted from 0."""
        return _written(self._places.place_of(document), steps)

    @cached_property
    def _shared(self) -> tuple[Value, ...] | None:
        if self.known is not None or self.reader is None:
            return self.known
        return self.reader.documents(self.text)

    @cached_property
    def _built(self) -> Builder:
        from gitops_gen.yaml_reader.builder import build

        return build(self.path, self.text, as_go=True)

    @cached_property
    def _places(self) -> Survey:
        from gitops_gen.yaml_reader.places import survey

        return survey(self.text)


def read_documents(
    path: str, text: str, reader: SharedReader | None = None, known: tuple[Value, ...] | None = None
) -> Documents:
    """Returns the documents of a text. Reading happens when they are asked for, and raises nothing.

    A reader that is given for many texts makes it cheaper, and changes nothing else; so does what is known already.
    """
    return Documents(path, text, reader, known)


def _written(place: WrittenValue | None, steps: tuple[Step, ...]) -> str:
    from gitops_gen.yaml_reader.places import child_of

    for step in steps:
        place = child_of(place, step) if place else None
    return place.text if place else ""


def _read(root: Path, path: str, real: Path) -> Source:
    try:
        refusal = _refuse_unread(path, real.stat())
        raw = b"" if refusal else real.read_bytes()
    except OSError as error:
        raise _unreadable(root, path, error) from error
    if refusal:
        raise refusal
    return decode(path, raw)


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
    return len(raw.translate(None, CONTROL)) < len(raw) / 2


def _not_one_document(builder: Builder) -> Iterator[Problem]:
    """Yields what is wrong with the number of documents of a file."""
    if len(builder.starts) > 1:
        second = builder.starts[1]
        at = Location(builder.path, second.line + 1, second.column + 1)
        message = "a second document starts here, expected one in a file"
        yield Problem("several-documents", message, at, "move it to a file of its own, or delete it with its ---")
    elif builder.documents in ([], [None]) and not builder.problems:
        yield Problem("empty-file", "holds no value", Location(builder.path), "write its content, or delete it")
