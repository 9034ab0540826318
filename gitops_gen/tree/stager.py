"""Texts compared with the disk and, where they differ, put into the staging folder, by any process of a run."""
# Tens of thousands of files: a Path object for each would cost more than the system call that it is made for.
# ruff: noqa: PTH102, PTH116

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from typing import TYPE_CHECKING

from gitops_gen.change_kind import ChangeKind
from gitops_gen.digests import digest_of
from gitops_gen.signature import of_status
from gitops_gen.tree.files import (
    NEW_FILE,
    WRITE,
    Found,
    examine,
    fill,
    first_line,
    in_fresh_folder,
    make_staging,
    staged,
)
from gitops_gen.tree.refusals import refused
from gitops_gen.tree.values import Change, Staged, Written, is_owned

if TYPE_CHECKING:
    from gitops_gen.tree.values import Tree

_TAKEN = frozenset({errno.ENOTDIR, errno.EISDIR, errno.EEXIST})
_OUTPUT = ""
"""The output folder itself. It may be yet to come as well; its staging folder, which is in it, comes first."""


class Stager:
    """Stages the texts of one plan, or of a part of it, while a transaction on the tree is open.

    What it has learned of a folder, it does not ask again. Whoever makes or removes one meanwhile is found out by the
    commit, which looks at what has come to stand where something is about to come.
    """

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._stands: dict[str, bool] = {_OUTPUT: True}
        """By folder: whether it is in the output."""
        self._alike: dict[str, bool] = {_OUTPUT: True}
        """By folder: whether what is made in it is as if it were made in the staging folder."""
        self._made: set[str] = set()
        """The folders that wait, with those that other processes have made."""

    def stage(self, path: str, text: str, key: bytes | None = None) -> Staged:
        """Compares one text with the file on disk and, if it is to be written, leaves it in the staging folder.

        `Transaction.adopt` takes the answers, in which the `key` is.
        Raises OutputError when the disk refuses, ValueError for a text without the mark of ownership.
        """
        data = text.encode()
        if not is_owned(first_line(data)):
            raise ValueError(f"{path}: the first line is not the mark of ownership")
        folder = path.rpartition("/")[0]
        stands = self._is_there(folder)
        found = examine(self._tree, path, data) if stands else Found(Change(ChangeKind.MISSING, path))
        if found.change is None or found.change.obstacle is not None:
            return Staged(found.change, digest_of(data), key=key)
        file = None if stands else self._create_fresh(path, folder)
        is_fresh = file is not None
        if file is None:
            file = self._create(staged(path))
        try:
            status = fill(file, data, found.mode)
        except OSError as error:
            raise refused(self._tree, path, "written", error) from error
        written = Written(*of_status(status), status.st_mtime_ns)
        return Staged(found.change, digest_of(data), written, is_fresh, key)

    def _is_there(self, folder: str) -> bool:
        """Tells whether a folder stands in the output; True where the disk does not say so, for `examine` to meet."""
        known = self._stands.get(folder)
        if known is None:
            known = self._is_there(folder.rpartition("/")[0]) and self._is_folder(folder)
            self._stands[folder] = known
        return known

    def _is_folder(self, folder: str) -> bool:
        try:
            return stat.S_ISDIR(os.stat(self._tree.on_disk(folder)).st_mode)
        except OSError as error:
            return error.errno not in {errno.ENOENT, errno.ENOTDIR}

    def _create(self, path: str) -> int:
        tree = self._tree
        try:
            try:
                return os.open(tree.on_disk(path), WRITE, NEW_FILE)
            except FileNotFoundError:
                make_staging(tree)
                return os.open(tree.on_disk(path), WRITE, NEW_FILE)
        except OSError as error:
            raise refused(tree, "", "written to", error) from error

    def _create_fresh(self, path: str, folder: str) -> int | None:
        """Opens a new file below a folder that is yet to come.

        None where another file of the plan has that name, which the survey tells, and where the folder would not be
        what it became in its place.
        """
        if folder not in self._made and not self._is_made_alike(folder):
            return None
        try:
            self._make(folder)
            return os.open(self._tree.on_disk(in_fresh_folder(path)), WRITE, NEW_FILE)
        except OSError as error:
            if error.errno in _TAKEN:
                return None
            raise refused(self._tree, path, "written", error) from error

    def _make(self, folder: str) -> None:
        """Makes a folder below the staging folder, with those above it. Raises OSError, OutputError."""
        if folder in self._made:
            return
        if folder:
            self._make(folder.rpartition("/")[0])
        else:
            make_staging(self._tree)
        with suppress(FileExistsError):
            os.mkdir(self._tree.on_disk(in_fresh_folder(folder)))
        self._made.add(folder)

    def _is_made_alike(self, folder: str) -> bool:
        """Tells whether a folder would get in its place what it gets in the staging folder: a group, an access list."""
        above = folder
        while not self._is_there(above):
            above = above.rpartition("/")[0]
        known = self._alike.get(above)
        if known is None:
            known = _hands_down(self._tree.on_disk(above)) == _hands_down(self._tree.on_disk(_OUTPUT))
            self._alike[above] = known
        return known


def _hands_down(folder: str) -> tuple[int | None, bytes | None]:
    """Returns what new folders get from the one that they are made in: a group, and a default access list."""
    status = os.stat(folder)
    try:
        access = os.getxattr(folder, "system.posix_acl_default")
    except (OSError, AttributeError):  # none, or not on this system
        access = None
    return (status.st_gid if status.st_mode & stat.S_ISGID else None), access
