"""Folders that nobody may look into: each command says so, and none takes what is in them for absent."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.tools import fleets
from tests.tools.command import gitops_gen

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")

FOLDER = "cannot be listed: Permission denied\n  hint: make it a readable folder\n"
FILE = "cannot be read: Permission denied\n  hint: make it a file that you can read\n"
MODEL = (
    f"environments: unreadable-folder: {FOLDER}"
    f"environments/apps: unreadable-folder: {FOLDER}"
    f"environments/fleet.yaml: unreadable-file: {FILE}"
)
BASE = (
    "BASE: unreadable-base: before cannot be read: Permission denied\n"
    "  hint: make it readable, or name another folder\n"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return fleets.write(tmp_path, fleets.model(environments={"dev": fleets.environment(fleets.cluster())}))


@pytest.fixture
def closed(root: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder of the fleet, by the name that the test gives, closed for as long as the test runs."""
    folder = root / request.param
    folder.mkdir(exist_ok=True)
    folder.chmod(0)
    yield folder
    folder.chmod(0o700)


@pytest.mark.parametrize(
    ("closed", "arguments", "told"),
    [
        ("environments", ["generate"], (1, MODEL)),
        ("environments", ["generate", "--check"], (1, MODEL)),
        ("environments", ["diff"], (1, MODEL)),
        ("environments", ["cluster", "list"], (1, MODEL)),
        ("templates", ["generate"], (1, f"templates: unreadable-folder: {FOLDER}")),
        (
            "before",
            ["diff", "before"],
            (4, BASE),
        ),
    ],
    indirect=["closed"],
)
def test_a_closed_folder_is_told(root: Path, closed: Path, arguments: list[str], told: tuple[int, str]) -> None:
    answer = gitops_gen(root, *arguments)
    assert closed.is_dir()
    assert (answer.code, answer.err) == told


@pytest.mark.parametrize(
    ("closed", "paths", "told"),
    [
        ("output", [], "output may not be read: look at its owner and its mode\n"),
        ("clusters", ["clusters"], "clusters may not be read: look at its owner and its mode\n"),
        ("environments", [], "there is no file to judge here; run this in the right folder, or name it with -C\n"),
    ],
    indirect=["closed"],
)
def test_verify_does_not_pass_over_a_closed_folder(root: Path, closed: Path, paths: list[str], told: str) -> None:
    answer = gitops_gen(root, "verify", *paths)
    assert closed.is_dir()
    assert (answer.code, answer.out, answer.err.rpartition("Error: ")[2]) == (2, "", told)


@pytest.mark.parametrize("closed", ["environments"], indirect=True)
def test_a_closed_folder_above_is_none_of_ours(root: Path, closed: Path) -> None:
    (root / "elsewhere").mkdir()
    assert closed.is_dir()
    assert gitops_gen(root / "elsewhere", "generate").err == (
        "environments/fleet.yaml: no-fleet: there is no such file, and every fleet has one\n"
        "  hint: run this in the folder that has environments/, or name it with -C; docs/model.md says what to write\n"
    )
