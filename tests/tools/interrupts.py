"""Ctrl-C for processes that tests start."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def heeded_interrupt() -> Iterator[None]:
    """A process that is started here heeds Ctrl-C, even where the tests run in the background of a shell script.

    There the shell has them ignore it, and so would whatever they start.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
