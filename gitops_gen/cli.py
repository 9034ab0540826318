"""The command line: runs what is asked for, and tells how it ended."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from gitops_gen.plain_arguments import plain_call
from gitops_gen.terminal import StreamError, echo

if TYPE_CHECKING:
    from collections.abc import Sequence

OUR_BUG = 3
REFUSED = 4
INTERRUPTED = 130


def run(arguments: Sequence[str]) -> int:
    """Runs the command line and returns the exit code: 0 clean, 1 no, 2 usage, 3 our bug, 4 refused from outside."""
    try:
        return _called(arguments)
    except KeyboardInterrupt:
        echo(["interrupted: no file is half-written, and the next run completes the rest"], err=True)
        return INTERRUPTED
    except StreamError as error:
        return _report_stream(error)
    except Exception:  # noqa: BLE001 - the one place that catches all: it reports, and says that it is our bug
        return _report_bug()


def _called(arguments: Sequence[str]) -> int:
    call = plain_call(arguments)
    if call is not None:
        try:
            return call()
        except Exception as error:
            if not _is_wrong_usage(error):
                raise
    # Nothing was done yet where the usage is wrong: click does the same, and tells it.
    from gitops_gen.commands.main import called

    return called(arguments)


def _is_wrong_usage(error: Exception) -> bool:
    from click import UsageError

    return isinstance(error, UsageError)


def _report_stream(error: StreamError) -> int:
    with suppress(StreamError):  # the other stream may be the same file
        echo([str(error), "  hint: make room there, or send it elsewhere; then run this again"], err=True)
    return REFUSED


def _report_bug() -> int:
    import traceback

    from gitops_gen import __version__

    traceback.print_exc()
    python = ".".join(map(str, sys.version_info[:3]))
    echo([f"this is a bug of gitops-gen {__version__} (Python {python}); please report the lines above"], err=True)
    return OUR_BUG
