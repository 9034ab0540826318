"""The bar: on a terminal only, and only once the work has taken a second."""

from __future__ import annotations

import io
import os
import pty
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from gitops_gen import progress as progress_module
from gitops_gen.progress import progress

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Makes stderr a terminal; what was printed there is in the list when the block has ended."""
    leader, follower = pty.openpty()
    printed: list[str] = []
    with os.fdopen(follower, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, "stderr", stream)
        yield printed
        stream.write("|")
        stream.flush()
        text = ""
        while not text.endswith("|"):
            text += os.read(leader, 65536).decode()
        printed.append(text[:-1])
    os.close(leader)


def work(steps: int, *, breaks_at: int | None = None) -> None:
    with progress("generating", steps) as on_step:
        for step in range(steps):
            if step == breaks_at:
                raise ZeroDivisionError
            on_step()


def test_stream_that_is_no_terminal_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_module, "PATIENCE", -1.0)
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    work(200)
    assert stream.getvalue() == ""


def test_short_work_shows_no_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    with terminal(monkeypatch) as printed:
        work(200)
    assert printed == [""]


def test_long_work_shows_a_bar_that_ends_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_module, "PATIENCE", -1.0)
    with terminal(monkeypatch) as printed:
        work(200)
    [text] = printed
    drawn = [line for line in text.split("\r") if "generating" in line]
    assert " 25%" in drawn[0]
    assert "100%" in drawn[-1]
    assert text.endswith("\n")


def test_error_in_the_work_ends_the_bar_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(progress_module, "PATIENCE", -1.0)
    with terminal(monkeypatch) as printed, pytest.raises(ZeroDivisionError):
        work(200, breaks_at=100)
    assert "100%" not in printed[0]
    assert printed[0].endswith("\n")
