"""Which files of a project change while it is watched, a batch at a time, whatever way an editor saves them.

What is watched are the folders of the project, also those that come later; not the hidden ones, nor those of other
tools.
"""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple
from gitops_gen.problems import GitopsGenError, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from watchfiles.main import FileChange

OTHERS = frozenset({"__pycache__", "build", "dist", "node_modules", "venv"})
"""Folders of other tools. Hidden ones, such as .git and .terraform, need no name here."""

QUIET_MS = 50
"""How long nothing must change before a batch ends: an editor's save, or a git checkout, is one batch."""

LONGEST_MS = 1000
"""How long a batch may last where changes never cease."""

TICK_MS = 100
"""How often the watcher looks whether there are other folders to watch."""

POLLED_SECONDS = 1.5
"""How long after a change a poll has seen every save of its second."""

_PASSING = ("~", ".swp", ".tmp", "___jb_tmp___", "___jb_old___", "#")
"""How the names of files end that editors make for themselves beside the one that they save."""

_PROBE = "4913"
"""The file with which vim tries whether a folder can be written."""


_UNDECODABLE = "Unable to decode path"
"""What watchfiles says of a change when a name is no UTF-8, before it gives up (watchfiles, src/lib.rs)."""


class WatchError(GitopsGenError):
    """The file system cannot be watched."""


class Batch(NamedTuple):
    """What changed at about the same time."""

    paths: frozenset[str]
    """Relative to the root: made, edited, replaced or deleted."""
    passing: frozenset[str] = frozenset()
    """Those of the paths that were made and are gone again: an editor's temporary file, as a rule."""
    is_uncertain: bool = False
    """True where something may have changed that is not among the paths: the watch has just begun, at the start or
    since a folder came or went, or a poll may have missed it."""


def batches(root: Path, *, polls: bool = False) -> Iterator[Batch]:
    """Yields what changes below a folder, for ever; the first batch as soon as nothing is missed any more.

    With `polls`, the disk is looked at again and again: for file systems that tell nothing.
    Raises WatchError, and KeyboardInterrupt.
    """
    seen: frozenset[_Folder] = frozenset()
    is_first = True
    while True:
        folders = _folders(root)
        changed = frozenset() if is_first else frozenset(folder.name for folder in seen ^ folders)
        yield from _while_there(root, folders, changed, polls=polls)
        seen, is_first = folders, False


class _Folder(NamedTuple):
    """A folder of the project. One that is deleted and made anew is another one, which is not watched yet."""

    name: str
    number: int


def _folders(root: Path) -> frozenset[_Folder]:
    try:
        with os.scandir(root) as entries:
            found = [each for each in entries if not _is_passed_over(each.name) and each.is_dir()]
        return frozenset(_Folder(each.name, each.inode()) for each in found)
    except OSError as error:
        raise _refused(error) from error


def _while_there(root: Path, folders: frozenset[_Folder], changed: frozenset[str], *, polls: bool) -> Iterator[Batch]:
    """Yields what changes in some folders, until these are no longer the folders of the project."""
    begins, doubt = True, _Doubt(polls=polls)
    for changes in _changes(root, folders, polls=polls):
        paths = _paths(root, (path for _, path in changes))
        if begins:
            yield Batch(paths | changed, is_uncertain=True)
        elif paths:
            made = (path for change, path in changes if change.raw_str() == "added")
            yield Batch(paths, _paths(root, (path for path in made if not os.path.lexists(path))))
        elif doubt.is_due():
            yield Batch(doubt.paths, is_uncertain=True)
        if paths or begins:
            doubt.about(paths | changed)
        begins = False
        if _folders(root) != folders:
            return


class _Doubt:
    """What a poll may have missed: it tells a file by the second of its last change, so not the second save in one.

    Source: notify (Rust), PollWatcher. Once the second is over, one look at everything is certain.
    """

    def __init__(self, *, polls: bool) -> None:
        self._is_real = polls or bool(os.environ.get("WATCHFILES_FORCE_POLLING"))
        self._due: float | None = None
        self.paths: frozenset[str] = frozenset()

    def about(self, paths: frozenset[str]) -> None:
        if self._is_real:
            self.paths = paths if self._due is None else self.paths | paths
            self._due = time.monotonic() + POLLED_SECONDS

    def is_due(self) -> bool:
        """Tells, once, that it is time to look."""
        if self._due is None or time.monotonic() < self._due:
            return False
        self._due = None
        return True


def _changes(root: Path, folders: Collection[_Folder], *, polls: bool) -> Iterator[set[FileChange]]:
    """Yields the changes of a batch, and nothing at each tick without one. Ends where it must begin anew."""
    try:
        from watchfiles import Change, watch
    except ImportError:
        raise _without_watchfiles() from None
    try:
        # The library's own filter goes by the whole path, and what stands above the root means nothing.
        yield from watch(
            *(root / folder.name for folder in folders),
            watch_filter=None,
            debounce=LONGEST_MS,
            step=QUIET_MS,
            rust_timeout=TICK_MS,
            yield_on_timeout=True,
            force_polling=True if polls else None,
        )
    except FileNotFoundError:  # a folder went before it was watched
        yield set()
    except RuntimeError as error:
        if _UNDECODABLE not in str(error):
            raise _refused(error) from error
        yield {(Change.modified, str(root / folder.name)) for folder in folders}
    except OSError as error:
        raise _refused(error) from error


def _paths(root: Path, changed: Iterable[str]) -> frozenset[str]:
    """Returns those of some paths that are not passed over, relative to the root."""
    paths = (Path(os.path.relpath(path, root)) for path in changed)
    return frozenset(path.as_posix() for path in paths if not any(map(_is_passed_over, path.parts)))


def _is_passed_over(name: str) -> bool:
    return name.startswith((".", "#")) or name.endswith(_PASSING) or name == _PROBE or name in OTHERS


def _refused(error: Exception) -> WatchError:
    hint = (
        "if there are too many folders, raise fs.inotify.max_user_watches; where a file system tells of no changes, "
        "--poll looks at it again and again"
    )
    return WatchError(Problem("watch-refused", f"the folders cannot be watched: {error}", Location("."), hint))


def _without_watchfiles() -> WatchError:
    hint = "python -m pip install 'gitops-gen[watch]'"
    message = "watching needs watchfiles, which is not installed"
    return WatchError(Problem("watchfiles-missing", message, Location("watch"), hint))
