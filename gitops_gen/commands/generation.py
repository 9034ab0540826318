"""What generate does: brings the output folder up to date, or says what differs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.commands.answers import command_line, reported, unknown_name, usage_error
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.terminal import echo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gitops_gen.outcome import Outcome
    from gitops_gen.pipeline import Project
    from gitops_gen.plan import Selection
    from gitops_gen.problems import Problem

CLEAN, NO = 0, 1


class GenerateOptions(NamedTuple):
    """What is asked of generate."""

    check: bool = False
    verify: bool = False
    prune: bool = False
    environments: tuple[str, ...] = ()
    clusters: tuple[str, ...] = ()
    apps: tuple[str, ...] = ()
    jobs: int | None = None
    form: str = "text"


def generate(root: Path, asked: GenerateOptions) -> int:
    """Returns the exit code. Raises click.UsageError."""
    if asked == GenerateOptions(jobs=asked.jobs, form=asked.form) and _is_done(root, asked.form):
        return CLEAN
    from gitops_gen.plan import Selection

    selection = Selection(frozenset(asked.environments), frozenset(asked.clusters), frozenset(asked.apps))
    if asked.prune and selection:
        raise usage_error("--prune looks at all of output/, so it cannot be limited by a selection")

    def answer() -> int:
        project = _open(root, selection, asked.form)
        command = _command(root, selection, prune=asked.prune)
        if asked.verify and not _is_proved(project, asked.form):
            return NO
        if asked.check:
            return _check(project, asked.form, command, prune=asked.prune)
        return _generate(project, asked.form, command, prune=asked.prune, jobs=asked.jobs)

    return reported(answer, asked.form)


def _command(root: Path, selection: Selection, *, prune: bool) -> str:
    """Returns the command that does what this run looks at: for messages, to be pasted."""
    words = ["generate"]
    for option, names in (
        ("--environment", selection.environments),
        ("--cluster", selection.clusters),
        ("--app", selection.apps),
    ):
        words += [word for name in sorted(names) for word in (option, name)]
    return command_line(root, *words, *(["--prune"] if prune else []))


def _is_done(root: Path, form: str) -> bool:
    """Tells whether it took no whole run; then says what was done."""
    from gitops_gen.last_run import shortcut

    done = shortcut(root, on_wait=_say_that_it_waits)
    if done is None:
        return False
    from gitops_gen.reports.problem_lines import problem_lines

    if form == "text":
        echo(problem_lines(done.warnings), err=True)
    _say(done.outcome, "output", form, done.warnings)
    return True


def _say_that_it_waits() -> None:
    echo(["another run is writing output/; waiting for it"], err=True)


def _open(root: Path, selection: Selection, form: str) -> Project:
    from gitops_gen.pipeline import open_project
    from gitops_gen.reports.problem_lines import problem_lines

    project = open_project(root, selection=selection)
    _check_selection(project, selection)
    if form == "text":
        echo(problem_lines(project.warnings), err=True)
    return project


def _check_selection(project: Project, selection: Selection) -> None:
    fleet = project.plan.fleet
    for what, asked, known in (
        ("environment", selection.environments, fleet.environments),
        ("cluster", selection.clusters, fleet.clusters),
        ("app", selection.apps, fleet.apps),
    ):
        names = {each.name for each in known}
        for name in sorted(asked - names):
            raise unknown_name(what, name, names)
    if selection and not project.plan.artifacts:
        raise usage_error("no file lies wholly within this selection")


def _check(project: Project, form: str, command: str, *, prune: bool) -> int:
    from gitops_gen.pipeline import check
    from gitops_gen.progress import progress
    from gitops_gen.reports.text import check_lines, left_out_lines

    with progress("comparing", len(project.plan.artifacts)) as on_file:
        outcome = check(project, prune=prune, on_file=on_file)
    folder = project.tree.folder
    if form == "json":
        from gitops_gen.reports.json import changes_json

        echo([changes_json(outcome, folder, project.warnings)])
    else:
        echo(left_out_lines(outcome), err=True)
        echo(check_lines(outcome, folder, command))
    return NO if outcome.changes else CLEAN


def _is_proved(project: Project, form: str) -> bool:
    from gitops_gen.pipeline import prove
    from gitops_gen.reports.verdict import verdict_lines

    verdict = prove(project)
    clean = verdict.is_clean(strict=False)
    if form == "json" and not clean:
        from gitops_gen.reports.json import problems_json

        echo([problems_json(verdict.problems)])
    elif form == "text":
        echo(verdict_lines(verdict, project.tree.root), err=True)
    return clean


def _generate(project: Project, form: str, command: str, *, prune: bool, jobs: int | None) -> int:
    from gitops_gen.pipeline import generate
    from gitops_gen.progress import progress
    from gitops_gen.reports.text import generate_notes, left_out_lines

    with progress("generating", len(project.plan.artifacts)) as on_file:
        outcome = generate(project, prune=prune, jobs=jobs, on_file=on_file, on_wait=_say_that_it_waits)
    if form == "text":
        echo(left_out_lines(outcome), err=True)
    _say(outcome, project.tree.folder, form, project.warnings)
    if form == "text":
        echo(generate_notes(outcome, project.tree.folder, command), err=True)
    return CLEAN


def _say(outcome: Outcome, folder: str, form: str, warnings: Sequence[Problem]) -> None:
    if form == "json":
        from gitops_gen.reports.json import changes_json

        echo([changes_json(outcome, folder, warnings)])
    else:
        from gitops_gen.reports.text import generate_lines

        echo(generate_lines(outcome, folder))
