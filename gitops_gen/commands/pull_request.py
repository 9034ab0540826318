"""The commands of the bot: the pull request that brings the output up to date, and a comment on a person's."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gitops_gen.commands.answers import reported
from gitops_gen.terminal import echo

if TYPE_CHECKING:
    from collections.abc import Callable

    from gitops_gen.pull_request.bot import Options
    from gitops_gen.pull_request.rounds import Ran
    from gitops_gen.pull_request.values import Action

CLEAN, NO = 0, 1

_SERVICES = ("github", "gitlab", "gitea", "forgejo")
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, path_type=Path)

_SHARED = (
    click.option("--dry-run", is_flag=True, help="Say what would be done, and write nothing."),
    click.option("--repo", "checkout", metavar="PATH", type=_FOLDER, help="The output lives in this checkout."),
    click.option("--clone", metavar="URL", help="The output lives there; a clone is made, and thrown away."),
    click.option("--base", metavar="B", help="The branch to compare with; else the one that Argo CD follows."),
    click.option("--remote", metavar="R", default="origin", show_default=True, help="The remote of the checkout."),
    click.option("--service", type=click.Choice(_SERVICES), help="What hosts the remote, if its URL does not tell."),
    click.option("--service-url", metavar="URL", help="The address of a self-hosted service, if not the remote's."),
    click.option("--project", metavar="OWNER/NAME", help="The repository on the service, if not the remote's path."),
    click.option("--prune", is_flag=True, help="Take out orphaned files of protected environments too."),
    click.option("--report", metavar="FILE", type=_FILE, help="Write the whole report there, as Markdown."),
    click.option(
        "--timeout",
        metavar="S",
        type=click.FloatRange(min=0, min_open=True),
        default=15.0,
        help="Seconds that an answer may take; 15 by default.",
    ),
    click.option(
        "--wait",
        metavar="S",
        type=click.FloatRange(min=0),
        default=60.0,
        help="Seconds to wait for a rate limit; 60 by default.",
    ),
    click.option(
        "--format", "form", type=click.Choice(["text", "json"]), default="text", help="How the answer is written."
    ),
    click.pass_obj,
)


def _with_shared(command: Callable[..., int]) -> Callable[..., int]:
    for option in reversed(_SHARED):
        command = option(command)
    return command


@click.group(
    invoke_without_command=True,
    epilog="""\b
Examples:
  gitops-gen pr                                open, update or close the pull request
  gitops-gen pr --dry-run --format json        say what would be done
  gitops-gen pr --repo ../gitops               the output lives in a checkout beside it
  gitops-gen pr --clone https://git.example.com/team/gitops.git --service gitlab
  gitops-gen pr comment 12                     what pull request 12 changes, as a comment

\b
Exit codes: 0 done, or nothing to do; 1 stopped: the branch has commits of a person,
the model is invalid or older than the base, or a secret would be pushed; 2 wrong
usage; 4 git or the service refused: run it again.
""",
)
@click.option("--branch", metavar="B", help="The bot's branch; gitops-gen/<fleet>/<base> by default.")
@click.option("--take-over", is_flag=True, help="Replace commits of a person on the bot's branch.")
@_with_shared
@click.pass_context
def pr(context: click.Context, /, root: Path, *, form: str, report: Path | None, **stated: Any) -> int:
    """Bring output/ up to date by a pull request: open it, update it, or close it.

    The work tree, the index and HEAD stay as they are. The token comes from the environment: GH_TOKEN or
    GITHUB_TOKEN, GITLAB_TOKEN or CI_JOB_TOKEN, GITEA_TOKEN, FORGEJO_TOKEN. Needs gitops-gen[pr].
    """
    if context.invoked_subcommand is not None:
        return CLEAN
    return _run(root, _options(**stated), None, form, report)


@pr.command(
    epilog="""\b
Examples:
  gitops-gen pr comment 12
  gitops-gen pr comment 12 --dry-run
"""
)
@click.argument("number", type=click.IntRange(min=1))
@_with_shared
def comment(root: Path, *, number: int, form: str, report: Path | None, **stated: Any) -> int:
    """Say what a person's pull request changes in the rendered files, in one comment.

    It compares what the model as it is checked out renders with the output where the pull request went off. The
    comment is updated in place, and goes when nothing differs any more.
    """
    return _run(root, _options(**stated), number, form, report)


def _options(
    *,
    checkout: Path | None,
    clone: str | None,
    remote: str,
    service: str | None,
    service_url: str | None,
    project: str | None,
    wait: float,
    **stated: Any,
) -> Options:
    from gitops_gen.forges.addresses import Service, Stated
    from gitops_gen.pull_request.bot import Options
    from gitops_gen.pull_request.place import Wanted
    from gitops_gen.remote import read_remote

    if clone is not None and read_remote(clone).credentials is not None:
        raise click.UsageError("--clone with a user in the URL: leave it out, and put the token into the environment")
    if checkout is not None and clone is not None:
        raise click.UsageError("--repo and --clone exclude each other: the output lives in one place")
    where = Wanted(remote, checkout, clone)
    hosted = Stated(Service(service) if service else None, service_url, project)
    return Options(where=where, service=hosted, longest_wait=wait, **stated)


def _run(root: Path, options: Options, number: int | None, form: str, report: Path | None) -> int:
    def answer() -> int:
        from gitops_gen.pipeline import open_project
        from gitops_gen.pull_request.bot import connected
        from gitops_gen.pull_request.rounds import Run
        from gitops_gen.reports.problem_lines import problem_lines

        project = open_project(root)
        if form == "text":
            echo(problem_lines(project.warnings), err=True)
        with connected(project, options, with_model=number is not None) as bot:
            run = Run(bot, _teller(form))
            ran = run.pull_request() if number is None else run.comment(number)
        _write_reports(ran, options, report)
        return _answer(ran, options, form)

    return reported(answer, form)


def _teller(form: str) -> Callable[[Action], None]:
    from gitops_gen.reports.pull_request import action_line

    def tell(action: Action) -> None:
        if form == "text":
            echo([f"done: {action_line(action)}"], err=True)

    return tell


def _answer(ran: Ran, options: Options, form: str) -> int:
    from gitops_gen.pull_request.values import Stop
    from gitops_gen.reports.pull_request import done_lines, plan_json, plan_lines

    echo((f"warning: {note}" for note in ran.notes), err=True)
    if form == "json":
        echo([plan_json(ran, dry_run=options.dry_run)])
    else:
        echo(plan_lines(ran) if options.dry_run else done_lines(ran))
    return NO if any(isinstance(action, Stop) for action in ran.actions) else CLEAN


def _write_reports(ran: Ran, options: Options, report: Path | None) -> None:
    from gitops_gen.pull_request.summary import append_summary, write_report

    if report is not None:
        write_report(ran.report, report)
    job = os.environ.get("GITHUB_STEP_SUMMARY")
    if job and not options.dry_run:
        append_summary(ran.report, Path(job))
