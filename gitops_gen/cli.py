"""The command line: options, exit codes, and which report goes to which stream."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gitops_gen import __version__
from gitops_gen.commands import LazyGroup
from gitops_gen.commands.answers import echo, reported, unknown_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitops_gen.outcome import Outcome
    from gitops_gen.pipeline import Project
    from gitops_gen.plan import Selection
    from gitops_gen.problems import Problem

CLEAN, NO, USAGE, OUR_BUG = 0, 1, 2, 3
INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Runs the command line and returns the exit code: 0 clean, 1 no, 2 usage, 3 our bug, 4 refused from outside."""
    # None leaves it to the stream: colour on a terminal, none elsewhere (https://no-color.org).
    colour = False if os.environ.get("NO_COLOR") else None
    try:
        answer = main.main(list(arguments), prog_name="gitops-gen", standalone_mode=False, color=colour)
    except click.exceptions.Abort:
        click.echo("interrupted: no file is half-written, and the next run completes the rest", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return USAGE
    except Exception:  # noqa: BLE001 - the one place that catches all: it reports, and says that it is our bug
        return _report_bug()
    return answer if isinstance(answer, int) else CLEAN


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""\b
Examples:
  gitops-gen generate            bring output/ up to date
  gitops-gen generate --check    say what differs, and write nothing
  gitops-gen -C fleet generate   the same for the project in fleet/

\b
Exit codes:
  0  clean
  1  the answer is no: output/ differs, or the model or a template is invalid
  2  wrong usage
  3  a bug of ours, with its traceback
  4  something outside refused: git, a hosting service, AWS
""",
)
@click.option(
    "-C",
    "root",
    metavar="ROOT",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Run as if started in this folder, which has environments/.",
)
@click.version_option(__version__, message="gitops-gen %(version)s")
@click.pass_context
def main(context: click.Context, root: Path) -> None:
    """Generate every file that a fleet of EKS clusters needs, from one model under environments/."""
    context.obj = root


_FORMAT = click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How the answer is written."
)


@main.command(
    epilog="""\b
Examples:
  gitops-gen generate                     bring output/ up to date
  gitops-gen generate --check             say what differs, and write nothing
  gitops-gen generate --verify            prove the files first; write nothing that has an error
  gitops-gen generate --environment dev   write only the files that are dev's alone
  gitops-gen generate --prune             delete also what may be a protected
                                          environment's and is no longer planned
"""
)
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 if output/ is not what the model says.")
@click.option("--verify", is_flag=True, help="Prove what is rendered first; with an error, write nothing.")
@click.option("--prune", is_flag=True, help="Delete orphaned files of protected environments too.")
@click.option("--environment", "environments", multiple=True, metavar="E", help="Only its files. May be repeated.")
@click.option("--cluster", "clusters", multiple=True, metavar="C", help="Only its files. May be repeated.")
@click.option("--app", "apps", multiple=True, metavar="A", help="Only its files. May be repeated.")
@click.option("--jobs", type=click.IntRange(1, 64), metavar="N", help="How many processes render.")
@_FORMAT
@click.pass_obj
def generate(
    root: Path,
    *,
    check: bool,
    verify: bool,
    prune: bool,
    environments: tuple[str, ...],
    clusters: tuple[str, ...],
    apps: tuple[str, ...],
    jobs: int | None,
    form: str,
) -> int:
    """Bring output/ up to date with environments/ and templates/.

    Nothing is written unless everything can be rendered. A run that is limited to an environment, a cluster or
    an app writes only what lies wholly within that selection, and deletes nothing.
    """
    if not (check or verify or prune or environments or clusters or apps) and _is_done(root, form):
        return CLEAN
    from gitops_gen.plan import Selection

    selection = Selection(frozenset(environments), frozenset(clusters), frozenset(apps))
    if prune and selection:
        raise click.UsageError("--prune looks at all of output/, so it cannot be limited by a selection")

    def answer() -> int:
        project = _open(root, selection, form)
        command = _command(root, selection, prune=prune)
        if verify and not _is_proved(project, form):
            return NO
        if check:
            return _check(project, form, command, prune=prune)
        return _generate(project, form, command, prune=prune, jobs=jobs)

    return reported(answer, form)


@main.command(
    epilog="""\b
Examples:
  gitops-gen schema environment        print the schema of environments/<name>.yaml
  gitops-gen schema diff               print that of diff --format json
  gitops-gen schema --output schemas   write all of them, there where the first line
                                       of each model file says they are
"""
)
@click.argument("kind", required=False, type=click.Choice(["fleet", "environment", "app", "artifacts", "diff"]))
@click.option(
    "--output",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write all schemas into this folder.",
)
@click.pass_obj
def schema(root: Path, kind: str | None, output: Path | None) -> int:
    """Print the JSON Schema of a kind of model file, for editors, or of a diff, for programs."""
    from gitops_gen.schema import KINDS, schema_text, write_schemas

    if kind is not None and output is None:
        echo([schema_text(kind).rstrip()])
        return CLEAN
    if kind is not None or output is None:
        raise click.UsageError(f"name one of {', '.join(KINDS)}, or give --output")

    def answer() -> int:
        echo(f"wrote {path}" for path in write_schemas(root, output))
        return CLEAN

    return reported(answer, "text")


def _command(root: Path, selection: Selection, *, prune: bool) -> str:
    """Returns the command that does what this run looks at: for messages, to be pasted."""
    import shlex

    words = ["gitops-gen", *(() if root == Path() else ("-C", str(root))), "generate"]
    for option, names in (
        ("--environment", selection.environments),
        ("--cluster", selection.clusters),
        ("--app", selection.apps),
    ):
        words += [word for name in sorted(names) for word in (option, name)]
    return shlex.join([*words, *(["--prune"] if prune else [])])


def _is_done(root: Path, form: str) -> bool:
    """Tells whether it took no whole run; then says what was done."""
    from gitops_gen.shortcuts import shortcut

    done = shortcut(root, on_wait=_say_that_it_waits)
    if done is None:
        return False
    from gitops_gen.reports.text import problem_lines

    if form == "text":
        echo(problem_lines(done.warnings), err=True)
    _say(done.outcome, "output", form, done.warnings)
    return True


def _say_that_it_waits() -> None:
    click.echo("another run is writing output/; waiting for it", err=True)


def _open(root: Path, selection: Selection, form: str) -> Project:
    from gitops_gen.pipeline import open_project
    from gitops_gen.reports.text import problem_lines

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
        raise click.UsageError("no file lies wholly within this selection")


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


def _report_bug() -> int:
    import traceback

    traceback.print_exc()
    python = ".".join(map(str, sys.version_info[:3]))
    click.echo(
        f"this is a bug of gitops-gen {__version__} (Python {python}); please report the lines above",
        err=True,
    )
    return OUR_BUG
