"""One project regenerated and proved again and again, as its files change."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.problems import GitopsGenError
from gitops_gen.signatures import inode_of

if TYPE_CHECKING:
    from pathlib import Path

    from gitops_gen.judge import Verdict
    from gitops_gen.outcome import Outcome
    from gitops_gen.problems import Problem
    from gitops_gen.shortcuts import Done

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

    def concerns(self, path: str) -> bool:
        """Tells whether it takes a run to answer the change of a path, relative to the root."""
        folder = path.partition("/")[0]
        if folder == OUTPUT:
            return not self._is_own(path)
        return folder in SOURCES or (self._proves and path.endswith(PROVED_WITH))

    def run(self) -> Round:
        """Regenerates and proves. What the user must mend is part of the answer."""
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

    def _generated(self) -> Done:
        from gitops_gen.shortcuts import Done, shortcut

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
        for change in outcome.changes:
            made = outcome.staged.get(change.path)
            self._left[f"{OUTPUT}/{change.path}"] = made.written if made is not None else None

    def _is_own(self, path: str) -> bool:
        """Tells whether a path below output/ is as a run left it. A folder by itself says nothing."""
        full = self._root / path
        return full.is_dir() or (path in self._left and self._left[path] == _written(full))


_Written = tuple[int, int]


def _written(path: Path) -> _Written | None:
    """Returns when a file was written (ns since 1970), and its inode; None if it is not there."""
    try:
        status = os.lstat(path)
    except OSError:
        return None
    return status.st_mtime_ns, inode_of(status)
