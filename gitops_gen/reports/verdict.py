"""A verdict as a person reads it: each problem with its line and a caret, one cause told once for many clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.problems import Severity
from gitops_gen.reports.problem_lines import problem_lines

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from gitops_gen.judge import Verdict
    from gitops_gen.problems import Problem

NAMED = 4
"""Other places of one cause that are named before they are counted."""


def verdict_lines(verdict: Verdict, root: Path) -> Iterator[str]:
    """Yields every problem, grouped by cause, and what was looked at."""
    excerpts = _excerpts(verdict, root)
    for group in by_cause(verdict.problems):
        first, *others = group
        elsewhere = list(dict.fromkeys(str(problem.at) for problem in others if problem.at != first.at))
        head, *rest = problem_lines([first])
        yield head + _how_many(group, verdict.clusters, named=len(elsewhere))
        yield from excerpts(first)
        yield from rest
        if elsewhere:
            named, more = ", ".join(elsewhere[:NAMED]), len(elsewhere) - NAMED
            yield f"  the same: {named}{f' and {more} more' if more > 0 else ''}"
    yield summary(verdict)


def _excerpts(verdict: Verdict, root: Path) -> Callable[[Problem], Iterable[str]]:
    """Returns what tells the lines of a problem: none for a note."""
    if all(each.severity is Severity.NOTE for each in verdict.problems):
        return lambda _: ()
    from gitops_gen.reports.excerpts import Excerpts

    excerpts = Excerpts(root, verdict.texts)
    return lambda problem: () if problem.severity is Severity.NOTE else excerpts.of(problem)


def by_cause(problems: Iterable[Problem]) -> Iterator[list[Problem]]:
    """Yields the problems in groups of one cause, in the order of the first of each."""
    groups: dict[tuple[object, ...], list[Problem]] = {}
    for problem in problems:
        key = (problem.code, problem.severity, problem.cause) if problem.cause else (problem,)
        groups.setdefault(key, []).append(problem)
    yield from groups.values()


def _how_many(group: list[Problem], clusters: int, named: int) -> str:
    """Returns in how many clusters it is so, or how much more there is than the `named` other places tell."""
    broken = {problem.cluster for problem in group if problem.cluster}
    if len(broken) > 1:
        return f" (in {len(broken)} of {clusters} clusters)"
    others = len({problem.message for problem in group}) - 1
    return f" (and {others} more like it)" if others > named else ""


def counted_findings(problems: Iterable[Problem]) -> str:
    """Returns how many problems of each weight there are, the heaviest first; empty without any."""
    weights = [str(problem.severity) for problem in problems]
    return ", ".join(_counted(weights.count(weight), weight) for weight in _ORDER if weight in weights)


def summary(verdict: Verdict) -> str:
    """Returns what was found, and what was looked at, in one line."""
    counts = counted_findings(verdict.problems)
    applications, clusters = _counted(verdict.applications, "Application"), _counted(verdict.clusters, "cluster")
    looked = f"{_counted(verdict.files, 'file')}, {applications} on {clusters}"
    if any(problem.severity != "note" for problem in verdict.problems):
        return f"{counts} in {looked}"
    return f"nothing is broken: {looked}{f'; {counts}' if counts else ''}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


_ORDER = ("error", "warning", "note")
