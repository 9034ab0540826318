"""The commands that have a module of their own. A module is imported when its command is called, not before."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Mapping

COMMANDS: Mapping[str, tuple[str, str]] = {
    "checks": ("gitops_gen.commands.verify", "List the rules of verify, or explain one."),
    "cluster": ("gitops_gen.commands.cluster", "Onboard a cluster, take one away, list and show them."),
    "diff": ("gitops_gen.commands.diff", "Say what the model as it stands changes, by resource and field."),
    "pr": ("gitops_gen.commands.pull_request", "Open, update or close the pull request with the output."),
    "watch": ("gitops_gen.commands.watch", "Regenerate and verify on every save, until Ctrl-C."),
    "verify": ("gitops_gen.commands.verify", "Prove that rendered files agree."),
}
"""The module of each command, and what `--help` says of it."""


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
