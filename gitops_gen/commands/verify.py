"""The commands of the proof: verify judges rendered files, checks explains the rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gitops_gen.commands.answers import reported, unknown_name

if TYPE_CHECKING:
    from pathlib import Path

    from gitops_gen.judge import Verdict

CLEAN, NO = 0, 1


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
@click.option("--jobs", type=click.IntRange(1, 64), metavar="N", help="How many processes share the work.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "junit", "github"]),
    default="text",
    help="How the answer is written.",
)
@click.pass_obj
def verify(
    root: Path,
    *,
    paths: tuple[str, ...],
    repos: tuple[str, ...],
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    strict: bool,
    waivers: str | None,
    jobs: int | None,
    form: str,
) -> int:
    """Prove that rendered files agree, from the ApplicationSet to each secret's path."""
    from gitops_gen.proof import verify as prove

    _check_codes(select, ignore)

    def answer() -> int:
        verdict = prove(
            root,
            [_relative(root, path) for path in paths],
            stated=dict(_repo(root, each) for each in repos),
            select=select,
            ignore=ignore,
            waivers=_relative(root, waivers) if waivers else None,
            jobs=jobs,
        )
        if not verdict.files:
            raise click.UsageError(_nothing_there(root, paths))
        _report(verdict, root, form)
        return CLEAN if verdict.is_clean(strict=strict) else NO

    return reported(answer, form)


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
    from gitops_gen.checks import CHECKS

    if code is None:
        width = max(len(check.code) for check in CHECKS)
        for check in CHECKS:
            click.echo(f"{check.code:{width}}  {check.title}")
        return CLEAN
    _check_codes((code,), ())
    explained = next(check for check in CHECKS if check.code == code)
    click.echo(f"{explained.code}: {explained.explanation.strip()}")
    return CLEAN


def _nothing_there(root: Path, paths: tuple[str, ...]) -> str:
    """Returns why no file was judged: a check that looks in the wrong place must not pass."""
    from gitops_gen.evidence import FLEET_FILE

    if paths:
        return f"there is no file to judge in {', '.join(paths)}"
    if (root / FLEET_FILE).is_file():
        return "there is no file to judge in output/; gitops-gen generate makes them"
    return "there is no file to judge here; run this in the right folder, or name it with -C"


def _report(verdict: Verdict, root: Path, form: str) -> None:
    from gitops_gen.checks import CHECKS

    rules = {check.code: check.explanation for check in CHECKS}
    match form:
        case "json":
            from gitops_gen.reports.json import problems_json

            click.echo(problems_json(verdict.problems))
        case "sarif":
            from gitops_gen.reports.sarif import sarif

            click.echo(sarif(verdict.problems, rules))
        case "junit":
            from gitops_gen.reports.junit import junit

            click.echo(junit(verdict.problems, rules))
        case "github":
            from gitops_gen.reports.github import github_lines

            click.echo("\n".join(github_lines(verdict.problems)))
        case _:
            from gitops_gen.reports.verdict import verdict_lines

            click.echo("\n".join(verdict_lines(verdict, root)))


def _check_codes(*given: tuple[str, ...]) -> None:
    codes = [code for some in given for code in some]
    if not codes:
        return
    from gitops_gen.judge import CANNOT_SAY, known_codes

    known = {*known_codes(), CANNOT_SAY}
    for code in codes:
        if code not in known:
            if known.issuperset(code.replace(",", " ").split()):
                raise click.UsageError(f"got {code}, expected one rule: give the option once for each")
            raise unknown_name("rule", code, known)


def _relative(root: Path, path: str) -> str:
    """Returns a path as the evidence names it: relative to the root."""
    full = (root / path).resolve()
    if not full.exists():
        raise click.UsageError(f"there is no {path}")
    if not full.is_relative_to(root.resolve()):
        raise click.UsageError(f"{path} is outside of {root}; run from a folder above both, or give it with -C")
    return full.relative_to(root.resolve()).as_posix()


def _repo(root: Path, stated: str) -> tuple[str, str]:
    url, equals, path = stated.rpartition("=")
    if not equals or not url or not path:
        raise click.UsageError(f"got --repo {stated}, expected URL=PATH")
    return url, _relative(root, path)
