"""The labels by which a pull request shows its impact in a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gitops_gen.diff.values import Report

ALL = "gitops-gen"
"""On every pull request of the bot; the others begin with it."""
DESTRUCTIVE = f"{ALL}/destructive"
BROKEN = f"{ALL}/verify-errors"

_LONGEST = 50
"""Characters of a label: the least of what the services take."""


def labels_of(report: Report, *, is_broken: bool) -> frozenset[str]:
    """Returns a label for each environment that is touched, for what is destructive, and for errors of verify."""
    environments = {f"{ALL}/{row.environment}"[:_LONGEST] for row in report.rows if row.environment}
    return frozenset(
        {ALL, *environments, *({DESTRUCTIVE} if report.destructive else ()), *({BROKEN} if is_broken else ())}
    )


def is_ours(label: str) -> bool:
    """Tells whether a label is one of the bot's; the others are people's, and left alone."""
    return label == ALL or label.startswith(f"{ALL}/")
