"""The URLs of git repositories, as Argo CD compares them."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.git_urls import normal_git_url


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://Git.example.com/a.git", "https://git.example.com/a"),
        ("git@git.example.com:a/b.git", "git@git.example.com/a/b"),
        ("git@git.example.com:b", "git@git.example.com/b"),
        ("ssh://git@git.example.com/a/b", "git@git.example.com/a/b"),
        ("john@git.example.com:29418/a", "john@git.example.com/29418/a"),
        ("https://git.example.com:4443/A.git", "https://git.example.com:4443/a"),
        ("https://user@git.example.com/a", "https://user@git.example.com/a"),
        ("\thttps://a\n", "https://a"),
        ("ghcr.io/org/charts", "ghcr.io/org/charts"),
        ("localhost:5000/a", "localhost:5000/a"),
        ("*", "*"),
        ("https://*.example.com/**/[ab]*?", "https://*.example.com/**/[ab]*?"),
        ("https://git.example.com/a%20b", "https://git.example.com/a%20b"),
    ],
)
def test_urls_are_compared_as_argo_cd_compares_them(url: str, normal: str) -> None:
    assert normal_git_url(url) == normal


@pytest.mark.parametrize(
    ("url", "normal"),
    [
        ("https://git.example.com/{a,b}/*", "https://git.example.com/%7Ba,b%7D/%2A"),
        ("https://git.example.com/a b(c)", "https://git.example.com/a%20b%28c%29"),
        ("https://git.example.com/\u00e4%2f", "https://git.example.com/%C3%A4/"),
    ],
)
def test_a_path_with_what_none_may_have_is_escaped_as_a_whole(url: str, normal: str) -> None:
    """Go, net/url: URL.EscapedPath, which keeps the path as it was only if all of it is valid."""
    assert normal_git_url(url) == normal


@pytest.mark.parametrize(
    "url",
    [
        "ssh://git@git.example.com:a/b",
        "https://git.example.com:port/a",
        "https://git.{a,b}.example.com/a",
        "https://git.example.com/a%2",
    ],
)
def test_of_what_is_no_url_to_go_nothing_is_left(url: str) -> None:
    assert normal_git_url(url) == ""
