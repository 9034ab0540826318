"""The folders of a repository on disk: each listed once, so that nobody asks the file system about each file."""

from __future__ import annotations

import os
from collections import deque
from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple
from gitops_gen.yaml_reader.limits import MAX_BYTES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

SKIPPED = frozenset({".git", ".terraform", "node_modules", ".venv"})
"""Folders that nobody has written by hand, by name."""


_DEPTH = 3
"""Levels of folders below the root that are near the top: infra/charts/app is one of the third."""
_LOOKED_AT = 100
"""Folders, at most, that are looked at there."""


class Listing(NamedTuple):
    """What is in a folder, by name."""

    is_inside: bool
    """True if no symbolic link leads here from the root, or one that stays inside of it."""
    folders: list[str]
    """In order."""
    files: set[str]
    """Regular files."""
    others: set[str]
    """Symbolic links, and what is no regular file."""
    names: list[str]
    """All but folders, in order."""


class Folders:
    """The folders below a root, by POSIX path relative to it."""

    def __init__(self, root: Path, listings: Mapping[str, Listing | None] | None = None) -> None:
        """`listings` has the folders that were listed before."""
        self._root = str(root)
        self.listings: dict[str, Listing | None] = dict(listings or {})
        """The folders that were met, by path; None for one that is not there."""
        self.refused: set[str] = set()
        """The folders that are there, and cannot be listed."""
        self._asked: dict[tuple[Callable[[str], bool], str], bool] = {}
        """What the file system says of a path that no listing tells."""

    def under(self, folder: str, *, recurse: bool = True) -> Iterator[str]:
        """Yields the paths of the files under a folder, in a stable order, as it comes to them.

        A path of a file yields itself.
        """
        folder = _normal(folder)
        listing = self.listed(folder)
        if listing is None:
            yield from (folder,) if self.is_file(folder) else ()
            return
        waiting = [(folder, listing)]
        while waiting:
            folder, parent = waiting.pop()
            inner = self._below(folder, parent)
            if inner is None:
                self.refused.add(folder)
            else:
                start = "" if folder == "." else f"{folder}/"
                yield from [start + name for name in inner.names]
                folders = reversed(inner.folders if recurse else ())
                waiting += [(start + name, inner) for name in folders if name not in SKIPPED]

    def is_folder(self, path: str) -> bool:
        """True if there is such a folder."""
        if self.listings.get(path) is not None:
            return True
        parent, name = _split(path)
        listing = self.listings.get(parent)
        if listing is None or name in listing.others or name in ("", ".", ".."):
            return self._ask(os.path.isdir, path)
        return name in listing.folders

    def is_file(self, path: str) -> bool:
        """True if there is such a file."""
        parent, name = _split(path)
        listing = self.listings.get(parent)
        if listing is None or name in listing.others:
            return self._ask(os.path.isfile, path)
        return name in listing.files

    def _ask(self, question: Callable[[str], bool], path: str) -> bool:
        found = self._asked.get((question, path))
        if found is None:
            found = self._asked[question, path] = question(f"{self._root}/{path}")
        return found

    def is_linked_folder(self, path: str) -> bool:
        """True for a symbolic link to a folder."""
        parent, name = _split(path)
        listing = self.listed(parent)
        return listing is not None and name in listing.others and self.is_folder(path)

    def is_lost_link(self, path: str) -> bool:
        """True for a symbolic link that leads nowhere, or in a circle."""
        link = f"{self._root}/{path}"
        return os.path.islink(link) and not os.path.exists(link)  # noqa: PTH110, PTH114 - of a path too long, too

    def read(self, path: str) -> bytes | None:
        """Returns what is in a regular file that was met on the way through real folders, and is not huge; else None.

        What else there is, `source.read` looks at more closely, and says what is wrong with it.
        """
        parent, name = _split(path)
        listing = self.listings.get(parent)
        if listing is None or not listing.is_inside or name not in listing.files:
            return None
        try:
            return _whole(os.open(f"{self._root}/{path}", os.O_RDONLY | os.O_NOFOLLOW))
        except OSError:
            return None

    def listed(self, folder: str) -> Listing | None:
        """Returns what is in a folder, or None if there is none."""
        if folder not in self.listings:
            real, root = os.path.realpath(f"{self._root}/{folder}"), os.path.realpath(self._root)
            is_inside = real == root or real.startswith(f"{root.rstrip('/')}/")
            self.listings[folder] = self._list(folder, is_inside=is_inside)
        return self.listings[folder]

    def near_the_top(self) -> Iterator[tuple[str, Listing]]:
        """Yields the root and the folders below it, as deep as most charts and modules lie; higher ones come first."""
        waiting = deque([(".", 0)])
        looked_at = 0
        while waiting and looked_at < _LOOKED_AT:
            folder, depth = waiting.popleft()
            listing = self.listed(folder)
            if listing is not None:
                looked_at += 1
                yield folder, listing
                inner = [name for name in listing.folders if depth < _DEPTH and name not in SKIPPED and name[0] != "."]
                waiting += [(name if folder == "." else f"{folder}/{name}", depth + 1) for name in inner]

    def _below(self, folder: str, parent: Listing) -> Listing | None:
        if folder not in self.listings:
            self.listings[folder] = self._list(folder, is_inside=parent.is_inside)
        return self.listings[folder]

    def _list(self, folder: str, *, is_inside: bool) -> Listing | None:
        listing = Listing(is_inside, [], set(), set(), [])
        try:
            with os.scandir(f"{self._root}/{folder}") as entries:
                for entry in entries:
                    _file(entry, listing)
        except OSError:
            return None
        listing.folders.sort()
        listing.names.sort()
        return listing


def _file(entry: os.DirEntry[str], listing: Listing) -> None:
    if entry.is_dir(follow_symlinks=False):
        listing.folders.append(entry.name)
    elif entry.is_file(follow_symlinks=False):
        listing.files.add(entry.name)
        listing.names.append(entry.name)
    else:
        listing.others.add(entry.name)
        if not _leads_to_folder(entry):
            listing.names.append(entry.name)


def _leads_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # in a circle
        return False


def _whole(descriptor: int) -> bytes | None:
    """Returns what is in a file, and closes it; None for a huge one, and one that grows meanwhile. Raises OSError."""
    try:
        size = os.fstat(descriptor).st_size
        raw = os.read(descriptor, min(size, MAX_BYTES) + 1)
    finally:
        os.close(descriptor)
    return raw if len(raw) == size <= MAX_BYTES else None


def _split(path: str) -> tuple[str, str]:
    parent, _, name = path.rpartition("/")
    return parent or ".", name


def _normal(path: str) -> str:
    return os.path.normpath(path).replace(os.sep, "/")
