"""Files that a second process lists and reads while this one is still starting.

Of few files it sends what they say, too, and judges each by itself; of many, their texts, which this one parses as they
come. What it sends is what this process would have read. Whatever is odd about a file is left to who asks for it.
"""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING, Self, TypeAlias, cast

from gitops_gen.background import FLUSH, Background
from gitops_gen.evidence.folders import Folders, Listing
from gitops_gen.go_programs import LeftBehindError, leave_go_behind
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.plain_text import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType
    from typing import Protocol

    from gitops_gen.background import Flush
    from gitops_gen.evidence.files import File
    from gitops_gen.evidence.parsers import Parsers
    from gitops_gen.evidence.repositories import Repositories
    from gitops_gen.yaml_reader.limits import Value

    Known: TypeAlias = "tuple[Value, ...] | Mapping[str, object]"
    """What a sound file says: the values of its documents, or the variables of Terraform."""
    Text: TypeAlias = "tuple[str, str, Known | None]"
    """A file: its path, its text, and what it says, if that is known."""

    class Ahead(Protocol):
        """Who has read files before they are asked for: first all files are taken, and then the folders."""

        def files(self, parsers: Parsers) -> Iterable[File]: ...
        def listings(self) -> Mapping[str, Listing | None]: ...

    AreSound: TypeAlias = "Callable[[Ahead, Repositories], bool]"
    """Judges what has been read, each file by itself."""

    _Texts: TypeAlias = "list[Text]"
    _Listings: TypeAlias = "dict[str, tuple[bool, list[str], set[str], set[str], list[str]] | None]"
    """Listings by path, each as the plain tuple that it is."""
    _Checkouts: TypeAlias = "dict[str, tuple[str, str, str]]"
    _Sent: TypeAlias = "bool | _Texts | _Listings | _Checkouts"

ENDINGS = (".yaml", ".yml", ".tfvars", ".tfvars.json")
"""Of the files that are read ahead: those that verify looks into."""

CHART = "Chart.yaml"

MANY = 1000
"""Files for which more than two processes pay, and one that judges while the evidence is joined. Of fewer, it takes as
long to load the rules as to run them, and what they say is sent in less time than it takes to read it anew."""

_AT_ONCE = 128 * 1024
"""Characters of texts that are sent together."""


def has_chart(root: Path) -> bool:
    """Returns whether there is a chart near the top of the tree: a guess at whether one has to be rendered."""
    return any(CHART in listing.files for _, listing in Folders(root).near_the_top())


class ReadAhead:
    """The files under some folders, relative to a root. To be used in a `with` statement, which ends the process.

    Each of its parts is asked for once, in this order.
    """

    def __init__(
        self, root: Path, folders: Sequence[str], ask: Callable[[], Repositories], are_sound: AreSound
    ) -> None:
        """`ask` finds out which repositories are on disk: git tells it, which takes its time."""
        self._sent: Background[_Sent] = Background(lambda: _read(root, folders, ask, are_sound))
        self._listings: dict[str, Listing | None] = {}

    def are_there(self) -> bool:
        """Returns whether the first texts can be taken without waiting for them; False, too, if there are none."""
        return self._sent.is_ready()

    def texts(self) -> Iterator[Text]:
        """Yields the files that are plain text, as they are read."""
        while (sent := self._sent.take()) is not None:
            if isinstance(sent, dict):
                listings = cast("_Listings", sent)
                self._listings = {path: each and Listing(*each) for path, each in listings.items()}
                return
            yield from cast("_Texts", sent)

    def files(self, parsers: Parsers) -> Iterator[File]:
        """Yields these files; what is not known of one is parsed as it comes."""
        from gitops_gen.evidence.files import File

        for path, text, known in self.texts():
            file = File(path, text, parsers, known)
            if known is None:
                file.parse()
            yield file

    def listings(self) -> Mapping[str, Listing | None]:
        """Returns what is in the folders, by path; nothing if the process has failed."""
        return self._listings

    def repositories(self) -> Repositories | None:
        """Returns which repositories are on disk; None if the process has failed."""
        from gitops_gen.evidence.repositories import Checkout, Repositories

        sent = cast("_Checkouts | None", self._sent.take())
        return None if sent is None else Repositories({url: Checkout(*each) for url, each in sent.items()})

    def is_told(self) -> bool:
        """Returns whether `are_sound` can be answered without waiting; False, too, if the process has failed."""
        return self._sent.is_ready()

    def are_sound(self) -> bool:
        """Returns whether the files are sound, each by itself; False if there are many, or the process has failed."""
        return self._sent.take() is True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sent.close()


class _HaveRead(NamedTuple):
    """Files that this process has read and parsed itself."""

    parsed: Sequence[File]
    folders: Mapping[str, Listing | None]

    def files(self, _: Parsers) -> Iterable[File]:
        return self.parsed

    def listings(self) -> Mapping[str, Listing | None]:
        return self.folders


def _read(
    root: Path, folders: Sequence[str], ask: Callable[[], Repositories], are_sound: AreSound
) -> Iterator[_Sent | Flush]:
    leave_go_behind()
    disk = Folders(root)
    of_charts = tuple(_of_charts(disk))  # that lists what is near the top, where single files may be asked for
    paths = _distinct(path for folder in folders for path in disk.under(folder))
    first = list(islice(paths, MANY))
    are_few = len(first) < MANY
    # Whether anybody asks for what is beside the charts is not known: no more of it than of what is judged.
    likely = islice(_distinct(chain(first, of_charts)), 2 * len(first))
    files = _files(_texts(disk, likely)) if are_few else []
    yield from ([_sent(each) for each in files],) if are_few else _batches(_texts(disk, chain(first, paths)))
    yield cast("_Listings", {path: each and tuple(each) for path, each in disk.listings.items()})
    repositories = ask()
    yield cast("_Checkouts", {url: tuple(each) for url, each in repositories.checkouts.items()})
    if are_few:
        yield FLUSH
        yield are_sound(_HaveRead(files, disk.listings), repositories)


def _texts(disk: Folders, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
    for path in paths:
        raw = disk.read(path) if path.endswith(ENDINGS) else None
        text = None if raw is None else plain_text(raw)
        if text is not None:
            yield path, text


def _files(texts: Iterable[tuple[str, str]]) -> Sequence[File]:
    from gitops_gen.evidence.files import File
    from gitops_gen.evidence.parsers import Parsers

    parsers = Parsers()
    return [File(path, text, parsers) for path, text in texts]


def _sent(file: File) -> Text:
    """Returns a file with what it says. What several have in common stays one value if they are sent at once."""
    try:
        known = file.sound
    except LeftBehindError:  # the parser of HCL, that this process has lost
        known = None
    return file.path, file.text, known


def _batches(texts: Iterable[tuple[str, str]]) -> Iterator[_Texts]:
    batch: _Texts = []
    size = 0
    for path, text in texts:
        batch.append((path, text, None))
        size += len(text)
        if size > _AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _distinct(paths: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for path in paths:
        if path not in seen:
            seen.add(path)
            yield path


def _of_charts(disk: Folders) -> Iterator[str]:
    """Yields what stands beside the Chart.yaml of charts near the top: their values."""
    for folder, listing in disk.near_the_top():
        if CHART in listing.files:
            yield from (name if folder == "." else f"{folder}/{name}" for name in listing.names)
