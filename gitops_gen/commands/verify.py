"""The commands of the proof as click knows them: verify judges rendered files, checks explains the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from gitops_gen.commands.verification import check_codes
from gitops_gen.plain_arguments import MOST_JOBS
from gitops_gen.terminal import echo

if TYPE_CHECKING:
    from pathlib import Path

CLEAN = 0


@click.command(
    epilog="""\b
Examples:
  gitops-gen verify                              the output folder of this project
  gitops-gen verify clusters/ apps/              files that somebody else wrote
  gitops-gen verify --repo https://github.com/example/charts.git=charts
  gitops-gen verify --select trust-subject       one rule only

\b
Exit codes:
  0  nothing is broken
  1  an error was found; with --strict, or a warning; or the waivers cannot be used
  2  wrong usage; or there is no file to judge
"""
)
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--repo", "repos", multiple=True, metavar="URL=PATH", help="This repository is on disk, here. May be repeated."
)
@click.option("--select", multiple=True, metavar="CODE", help="Only this rule. May be repeated.")
@click.option("--ignore", multiple=True, metavar="CODE", help="Not this rule. May be repeated.")
@click.option("--strict", is_flag=True, help="Exit code 1 for warnings too.")
@click.option("--waivers", metavar="FILE", help="Accepted findings; environments/waivers.yaml if it is there.")
@click.option("--jobs", type=click.IntRange(1, MOST_JOBS), metavar="N", help="How many processes share the work.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "junit", "github"]),
    default="text",
    help="How the answer is written.",
)
@click.pass_obj
def verify(root: Path, /, **asked: Any) -> int:
    """Prove that rendered files agree, from the ApplicationSet to each secret's path."""
    from gitops_gen.commands.verification import VerifyOptions
    from gitops_gen.commands.verification import verify as prove

    return prove(root, VerifyOptions(**asked))


@click.command(
    epilog="""\b
Examples:
  gitops-gen checks                              every rule, a line each
  gitops-gen checks trust-subject                how it fails at run time, and how to mend it
"""
)
@click.argument("code", required=False)
def checks(code: str | None) -> int:
    """List the rules of verify, or explain one."""
    from gitops_gen.explanations import explanations

    if code is not None:
        check_codes(code)
        echo([f"{code}: {explanations()[code]}"])
        return CLEAN
    titles = {code: explanation.splitlines()[0] for code, explanation in explanations().items()}
    width = max(map(len, titles))
    echo(f"{code:{width}}  {title}" for code, title in titles.items())
    return CLEAN
