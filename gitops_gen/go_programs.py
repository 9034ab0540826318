"""Go programs as Python packages: one that is loaded is lost to a process that forks.

Only the calling thread comes along, and to call the program may wait for its other threads without end.
"""

from __future__ import annotations

import sys

HCL_PARSER = "pygohcl"
_OF_GO = frozenset({HCL_PARSER})

_left_behind: set[str] = set()
"""The Go programs that this process has lost."""


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
