"""How a command answers: lines on a stream, and what the user must mend as a report with an exit code."""

from __future__ import annotations

import os
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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
    """Prints the problems of an error: as text for people on standard error, as JSON on standard output."""
    from gitops_gen.reports.json import problems_json
    from gitops_gen.reports.text import problem_lines

    if form == "json":
        echo([problems_json(error.problems)])
    else:
        echo(problem_lines(error.problems), err=True)


def echo(lines: Iterable[str], *, err: bool = False) -> None:
    """Prints lines. Where the reader has gone, as `| head` does, the rest is lost, but not the exit code."""
    try:
        for line in lines:
            click.echo(line, err=err)
    except BrokenPipeError:
        stream = sys.stderr if err else sys.stdout
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def command_line(root: Path, *words: str) -> str:
    """Returns a command of this tool on the same project, to be pasted."""
    return shlex.join(["gitops-gen", *(() if root == Path() else ("-C", str(root))), *words])


def unknown_name(what: str, name: str, known: Iterable[str]) -> click.UsageError:
    """Returns the error for a name that is not in the model, with the one that was probably meant."""
    from gitops_gen.near_miss import near_miss

    return click.UsageError(f"there is no {what} {name}; {near_miss(name, known)}")
