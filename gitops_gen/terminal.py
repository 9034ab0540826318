"""What is printed, on which stream, and in colour where somebody looks at it.

Click knows terminals, and mends streams whose encoding is wrong. What a hook, an editor or CI reads is a plain stream:
that is written to without loading click, which would be a quarter of a `generate` with nothing to do.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO


class StreamError(Exception):
    """A stream that takes no more, as a file on a disk that is full."""


_ESCAPE = "\033"
_PLAIN = frozenset({"utf-8", "utf8"})


def is_terminal(stream: TextIO | None) -> bool:
    """Tells whether a stream is a terminal. What is closed, or stands in for a stream, may not say: it is none."""
    try:
        return stream is not None and stream.isatty()
    except (AttributeError, ValueError):
        return False


def is_watched() -> bool:
    """Tells whether one of the two streams is a terminal."""
    return is_terminal(sys.stdout) or is_terminal(sys.stderr)


def style(text: str, *, fg: str | None = None, bold: bool | None = None) -> str:
    """Returns a text with colour for a terminal. `echo` takes it off for a stream that is none."""
    if not is_watched():
        return text
    from click import style as styled

    return styled(text, fg=fg, bold=bold)


def echo(lines: Iterable[str], *, err: bool = False) -> None:
    """Prints lines. Where the reader has gone, as `| head` does, the rest is lost, but not the exit code.

    Raises StreamError.
    """
    try:
        for line in lines:
            _print(line, err=err)
    except BrokenPipeError:
        _close(err=err)
    except OSError as error:
        _close(err=err)
        raise StreamError(f"standard {'error' if err else 'output'}: cannot be written: {error.strerror}") from None


def _close(*, err: bool) -> None:
    """Sends what else is printed to nowhere, and what the stream still holds."""
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), (sys.stderr if err else sys.stdout).fileno())


def _print(line: str, *, err: bool) -> None:
    stream = sys.stderr if err else sys.stdout
    try:
        _write(line, stream, err=err)
    except UnicodeEncodeError as error:
        # The name of a file need not be UTF-8, and a stream need not have every sign.
        known = line.encode(error.encoding, "backslashreplace").decode(error.encoding)
        _write(known, stream, err=err)


def _write(line: str, stream: TextIO, *, err: bool) -> None:
    if _is_plain(stream) and _ESCAPE not in line:
        stream.write(f"{line}\n")
        stream.flush()
        return
    from click import echo as printed

    printed(line, err=err)


def _is_plain(stream: TextIO | None) -> bool:
    """True for what takes every text as it is."""
    encoding = getattr(stream, "encoding", None) or ""
    return encoding.lower() in _PLAIN and not is_terminal(stream)
