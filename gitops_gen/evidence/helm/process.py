"""The process that Helm's engine runs in, and what becomes of it.

It is started with the first question, or before: the engine is a Go program, which takes its time. One process asks one
engine: what is forked has one of its own.
"""

from __future__ import annotations

import os
import sys
from _thread import allocate_lock  # threading takes longer to load
from contextlib import suppress
from functools import cache
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

from gitops_gen.evidence.helm.errors import HelmLostError, HelmMissingError
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from _thread import LockType
    from collections.abc import Mapping
    from typing import BinaryIO

ENGINE = "helm_python"
"""The package of the engine."""

SECONDS = 60
"""What one question may take of the processor. Argo CD gives Helm 90 (ARGOCD_EXEC_TIMEOUT); a large chart takes one."""

MEMORY = 4 * 1024**3
"""Bytes that the engine may take."""

_NOBODY = "http://127.0.0.1:0"
_SURROUNDINGS = {
    "TZ": "UTC",
    **dict.fromkeys(("HTTP_PROXY", "HTTPS_PROXY"), _NOBODY),
    **dict.fromkeys(("NO_PROXY", "no_proxy"), ""),
}
"""What the engine is told that no chart tells, so that its answer is the same wherever it is asked.

A time that a template writes would follow the time zone of whoever runs this, and a schema may refer to another host,
which the engine would ask: it is told to do so by a port that nobody can listen at. Source: Helm v4.2.3,
pkg/chart/common/util/jsonschema.go, newHTTPURLLoader; golang.org/x/net/http/httpproxy, FromEnvironment.
"""
_BY_HAND = "start it by hand and see: python -c 'import helm_python'"
_PROGRAM = os.path.join(os.path.dirname(__file__), "engine.py")  # noqa: PTH118, PTH120 - a Path takes longer to load


class _Engine(NamedTuple):
    """A process that answers."""

    number: int
    asker: int
    """The process that asks it."""
    questions: BinaryIO
    answers: BinaryIO
    turn: LockType
    """Threads ask one after the other."""


_running: list[_Engine] = []
"""The engine, if it was started."""
_starting = allocate_lock()
"""Who starts the engine, or sees it end. Whoever forks waits for that, so that no process begins with half of it."""
os.register_at_fork(before=_starting.acquire, after_in_parent=_starting.release, after_in_child=_starting.release)


@cache
def is_installed() -> bool:
    """True if the engine is there; whether it runs on this machine, it says when it is asked."""
    return PathFinder.find_spec(ENGINE) is not None


def start() -> _Engine:
    """Returns the engine, which loads itself while this process goes on. Raises HelmLostError, HelmMissingError."""
    if not is_installed():
        raise HelmMissingError
    with _starting:
        if not _running or _running[0].asker != os.getpid():
            _running[:] = [_started()]
        return _running[0]


def ask(question: str, arguments: Mapping[str, object]) -> Mapping[str, object]:
    """Returns what the engine says: its `answer`, or why it has `refused`. Raises HelmLostError, HelmMissingError."""
    import json

    engine = start()
    with engine.turn:
        if engine.questions.closed:  # another thread was told that it has ended
            return ask(question, arguments)
        try:
            line = _asked(engine, json.dumps([question, arguments]).encode() + b"\n")
        except BaseException:
            # Whoever asks next would get the answer to this question.
            import signal

            with suppress(ProcessLookupError):
                os.kill(engine.number, signal.SIGKILL)
            _ended(engine)
            raise
        if not line.endswith(b"\n"):
            raise HelmLostError(_reason(_ended(engine)), "look for what in it, or in its values, has no end")
    answered: dict[str, object] = json.loads(line)
    if not answered:
        raise HelmMissingError
    return answered


def _asked(engine: _Engine, question: bytes) -> bytes:
    try:
        engine.questions.write(question)
        engine.questions.flush()
    except BrokenPipeError:
        return b""
    return engine.answers.readline()


def _started() -> _Engine:
    import json

    told = json.dumps({"path": sys.path, "seconds": SECONDS, "memory": MEMORY})
    ends: list[int] = []
    try:
        ends += os.pipe()
        ends += os.pipe()
        asked, questions, answers, answered = ends
        streams = [
            (os.POSIX_SPAWN_DUP2, asked, 0),
            (os.POSIX_SPAWN_DUP2, answered, 1),
            # Helm's warnings, some with a value in them, which may be a secret.
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ]
        isolation = ["-E"] if sys.flags.ignore_environment else []
        command = [sys.executable, *isolation, "-S", "-P", *_program(), told]
        number = os.posix_spawn(sys.executable, command, {**os.environ, **_SURROUNDINGS}, file_actions=streams)
    except OSError as error:
        for each in ends:
            os.close(each)
        raise HelmLostError(f"Helm's engine cannot be started: {error.strerror}", _BY_HAND) from error
    os.close(asked)
    os.close(answered)
    return _Engine(number, os.getpid(), os.fdopen(questions, "wb"), os.fdopen(answers, "rb"), allocate_lock())


def _program() -> list[str]:
    """Returns the engine's program as Python is told of it: by its file or, out of an archive, as a text."""
    if os.path.isfile(_PROGRAM):  # noqa: PTH113 - as above
        return [_PROGRAM]
    from pkgutil import get_data

    return ["-c", (get_data(__name__, "engine.py") or b"").decode()]


def _ended(engine: _Engine) -> int:
    """Returns how an engine has ended, once it has."""
    with _starting:
        _running[:] = [each for each in _running if each is not engine]
    status = 0
    with suppress(ChildProcessError):  # the system has reaped it, if this process ignores how its children end
        _, status = os.waitpid(engine.number, 0)
    engine.answers.close()
    with suppress(BrokenPipeError):
        engine.questions.close()
    return status


def _reason(status: int) -> str:
    import signal

    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return f"it takes Helm more than {SECONDS} seconds"
    memory = f"{MEMORY // 1024**3} GiB of memory"
    return f"Helm's engine broke down over it, as it does where {memory} are not enough, or not to be had"
