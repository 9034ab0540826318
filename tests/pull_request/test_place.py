"""Where the bot works, and why there may be no such place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.problems import GitError, Location, Problem
from gitops_gen.pull_request.place import Wanted, remote_of
from tests.tools.repository import git

if TYPE_CHECKING:
    from pathlib import Path


def refusal(root: Path) -> Problem:
    with pytest.raises(GitError) as caught:
        remote_of(root, Wanted())
    (problem,) = caught.value.problems
    return problem


def test_outside_of_a_repository_one_is_asked_for(tmp_path: Path) -> None:
    assert refusal(tmp_path) == Problem(
        "no-repository",
        "this is in no work tree of git",
        Location(str(tmp_path)),
        "run from a clone, or name one with --repo PATH or --clone URL",
    )


def test_without_git_it_is_git_that_is_missed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(tmp_path, "init", "--quiet")
    monkeypatch.setenv("PATH", str(tmp_path))

    assert refusal(tmp_path) == Problem(
        "no-repository", "git is not installed, or not on the PATH", Location(str(tmp_path)), "install git"
    )
