"""Where the output lives: in the repository of the model, in a checkout beside it, or in a clone that the bot makes."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from gitops_gen import git
from gitops_gen.problems import GitError, Location, Problem
from gitops_gen.remote import read_remote, scrubbed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.remote import Remote

MODEL = ("environments", "templates")
"""The folders that the output is made from, relative to the root of a project."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A repository with the output, and its remote."""

    repository: Path
    """The root of its work tree; of a clone of the bot's, the clone, which has none."""
    remote: Remote
    folder: str
    """The output folder in it; empty for the root."""
    model: tuple[str, ...] = ()
    """The folders of the model in it; none where the model lives elsewhere."""
    revision: str | None = None
    """The revision of the model, where that lives elsewhere."""
    depth: int | None = None
    """How much of the history is fetched; None for all that is missing."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which place is meant. At most one of `checkout` and `url` is set."""

    remote: str = "origin"
    """The remote's name, where there is a checkout."""
    checkout: Path | None = None
    url: str | None = None


@contextmanager
def place_of(root: Path, output: str, path: str, wanted: Wanted) -> Iterator[Place]:
    """Gives the block the place. `output` is relative to the root, `path` is that of gitops_repo in the model.

    Raises GitError where there is no such repository, or no such remote.
    """
    below = "" if path == "." else path
    if wanted.url is not None:
        with TemporaryDirectory(prefix="gitops-gen-clone-") as folder:
            yield _cloned(root, Path(folder), wanted.url, below)
    elif wanted.checkout is not None:
        yield _elsewhere(root, _toplevel(wanted.checkout), below, wanted.remote)
    else:
        yield _here(root, output, wanted.remote)


def remote_of(root: Path, wanted: Wanted) -> Remote:
    """Returns the remote of the repository that the model lives in. Raises GitError without one."""
    return _remote(_toplevel(root), wanted.remote)


def _cloned(root: Path, folder: Path, url: str, below: str) -> Place:
    git.make_bare(folder)
    return Place(repository=folder, remote=read_remote(url), folder=below, revision=_revision(root), depth=1)


def _elsewhere(root: Path, repository: Path, below: str, remote: str) -> Place:
    return Place(repository=repository, remote=_remote(repository, remote), folder=below, revision=_revision(root))


def _here(root: Path, output: str, remote: str) -> Place:
    """The output folder may be a repository of its own, or a link into one."""
    folder = (root / output).resolve()
    repository = _toplevel(folder if folder.is_dir() else root)
    below = folder.relative_to(repository).as_posix().removeprefix(".")
    if repository != git.toplevel(root):
        return _elsewhere(root, repository, below, remote)
    prefix = root.resolve().relative_to(repository).as_posix()
    model = tuple(each if prefix == "." else f"{prefix}/{each}" for each in MODEL)
    return Place(repository=repository, remote=_remote(repository, remote), folder=below, model=model)


def _toplevel(folder: Path) -> Path:
    found = git.toplevel(folder)
    if found is None:
        message, hint = git.refusal(folder) or (
            "this is in no work tree of git",
            "run from a clone, or name one with --repo PATH or --clone URL",
        )
        raise GitError(Problem("no-repository", message, Location(str(folder)), hint))
    return found.resolve()


def _remote(repository: Path, name: str) -> Remote:
    url = git.remote_url(repository, name)
    if url is None:
        hint = f"add it with: git remote add {name} URL; or name another with --remote"
        raise GitError(Problem("no-remote", f"there is no remote {name}", Location(str(repository)), hint))
    remote = read_remote(url)
    # A path is relative to the repository that names it.
    return remote if remote.scheme != "file" or "://" in url else read_remote(str((repository / url).resolve()))


def _revision(root: Path) -> str | None:
    """Returns what the model was made from: repository and commit, and whether it was changed since."""
    commit = git.commit_of(root, "HEAD")
    if commit is None:
        return None
    url = git.origin(root)
    changed = ", with changes that are not committed" if git.is_changed(root, *MODEL) else ""
    return f"{commit}{f' of {scrubbed(_bare(url), ())}' if url else ''}{changed}"


def _bare(url: str) -> str:
    return read_remote(url).url
