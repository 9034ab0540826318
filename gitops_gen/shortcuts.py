"""What a run may know without the whole model, from what the last one left: the way of nearly every run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple
from gitops_gen.outcome import Outcome
from gitops_gen.state import stamp_of
from gitops_gen.up_to_date import trusted_state, up_to_date

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from gitops_gen.problems import Problem


class Done(NamedTuple):
    """What a run came to."""

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
    from gitops_gen.small_change import small_change

    outcome = small_change(root, state, stamp, folder, on_wait)
    return None if outcome is None else Done(outcome, state.warnings)
