"""The command line: options, exit codes, and which report goes to which stream."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gitops_gen.pipeline import Project
    from gitops_gen.plan import Selection
    from gitops_gen.problems import GitopsGenError

CLEAN, NO, USAGE, OUR_BUG = 0, 1, 2, 3
INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Runs the command line and returns the exit code: 0 clean, 1 no, 2 usage, 3 our bug, 4 refused from outside."""
    try:
        answer = main.main(list(arguments), prog_name="gitops-gen", standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("interrupted; nothing is half-written", err=True)
        return INTERRUPTED
    except click.ClickException as error:
        error.show()
        return USAGE
    except BrokenPipeError:
        return _pipe_is_gone()
    except Exception:  # noqa: BLE001 - the one place that catches all: it reports, and says that it is our bug
        return _report_bug()
    return answer if isinstance(answer, int) else CLEAN


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit codes: 0 clean, 1 the answer is no, 2 wrong usage, 3 a bug of ours, 4 refused from outside.",
)
@click.option(
    "-C",
    "root",
    metavar="ROOT",
    default=".",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Run as if started in this folder, which has environments/.",
)
@click.version_option(package_name="gitops-gen", message="gitops-gen %(version)s")
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
  gitops-gen generate                            bring output/ up to date
  gitops-gen generate --check                    say what differs, write nothing; exit code 1 if anything does
  gitops-gen generate --environment dev          only the files that belong wholly to dev
  gitops-gen generate --prune                    delete orphaned files of protected environments too
"""
)
@click.option("--check", is_flag=True, help="Compare only: exit code 1 if output/ is not what the model says.")
@click.option("--prune", is_flag=True, help="Delete orphaned files under protected environments too.")
@click.option("--environment", "environments", multiple=True, metavar="E", help="Only files of this environment.")
@click.option("--cluster", "clusters", multiple=True, metavar="C", help="Only files of this cluster.")
@click.option("--app", "apps", multiple=True, metavar="A", help="Only files of this app.")
@_FORMAT
@click.pass_obj
def generate(
    root: Path,
    *,
    check: bool,
    prune: bool,
    environments: tuple[str, ...],
    clusters: tuple[str, ...],
    apps: tuple[str, ...],
    form: str,
) -> int:
    """Render the model into output/."""
    from gitops_gen.plan import Selection

    selection = Selection(frozenset(environments), frozenset(clusters), frozenset(apps))
    if prune and selection:
        raise click.UsageError("--prune looks at all of output/, so it cannot be limited by a selection")

    def answer() -> int:
        project = _open(root, selection)
        return _check(project, form) if check else _generate(project, form, prune=prune)

    return _reported(answer, form)


@main.command(
    epilog="""\b
Examples:
  gitops-gen schema environment                  print one schema
  gitops-gen schema --output schemas             write them all, as the modelines of the model files expect
"""
)
@click.argument("kind", required=False, type=click.Choice(["fleet", "environment", "app", "artifacts"]))
@click.option(
    "--output",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write all schemas here.",
)
def schema(kind: str | None, output: Path | None) -> int:
    """Print the JSON Schemas of the model files, for editors."""
    from gitops_gen.schema import KINDS, schema_text

    if (kind is None) == (output is None):
        raise click.UsageError(f"name one of {', '.join(KINDS)}, or give --output")
    if kind is not None:
        click.echo(schema_text(kind), nl=False)
        return CLEAN
    assert output is not None  # noqa: S101
    output.mkdir(parents=True, exist_ok=True)
    for each in KINDS:
        (output / f"{each}.json").write_text(schema_text(each), encoding="utf-8", newline="\n")
        click.echo(f"wrote {output / each}.json")
    return CLEAN


def _open(root: Path, selection: Selection) -> Project:
    from gitops_gen.pipeline import open_project
    from gitops_gen.reports.text import problem_lines

    project = open_project(root, selection=selection)
    _check_selection(project, selection)
    _echo(problem_lines(project.warnings), err=True)
    if project.plan.left_out:
        count = len(project.plan.left_out)
        click.echo(f"left out: {count} files outside the selection, or wider than it", err=True)
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
            from gitops_gen.explain import near_miss

            raise click.UsageError(f"there is no {what} {name}; {near_miss(name, names)}")


def _check(project: Project, form: str) -> int:
    from gitops_gen.pipeline import check, prune_rule
    from gitops_gen.progress import progress
    from gitops_gen.reports.json import changes_json
    from gitops_gen.reports.text import check_lines
    from gitops_gen.tree import ChangeKind

    with progress("comparing", len(project.plan.artifacts)) as on_file:
        outcome = check(project, on_file)
    folder = project.tree.folder
    if form == "json":
        click.echo(changes_json(outcome, folder))
    else:
        may_prune = prune_rule(project.plan.fleet, prune=False)
        orphans = (change.path for change in outcome.changes if change.kind is ChangeKind.ORPHANED)
        _echo(check_lines(outcome, folder, frozenset(path for path in orphans if not may_prune(path))))
    return NO if outcome.changes else CLEAN


def _generate(project: Project, form: str, *, prune: bool) -> int:
    from gitops_gen.pipeline import generate
    from gitops_gen.progress import progress
    from gitops_gen.reports.json import changes_json
    from gitops_gen.reports.text import generate_lines, generate_notes

    def on_wait() -> None:
        click.echo("another run is writing output/; waiting for it", err=True)

    with progress("generating", len(project.plan.artifacts)) as on_file:
        outcome = generate(project, prune=prune, on_file=on_file, on_wait=on_wait)
    folder = project.tree.folder
    if form == "json":
        click.echo(changes_json(outcome, folder))
    else:
        _echo(generate_lines(outcome, folder))
        _echo(generate_notes(outcome, folder), err=True)
    return CLEAN


def _reported(answer: Callable[[], int], form: str) -> int:
    """Runs a command; what the user must mend is reported, and decides the exit code."""
    from gitops_gen.problems import GitopsGenError

    try:
        return answer()
    except GitopsGenError as error:
        _report(error, form)
        return error.exit_code


def _report(error: GitopsGenError, form: str) -> None:
    from gitops_gen.reports.json import problems_json
    from gitops_gen.reports.text import problem_lines

    if form == "json":
        click.echo(problems_json(error.problems))
    else:
        _echo(problem_lines(error.problems), err=True)


def _echo(lines: Iterable[str], *, err: bool = False) -> None:
    for line in lines:
        click.echo(line, err=err)


def _report_bug() -> int:
    import traceback

    from gitops_gen import __version__

    traceback.print_exc()
    python = ".".join(map(str, sys.version_info[:3]))
    click.echo(
        f"this is a bug of gitops-gen {__version__} (Python {python}); please report the lines above",
        err=True,
    )
    return OUR_BUG


def _pipe_is_gone() -> int:
    """Whoever read our output has enough; what is left must not be written at exit."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return CLEAN
