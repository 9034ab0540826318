"""What is loaded meanwhile is there for whoever asks, and a process that is forked never waits for it."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest

from gitops_gen.background import Background
from gitops_gen.go_programs import finish_loading, is_loaded, load_meanwhile

if TYPE_CHECKING:
    from pathlib import Path

PROGRAM = "slow_program_of_a_test"


@pytest.fixture
def go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Lets a package be loaded to its end, which waits for it."""
    event = threading.Event()
    monkeypatch.setattr(threading, "event_of_a_test", event, raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, PROGRAM, raising=False)
    (tmp_path / f"{PROGRAM}.py").write_text("import threading\nthreading.event_of_a_test.wait()\nDONE = True\n")
    return event


def test_this_process_goes_on_meanwhile(go_on: threading.Event) -> None:
    load_meanwhile([PROGRAM])
    assert not hasattr(sys.modules.get(PROGRAM), "DONE")
    go_on.set()
    finish_loading()
    assert is_loaded(PROGRAM)
    assert sys.modules[PROGRAM].DONE is True


def test_whoever_imports_it_has_all_of_it(go_on: threading.Event) -> None:
    load_meanwhile([PROGRAM])
    threading.Timer(0.05, go_on.set).start()
    assert __import__(PROGRAM).DONE is True
    finish_loading()


def test_a_process_is_forked_when_it_is_loaded(go_on: threading.Event) -> None:
    load_meanwhile([PROGRAM])
    threading.Timer(0.05, go_on.set).start()
    background = Background(lambda: iter([__import__(PROGRAM).DONE]))
    assert background.take() is True
    background.close()


def test_what_cannot_be_loaded_is_told_to_whoever_needs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "broken_program.py").write_text("raise OSError('no such architecture')\n")
    load_meanwhile(["none_such_of_a_test", "broken_program", "colorsys"])
    finish_loading()
    assert is_loaded("colorsys")
    with pytest.raises(OSError, match="no such architecture"):
        __import__("broken_program")
