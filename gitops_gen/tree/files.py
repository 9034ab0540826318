"""One file: compared with what is planned for it; and where those wait that differ."""
# Tens of thousands of files: a Path object for each would cost more than the system call that it is made for.
# ruff: noqa: PTH102, PTH112

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress

from gitops_gen.change_kind import ChangeKind
from gitops_gen.digests import blake2b
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.output_names import FRESH, STAGING
from gitops_gen.tree.refusals import refused
from gitops_gen.tree.values import LONGEST_FIRST_LINE, Change, Obstacle, Tree, is_owned

NEW_FILE = 0o644
# O_NONBLOCK: a named pipe must not hold up the run.
READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
WRITE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC


NOT_THERE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP})


class Found(NamedTuple):
    """What stands at a planned path, and the permissions to carry over to what replaces it."""

    change: Change | None
    mode: int | None = None


def examine(tree: Tree, path: str, data: bytes) -> Found:
    try:
        file = os.open(tree.on_disk(path), READ)
        try:
            return _examine_open(file, path, data)
        finally:
            os.close(file)
    except OSError as error:
        return Found(unreadable(tree, path, error))


def _examine_open(file: int, path: str, data: bytes) -> Found:
    status = os.fstat(file)
    if not stat.S_ISREG(status.st_mode):
        return Found(foreign(path, status.st_mode))
    same_size = status.st_size == len(data)
    content = read_file(file, len(data) if same_size else LONGEST_FIRST_LINE)
    if same_size and content == data:
        return Found(None)
    if is_owned(first_line(content)):
        return Found(Change(ChangeKind.CHANGED, path), stat.S_IMODE(status.st_mode) & 0o777)
    return Found(foreign(path, status.st_mode))


def unreadable(tree: Tree, path: str, error: OSError) -> Change:
    # ENOTDIR: a file where a folder belongs. The survey of the folders reports it.
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return Change(ChangeKind.MISSING, path)
    if error.errno == errno.ELOOP:
        return foreign(path, stat.S_IFLNK)
    if error.errno == errno.ENXIO:
        return foreign(path, stat.S_IFSOCK)
    raise refused(tree, path, "read", error) from error


def foreign(path: str, mode: int) -> Change:
    if stat.S_ISLNK(mode):
        return Change(ChangeKind.FOREIGN, path, Obstacle.SYMLINK)
    if stat.S_ISDIR(mode):
        return Change(ChangeKind.FOREIGN, path, Obstacle.FOLDER)
    return Change(ChangeKind.FOREIGN, path, Obstacle.FOREIGN_FILE)


def read_file(file: int, limit: int) -> bytes:
    # Network file systems may give less than is asked for.
    content = os.read(file, limit)
    while len(content) < limit and (more := os.read(file, limit - len(content))):
        content += more
    return content


def first_line(content: bytes) -> bytes:
    return content[: content.find(b"\n") + 1] or content


# Not flushed to the platter: after a power cut the files can be generated again, and a flush for each of
# tens of thousands would take minutes.
def fill(file: int, data: bytes, mode: int | None = None) -> os.stat_result:
    try:
        if mode is not None:
            os.fchmod(file, mode)
        while data:
            data = data[os.write(file, data) :]
        return os.fstat(file)
    finally:
        os.close(file)


def staged(path: str) -> str:
    """Returns where a file is staged whose folder is there. Any process finds the name from the path alone."""
    return f"{STAGING}/{blake2b(path.encode(), digest_size=16).hexdigest()}"


def in_fresh_folder(path: str) -> str:
    """Returns where a file or folder is staged that lies in a folder which is yet to come."""
    return f"{STAGING}/{FRESH}/{path}"


def make_staging(tree: Tree) -> None:
    if os.path.isdir(tree.on_disk(STAGING)):
        return
    try:
        _make_staging(tree)
    except OSError as error:
        raise refused(tree, "", "written to", error) from error


def _make_staging(tree: Tree) -> None:
    with suppress(FileExistsError):
        os.mkdir(tree.on_disk(""))
    with suppress(FileExistsError):
        os.mkdir(tree.on_disk(STAGING))
    # Whoever runs `git add` after a kill does not commit what was left.
    fill(os.open(tree.on_disk(f"{STAGING}/.gitignore"), WRITE, NEW_FILE), b"*\n")
