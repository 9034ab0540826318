"""What a state says is what is read back from it."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import pytest

from gitops_gen.digests import NO_KEY
from gitops_gen.last_run.state import FOLDER, NOTHING_KNOWN, State, read_state, write_state
from gitops_gen.problems import Location, Problem, Related, Severity
from gitops_gen.signatures import Signatures

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["templates/a\nb", os.fsdecode(b"templates/\xff.j2"), "templates/é"])
def test_whatever_a_file_is_called_is_read_back(tmp_path: Path, name: str) -> None:
    state = NOTHING_KNOWN._replace(inputs=Signatures.of({name: (1, 2, 3), "b": (4, 5, 6)}))
    write_state(tmp_path, state)
    assert read_state(tmp_path) == state


def test_of_a_state_that_cannot_be_written_nothing_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: str) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    write_state(tmp_path, NOTHING_KNOWN)
    before = sorted((tmp_path / FOLDER).iterdir())
    monkeypatch.setattr(os, "replace", refuse)
    write_state(tmp_path, NOTHING_KNOWN)
    assert sorted((tmp_path / FOLDER).iterdir()) == before


@pytest.mark.parametrize("severity", Severity)
def test_everything_is_read_back(tmp_path: Path, severity: Severity) -> None:
    related = (Related(Location("environments/dev.yaml", 3, 5), "the first"),)
    warning = Problem("code", "message", Location("environments/fleet.yaml", 1), "hint", severity, related)
    key, content = bytes(range(1, 17)), bytes(range(16))
    files, digests = Signatures.of({"a/b.yaml": (1, 2, 3), "c": (4, 5, 6)}), key + content + NO_KEY + content
    inputs, folders = Signatures.of({"environments": (7, 8, 9)}), Signatures.of({"": (1, 1, 1), "a": (-1, -1, -1)})
    state = State("code", inputs, folders, files, digests, (warning,), b"fleet")
    write_state(tmp_path, state)
    assert read_state(tmp_path) == state
    assert [state.key(number) for number in range(2)] == [key, None]
    assert [state.content(number) for number in range(2)] == [content, content]
    assert [state.digests_of(number) for number in range(2)] == [key + content, NO_KEY + content]
