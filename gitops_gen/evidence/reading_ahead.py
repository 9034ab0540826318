"""Files that a second process lists and reads while this one is still starting, and while it parses those before.

What it sends is what this process would have read. Whatever is odd about a file is left to who asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeAlias, cast

from gitops_gen.background import Background
from gitops_gen.cached_property import cached_property
from gitops_gen.evidence.folders import Folders, Listing
from gitops_gen.plain_text import plain_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from gitops_gen.evidence.repositories import Repositories

    _Texts: TypeAlias = "list[tuple[str, str]]"
    _Listings: TypeAlias = "dict[str, tuple[bool, list[str], set[str], set[str], list[str]] | None]"
    """Listings by path, each as the plain tuple that it is."""
    _Checkouts: TypeAlias = "dict[str, tuple[str, str, str]]"
    _Sent: TypeAlias = "bool | _Texts | _Listings | _Checkouts"

ENDINGS = (".yaml", ".yml", ".tfvars", ".tfvars.json")
"""Of the files that are read ahead: those that verify looks into."""

CHART = "Chart.yaml"

_AT_ONCE = 128 * 1024
"""Characters of texts that are sent together."""


class ReadAhead:
    """The files under some folders, relative to a root. To be used in a `with` statement, which ends the process.

    Each of its parts is asked for once, in this order; the first need not be.
    """

    def __init__(self, root: Path, folders: Sequence[str], ask: Callable[[], Repositories]) -> None:
        """`ask` finds out which repositories are on disk: git tells it, which takes its time."""
        self._sent: Background[_Sent] = Background(lambda: _read(root, folders, ask))
        self._listings: dict[str, Listing | None] = {}

    @cached_property
    def has_chart(self) -> bool:
        """True if there is a chart near the top of the tree: a guess at whether one has to be rendered."""
        return self._sent.take() is True

    def texts(self) -> Iterator[tuple[str, str]]:
        """Yields the files that are plain text, by path, as they are read."""
        _ = self.has_chart  # it is sent before them
        while sent := self._sent.take():
            if isinstance(sent, dict):
                listings = cast("_Listings", sent)
                self._listings = {path: each and Listing(*each) for path, each in listings.items()}
                return
            yield from cast("_Texts", sent)

    def listings(self) -> Mapping[str, Listing | None]:
        """Returns what is in the folders, by path; nothing if the process has failed."""
        return self._listings

    def repositories(self) -> Repositories | None:
        """Returns which repositories are on disk; None if the process has failed."""
        from gitops_gen.evidence.repositories import Checkout, Repositories

        sent = cast("_Checkouts | None", self._sent.take())
        return None if sent is None else Repositories({url: Checkout(*each) for url, each in sent.items()})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sent.close()


def _read(root: Path, folders: Sequence[str], ask: Callable[[], Repositories]) -> Iterator[_Sent]:
    disk = Folders(root)
    yield _has_chart(disk)
    texts: _Texts = []
    size = 0
    for path in _distinct(path for folder in folders for path in disk.under(folder)):
        raw = disk.read(path) if path.endswith(ENDINGS) else None
        text = None if raw is None else plain_text(raw)
        if text is not None:
            texts.append((path, text))
            size += len(text)
        if size > _AT_ONCE:
            yield texts
            texts, size = [], 0
    if texts:
        yield texts
    yield cast("_Listings", {path: each and tuple(each) for path, each in disk.listings.items()})
    yield cast("_Checkouts", {url: tuple(each) for url, each in ask().checkouts.items()})


def _distinct(paths: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for path in paths:
        if path not in seen:
            seen.add(path)
            yield path


def _has_chart(disk: Folders) -> bool:
    return any(CHART in listing.files for _, listing in disk.near_the_top())
