"""The output folder as a whole: its lock, and the staging folder that a run leaves behind or finds."""
# Tens of thousands of files: a Path object for each would cost more than the system call that it is made for.
# ruff: noqa: PTH106, PTH108, PTH112, PTH114, PTH120, PTH208

from __future__ import annotations

import errno
import fcntl
import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from gitops_gen.output_names import FRESH, STAGING
from gitops_gen.problems import OutputError, Problem
from gitops_gen.tree.refusals import REFUSALS, refused
from gitops_gen.tree.steps import remove_if_empty

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gitops_gen.tree.values import (
        Tree,
    )


def require_folder(tree: Tree) -> None:
    output = tree.on_disk("").rstrip("/")
    if os.path.lexists(output) and not os.path.isdir(output):
        code, why, hint = REFUSALS[errno.ENOTDIR]
        raise OutputError(Problem(code, f"cannot be used: {why}", tree.location(""), hint))


@contextmanager
def locked(tree: Tree, on_wait: Callable[[], None]) -> Iterator[None]:
    # The folder above the real output folder: it is there before output/ is, and it is the same one for every
    # link that leads to it. A lock on a folder leaves no file behind, and ends with the process.
    above = os.path.dirname(os.path.realpath(tree.on_disk("")))
    with ExitStack() as opened:
        try:
            folder = os.open(above, os.O_RDONLY | os.O_CLOEXEC)
            opened.callback(os.close, folder)
            _lock(folder, on_wait)
        except OSError as error:
            raise refused(tree, "", "locked", error) from error
        yield


def _lock(folder: int, on_wait: Callable[[], None]) -> None:
    try:
        fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        on_wait()
        fcntl.flock(folder, fcntl.LOCK_EX)


def leave(tree: Tree, *, was_there: bool) -> None:
    discard_staging(tree)
    if not was_there:
        remove_if_empty(tree, "")


def _discard_fresh(fresh: str) -> None:
    """Removes the folder of what is yet to come, with all that is in it. A link is never followed."""
    if os.path.islink(fresh) or not os.path.isdir(fresh):
        return
    for here, folders, names in os.walk(fresh, topdown=False):
        for name in names:
            os.unlink(f"{here}/{name}")
        for name in folders:
            path = f"{here}/{name}"
            (os.unlink if os.path.islink(path) else os.rmdir)(path)
    os.rmdir(fresh)


def discard_staging(tree: Tree) -> None:
    staging = tree.on_disk(STAGING)
    try:
        if os.path.isdir(staging) and not os.path.islink(staging):
            _discard_fresh(f"{staging}/{FRESH}")
            for name in os.listdir(staging):
                os.unlink(f"{staging}/{name}")
            os.rmdir(staging)
        elif os.path.lexists(staging):
            os.unlink(staging)
    except OSError as error:
        raise refused(tree, STAGING, "deleted", error) from error
