"""One run of a process: wall time, processor time, peak memory, and what it wrote."""

from __future__ import annotations

import ctypes
import itertools
import os
import resource
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

SAMPLE_SECONDS = 0.01
"""How often the memory of the processes is looked at; in the first tenth of a second, ten times as often."""

_CHILD_SUBREAPER = 36
_EARLY = 100
_is_sampled: ContextVar[bool] = ContextVar("is_sampled", default=True)
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, slots=True)
class Run:
    """What a process took. Times in seconds, memory in bytes."""

    wall: float
    cpu: float
    """User and system time, that of all processes that it started included."""
    memory: int
    """The most that it and its processes had resident together; what they share counts for each of them.

    Without samples, that of the largest one alone.
    """
    code: int
    out: bytes = b""


class UnexpectedCodeError(Exception):
    """A measured process ended with another exit code than the one that is meant."""


@contextmanager
def without_samples() -> Iterator[None]:
    """Times what runs in the block without looking at its memory meanwhile, which takes a part of a processor."""
    before = _is_sampled.set(False)
    try:
        yield
    finally:
        _is_sampled.reset(before)


def run(command: Sequence[str], *, cwd: Path, environment: Mapping[str, str], codes: Iterable[int] = (0,)) -> Run:
    """Runs a command to its end. Raises UnexpectedCodeError for an exit code that is not among `codes`.

    What was written before is on the disk when it starts: otherwise the system would write it meanwhile.
    """
    os.sync()
    with _adopting() as waited:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
        )
        memory, streams = _Memory(process.pid), _Streams(process)
        if _is_sampled.get():
            memory.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        memory.stop()
        out, err = streams.read()
        cpu = usage.ru_utime + usage.ru_stime + waited()
    if process.returncode not in codes:
        raise UnexpectedCodeError(f"{' '.join(command)}: exit code {process.returncode}\n{err.decode()}")
    return Run(wall, cpu, max(memory.peak, _exact_peak(usage)), process.returncode, out)


@contextmanager
def _adopting() -> Iterator[Callable[[], float]]:
    """Makes this process the parent of what measured ones leave behind in the block, whose time counts, too.

    Yields what waits for them, and returns the seconds of processor that they took. Elsewhere than on Linux nobody can
    be told of them. Source: prctl(2).
    """
    others = {*_children(os.getpid())}

    def waited() -> float:
        left = [os.wait4(pid, 0)[2] for pid in _children(os.getpid()) if pid not in others]
        return sum(usage.ru_utime + usage.ru_stime for usage in left)

    _set_subreaper(is_one=True)
    try:
        yield waited
    finally:
        _set_subreaper(is_one=False)


def _set_subreaper(*, is_one: bool) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_CHILD_SUBREAPER, int(is_one), 0, 0, 0)


def _exact_peak(usage: resource.struct_rusage) -> int:
    """Returns the peak of the largest process as the kernel counts it, which no sample misses.

    It starts with what this process had when it forked, and says nothing below that.
    """
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return usage.ru_maxrss * 1024 if usage.ru_maxrss > own else 0


class _Streams:
    """What the process prints, read while it runs: a full pipe would stop it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._read: dict[str, bytes] = {}
        self._threads = []
        for name, stream in (("out", process.stdout), ("err", process.stderr)):
            assert stream is not None  # noqa: S101 - Popen was told to make it
            thread = threading.Thread(target=lambda name=name, stream=stream: self._take(name, stream.read()))
            thread.start()
            self._threads.append((thread, stream))

    def read(self) -> tuple[bytes, bytes]:
        for thread, stream in self._threads:
            thread.join()
            stream.close()
        return self._read["out"], self._read["err"]

    def _take(self, name: str, text: bytes) -> None:
        self._read[name] = text


class _Memory(threading.Thread):
    """Looks at a process and all that it starts, and keeps the most that they had resident at one time."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._ended = threading.Event()
        self.peak = 0

    def run(self) -> None:
        for samples in itertools.count():
            self.peak = max(self.peak, sum(map(_resident, _family(self._pid))))
            if self._ended.wait(SAMPLE_SECONDS if samples > _EARLY else SAMPLE_SECONDS / 10):
                return

    def stop(self) -> None:
        self._ended.set()
        if self.ident is not None:
            self.join()


def _family(pid: int) -> Iterator[int]:
    """Yields a process and all that it started and that still run."""
    yield pid
    for child in _children(pid):
        yield from _family(child)


def _children(pid: int) -> list[int]:
    """Returns the processes whose parent a process is; none where the system does not tell. Source: proc(5)."""
    try:
        tasks = os.listdir(f"/proc/{pid}/task")  # noqa: PTH208 - a Path would cost more than the call
        started = [Path(f"/proc/{pid}/task/{task}/children").read_text(encoding="ascii") for task in tasks]
    except OSError:  # it has ended
        return []
    return [int(child) for child in " ".join(started).split()]


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]) * _PAGE
    except (OSError, IndexError):  # it has ended
        return 0


Seen: TypeAlias = "dict[str, tuple[int, int, int]]"
"""The files of a folder, by path, each with its inode, the time of its last change, and its size."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a process made or replaced."""

    files: int
    bytes: int
    elsewhere: int
    """How many of the files do not carry the name of what was edited."""


def look_at(folder: Path) -> Seen:
    """Returns the files below a folder as they are now."""
    found: Seen = {}
    waiting = [str(folder)] if folder.is_dir() else []
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                else:
                    status = entry.stat(follow_symlinks=False)
                    found[entry.path] = (status.st_ino, status.st_mtime_ns, status.st_size)
    return found


def written(before: Seen, after: Seen, edited: str = "") -> Written:
    """Returns what was made or replaced between two looks."""
    sizes = {path: seen[2] for path, seen in after.items() if before.get(path) != seen}
    return Written(len(sizes), sum(sizes.values()), sum(edited not in path for path in sizes))


def python(*arguments: str) -> tuple[str, ...]:
    """Returns the command that runs the Python that runs this."""
    return (sys.executable, *arguments)
