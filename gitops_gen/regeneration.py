"""One project regenerated and proved again and again, as its files change."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.change_kind import ChangeKind
from gitops_gen.last_run.fingerprint import sign_inputs
from gitops_gen.problems import GitopsGenError
from gitops_gen.signature import inode_of

if TYPE_CHECKING:
    from pathlib import Path

    from gitops_gen.judge import Verdict
    from gitops_gen.last_run import Done
    from gitops_gen.outcome import Outcome
    from gitops_gen.problems import Problem

OUTPUT = "output"
SOURCES = ("environments", "templates")
"""The folders that output/ follows from."""

PROVED_WITH = (".yaml", ".yml", ".json", ".tf", ".tfvars", ".tpl")
"""How files end that verify reads wherever they stand: charts, values that are kept by hand, Terraform modules."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one run came to."""

    outcome: Outcome | None = None
    """None: nothing was written."""
    verdict: Verdict | None = None
    """None: nothing was proved."""
    warnings: tuple[Problem, ...] = ()
    problems: tuple[Problem, ...] = ()
    """What stopped the run."""

    @property
    def findings(self) -> tuple[Problem, ...]:
        """What verify found."""
        return self.verdict.problems if self.verdict else ()


class Regeneration:
    """Brings output/ up to date as often as it is asked to, and knows its own writing from that of others."""

    def __init__(self, root: Path, *, proves: bool) -> None:
        self._root = root
        self._proves = proves
        self._left: dict[str, _Written | None] = {}
        """The files that the runs wrote, by path, as they wrote them; None: deleted."""
        self._links: dict[str, str] = {}
        """The links among what is read and written, by where they lead: relative to the root, as their own paths."""

    def concerns(self, path: str) -> bool:
        """Tells whether it takes a run to answer the change of a path, relative to the root."""
        named = self._named(path)
        folder = named.partition("/")[0]
        if folder == OUTPUT:
            return not self._is_own(named)
        return folder in SOURCES or (self._proves and path.endswith(PROVED_WITH))

    def _named(self, path: str) -> str:
        """Returns the path by which a run comes to a file: where a link leads to it, that of the link."""
        return next((f"{link}{path[len(real) :]}" for real, link in self._links.items() if _is_in(path, real)), path)

    def run(self) -> Round:
        """Regenerates and proves. What the user must mend is part of the answer."""
        self._links = _links(self._root)
        try:
            done = self._generated()
        except GitopsGenError as error:
            return Round(problems=error.problems)
        outcome, warnings = done.outcome, tuple(done.warnings)
        self._remember(outcome)
        try:
            return Round(outcome, self._verdict(), warnings)
        except GitopsGenError as error:
            return Round(outcome, None, warnings, error.problems)

    def rest(self) -> None:
        """Frees what the last runs have left, while nobody waits for an answer."""
        if self._proves:
            from gitops_gen.proof import forget

            forget()

    def _generated(self) -> Done:
        from gitops_gen.last_run import Done, shortcut

        done = shortcut(self._root, OUTPUT)
        if done is not None:
            return done
        from gitops_gen.pipeline import generate, open_project

        project = open_project(self._root, output=OUTPUT)
        return Done(generate(project), project.warnings)

    def _verdict(self) -> Verdict | None:
        from gitops_gen.proof import verify

        return verify(self._root, output=OUTPUT) if self._proves else None

    def _remember(self, outcome: Outcome) -> None:
        kept = frozenset(outcome.kept)
        for change in outcome.changes:
            if change.kind is not ChangeKind.FOREIGN and change.path not in kept:
                made = outcome.staged.get(change.path)
                written = made.written if made is not None else None
                self._left[f"{OUTPUT}/{change.path}"] = (written.modified, written.inode) if written else None

    def _is_own(self, path: str) -> bool:
        """Tells whether a path below output/ is as a run left it. A folder by itself says nothing."""
        full = self._root / path
        return full.is_dir() or (path in self._left and self._left[path] == _written(full))


def _links(root: Path) -> dict[str, str]:
    paths = (OUTPUT, *(path.rstrip("/") for path in sign_inputs(root).paths))
    real_root = os.path.realpath(root)
    return {
        os.path.relpath(os.path.realpath(root / path), real_root): path
        for path in paths
        if os.path.islink(root / path)  # noqa: PTH114 - never raises
    }


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


_Written = tuple[int, int]


def _written(path: Path) -> _Written | None:
    """Returns when a file was written (ns since 1970), and its inode; None if it is not there."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return status.st_mtime_ns, inode_of(status)
