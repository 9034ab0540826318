"""The command that says what the model as it stands changes, by resource and field."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import click

from gitops_gen.commands.answers import command_line, reported
from gitops_gen.terminal import echo, is_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from gitops_gen.diff import Report

CLEAN, NO = 0, 1


@click.command(
    epilog="""\b
Examples:
  gitops-gen diff                          what a commit of this would change
  gitops-gen diff origin/main              against a branch
  gitops-gen diff ../before                against a folder with generated files
  gitops-gen diff --format html > it.html  all of it, to look at
  gitops-gen diff --exit-code --format json

\b
Exit codes:
  0  done; with --exit-code, nothing differs
  1  with --exit-code, something differs; or the model or a template is invalid
  2  wrong usage
  4  git does not know BASE
"""
)
@click.argument("base", required=False)
@click.option("--exit-code", "tells", is_flag=True, help="Exit code 1 if something differs.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json", "html"]),
    default="text",
    help="How the answer is written.",
)
@click.pass_obj
def diff(root: Path, *, base: str | None, tells: bool, form: str) -> int:
    """Say what the model as it stands changes, by resource and field.

    BASE is a git revision, HEAD by default, or a folder with generated files. Nothing is written.
    """

    def answer() -> int:
        report = _compared(root, base)
        _show(report, form, command_line(root, "diff", *([base] if base else []), "--format", "html"))
        return NO if tells and not report.is_empty else CLEAN

    return reported(answer, form)


def _compared(root: Path, base: str | None) -> Report:
    from gitops_gen.model_diff import diff_project
    from gitops_gen.pipeline import open_project
    from gitops_gen.progress import progress
    from gitops_gen.reports.problem_lines import problem_lines

    project = open_project(root)
    echo(problem_lines(project.warnings), err=True)
    with progress("comparing", len(project.plan.artifacts)) as on_file:
        return diff_project(project, base, on_file=on_file)


def _show(report: Report, form: str, everything: str) -> None:
    match form:
        case "json":
            from gitops_gen.reports.diff_json import diff_json

            echo([diff_json(report)])
        case "markdown":
            from gitops_gen.reports.markdown import COMMENT, blocks, fitted

            echo([fitted(blocks(report), COMMENT, where=f"All of it: `{everything}`").rstrip("\n")])
        case "html":
            from gitops_gen.reports.diff_html import diff_html

            echo([diff_html(report)])
        case _:
            from gitops_gen.reports.diff_text import diff_lines

            _page(list(diff_lines(report, everything=everything)))


def _page(lines: list[str]) -> None:
    """Prints lines; on a terminal that they do not fit, through a pager."""
    if is_terminal(sys.stdout) and len(lines) >= shutil.get_terminal_size().lines:
        click.echo_via_pager("\n".join(lines))
    else:
        echo(lines)
