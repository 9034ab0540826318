"""Which service a remote belongs to, and which token is for it."""

from __future__ import annotations

import pytest

from gitops_gen.forges.addresses import Service, Stated, find_address
from gitops_gen.forges.faults import ForgeError
from gitops_gen.remote import read_remote

ALL = {name: name.lower() for name in ("GH_TOKEN", "GITLAB_TOKEN", "GITEA_TOKEN", "FORGEJO_TOKEN")}


@pytest.mark.parametrize(
    ("url", "environment", "expected"),
    [
        ("https://github.com/a/b.git", {}, (Service.GITHUB, "https://github.com", "a/b", "GH_TOKEN")),
        ("git@github.com:a/b.git", {}, (Service.GITHUB, "https://github.com", "a/b", "GH_TOKEN")),
        ("git@gitlab.com:g/sub/b.git", {}, (Service.GITLAB, "https://gitlab.com", "g/sub/b", "GITLAB_TOKEN")),
        ("https://codeberg.org/a/b", {}, (Service.FORGEJO, "https://codeberg.org", "a/b", "FORGEJO_TOKEN")),
        ("https://gitea.com/a/b", {}, (Service.GITEA, "https://gitea.com", "a/b", "GITEA_TOKEN")),
        (
            "ssh://git@gitlab.example.com:2222/a/b.git",
            {},
            (Service.GITLAB, "https://gitlab.example.com", "a/b", "GITLAB_TOKEN"),
        ),
        (
            "https://git.example.com/a/b.git",
            {"CI_SERVER_URL": "https://git.example.com"},
            (Service.GITLAB, "https://git.example.com", "a/b", "GITLAB_TOKEN"),
        ),
        (
            "https://git.example.com/a/b.git",
            {"GITHUB_SERVER_URL": "https://git.example.com"},
            (Service.GITHUB, "https://git.example.com", "a/b", "GH_TOKEN"),
        ),
        (
            "https://git.example.com/a/b.git",
            {"GITHUB_SERVER_URL": "https://git.example.com", "GITEA_ACTIONS": "true"},
            (Service.GITEA, "https://git.example.com", "a/b", "GITEA_TOKEN"),
        ),
    ],
)
def test_service_is_found(url: str, environment: dict[str, str], expected: tuple[Service, str, str, str]) -> None:
    found = find_address(read_remote(url), Stated(), {**ALL, **environment})
    assert (found.service, found.base, found.project, found.token_from) == expected
    assert found.token == ALL[found.token_from]
    assert found.token not in repr(found)


def test_what_is_stated_wins() -> None:
    stated = Stated(Service.FORGEJO, "https://host.example.com/forge/", "a/b")
    found = find_address(read_remote("/srv/git/x.git"), stated, ALL)
    assert (found.service, found.base, found.project) == (Service.FORGEJO, "https://host.example.com/forge", "a/b")


@pytest.mark.parametrize(
    ("stated", "base"),
    [
        ("https://api.github.com", "https://github.com"),
        ("https://git.example.com/api/v3/", "https://git.example.com"),
        ("https://git.example.com/below", "https://git.example.com/below"),
    ],
)
def test_address_of_the_api_is_as_good(stated: str, base: str) -> None:
    found = find_address(read_remote("git@git.example.com:a/b"), Stated(Service.GITHUB, stated), ALL)
    assert (found.base, found.api) == (base, None)


def test_ci_says_where_its_own_api_is() -> None:
    says = {"GITHUB_SERVER_URL": "https://git.example.com", "GITHUB_API_URL": "https://api.git.example.com"}
    remote = read_remote("https://git.example.com/a/b")
    assert find_address(remote, Stated(), {**ALL, **says}).api == "https://api.git.example.com"
    assert find_address(read_remote("https://github.com/a/b"), Stated(), {**ALL, **says}).api is None


def test_service_below_a_path_is_no_part_of_the_project() -> None:
    stated = Stated(Service.GITEA, "https://host.example.com/git")
    found = find_address(read_remote("https://host.example.com/git/a/b.git"), stated, ALL)
    assert (found.base, found.project) == ("https://host.example.com/git", "a/b")


@pytest.mark.parametrize(
    ("service", "environment", "token_from"),
    [
        ("github", {"GITHUB_TOKEN": "1"}, "GITHUB_TOKEN"),
        ("github", {"GITHUB_TOKEN": "1", "GH_TOKEN": "2"}, "GH_TOKEN"),
        ("gitlab", {"CI_JOB_TOKEN": "1"}, "CI_JOB_TOKEN"),
        ("gitlab", {"CI_JOB_TOKEN": "1", "GITLAB_TOKEN": "2"}, "GITLAB_TOKEN"),
        ("gitea", {"GITHUB_TOKEN": "1"}, "GITHUB_TOKEN"),
        ("forgejo", {"GITEA_TOKEN": "1"}, "GITEA_TOKEN"),
    ],
)
def test_first_token_that_is_set_wins(service: str, environment: dict[str, str], token_from: str) -> None:
    found = find_address(read_remote("https://h.example.com/a/b"), Stated(Service(service)), environment)
    assert (found.token_from, found.token) == (token_from, environment[token_from])


@pytest.mark.parametrize(
    ("url", "stated", "environment", "told"),
    [
        ("https://h.example.com/a/b", Stated(), ALL, "unknown-service"),
        ("/srv/git/x.git", Stated(Service.GITHUB), ALL, "unknown-service"),
        ("https://github.com/b.git", Stated(), ALL, "unknown-project"),
        ("https://github.com/a/b", Stated(), {"GITLAB_TOKEN": "1"}, "no-token"),
        ("https://github.com/a/b", Stated(), {"GH_TOKEN": ""}, "no-token"),
    ],
)
def test_what_is_not_known_is_told(url: str, stated: Stated, environment: dict[str, str], told: str) -> None:
    with pytest.raises(ForgeError) as caught:
        find_address(read_remote(url), stated, environment)
    assert [problem.code for problem in caught.value.problems] == [told]
    assert caught.value.exit_code == 4
    assert all(problem.hint for problem in caught.value.problems)
