"""What a state says is what is read back from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.problems import Location, Problem, Related, Severity
from gitops_gen.signatures import Signatures
from gitops_gen.state import Known, make_state, read_state, write_state

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("severity", Severity)
def test_everything_is_read_back(tmp_path: Path, severity: Severity) -> None:
    related = (Related(Location("environments/dev.yaml", 3, 5), "the first"),)
    warning = Problem("code", "message", Location("environments/fleet.yaml", 1), "hint", severity, related)
    files = {
        "a/b.yaml": Known(bytes(range(1, 17)), bytes(range(16)), (1, 2, 3)),
        "c": Known(None, bytes(16), (4, 5, 6)),
    }
    inputs, folders = Signatures.of({"environments": (7, 8, 9)}), Signatures.of({"": (1, 1, 1), "a": (-1, -1, -1)})
    state = make_state("code", inputs, folders, files.items(), (warning,))
    write_state(tmp_path, state)
    assert read_state(tmp_path) == state
    assert {path: state.known_of(number) for number, path in enumerate(state.files.paths)} == files
