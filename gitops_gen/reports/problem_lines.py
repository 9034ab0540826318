"""Problems as a person reads them in a terminal. Colour is put on here and taken off by the stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.problems import Severity
from gitops_gen.terminal import style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.problems import Problem

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def problem_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """Yields `path:line:column: code: message`, related places, and the hint, for each problem."""
    for problem in problems:
        code = style(problem.code, fg=_COLOURS[problem.severity], bold=True)
        kind = "" if problem.severity is Severity.ERROR else f"{problem.severity}: "
        yield f"{style(str(problem.at), bold=True)}: {kind}{code}: {problem.message}"
        for related in problem.related:
            yield f"  {related.at}: {related.message}"
        if problem.hint:
            yield f"  hint: {problem.hint}"
