"""Every mistake of tests/examples/invalid, and exactly what gitops-gen says about it.

How a case is laid out and added: tests/examples/invalid/README.md.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gitops_gen.cli import run

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
BASE = Path(__file__).parent / "examples" / "base"
INVALID = Path(__file__).parent / "examples" / "invalid"
EXPECTED = "expected.txt"
UPDATE = os.environ.get("UPDATE_EXPECTED") == "1"

CASES = sorted(folder.name for folder in INVALID.iterdir() if folder.is_dir())


# --- mistakes that cannot be kept as a file


def make_a_file_of_100_mb(project: Path) -> None:
    os.truncate(project / "environments/dev.yaml", 100 * 1024 * 1024)


def make_an_alias_bomb(project: Path) -> None:
    """Nine lists, each of nine aliases of the one before: 9^9 values."""
    lines = [f"  l{n}: &l{n} [{', '.join([f'*l{n - 1}'] * 9)}]\n" for n in range(1, 9)]
    with (project / "environments/apps/web.yaml").open("a") as file:
        file.writelines(["environments:\n", "  dev:\n", "    values: {l0: &l0 [x, x, x, x, x, x, x, x, x]}\n"])
        file.writelines(["clusters:\n", *lines])


def make_a_symlink_out_of_the_project(project: Path) -> None:
    outside = project.parent / "outside.yaml"
    outside.write_text('account_id: "999900001111"\n')
    (project / "environments/staging.yaml").symlink_to(outside)


def make_a_template_symlink_out_of_the_project(project: Path) -> None:
    outside = project.parent / "outside.j2"
    outside.write_text("cluster: <%= cluster.name | yaml %>\n")
    (project / "templates/note.yaml.j2").unlink()
    (project / "templates/note.yaml.j2").symlink_to(outside)


def take_the_fleet_file_away(project: Path) -> None:
    (project / "environments/fleet.yaml").unlink()


def take_the_environments_away(project: Path) -> None:
    shutil.rmtree(project / "environments")


def take_read_permission_away(project: Path) -> None:
    (project / "environments/dev.yaml").chmod(0)


def put_a_folder_in_place_of_a_file(project: Path) -> None:
    (project / "environments/dev.yaml").unlink()
    (project / "environments/dev.yaml").mkdir()


RECIPES: dict[str, Callable[[Path], None]] = {
    "alias-bomb": make_an_alias_bomb,
    "environments-folder-missing": take_the_environments_away,
    "file-of-100-mb": make_a_file_of_100_mb,
    "file-without-read-permission": take_read_permission_away,
    "fleet-file-missing": take_the_fleet_file_away,
    "folder-in-place-of-a-file": put_a_folder_in_place_of_a_file,
    "symlink-out-of-the-project": make_a_symlink_out_of_the_project,
    "template-symlink-out-of-the-project": make_a_template_symlink_out_of_the_project,
}

AS_A_PROCESS = (
    "account-id-unquoted",
    "alias-bomb",
    "binary-file",
    "fleet-file-missing",
    "several-errors-in-several-files",
    "template-loop-without-end",
    "template-reads-python-class",
    "template-undefined-name",
)
"""Cases that are run as a person runs them; the others run inside of this process, which is faster."""


def lay_out(case: str, project: Path) -> Path:
    """Makes the project of a case: the base, what differs from it, and what its recipe does."""
    shutil.copytree(BASE, project, dirs_exist_ok=True)
    shutil.copytree(INVALID / case, project, dirs_exist_ok=True, ignore=shutil.ignore_patterns(EXPECTED))
    if case in RECIPES:
        RECIPES[case](project)
    return project


def generate(project: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """Runs `gitops-gen generate` and returns what expected.txt holds: the exit code, and standard error."""
    code = run(["-C", str(project), "generate"])
    out, err = capsys.readouterr()
    assert out == ""
    return f"exit code {code}\n{err}"


def state_of(project: Path) -> dict[str, tuple[int, int, str]]:
    """Returns mode, time of the last change and content of every file; of a folder the mode only."""
    state = {}
    for path in sorted(project.rglob("*")):
        status = path.lstat()
        is_file = path.is_file() and not path.is_symlink()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if is_file and status.st_size < 1024 * 1024 else ""
        state[str(path.relative_to(project))] = (status.st_mode, status.st_mtime_ns if is_file else 0, content)
    return state


@pytest.fixture(scope="session")
def output_of_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of the valid base."""
    project = tmp_path_factory.mktemp("base") / "project"
    shutil.copytree(BASE, project)
    assert run(["-C", str(project), "generate"]) == 0
    return project / "output"


