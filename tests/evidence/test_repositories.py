"""Tests of gitops_gen.evidence.repositories."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.repositories import normal_url, repositories


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/example/repo.git",
        "https://github.com/example/repo",
        "https://github.com/Example/Repo/",
        "https://user@github.com/example/repo.git",
        "https://github.com:443/example/repo.git",
        "ssh://git@github.com/example/repo.git",
        "git@github.com:example/repo.git",
    ],
)
def test_every_spelling_of_a_url_is_one_repository(url: str) -> None:
    assert normal_url(url) == "github.com/example/repo"
    assert repositories({"https://github.com/example/repo.git": "here"}).folder_of(url) == "here"


def test_another_repository_is_not_on_disk() -> None:
    known = repositories({"https://github.com/example/repo.git": "."})

    assert known.folder_of("https://github.com/example/other.git") is None
    assert known.folder_of("https://gitlab.com/example/repo.git") is None
