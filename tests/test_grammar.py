"""The small strings of the model: versions, repository URLs, paths, keys and sync options."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen import grammar


@pytest.mark.parametrize("text", ["3.5.1", "2.10.0", "3.0.0", "10.20.30", "99999.99999.99999"])
def test_a_version_of_argo_cd_is_fine(text: str) -> None:
    assert grammar.check_argo_cd_version(text) is None


@pytest.mark.parametrize(
    "text", ["", "3", "3.5", "3.5.1.0", "v3.5.1", "3.5.1-rc1", "3.5.x", "3.5.1\n", " 3.5.1", "\u0663.5.1", "3.5.100000"]
)
def test_what_is_no_version_is_refused(text: str) -> None:
    assert grammar.check_argo_cd_version(text) == f"got {text!r}, expected a version such as 3.5.1"


@pytest.mark.parametrize("text", ["0.0.0", "1.10.0", "2.9.99"])
def test_an_argo_cd_that_does_not_know_what_is_written_is_refused(text: str) -> None:
    assert grammar.check_argo_cd_version(text) == (
        f"got {text}, expected 2.10.0 or newer: older ones do not know templatePatch of an ApplicationSet"
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://github.com/example/shop.git",
        "http://git.internal:8080/shop.git",
        "https://charts.external-secrets.io",
        "https://charts.external-secrets.io/",
        "ssh://git@github.com/example/shop.git",
        "ssh://git@git.internal:2222/shop.git",
        "git@github.com:example/shop.git",
        "git@git.internal:shop.git",
        "oci://registry.example.com/charts",
        "registry.example.com/charts",
        "registry.example.com:5000/charts/web",
        "public.ecr.aws",
    ],
)
def test_a_repository_is_fine(url: str) -> None:
    assert grammar.check_repository_url(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://user:ghp_secret@github.com/example/shop.git",
        "https://ghp_secret@github.com/example/shop.git",
        "http://user@git.internal/shop.git",
        "ssh://git:ghp_secret@git.internal/shop.git",
        "oci://user:ghp_secret@registry.example.com/charts",
        "ftp://user:ghp_secret@example.com/a",
    ],
)
def test_a_repository_with_a_credential_is_refused_without_showing_it(url: str) -> None:
    expected = "the URL carries a credential; expected one without, since it is written into every ApplicationSet"
    assert grammar.check_repository_url(url) == expected


@pytest.mark.parametrize(
    "url",
    ["", "shop", "github.com example", "ftp://example.com/a", "file:///srv/shop.git", "https://", "https:///shop.git",
     "https://git hub.com/a", "https://github.com/a b", "https://github.com/a\n", "https://github.com:port/a",
     "https://github.com/\x00", "https://exämple.com/a", "/srv/shop.git", "../shop", "git@github.com", "A.com/a"],
)  # fmt: skip
def test_what_argo_cd_cannot_fetch_from_is_refused(url: str) -> None:
    expected = f"got {url!r}, expected a URL such as https://github.com/example/repo.git"
    assert grammar.check_repository_url(url) == expected


def test_git_wants_a_scheme_where_a_registry_of_charts_needs_none() -> None:
    assert grammar.check_git_url("github.com/example/shop") == (
        "got 'github.com/example/shop', which git takes for a folder; expected a URL with its scheme, such as "
        "https://github.com/example/shop"
    )
    assert grammar.check_git_url("git@github.com:example/shop.git") is None
    assert grammar.check_git_url("https://github.com/example/shop.git") is None
    assert grammar.check_git_url("https://a:b@c.example") == grammar.check_repository_url("https://a:b@c.example")


@pytest.mark.parametrize("path", [".", "output", "a/b", "charts/web-1.2_3@x+y=z", "...", "a/.b"])
def test_a_path_in_a_repository_is_fine(path: str) -> None:
    assert grammar.check_relative_path(path) is None
    assert grammar.check_values_file(path) is None


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/output", "got the absolute path '/output', expected one relative to the root of the repository"),
        ("..", "got '..', which leaves the repository"),
        ("a/../../b", "got 'a/../../b', which leaves the repository"),
        ("a/..", "got 'a/..', which leaves the repository"),
    ],
)
def test_a_path_that_leaves_the_repository_is_refused(path: str, reason: str) -> None:
    assert grammar.check_relative_path(path) == reason
    assert grammar.check_values_file(path) == reason


@pytest.mark.parametrize(
    "path", ["", "./a", "a/.", "a//b", "a/", "a b", "a\\b", "a\n", "a:b", "$values/a", "a*", "é", "{{ .a }}", "a#b"]
)
def test_a_path_that_would_need_quoting_is_refused(path: str) -> None:
    expected = f"got {path!r}, expected folders of letters, digits and ._@+=- joined by single slashes"
    assert grammar.check_relative_path(path) == expected


@given(st.text(alphabet="aZ0._@+=-/ {}\\\n\"'$*é", max_size=10))
def test_a_path_that_is_accepted_is_safe_in_every_format(path: str) -> None:
    if grammar.check_relative_path(path) is None:
        assert path == "." or re.fullmatch(r"[\w.@+=-]+(/[\w.@+=-]+)*", path, re.ASCII)
        assert not {"..", ""} & set(path.split("/"))


@pytest.mark.parametrize(
    "path", ["{environment}.yaml", "a/{cluster}/b.yaml", "{region}/{environment}-{cluster}.yaml", "{cluster}{cluster}"]
)
def test_a_values_file_may_name_the_places_of_its_release(path: str) -> None:
    assert grammar.check_values_file(path) is None
    assert grammar.check_relative_path(path) is not None


@pytest.mark.parametrize("name", ["env", "account", "", " cluster", "Cluster"])
def test_another_placeholder_is_refused_with_those_that_there_are(name: str) -> None:
    path = f"values/{{{name}}}.yaml"
    expected = f"got {{{name}}} in {path!r}, expected one of {{cluster}}, {{environment}}, {{region}}"
    assert grammar.check_values_file(path) == expected


@pytest.mark.parametrize("path", ["{cluster", "cluster}", "{{cluster}}", "a/{cluster}/../b"])
def test_a_broken_values_file_is_refused(path: str) -> None:
    assert grammar.check_values_file(path) is not None


@pytest.mark.parametrize("key", ["image", "image.tag", "a_b.c-d.E1", "_a"])
def test_a_dotted_key_is_fine(key: str) -> None:
    assert grammar.check_dotted_key(key) is None


@pytest.mark.parametrize("key", ["", ".", "image.", ".tag", "a..b", "a b", "1a", "a.1", "a.b[0]", "a\n", "é"])
def test_what_is_no_dotted_key_is_refused(key: str) -> None:
    assert grammar.check_dotted_key(key) == f"got {key!r}, expected keys joined by dots, as image.tag"


@pytest.mark.parametrize("option", ["ServerSideApply=true", "PrunePropagationPolicy=foreground", "Validate=false"])
def test_a_sync_option_is_fine(option: str) -> None:
    assert grammar.check_sync_option(option) is None


@pytest.mark.parametrize(
    "option", ["", "ServerSideApply", "serverSideApply=true", "A=", "A=b c", "A=b\n", "A = b", "=a"]
)
def test_what_is_no_sync_option_is_refused(option: str) -> None:
    expected = f"got {option!r}, expected an option such as ServerSideApply=true"
    assert grammar.check_sync_option(option) == expected


@pytest.mark.parametrize("text", ["main", "v1.2.3", "release/1.x", "refs/heads/main", "0a1b2c3d", "1.2.3+build"])
def test_a_revision_is_whatever_git_or_a_chart_repository_knows(text: str) -> None:
    assert grammar.check_revision(text) is None


@pytest.mark.parametrize("text", ["", "a b", "{{ .x }}", "a\n", "été"])
def test_a_revision_that_a_template_would_read_is_refused(text: str) -> None:
    assert grammar.check_revision(text) == f"got {text!r}, expected a branch, tag, commit or chart version"


@pytest.mark.parametrize("text", ["https://github.com/example/{{ .x }}.git", "git@github.com:example/{a}.git"])
def test_a_repository_url_that_a_template_would_read_is_refused(text: str) -> None:
    assert grammar.check_repository_url(text) == (
        f"got {text!r}, expected a URL such as https://github.com/example/repo.git"
    )
