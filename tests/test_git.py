"""What git is asked comes back as its answer, or as none where it has none."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from gitops_gen import git
from tests.tools.generated import PROJECT

if TYPE_CHECKING:
    from pathlib import Path

URL = "https://git.example.com/platform/fleet.git"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a branch, a remote and no commit."""
    root = tmp_path / "fleet"
    for command in (["init", "-q", "-b", "trunk", str(root)], ["-C", str(root), "remote", "add", "origin", URL]):
        subprocess.run(["git", *command], check=True)
    return root


def test_a_repository_says_where_it_is_and_what_it_is_of(repository: Path) -> None:
    (repository / "a/b").mkdir(parents=True)
    inner = repository / "a/b"
    assert (git.toplevel(inner), git.origin(inner), git.branch(inner)) == (repository.resolve(), URL, "trunk")


def test_the_work_tree_and_its_branch_are_asked_for_together(repository: Path) -> None:
    inner = repository / "a/b"
    inner.mkdir(parents=True)
    run = ["git", "-C", str(repository), "-c", "user.name=a", "-c", "user.email=a@example.com"]

    assert git.work_tree(inner) == (repository.resolve(), "trunk")
    subprocess.run([*run, "commit", "-q", "--allow-empty", "-m", "a"], check=True)
    assert git.work_tree(inner) == (repository.resolve(), "trunk")
    subprocess.run([*run, "checkout", "-q", "-b", "refs/heads/odd"], check=True)
    assert git.work_tree(inner) == (repository.resolve(), "refs/heads/odd")
    subprocess.run([*run, "checkout", "-q", "--detach"], check=True)
    assert git.work_tree(inner) == (repository.resolve(), "")


def test_a_file_that_is_called_head_is_no_branch(repository: Path) -> None:
    (repository / "HEAD").write_text("")
    assert git.work_tree(repository) == (repository.resolve(), "trunk")


def test_a_tag_of_the_same_name_changes_no_branch(repository: Path) -> None:
    run = ["git", "-C", str(repository), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run([*run, "commit", "-q", "--allow-empty", "-m", "a"], check=True)
    subprocess.run([*run, "tag", "trunk"], check=True)
    assert (git.work_tree(repository), git.branch(repository)) == ((repository.resolve(), "trunk"), "trunk")
    for other in ("refs/remotes/origin/other", "refs/tags/trunk"):
        subprocess.run([*run, "update-ref", other, "HEAD"], check=True)
        subprocess.run([*run, "symbolic-ref", "HEAD", other], check=True)
        assert (git.work_tree(repository), git.branch(repository)) == ((repository.resolve(), ""), "")


def test_a_remote_may_be_called_by_a_name_that_is_no_utf_8(repository: Path) -> None:
    url = b"https://git.example.com/\xff.git"
    subprocess.run([b"git", b"-C", os.fsencode(repository), b"remote", b"set-url", b"origin", url], check=True)
    assert os.fsencode(git.origin(repository) or "") == url


def test_there_is_no_answer_outside_of_a_repository_nor_in_no_folder(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        assert (git.toplevel(folder), git.origin(folder), git.branch(folder)) == (None, None, "")
        assert git.work_tree(folder) is None


def test_there_is_no_answer_without_git(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    assert git.origin(repository) is None


def test_what_git_complains_about_is_not_shown(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert git.toplevel(tmp_path) is None
    assert capfd.readouterr() == ("", "")


def test_an_answer_counts_where_the_system_reaps_what_has_ended(repository: Path) -> None:
    heeded = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert git.origin(repository) == URL
    finally:
        signal.signal(signal.SIGCHLD, heeded)


def test_to_ask_which_repository_it_is_loads_no_module_for_processes(repository: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from gitops_gen import git\n"
        "print(git.origin(Path(sys.argv[1])), 'subprocess' in sys.modules)"
    )
    command = [sys.executable, "-c", program, str(repository)]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(PROJECT)}, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"{URL} False\n"
