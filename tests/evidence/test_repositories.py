"""Tests of gitops_gen.evidence.repositories."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.repositories import Checkout, normal_url, repositories


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
        "git@github.com/example/repo",
    ],
)
def test_every_spelling_of_a_url_is_one_repository(url: str) -> None:
    assert normal_url(url) == "github.com/example/repo"
    assert repositories({"https://github.com/example/repo.git": "here"}).on_disk(url, "a/b") == "here/a/b"


def test_another_repository_is_not_on_disk() -> None:
    known = repositories({"https://github.com/example/repo.git": "."})

    assert known.on_disk("https://github.com/example/other.git", "a") is None
    assert known.on_disk("https://gitlab.com/example/repo.git", "a") is None


@pytest.mark.parametrize(
    ("checkout", "path", "expected"),
    [
        (Checkout("."), "a/b", "a/b"),
        (Checkout("."), "", "."),
        (Checkout("here"), "./a//b/", "here/a/b"),
        (Checkout("output", "deep/gen"), "deep/gen/a", "output/a"),
        (Checkout("output", "deep/gen"), "deep/gen", "output"),
        (Checkout("output", "deep/gen"), "deep/generated/a", None),
        (Checkout("output", "deep/gen"), "deep", None),
        (Checkout("output", "deep/gen"), "", None),
        (Checkout(".", "team"), "team/output/a", "output/a"),
    ],
)
def test_a_path_of_a_repository_is_found_in_what_of_it_is_on_disk(
    checkout: Checkout, path: str, expected: str | None
) -> None:
    assert checkout.on_disk(path) == expected


@pytest.mark.parametrize(
    ("checkout", "path"),
    [
        (Checkout("."), "a/b"),
        (Checkout("here"), "a/b"),
        (Checkout("output", "deep/gen"), "deep/gen/a"),
        (Checkout(".", "team"), "team/output/a"),
    ],
)
def test_the_way_from_the_repository_to_the_disk_leads_back(checkout: Checkout, path: str) -> None:
    assert checkout.in_repository(checkout.on_disk(path) or "") == path


@pytest.mark.parametrize(
    ("known", "path", "option"),
    [
        ({"https://github.com/me/fork": Checkout(".")}, "apps/web", "--repo https://github.com/org/repo=."),
        ({"https://github.com/me/fork": Checkout("deploy")}, "./web/", "--repo https://github.com/org/repo=deploy"),
        ({}, "apps/web", "--repo https://github.com/org/repo=."),
        ({"https://github.com/me/fork": Checkout(".", "deploy")}, "deploy/apps/web", None),
        ({}, "apps/api", None),
        ({}, ".", None),
        ({}, "../web", None),
    ],
)
def test_a_repository_of_another_name_is_found_by_a_path_of_it(
    known: dict[str, str | Checkout], path: str, option: str | None
) -> None:
    there = {"apps/web", "deploy/web", "."}
    assert repositories(known).here("https://github.com/org/repo", path, there.__contains__) == option


def test_the_url_of_a_form_is_quoted_for_the_shell() -> None:
    assert repositories({}).here("<URL>", "apps", bool) == "--repo '<URL>=.'"
