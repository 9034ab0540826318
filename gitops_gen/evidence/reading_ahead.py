"""Files that a second process lists and reads while this one is still starting, and while it parses those before.

What it sends is what this process would have read. Whatever is odd about a file is left to who asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self, TypeAlias, cast

from gitops_gen.background import Background
from gitops_gen.evidence.folders import Folders
from gitops_gen.plain_text import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from types import TracebackType

    from gitops_gen.evidence.folders import Listing

    _Texts: TypeAlias = "Sequence[tuple[str, str | None]]"

ENDINGS = (".yaml", ".yml", ".tfvars")
"""Of the files that are read ahead: those that verify looks into."""

_AT_ONCE = 128 * 1024
"""Characters of texts that are sent together."""


class _Listed(NamedTuple):
    """What is sent first."""

    listings: Mapping[str, Listing | None]
    paths: tuple[str, ...]
    """The files whose texts come next, in this order."""


class ReadAhead:
    """The files under some folders, relative to a root. To be used in a `with` statement, which ends the process."""

    def __init__(self, root: Path, folders: Sequence[str]) -> None:
        self._sent: Background[_Listed | _Texts] = Background(lambda: _read(root, folders))
        self._expected: frozenset[str] = frozenset()
        self._texts: dict[str, str | None] = {}

    def listings(self) -> Mapping[str, Listing | None]:
        """Returns what is in the folders, by path. It is asked for once, before any text."""
        listed = cast("_Listed | None", self._sent.take())
        if listed is None:
            return {}
        self._expected = frozenset(listed.paths)
        return listed.listings

    def text(self, path: str) -> str | None:
        """Returns the text of a file, once; None for one that has to be read by itself."""
        if path not in self._expected:
            return None
        while path not in self._texts:
            texts = cast("_Texts | None", self._sent.take())
            if texts is None:
                self._expected = frozenset(self._texts)
                return None
            self._texts.update(texts)
        return self._texts.pop(path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sent.close()


def _read(root: Path, folders: Sequence[str]) -> Iterator[_Listed | _Texts]:
    disk = Folders(root)
    found = dict.fromkeys(path for folder in folders for path in disk.under(folder) if path.endswith(ENDINGS))
    yield _Listed(disk.listings, tuple(found))
    texts: list[tuple[str, str | None]] = []
    size = 0
    for path in found:
        raw = disk.read(path)
        text = None if raw is None else plain_text(raw)
        texts.append((path, text))
        size += len(text or "")
        if size > _AT_ONCE:
            yield texts
            texts, size = [], 0
    yield texts
