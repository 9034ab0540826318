"""The command that watches: regenerates and proves whenever a file is saved, until it is interrupted."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from gitops_gen.commands.answers import command_line, reported
from gitops_gen.terminal import echo

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from gitops_gen.problems import Problem
    from gitops_gen.regeneration import Round
    from gitops_gen.watcher import Batch

CLEAN = 0


@click.command(
    epilog="""\b
Examples:
  gitops-gen watch                regenerate and verify on every save
  gitops-gen watch --no-verify    regenerate only: faster in a large fleet
  gitops-gen watch --poll         on a network share, or a folder of a container

\b
Exit codes:
  0  it was interrupted (Ctrl-C)
  1  the folders cannot be watched, or watchfiles is not installed
"""
)
@click.option("--verify/--no-verify", "proves", default=True, help="Prove the files after writing them: the default.")
@click.option("--poll", "polls", is_flag=True, help="Look at the disk again and again, where it tells of no changes.")
@click.pass_obj
def watch(root: Path, *, proves: bool, polls: bool) -> int:
    """Regenerate and verify on every save, until Ctrl-C.

    One line is printed for each change. A model that is broken in between is told, and the next save tries again.
    A generated file that somebody edits by hand is generated again. Needs gitops-gen[watch].
    """

    def answer() -> int:
        try:
            _watch(root, proves=proves, polls=polls)
        except KeyboardInterrupt:
            click.echo("no longer watching; no file is half-written", err=True)
        return CLEAN

    return reported(answer)


def _watch(root: Path, *, proves: bool, polls: bool) -> None:
    """Runs until it is interrupted. Raises KeyboardInterrupt, and WatchError."""
    from gitops_gen.regeneration import Regeneration
    from gitops_gen.watcher import batches

    regeneration = Regeneration(root, proves=proves)
    teller = _Teller(root)
    for batch in batches(root, polls=polls):
        changed = sorted(filter(regeneration.concerns, batch.paths))
        if changed or batch.is_uncertain:
            started = time.perf_counter()
            done = regeneration.run()
            teller.tell(batch, changed, done, time.perf_counter() - started)
            regeneration.rest()


class _Teller:
    """Says what each round came to, and what is wrong, once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._last: Round | None = None
        self._warnings: tuple[Problem, ...] = ()
        self._findings: tuple[Problem, ...] = ()
        self._notes: list[str] = []

    def tell(self, batch: Batch, changed: Sequence[str], done: Round, seconds: float) -> None:
        """Prints the line of a round, and before it what it found that the one before had not."""
        from gitops_gen.reports.watch import round_line

        last, self._last = self._last, done
        if last is None:
            click.echo(f"watching {self._root.resolve()}; Ctrl-C ends it", err=True)
        elif not self._is_news(() if batch.is_uncertain else {*changed} - batch.passing, done, last):
            return
        self._tell_problems(done)
        named = [path for path in changed if path not in batch.passing] or changed or sorted(batch.paths)
        self._tell_notes(done)
        # Last of all: whoever waits for the line of a round has then been told the rest of it.
        click.echo(round_line(time.strftime("%H:%M:%S"), named, done, seconds))

    def _is_news(self, changed: Iterable[str], done: Round, last: Round) -> bool:
        """Tells whether anybody wants to read of a round: not if it found everything as the last one left it."""
        from gitops_gen.regeneration import OUTPUT
        from gitops_gen.reports.watch import has_written

        by_others = any(path.partition("/")[0] != OUTPUT for path in changed)
        same = (done.problems, done.findings) == (last.problems, last.findings)
        return by_others or has_written(done.outcome) or not same

    def _tell_problems(self, done: Round) -> None:
        """Prints what is new since a round came as far: one that did not has found neither this nor its absence."""
        from gitops_gen.reports.problem_lines import problem_lines

        if done.outcome:
            echo(problem_lines(_new(done.warnings, self._warnings)), err=True)
            self._warnings = tuple(done.warnings)
        echo(problem_lines(done.problems), err=True)
        if done.verdict:
            from gitops_gen.reports.verdict import verdict_lines

            found = done.verdict._replace(problems=_new(done.findings, self._findings))
            self._findings = tuple(done.findings)
            *lines, _ = verdict_lines(found, self._root)
            echo(lines, err=True)

    def _tell_notes(self, done: Round) -> None:
        """Prints what was left alone, where it is not the same as before."""
        from gitops_gen.regeneration import OUTPUT
        from gitops_gen.reports.text import generate_notes

        if done.outcome:
            notes = list(generate_notes(done.outcome, OUTPUT, command_line(self._root, "generate")))
            if notes != self._notes:
                echo(notes, err=True)
            self._notes = notes


def _new(problems: Iterable[Problem], before: Iterable[Problem]) -> tuple[Problem, ...]:
    known = set(before)
    return tuple(problem for problem in problems if problem not in known)
