"""How a command answers what the user must mend: as a report, with an exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from gitops_gen.terminal import echo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from click import UsageError

    from gitops_gen.problems import GitopsGenError


def reported(answer: Callable[[], int], form: str = "text") -> int:
    """Runs a command; what the user must mend is reported, and decides the exit code."""
    from gitops_gen.problems import GitopsGenError

    try:
        return answer()
    except GitopsGenError as error:
        report(error, form)
        return error.exit_code


def report(error: GitopsGenError, form: str = "text") -> None:
    """Prints the problems of an error: as text for people on standard error, for machines on standard output."""
    from gitops_gen.reports.machines import for_machines

    told = for_machines(error.problems, form)
    if told is not None:
        echo([told])
        return
    from gitops_gen.reports.problem_lines import problem_lines

    echo(problem_lines(error.problems), err=True)


def command_line(root: Path, *words: str) -> str:
    """Returns a command of this tool on the same project, to be pasted."""
    import shlex

    return shlex.join(["gitops-gen", *(() if root == Path() else ("-C", str(root))), *words])


def usage_error(message: str) -> UsageError:
    """Returns the error for a command line that says what cannot be done."""
    from click import UsageError

    return UsageError(message)


def unknown_name(what: str, name: str, known: Iterable[str]) -> UsageError:
    """Returns the error for a name that is not in the model, with the one that was probably meant."""
    from gitops_gen.near_miss import near_miss

    known = set(known)
    joined = name.replace(",", " ").split()
    if len(joined) > 1 and known.issuperset(joined):
        return usage_error(f"got {name}, expected one {what}: give them one by one")
    return usage_error(f"there is no {what} {name}; {near_miss(name, known)}")
