"""What a second process works out comes one after the other, and what stops it stops nobody else."""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest

from gitops_gen.background import FLUSH, Background

if TYPE_CHECKING:
    from collections.abc import Iterator


def taken(background: Background[object]) -> list[object]:
    """All that comes."""
    return list(iter(background.take, None))


def closed(background: Background[object]) -> None:
    """Ends it, and sees that its process is gone."""
    background.close()
    with pytest.raises(ChildProcessError):
        os.waitpid(background._child or 0, os.WNOHANG)


def test_the_values_come_in_order_from_another_process() -> None:
    background: Background[object] = Background(lambda: iter([1, "two", {"three": 3.0}, os.getpid()]))
    *values, process = taken(background)
    assert values == [1, "two", {"three": 3.0}]
    assert process != os.getpid()
    assert background.take() is None
    closed(background)


def test_a_process_that_is_let_go_is_reaped_when_the_next_one_is_made() -> None:
    background: Background[object] = Background(lambda: iter([1]))
    assert taken(background) == [1]
    process = background._child or 0
    background.let_go()
    while os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        time.sleep(0.01)
    closed(Background(lambda: iter([2])))
    with pytest.raises(ChildProcessError):
        os.waitpid(process, os.WNOHANG)


def test_a_process_that_is_let_go_may_take_its_time() -> None:
    read, write = os.pipe()

    def work() -> Iterator[int]:
        yield 1
        os.read(read, 1)

    background: Background[int] = Background(work)
    assert background.take() == 1
    process = background._child or 0
    background.let_go()
    closed(Background(lambda: iter([2])))
    assert os.waitpid(process, os.WNOHANG) == (0, 0)
    os.write(write, b".")
    while os.waitid(os.P_PID, process, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        time.sleep(0.01)
    closed(Background(lambda: iter([3])))
    with pytest.raises(ChildProcessError):
        os.waitpid(process, os.WNOHANG)


def test_what_is_flushed_is_taken_before_more_is_worked_out() -> None:
    read, write = os.pipe()
    large = bytes(40_000_000)

    def work() -> Iterator[object]:
        yield large
        yield FLUSH
        os.read(read, 1)
        yield 2

    background: Background[object] = Background(work)
    assert background.take() == large
    os.write(write, b".")
    assert taken(background) == [2]
    closed(background)


def test_whether_there_is_something_to_take_is_told_without_waiting() -> None:
    read, write = os.pipe()

    def work() -> Iterator[int]:
        os.read(read, 1)
        yield 1
        os.read(read, 1)

    background: Background[object] = Background(work)
    assert not background.is_ready()
    os.write(write, b".")
    while not background.is_ready():
        time.sleep(0.01)
    assert background.is_ready()
    assert background.take() == 1
    assert not background.is_ready()
    os.write(write, b".")
    assert background.take() is None
    assert not background.is_ready()
    closed(background)


def test_more_than_a_pipe_holds_is_worked_out_before_it_is_asked_for() -> None:
    background: Background[object] = Background(lambda: (bytes([number]) * 1_000_000 for number in range(40)))
    time.sleep(0.2)
    assert taken(background) == [bytes([number]) * 1_000_000 for number in range(40)]
    closed(background)


def test_what_waits_to_be_taken_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gitops_gen.background._AHEAD", 3_000_000)
    read, write = os.pipe()

    def values() -> Iterator[bytes]:
        for _ in range(40):
            os.write(write, b".")
            yield bytes(1_000_000)

    background: Background[object] = Background(values)
    time.sleep(0.5)
    assert len(os.read(read, 100)) < 10
    assert len(taken(background)) == 40
    closed(background)
    os.close(read)
    os.close(write)


def test_what_fails_ends_the_values_without_a_word(capfd: pytest.CaptureFixture[str]) -> None:
    def values() -> Iterator[int]:
        yield 1
        raise ValueError

    background: Background[object] = Background(values)
    assert taken(background) == [1]
    closed(background)
    assert capfd.readouterr() == ("", "")


def test_what_is_killed_ends_the_values() -> None:
    def values() -> Iterator[int]:
        yield 1
        os.kill(os.getpid(), signal.SIGKILL)

    background: Background[object] = Background(values)
    assert taken(background) == [1]
    closed(background)


def test_where_the_system_allows_no_other_process_there_are_no_values(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused() -> int:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    before = set(Path("/proc/self/fd").iterdir())
    with monkeypatch.context() as patched:
        patched.setattr("os.fork", refused)
        background: Background[object] = Background(lambda: iter([1]))

    assert not background.is_made
    assert background.take() is None
    background.close()
    assert set(Path("/proc/self/fd").iterdir()) == before


def test_beside_another_thread_no_process_is_made() -> None:
    is_over = Event()
    thread = Thread(target=is_over.wait)
    thread.start()
    try:
        background: Background[object] = Background(lambda: iter([1]))
    finally:
        is_over.set()
        thread.join()

    assert not background.is_made
    assert background.take() is None
    background.close()


def test_what_nobody_takes_is_given_up() -> None:
    def values() -> Iterator[bytes]:
        while True:
            yield bytes(1_000_000)

    background: Background[object] = Background(values)
    assert background.take() == bytes(1_000_000)
    closed(background)


def test_what_was_written_before_is_written_once(capfd: pytest.CaptureFixture[str]) -> None:
    sys.stdout.write("before")
    background: Background[object] = Background(lambda: iter([1]))
    assert taken(background) == [1]
    closed(background)
    sys.stdout.write(" after\n")
    sys.stdout.flush()
    assert capfd.readouterr().out == "before after\n"


def test_it_is_closed_where_the_ends_of_processes_are_ignored() -> None:
    heeded = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        background: Background[object] = Background(lambda: iter([1]))
        assert taken(background) == [1]
        closed(background)
    finally:
        signal.signal(signal.SIGCHLD, heeded)
