"""The command line as click knows it: its options, its help, and what is wrong usage."""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gitops_gen import __version__
from gitops_gen.commands.answers import reported
from gitops_gen.plain_arguments import MOST_JOBS
from gitops_gen.terminal import echo

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

CLEAN, USAGE = 0, 2

COMMANDS: Mapping[str, tuple[str, str]] = {
    "checks": ("gitops_gen.commands.verify", "List the rules of verify, or explain one."),
    "cluster": ("gitops_gen.commands.cluster", "Onboard a cluster, take one away, list and show them."),
    "diff": ("gitops_gen.commands.diff", "Say what the model as it stands changes, by resource and field."),
    "pr": ("gitops_gen.commands.pull_request", "Open, update or close the pull request with the output."),
    "watch": ("gitops_gen.commands.watch", "Regenerate and verify on every save, until Ctrl-C."),
    "verify": ("gitops_gen.commands.verify", "Prove that rendered files agree."),
}
"""The commands with a module of their own, which is imported when they are called, and what `--help` says of them."""


class LazyGroup(click.Group):
    """A group that knows the names of its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*super().list_commands(ctx), *COMMANDS})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        command = getattr(import_module(COMMANDS[cmd_name][0]), cmd_name)
        assert isinstance(command, click.Command)  # noqa: S101 - the table above says so
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = [(name, self._help(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(rows)

    def _help(self, ctx: click.Context, name: str) -> str:
        if name in COMMANDS:
            return COMMANDS[name][1]
        command = super().get_command(ctx, name)
        return command.get_short_help_str(limit=100) if command else ""


_DRY_RUN = frozenset({"--dry-run", "-n"})
"""How a run that writes nothing is asked for elsewhere. Nothing that writes is ever offered in the place of it."""


def called(arguments: Sequence[str]) -> int:
    """Runs what the arguments ask for, and returns the exit code. Raises KeyboardInterrupt."""
    # None leaves it to the stream: colour on a terminal, none elsewhere (https://no-color.org).
    colour = False if os.environ.get("NO_COLOR") else None
    try:
        answer = main.main(list(arguments), prog_name="gitops-gen", standalone_mode=False, color=colour)
    except click.Abort:
        raise KeyboardInterrupt from None
    except click.ClickException as error:
        _with_its_place(error).show()
        return USAGE
    return answer if isinstance(answer, int) else CLEAN


def _with_its_place(error: click.ClickException) -> click.ClickException:
    """Returns what is wrong; with the place of an option that was given before its command, or behind it."""
    if not isinstance(error, click.NoSuchOption) or error.ctx is None:
        return error
    name, context = error.option_name, error.ctx
    if context.command is main:
        commands = {each: main.get_command(context, each) for each in main.list_commands(context)}
        places = [f"behind {each}" for each, command in commands.items() if command and _has(command, name)]
    else:
        places = ["before the command, right behind gitops-gen"] if _has(main, name) else []
    if places:
        return click.UsageError(f"No such option '{name}' here: it stands {' or '.join(places)}.", context)
    meant = _meant(context.command, name)
    if meant or name in _DRY_RUN:
        question = f" Did you mean {' or '.join(map(repr, meant))}?" if meant else ""
        return click.UsageError(f"No such option '{name}'.{question}", context)
    return error


def _meant(command: click.Command, name: str) -> list[str]:
    """Returns the options that one stands for which is not there: cut short, or called so by other commands."""
    options = [each for parameter in command.params for each in parameter.opts]
    if name in _DRY_RUN:
        return [each for each in options if each in {"--check", "--dry-run"}]
    return [each for each in options if name.startswith("--") and each.startswith(name)]


def _has(command: click.Command, option: str) -> bool:
    return any(option in each.opts for each in command.params)


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


_SCHEMAS = ("fleet", "environment", "app", "artifacts", "waivers", "diff")
"""What there is a JSON Schema for. The table of `schema` is not loaded to read the options of other commands."""

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
@click.option("--jobs", type=click.IntRange(1, MOST_JOBS), metavar="N", help="How many processes render.")
@_FORMAT
@click.pass_obj
def generate(root: Path, /, **asked: Any) -> int:
    """Bring output/ up to date with environments/ and templates/.

    Nothing is written unless everything can be rendered. A run that is limited to an environment, a cluster or
    an app writes only what lies wholly within that selection, and deletes nothing.
    """
    from gitops_gen.commands.generation import GenerateOptions
    from gitops_gen.commands.generation import generate as bring_up_to_date

    return bring_up_to_date(root, GenerateOptions(**asked))


@main.command(
    epilog="""\b
Examples:
  gitops-gen schema environment        print the schema of environments/<name>.yaml
  gitops-gen schema diff               print that of diff --format json
  gitops-gen schema --output schemas   write all of them, there where the first line
                                       of each model file says they are
"""
)
@click.argument("kind", required=False, type=click.Choice(_SCHEMAS))
@click.option(
    "--output",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write all schemas into this folder.",
)
@click.pass_obj
def schema(root: Path, kind: str | None, output: Path | None) -> int:
    """Print the JSON Schema of a kind of model file, of the waivers, or of a diff.

    Editors complete and check model files and waivers by it; programs read a diff by it.
    """
    from gitops_gen.schema import KINDS, schema_text, write_schemas

    if kind is not None and output is None:
        echo([schema_text(kind).rstrip()])
        return CLEAN
    if output is None:
        raise click.UsageError(f"name one of {', '.join(KINDS)}, or give --output")
    if kind is not None:
        raise click.UsageError(f"--output takes all schemas: give it alone, or {kind} alone, which is printed")

    def answer() -> int:
        echo([f"wrote {path}" for path in write_schemas(root, output)])
        return CLEAN

    return reported(answer, "text")
