"""Values that a second process works out while this one goes on, and that are taken one after the other.

Only what is sent comes back: the process forks, and what it changes by itself is gone with it.
"""

from __future__ import annotations

import marshal
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Generic, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from io import BufferedReader

T = TypeVar("T")

_AHEAD = 16 * 1024 * 1024
"""Bytes that wait to be taken, before the other process waits, too."""
_PIPE_SIZE = 1024 * 1024
_USUAL_SIZE = 64 * 1024
"""Bytes that a pipe of Linux holds as it is made: what sends less need not ask for more (man 7 pipe)."""


_plain = cast("Callable[[object], bytes]", marshal.dumps)


class Flush:
    """Yielded by what works, and not sent: all that was sent is to be taken before it goes on."""


FLUSH = Flush()


_LENGTH = 8
"""Bytes that say how many a value takes."""
_PLAIN, _PICKLED = b"m", b"p"
"""How a value is written."""


class Background(Generic[T]):
    """A process that yields values, each to be taken once. What stops it, ends them; nothing is raised.

    Nor does it yield any where no other process can be made: `is_made` tells.
    """

    def __init__(self, work: Callable[[], Iterable[T | Flush]]) -> None:
        """What is of Python's own types alone is sent without anything being loaded. All else must be picklable."""
        _reap()
        read, write = os.pipe()
        self._child = _forked()
        if self._child == 0:
            _run(work, read, write)
        os.close(write)
        self._pipe = cast("BufferedReader", os.fdopen(read, "rb", buffering=_PIPE_SIZE))

    @property
    def is_made(self) -> bool:
        """True if the process was made, whatever has become of it."""
        return self._child is not None

    def take(self) -> T | None:
        """Returns the next value, and waits for it; None when there are no more."""
        length = int.from_bytes(self._pipe.read(_LENGTH))
        is_plain = self._pipe.read(1) == _PLAIN
        data = self._pipe.read(length)
        if not data or len(data) < length:
            return None
        if is_plain:
            return cast("T", marshal.loads(data))  # noqa: S302 - from our own process, through our own pipe
        import pickle

        return cast("T", pickle.loads(data))  # noqa: S301 - as above

    def is_ready(self) -> bool:
        """Returns whether there is something to take, and nobody has to wait for its beginning."""
        os.set_blocking(self._pipe.fileno(), False)
        try:
            return bool(self._pipe.peek(1))
        finally:
            os.set_blocking(self._pipe.fileno(), True)

    def let_go(self) -> None:
        """As `close`, of a process that has sent all: it frees what it holds while this one goes on."""
        self._pipe.close()
        if self._child is not None:
            _let_go.append(self._child)

    def close(self) -> None:
        """Ends the process, whatever it was about to send."""
        self._pipe.close()
        if self._child is None:
            return
        with suppress(ChildProcessError):  # the system has reaped it, if this process ignores how its children end
            os.waitpid(self._child, 0)


_let_go: list[int] = []
"""The processes that have sent all, and that nobody has waited for."""


def _reap() -> None:
    """Takes note of the processes that were let go and have come to their end since."""
    for child in _let_go[:]:
        try:
            is_over = os.waitpid(child, os.WNOHANG) != (0, 0)
        except ChildProcessError:
            is_over = True
        if is_over:
            with suppress(ValueError):  # another thread has noted it
                _let_go.remove(child)


def _forked() -> int | None:
    """Returns the number of another process, or 0 in it; None where the system allows none, or there are threads.

    What another thread has locked, such as a module that it is importing, would stay locked in the other process.
    """
    threads = sys.modules.get("threading")
    if threads is not None and threads.active_count() > 1:
        return None
    try:
        return os.fork()
    except OSError:  # a limit of processes or of memory is reached
        return None


def _run(work: Callable[[], Iterable[T | Flush]], read: int, write: int) -> None:
    """Sends what the work yields, and ends this process. It has nothing of its parent's to end."""
    try:
        os.close(read)
        _send(work(), write)
    except BaseException:  # noqa: BLE001 - the parent does what is left, and meets the same error
        os._exit(1)
    os._exit(0)


def _sent(value: object) -> bytes:
    """Returns a value as it is sent: how many bytes it takes, how it is written, and these."""
    try:
        kind, data = _PLAIN, _plain(value)
    except ValueError:  # there is something in it that is not of Python's own types
        import pickle

        kind, data = _PICKLED, pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    return len(data).to_bytes(_LENGTH) + kind + data


def _send(values: Iterable[object], pipe: int) -> None:
    waiting = bytearray()
    is_wide = False
    for value in values:
        if value is FLUSH:
            _write_all(pipe, waiting)
            continue
        waiting += _sent(value)
        if len(waiting) > _USUAL_SIZE and not is_wide:
            _widen(pipe)
            is_wide = True
        os.set_blocking(pipe, len(waiting) > _AHEAD)
        del waiting[: _written(pipe, waiting)]
    _write_all(pipe, waiting)


def _write_all(pipe: int, waiting: bytearray) -> None:
    """Writes what waits, and for as long as that takes."""
    os.set_blocking(pipe, True)
    while waiting:
        del waiting[: _written(pipe, waiting)]


def _written(pipe: int, data: bytearray) -> int:
    try:
        return os.write(pipe, data)
    except BlockingIOError:
        return 0


def _widen(pipe: int) -> None:
    """Makes room in a pipe, as far as the system knows how to."""
    import fcntl

    if hasattr(fcntl, "F_SETPIPE_SZ"):
        try:
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_SIZE)
        except OSError:
            return
