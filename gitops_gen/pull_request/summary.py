"""The whole report beside the pull request: as a file, and as the summary of a job of GitHub Actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.problems import Location, OutputError, Problem
from gitops_gen.reports.markdown import Limit, fitted

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gitops_gen.reports.markdown import Block

_WHOLE = Limit(characters=1 << 40, bytes=1 << 40)
_SUMMARY = 1 << 20
"""Bytes of a step's summary; what is longer is refused (GitHub, "Workflow commands", step isolation and limits)."""
_WHERE = "All of it is in the file that --report names."


def write_report(blocks: Sequence[Block], path: Path) -> None:
    """Writes the whole page. Raises OutputError."""
    try:
        path.write_text(fitted(blocks, _WHOLE, where=""), encoding="utf-8")
    except OSError as error:
        raise _refused(path, error) from error


def append_summary(blocks: Sequence[Block], path: Path) -> None:
    """Adds the page to a job's summary, as much as there is room for. Raises OutputError."""
    try:
        room = _SUMMARY - (path.stat().st_size if path.exists() else 0) - 1
        text = fitted(blocks, Limit(characters=_SUMMARY, bytes=max(room, 0)), where=_WHERE)
        with path.open("a", encoding="utf-8") as file:
            file.write(f"\n{text}" if text else "")
    except OSError as error:
        raise _refused(path, error) from error


def _refused(path: Path, error: OSError) -> OutputError:
    hint = "name a file that can be written"
    return OutputError(Problem("unwritable-report", f"{error.strerror}", Location(str(path)), hint))
