"""Go programs as Python packages: one takes its time to start, and one that is loaded is lost to a process that forks.

To start, the runtime of Go needs no Python, so that Python may go on meanwhile. Of a program that is loaded when a
process is forked, only the calling thread comes along: to call it may wait for the others without end.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from threading import Thread

HCL_PARSER, HELM_ENGINE = "pygohcl", "helm_python"
_OF_GO = frozenset({HCL_PARSER, HELM_ENGINE})

_left_behind: set[str] = set()
"""The Go programs that this process has lost."""

_loading: list[Thread] = []


class LeftBehindError(Exception):
    """A worker needs a Go program that it has lost."""


def is_loaded(package: str) -> bool:
    """Tells whether a package has been imported."""
    return package in sys.modules


def check_callable(package: str) -> None:
    """Raises LeftBehindError for a Go program that this process has lost: whoever loads or calls one asks before."""
    if package in _left_behind:
        raise LeftBehindError(package)


def leave_go_behind() -> None:
    """Notes, in a process that was forked, which Go programs it has lost."""
    _left_behind.update(_OF_GO & sys.modules.keys())


def load_meanwhile(packages: Iterable[str]) -> None:
    """Starts to load some packages while this process goes on. Whoever imports one of them waits until it is there."""
    from threading import Thread

    _loading.append(Thread(target=_load, args=(tuple(packages),), daemon=True))
    _loading[-1].start()


def finish_loading() -> None:
    """Waits for what is being loaded: a process that is forked before that waits for it without end."""
    while _loading:
        _loading.pop().join()


def _load(packages: Iterable[str]) -> None:
    for package in packages:
        # Whoever needs it meets the same error.
        with suppress(Exception):
            __import__(package)
