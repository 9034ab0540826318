"""Python's collector of cyclic garbage, which walks a growing value again and again: as long as building it takes."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


_AT_START = gc.get_freeze_count()
"""What is out of the collector's reach before anything is built: Python 3.12 puts some hundred values there itself."""


@contextmanager
def collector_paused() -> Iterator[None]:
    """Pauses the collector where what is built is no garbage: afterwards that is old, and not looked at at once."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            _make_old()
            gc.enable()


def _make_old() -> None:
    """Puts all there is where the collector comes last, but for what somebody else has put out of its reach."""
    if gc.get_freeze_count() <= _AT_START:
        gc.freeze()
        gc.unfreeze()
