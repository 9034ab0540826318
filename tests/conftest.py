"""What several test modules start from."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.tools.generated import PROJECT, Generated, real, wide

if TYPE_CHECKING:
    from pathlib import Path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the score of the mutation tests, wherever they ran."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in getattr(report, "user_properties", ()):
                if name == "mutations":
                    terminalreporter.write_line(f"mutations of {value}")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of this repository's own fleet, to be changed. It has no templates of its own."""
    shutil.copytree(PROJECT / "environments", tmp_path / "project" / "environments")
    return tmp_path / "project"


@pytest.fixture
def wide_project(tmp_path: Path) -> Path:
    """A copy of the wide fleet, to be changed."""
    shutil.copytree(PROJECT / "tests" / "fleets" / "wide", tmp_path / "wide")
    return tmp_path / "wide"


@pytest.fixture(params=[real, wide], ids=["six clusters", "wide"])
def fleet(request: pytest.FixtureRequest) -> Generated:
    """The generated files of each of the two fleets, rendered once for all tests."""
    found: Generated = request.param()
    return found
