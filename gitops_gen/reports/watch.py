"""A round of the watch as one line: when, what changed, what was written, what is broken, and how long it took."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from gitops_gen.problems import Severity, some_of
from gitops_gen.reports.text import counted_files
from gitops_gen.reports.verdict import counted_findings
from gitops_gen.terminal import style
from gitops_gen.tree import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.outcome import Outcome
    from gitops_gen.regeneration import Round

_WRITTEN = (ChangeKind.MISSING, ChangeKind.CHANGED)


def round_line(clock: str, changed: Sequence[str], done: Round, seconds: float) -> str:
    """Returns the line of a round. Without a change, it is that of the start."""
    what = some_of(_without_folders(changed)) if changed else "at the start"
    return f"{clock}  {what} -> {'; '.join(_did(done))} ({seconds:.2f} s)"


def _without_folders(paths: Sequence[str]) -> list[str]:
    """Returns the paths that are no folders of others."""
    folders = {str(folder) for path in paths for folder in PurePosixPath(path).parents}
    return [path for path in paths if path not in folders]


def has_written(outcome: Outcome | None) -> bool:
    """Tells whether a run wrote or deleted something."""
    return outcome is not None and bool(written(outcome) or deleted(outcome))


def written(outcome: Outcome) -> int:
    """Returns how many files were written."""
    return sum(change.kind in _WRITTEN for change in outcome.changes)


def deleted(outcome: Outcome) -> int:
    """Returns how many files were deleted."""
    return sum(change.kind is ChangeKind.ORPHANED for change in outcome.changes) - len(outcome.kept)


def _did(done: Round) -> Iterator[str]:
    if done.problems:
        yield style("1 problem" if len(done.problems) == 1 else f"{len(done.problems)} problems", fg="red")
    yield _wrote(done.outcome)
    if done.verdict:
        # What cannot be said is the same at every save.
        found = counted_findings(each for each in done.findings if each.severity is not Severity.NOTE)
        yield style(found, fg="yellow") if found else "nothing is broken"


def _wrote(outcome: Outcome | None) -> str:
    if outcome is None:
        return "nothing written"
    parts = [f"{counted_files(written(outcome))} written"] * bool(written(outcome))
    parts += [f"{counted_files(deleted(outcome))} deleted"] * bool(deleted(outcome))
    return ", ".join(parts) or "nothing to write"
