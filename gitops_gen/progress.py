"""The progress bar of long work: on standard error, on a terminal only, and only once it has taken a second."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gitops_gen.terminal import is_terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PATIENCE = 1.0
"""Seconds before a bar appears."""


@contextmanager
def progress(label: str, total: int) -> Iterator[Callable[[], None]]:
    """Gives the block a function to call after each of `total` steps."""
    if not is_terminal(sys.stderr):
        yield lambda: None
        return
    from click import progressbar

    started = time.monotonic()
    with progressbar(length=total, label=label, file=sys.stderr, hidden=True, update_min_steps=50) as bar:

        def step() -> None:
            if bar.hidden and time.monotonic() - started > PATIENCE:
                bar.hidden = False
            bar.update(1)

        yield step
