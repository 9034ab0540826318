"""The generated files as they stand in the last commit: what Argo CD works from, as far as git can tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen import git

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Committed:
    """The output folder at HEAD. Paths are relative to the output folder."""

    revision: str
    """The short name of the commit."""
    folder: str
    """The output folder, relative to the root of the project, as messages show it."""
    _where: Path
    _prefix: str

    def paths_holding(self, text: str) -> tuple[str, ...]:
        """Returns the files in which a text stands."""
        found = git.paths_holding(self._where, self.revision, text, under=self._prefix or ".")
        return tuple(path.removeprefix(self._prefix) for path in found)

    def text(self, path: str) -> str | None:
        """Returns the text of a file; None if there is none."""
        return git.text_at(self._where, self.revision, f"{self._prefix}{path}")

    def command_for(self, path: str) -> str | None:
        """Returns the command that prints a file, from anywhere in the repository; None if there is none."""
        from shlex import quote

        full = git.full_path(self._where, self.revision, f"{self._prefix}{path}")
        is_of_its_own = git.toplevel(self._where) == self._where.resolve()
        repository = f" -C {quote(self.folder)}" if is_of_its_own and not self._prefix else ""
        return None if full is None else f"git{repository} show {quote(f'{self.revision}:{full}')}"

    def shown(self, path: str) -> str:
        """Returns a path as messages say it: relative to the root of the project."""
        return f"{self.folder}/{path}"


def committed_output(root: Path, folder: str) -> Committed | None:
    """Returns the output folder at HEAD; None without git, without a commit, or if no file of it is committed.

    The folder may be a repository of its own.
    """
    inside = (root / folder).is_dir()
    where, prefix = (root / folder, "") if inside else (root, f"{folder}/")
    revision = git.head(where)
    if revision is None or not git.has_files(where, revision, prefix or "."):
        return None
    return Committed(revision, folder, where, prefix)
