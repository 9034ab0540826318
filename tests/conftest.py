"""What several test modules start from."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.tools.generated import PROJECT, Generated, real, wide

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Prints the score of the mutation tests, wherever they ran."""
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            for name, value in getattr(report, "user_properties", ()):
                if name == "mutations":
                    terminalreporter.write_line(f"mutations of {value}")


@pytest.fixture(autouse=True, scope="session")
def _no_answers_of_other_runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keeps what Helm's engine answers out of the folder of whoever runs the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("caches")))
        yield


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
