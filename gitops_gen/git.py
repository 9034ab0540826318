"""The git command: what this project asks of it, and nothing else."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.problems import GitError, Location, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

Entry: TypeAlias = tuple[str, str]
"""Mode and object id of a file in a tree."""

_BRANCHES = "refs/heads/"


def toplevel(folder: Path) -> Path | None:
    """Returns the root of the work tree that a folder is in, or None outside of one, or without git."""
    found = _asked(folder, "rev-parse", "--show-toplevel")
    return Path(found) if found else None


def work_tree(folder: Path) -> tuple[Path, str] | None:
    """Returns the root of the work tree that a folder is in, and its branch as `branch` tells it; None outside of one.

    One process answers both, unless nothing was committed yet.
    """
    # Without --verify, a file of that name would do where nothing was committed yet.
    asked = ("rev-parse", "--show-toplevel", "--symbolic-full-name", "--verify", "HEAD")
    top, _, name = _asked(folder, *asked).rpartition("\n")
    if top:
        return Path(top), _branch_of(name)
    root = toplevel(folder)
    return None if root is None else (root, branch(root))


def refusal(folder: Path) -> tuple[str, str] | None:
    """Returns why git gives no answer about a folder, and the next step; None if it does, or there is no repository."""
    import subprocess
    from shutil import which

    if which("git") is None:
        return "git is not installed, or not on the PATH", "install git"
    try:
        done = subprocess.run(["git", "rev-parse"], cwd=folder, capture_output=True, text=True, check=False)
    except OSError:
        return None
    # fatal: detected dubious ownership in repository at ..., and the command that admits it (git, setup.c).
    command = next((line.strip() for line in done.stderr.splitlines() if "safe.directory" in line), None)
    if command is None:
        return None
    return "git does not trust the repository: its owner is another user", f"if you do: {command}"


def origin(folder: Path) -> str | None:
    """Returns the URL of the remote `origin`, or None if there is none."""
    return _asked(folder, "config", "--get", "remote.origin.url") or None


def remote_url(folder: Path, name: str) -> str | None:
    """Returns the URL to which a remote is pushed, as git rewrites it, or None without such a remote."""
    return _asked(folder, "remote", "get-url", "--push", name) or None


def branch(folder: Path) -> str:
    """Returns the branch that is checked out; empty for a commit without one, and outside of a work tree."""
    return _branch_of(_asked(folder, "symbolic-ref", "--quiet", "HEAD"))


def _branch_of(name: str) -> str:
    """Returns the branch that a full name is of, if it is of one. What git calls a short name depends on the tags."""
    return name.removeprefix(_BRANCHES) if name.startswith(_BRANCHES) else ""


def is_changed(folder: Path, *paths: str) -> bool:
    """True if what stands under some paths, relative to the folder, is not as it was committed."""
    return bool(_asked(folder, "status", "--porcelain", "--", *paths))


def head(folder: Path) -> str | None:
    """Returns the short name of the commit that is checked out, or None without one."""
    return _asked(folder, "rev-parse", "--verify", "--quiet", "--short", "HEAD^{commit}") or None


def has_files(folder: Path, revision: str, under: str) -> bool:
    """True if a commit has files under a path, which is relative to the folder."""
    return bool(_asked(folder, "ls-tree", revision, "--", under if under.endswith("/") else f"{under}/"))


def full_path(folder: Path, revision: str, path: str) -> str | None:
    """Returns the path of a file of a commit from the root of the work tree; None if the commit has none there."""
    return _asked(folder, "ls-tree", "-z", "--full-name", "--name-only", revision, "--", path).rstrip("\0") or None


def paths_holding(folder: Path, revision: str, text: str, *, under: str) -> tuple[str, ...]:
    """Returns the files of a commit in which a text stands; paths are relative to the folder."""
    found = _asked(folder, "grep", "-l", "-z", "--fixed-strings", "-e", text, revision, "--", under)
    return tuple(path.removeprefix(f"{revision}:") for path in found.split("\0") if path)


def text_at(folder: Path, revision: str, path: str) -> str | None:
    """Returns a file of a commit, by its path relative to the folder; None if there is none, or it is no text."""
    import subprocess

    try:
        done = subprocess.run(["git", "show", f"{revision}:./{path}"], cwd=folder, capture_output=True, check=False)
        return done.stdout.decode() if done.returncode == 0 else None
    except (OSError, UnicodeDecodeError):
        return None


def commit_of(folder: Path, revision: str) -> str | None:
    """Returns the full name of the commit that a revision names, or None if git knows none."""
    return _asked(folder, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}") or None


def is_shallow(folder: Path) -> bool:
    """True if the history of the repository was cut off when it was cloned."""
    return _asked(folder, "rev-parse", "--is-shallow-repository") == "true"


def files_at(folder: Path, commit: str, under: str) -> dict[str, bytes]:
    """Returns the files of a commit under a path, by their path relative to it. Links and submodules are left out.

    The path is relative to the folder, and empty for the folder itself. All files come out of one process. Raises
    OSError if git cannot be run, subprocess.CalledProcessError if it refuses, ValueError for a file that it lacks.
    """
    tree = f"{commit}:./{under}"
    listed = _run(folder, "ls-tree", "-r", "-z", "--full-tree", _tree_of(folder, tree))
    blobs = {path: name for path, (mode, name) in entries_in(listed).items() if mode.startswith("100")}
    asked = "".join(f"{name}\n" for name in blobs.values()).encode()
    return dict(zip(blobs, blobs_in(_run(folder, "cat-file", "--batch", stdin=asked)), strict=True))


def entries_in(listed: bytes) -> dict[str, Entry]:
    """Returns the entries that `ls-tree -z` lists, by path: each is mode, kind and object id, a tab, and the path."""
    found: dict[str, Entry] = {}
    for line in listed.decode("utf-8", "surrogateescape").split("\0")[:-1]:
        words, _, path = line.partition("\t")
        mode, _, name = words.split(" ")
        found[path] = mode, name
    return found


def blobs_in(answer: bytes) -> Iterator[bytes]:
    """Yields the contents in what `cat-file --batch` answers. Raises ValueError for an object that git lacks.

    For each object: a line with its name, kind and size, the bytes, a newline (git, cat-file, "Batch output").
    """
    at = 0
    while at < len(answer):
        end = answer.index(b"\n", at)
        words = answer[at:end].split()
        if len(words) != 3:
            raise ValueError(answer[at:end].decode(errors="replace"))
        size = int(words[2])
        yield answer[end + 1 : end + 1 + size]
        at = end + size + 2


def _tree_of(folder: Path, tree: str) -> str:
    return _run(folder, "rev-parse", "--verify", "--end-of-options", tree).decode().strip()


def _run(folder: Path, *arguments: str, stdin: bytes = b"") -> bytes:
    import subprocess

    return subprocess.run(["git", *arguments], cwd=folder, input=stdin, capture_output=True, check=True).stdout


def _asked(folder: Path, *arguments: str) -> str:
    """Returns what git answers, or an empty string where it has no answer.

    Without the module `subprocess`, which takes longer to import than git to answer.
    """
    read, write = os.pipe()
    quiet = (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)
    try:
        command = ("git", "-C", str(folder), *arguments)
        child = os.posix_spawnp("git", command, os.environ, file_actions=((os.POSIX_SPAWN_DUP2, write, 1), quiet))
    except OSError:
        os.close(read)
        return ""
    finally:
        os.close(write)
    with os.fdopen(read, "rb") as pipe:
        answer = pipe.read()
    try:
        _, status = os.waitpid(child, 0)
    except ChildProcessError:  # the system has reaped it, if this process ignores how its children end
        status = 0
    return os.fsdecode(answer).strip() if status == 0 else ""


def make_bare(folder: Path) -> None:
    """Makes a folder a repository without a work tree. Raises GitError."""
    import subprocess

    try:
        done = subprocess.run(["git", "init", "--quiet", "--bare"], cwd=folder, capture_output=True, check=False)
        reason = done.stderr.decode("utf-8", "replace").strip()
    except OSError as error:
        raise GitError(Problem("git-missing", f"git cannot be started: {error.strerror}", Location("git"))) from error
    if done.returncode != 0:
        raise GitError(Problem("git-refused", f"git init: {reason}", Location(str(folder))))
