"""What the last run left, and what it makes unnecessary of this one.

`unchanged` tells that there is nothing to do, `small_change` makes the files of a few edited clusters, and
`incremental` spares a whole run the files that stay as they are. This module takes the first two ways, which are those
of nearly every run, and loads the model only for the second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.last_run.state import stamp_of
from gitops_gen.last_run.unchanged import trusted_state, up_to_date
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from gitops_gen.problems import Problem


class Done(NamedTuple):
    """What a run came to that took a short way."""

    outcome: Outcome
    warnings: Sequence[Problem]
    """Those of the model."""


def shortcut(root: Path, folder: str = "output", on_wait: Callable[[], None] = lambda: None) -> Done | None:
    """Brings the output folder up to date where little or nothing is to do; None if it takes a whole run to know."""
    stamp = stamp_of(root)
    state = trusted_state(root)
    if state is None:
        return None
    if up_to_date(root, state, folder):
        return Done(Outcome((), (), len(state.files.paths)), state.warnings)
    from gitops_gen.last_run.small_change import small_change

    outcome = small_change(root, state, stamp, folder, on_wait)
    return None if outcome is None else Done(outcome, state.warnings)
