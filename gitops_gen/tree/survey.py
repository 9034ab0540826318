"""What stands in the output folder and is not planned."""
# Tens of thousands of files: a Path object for each would cost more than the system call that it is made for.

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from gitops_gen.change_kind import ChangeKind
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.output_names import SKIPPED, TOLERATED
from gitops_gen.problems import OutputError, Problem, in_order
from gitops_gen.tree.files import NOT_THERE, READ, first_line, foreign, read_file
from gitops_gen.tree.refusals import refused
from gitops_gen.tree.values import LONGEST_FIRST_LINE, Change, Obstacle, Tree, is_owned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet


class Survey(NamedTuple):
    """What was found beside the planned files: changes, and folders that no planned file needs."""

    changes: tuple[Change, ...]
    idle: tuple[str, ...]
    folders: AbstractSet[str]


class Listed(NamedTuple):
    """What stood in the folders when they were last listed, as far as nothing in them has changed since."""

    files: AbstractSet[str]
    folders: AbstractSet[str]
    changed: tuple[str, ...]
    """The folders of which that is not known."""


NOTHING_LISTED = Listed(frozenset(), frozenset(), ("",))


def survey_of(tree: Tree, planned: AbstractSet[str], *, orphans: bool, listed: Listed = NOTHING_LISTED) -> Survey:
    folders = folders_of(planned)
    _refuse_files_that_are_folders(tree, planned & folders)
    files, idle = _scan(tree, planned, folders, listed) if orphans else (sorted(folders), [])
    found = (_examine_unplanned(tree, path, folders) for path in files)
    return Survey(tuple(change for change in found if change is not None), tuple(idle), folders)


def folders_of(paths: Iterable[str]) -> AbstractSet[str]:
    folders: set[str] = set()
    for path in paths:
        folder = path.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


def _scan(
    tree: Tree, planned: AbstractSet[str], folders: AbstractSet[str], listed: Listed
) -> tuple[list[str], list[str]]:
    """Lists the files that are not planned, and the folders that no planned file needs."""
    files = {path for path in listed.files if path not in planned}
    idle = {path for path in listed.folders if path and path not in folders}
    waiting = list(listed.changed)
    while waiting:
        folder = waiting.pop()
        for path, is_folder in entries(tree, folder):
            if is_folder and path not in listed.folders:
                waiting.append(path)
            wanted, others = (folders, idle) if is_folder else (planned, files)
            if path not in wanted:
                others.add(path)
    return sorted(files), sorted(idle)


def entries(tree: Tree, folder: str) -> Iterator[tuple[str, bool]]:
    """Yields what is in a folder, and whether it is one itself."""
    prefix = f"{folder}/" if folder else ""
    try:
        with os.scandir(tree.on_disk(folder)) as entries:
            for entry in entries:
                if entry.name not in SKIPPED:
                    yield prefix + entry.name, entry.is_dir(follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        raise refused(tree, folder, "read", error) from error


def _examine_unplanned(tree: Tree, path: str, folders: AbstractSet[str]) -> Change | None:
    """Tells what stands at a path that is not planned as a file; in the way if a folder is wanted there."""
    try:
        mode = os.lstat(tree.on_disk(path)).st_mode
        owned = stat.S_ISREG(mode) and _is_text(path) and is_owned(_read_first_line(tree, path))
    except OSError as error:
        if error.errno in NOT_THERE:
            return None
        raise refused(tree, path, "read", error) from error
    if stat.S_ISDIR(mode):
        return None
    if owned:
        return Change(ChangeKind.ORPHANED, path, Obstacle.FILE if path in folders else None)
    if path in folders:
        return foreign(path, mode)
    return None if path.rpartition("/")[2] in TOLERATED else Change(ChangeKind.FOREIGN, printable(path))


def _read_first_line(tree: Tree, path: str) -> bytes:
    file = os.open(tree.on_disk(path), READ)
    try:
        return first_line(read_file(file, LONGEST_FIRST_LINE))
    finally:
        os.close(file)


def _is_text(path: str) -> bool:
    # A name that is not UTF-8 is none of ours, and could not be printed.
    return printable(path) == path


def printable(path: str) -> str:
    return path.encode("utf-8", "replace").decode()


def _refuse_files_that_are_folders(tree: Tree, paths: AbstractSet[str]) -> None:
    message = "one artifact is this file, another lies in a folder of that name"
    hint = "Change the path of one of the two in templates/artifacts.yaml."
    if paths:
        problems = (Problem("file-and-folder", message, tree.location(path), hint) for path in paths)
        raise OutputError(*in_order(problems))
