"""Problems as workflow commands, which GitHub Actions shows as annotations of the lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.problems import Problem

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}

SHOWN = 10
"""Annotations of each kind that GitHub keeps from one step."""


def github_lines(problems: Iterable[Problem]) -> Iterator[str]:
    """Yields a command for each problem, errors first: GitHub keeps the first ten of each kind."""
    found = tuple(problems)
    for severity, command in _COMMANDS.items():
        chosen = [problem for problem in found if problem.severity is severity]
        for problem in chosen:
            yield f"::{command} {_properties(problem)}::{_data(_message(problem))}"
        if len(chosen) > SHOWN:
            yield f"{len(chosen)} {command}s; GitHub shows {SHOWN} of them as annotations, the others are above"


def _properties(problem: Problem) -> str:
    at = problem.at
    stated = {"file": at.path, "line": at.line, "col": at.column, "title": problem.code}
    return ",".join(f"{name}={_property(str(value))}" for name, value in stated.items() if value)


def _message(problem: Problem) -> str:
    return f"{problem.message}\nhint: {problem.hint}" if problem.hint else problem.message


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