def skip_if_root_may_read_everything(case: str) -> None:
    if case == "file-without-read-permission" and os.geteuid() == 0:
        pytest.skip("root may read everything")


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_is_told_as_expected_and_nothing_is_written(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    skip_if_root_may_read_everything(case)
    project = lay_out(case, tmp_path / "project")
    before = state_of(project)

    told = generate(project, capsys)

    assert state_of(project) == before
    if UPDATE:
        (INVALID / case / EXPECTED).write_text(told, encoding="utf-8", newline="\n")
    assert told == (INVALID / case / EXPECTED).read_text(encoding="utf-8")
    assert told.startswith("exit code 1\n")


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_leaves_the_files_of_the_last_good_run_alone(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], output_of_base: Path
) -> None:
    skip_if_root_may_read_everything(case)
    project = lay_out(case, tmp_path / "project")
    shutil.copytree(output_of_base, project / "output")
    before = state_of(project)

    told = generate(project, capsys)

    assert state_of(project) == before
    assert told == (INVALID / case / EXPECTED).read_text(encoding="utf-8")


@pytest.mark.parametrize("case", AS_A_PROCESS)
def test_a_mistake_is_told_the_same_to_a_person_at_a_shell(case: str, tmp_path: Path) -> None:
    project = lay_out(case, tmp_path / "project")

    process = subprocess.run(
        [sys.executable, "-m", "gitops_gen", "generate"],
        cwd=project,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=120,
    )

    assert process.stdout == ""
    assert f"exit code {process.returncode}\n{process.stderr}" == (INVALID / case / EXPECTED).read_text()
    assert not (project / "output").exists()


def test_the_base_itself_is_generated_without_a_word_of_complaint(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(BASE, tmp_path / "project")

    code = run(["-C", str(tmp_path / "project"), "generate"])

    assert (code, capsys.readouterr().err) == (0, "")
    assert run(["-C", str(tmp_path / "project"), "generate", "--check"]) == 0


# --- the marks: a second opinion on where each mistake is, written by hand into the broken files

MARK = re.compile(r"<- ?([^<]*?)(?=\s*(?:<-|%>|$))")
"""`# <- text` ends the line of a mistake and says with which text it starts there; a template says `<%# <- %>`."""
PLACE = re.compile(r"([^\s:]+):(\d+)(?::(\d+))?: [a-z0-9-]+: .*")


def marked_places(folder: Path) -> set[tuple[str, int, int]]:
    """Returns path, line and column of every mark; column 0 where the mark names no text."""
    places = set()
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != EXPECTED:
            lines = path.read_bytes().decode("utf-8", errors="replace").split("\n")
            for number, line in enumerate(lines, start=1):
                for text in MARK.findall(line):
                    places.add((str(path.relative_to(folder)), number, line.index(text) + 1 if text else 0))
    return places


def told_places(expected: str) -> set[tuple[str, int, int]]:
    found = [PLACE.fullmatch(line) for line in expected.splitlines()]
    return {(place[1], int(place[2]), int(place[3] or 0)) for place in found if place}


@pytest.mark.parametrize("case", CASES)
def test_what_is_told_points_at_the_marks_in_the_files(case: str) -> None:
    marked = marked_places(INVALID / case)
    files = {path for path, _, _ in marked}
    told = told_places((INVALID / case / EXPECTED).read_text(encoding="utf-8"))

    assert {place for place in told if place[0] in files} == marked


def test_every_recipe_has_its_folder() -> None:
    assert set(RECIPES) <= set(CASES)
