"""What is refused, or made, before the first file changes."""
# Tens of thousands of files: a Path object for each would cost more than the system call that it is made for.
# ruff: noqa: PTH112

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

from gitops_gen.problems import OutputError, Problem, in_order
from gitops_gen.tree.files import foreign
from gitops_gen.tree.refusals import REFUSALS, refused
from gitops_gen.tree.values import (
    Change,
    Obstacle,
    Tree,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

_OBSTACLES = {
    Obstacle.FOREIGN_FILE: (
        "got a file that gitops_gen did not write, expected a generated file or nothing",
        "Move it out of the output folder, or delete it if nobody needs it; then run again.",
    ),
    Obstacle.SYMLINK: (
        "got a symbolic link, expected a file or a folder",
        "Replace the link with what it points to, or delete it: gitops_gen does not write through links.",
    ),
    Obstacle.FOLDER: (
        "got a folder, expected a file or nothing",
        "Move the folder out of the output folder, or delete it if nobody needs it; then run again.",
    ),
    Obstacle.FILE: (
        "got a generated file that is no longer planned, expected a folder",
        "Delete the file; or run without a selection, and with --prune where the environment is protected.",
    ),
}


def refuse_obstacles(tree: Tree, changes: Iterable[Change]) -> None:
    problems = [
        Problem(change.obstacle, message, tree.location(change.path), hint)
        for change in changes
        if change.obstacle is not None
        for message, hint in [_OBSTACLES[change.obstacle]]
    ]
    if problems:
        raise OutputError(*problems)


def refuse_closed_folders(tree: Tree, paths: Iterable[str]) -> None:
    """Refuses folders that do not let us write."""
    code, why, hint = REFUSALS[errno.EACCES]
    closed = [folder for folder in {path.rpartition("/")[0] for path in paths} if _is_closed(tree.on_disk(folder))]
    if closed:
        message = f"the folder cannot be written to: {why}"
        raise OutputError(*in_order(Problem(code, message, tree.location(folder), hint) for folder in closed))


def _is_closed(folder: str) -> bool:
    return os.path.isdir(folder) and not os.access(folder, os.W_OK | os.X_OK)


def refuse_newcomers(tree: Tree, missing: Iterable[str]) -> None:
    """Refuses what has come since it was staged where a new file belongs. We hold the lock: it is not ours."""
    refuse_obstacles(tree, filter(None, (_newcomer(tree, path) for path in missing)))


def _newcomer(tree: Tree, path: str) -> Change | None:
    # A name too long shows here as well.
    try:
        return foreign(path, os.lstat(tree.on_disk(path)).st_mode)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise refused(tree, path, "written", error) from error
