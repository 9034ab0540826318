"""The generated files as they were: at a git revision, or in a folder. What a diff compares the model with."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from gitops_gen import git
from gitops_gen.problems import GitError, Location, Problem
from gitops_gen.tree import is_owned
from gitops_gen.tree.files import first_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HEAD = "HEAD"


@dataclass(frozen=True, slots=True)
class Baseline:
    """The generated files of a base; paths are relative to the output folder. Files of others are left out."""

    name: str
    """As messages say it: HEAD (1a2b3c4), or the folder."""
    texts: Mapping[str, str] = field(repr=False)

    @property
    def is_missing(self) -> bool:
        """True if there was no generated file."""
        return not self.texts


def baseline(root: Path, folder: str, base: str | Path | None = None) -> Baseline:
    """Returns the output folder at a base: a git revision, HEAD by default, or a folder.

    A folder is one with an output folder in it, or an output folder itself. Raises GitError for what is neither.
    """
    if isinstance(base, Path):
        return _of_folder(root, folder, base)
    where, prefix = _repository(root, folder)
    revision = base or HEAD
    commit = git.commit_of(where, revision)
    if base is not None and (root / base).is_dir():
        if commit is None:
            return _of_folder(root, folder, Path(base))
        raise _refused("ambiguous-base", f"{base} is a revision of git and a folder", f"write ./{base} for the folder")
    if commit is None:
        raise _unknown(where, revision)
    return _of_commit(where, prefix, revision, commit)


def _repository(root: Path, folder: str) -> tuple[Path, str]:
    """Returns where git is asked, and the path of the output folder there: it may be a repository of its own."""
    inside = root / folder
    return (inside, "") if inside.is_dir() else (root, folder)


def _of_commit(where: Path, prefix: str, revision: str, commit: str) -> Baseline:
    short = commit[:7]
    name = revision if commit.startswith(revision) else f"{revision} ({short})"
    if not git.has_files(where, commit, prefix or "."):
        return Baseline(name, {})
    try:
        found = git.files_at(where, commit, prefix)
    except (OSError, subprocess.CalledProcessError, ValueError) as error:
        said = error.stderr.decode(errors="replace").strip() if isinstance(error, subprocess.CalledProcessError) else ""
        hint = "git fsck says what is wrong with the repository"
        raise _refused("unreadable-base", f"{revision} cannot be read: {said or error}", hint) from error
    return Baseline(name, _texts(found.items()))


def _of_folder(root: Path, folder: str, base: Path) -> Baseline:
    stated = root / base
    if not stated.is_dir():
        raise _refused("unknown-base", f"there is no folder {base}", "name a folder that has generated files")
    try:
        top = stated / folder if (stated / folder).is_dir() else stated
        next(top.iterdir(), None)  # Path.rglob passes over a folder that may not be read
        files = ((each.relative_to(top).as_posix(), each.read_bytes()) for each in _files(top))
        return Baseline(str(base), _texts(files))
    except OSError as error:
        hint = "make it readable, or name another folder"
        raise _refused("unreadable-base", f"{base} cannot be read: {error.strerror}", hint) from error


def _files(top: Path) -> Iterable[Path]:
    return (each for each in sorted(top.rglob("*")) if each.is_file() and ".git" not in each.relative_to(top).parts)


def _texts(files: Iterable[tuple[str, bytes]]) -> Mapping[str, str]:
    return {path: data.decode(errors="replace") for path, data in files if is_owned(first_line(data))}


def _unknown(where: Path, revision: str) -> GitError:
    if refusal := git.refusal(where):
        return _refused("unknown-base", *refusal)
    if git.toplevel(where) is None:
        hint = "name a folder with generated files: gitops-gen diff FOLDER"
        place = f" where {where.name} leads to" if where.is_symlink() else ""
        return _refused("unknown-base", f"there is no git repository{place} that could have {revision}", hint)
    if git.commit_of(where, HEAD) is None:
        return _refused("unknown-base", "nothing is committed yet", "commit output/, or name a folder")
    if git.is_shallow(where):
        hint = "fetch it: git fetch --unshallow, or fetch-depth: 0 for actions/checkout"
        return _refused("unknown-base", f"git does not know {revision}; the repository is shallow", hint)
    hint = "name a branch, a tag, a commit, or a folder; git fetch brings what is only at the remote"
    return _refused("unknown-base", f"git does not know {revision}", hint)


def _refused(code: str, message: str, hint: str) -> GitError:
    return GitError(Problem(code, message, Location("BASE"), hint))
