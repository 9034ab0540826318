"""Remotes: what a URL says of host, path and credentials, and that no credential is shown."""

from __future__ import annotations

import base64

import pytest

from gitops_gen.remote import HIDDEN, Credentials, read_remote, scrubbed

SECRET = "s3cret/with+signs"


@pytest.mark.parametrize(
    ("url", "scheme", "host", "path", "origin"),
    [
        ("https://github.com/team/gitops.git", "https", "github.com", "team/gitops", "https://github.com"),
        ("https://github.com/team/gitops/", "https", "github.com", "team/gitops", "https://github.com"),
        ("http://git.local:3000/a/b", "http", "git.local:3000", "a/b", "http://git.local:3000"),
        ("ssh://git@git.example.com:7999/team/gitops.git", "ssh", "git.example.com:7999", "team/gitops",
         "https://git.example.com"),
        ("git@gitlab.com:group/sub/gitops.git", "ssh", "gitlab.com", "group/sub/gitops", "https://gitlab.com"),
        ("gitlab.com:group/gitops", "ssh", "gitlab.com", "group/gitops", "https://gitlab.com"),
        ("/srv/git/gitops.git", "file", "", "srv/git/gitops", "https://"),
        ("file:///srv/git/gitops.git", "file", "", "srv/git/gitops", "https://"),
        ("../gitops", "file", "", "../gitops", "https://"),
    ],
)  # fmt: skip
def test_url_is_taken_apart(url: str, scheme: str, host: str, path: str, origin: str) -> None:
    remote = read_remote(url)
    assert (remote.scheme, remote.host, remote.path, remote.origin) == (scheme, host, path, origin)
    assert remote.url == url
    assert remote.credentials is None


def test_password_in_a_url_becomes_credentials_and_leaves_the_url() -> None:
    remote = read_remote("https://bot:s3cret%2Fwith%2Bsigns@git.example.com/team/gitops.git")
    assert remote.url == "https://git.example.com/team/gitops.git"
    assert remote.credentials == Credentials("bot", SECRET)
    assert SECRET not in repr(remote)


def test_stated_credentials_win_over_those_of_the_service() -> None:
    remote = read_remote("https://bot:own@git.example.com/team/gitops.git")
    assert remote.signed_in(Credentials("x", "other")).credentials == Credentials("bot", "own")


def test_ssh_is_never_signed_in_with_a_token() -> None:
    remote = read_remote("git@github.com:team/gitops.git")
    assert remote.signed_in(Credentials("x", "token")) is remote


@pytest.mark.parametrize(
    "shown",
    [
        f"fatal: {SECRET}",
        "fatal: s3cret%2Fwith%2Bsigns",
        f"header {base64.b64encode(f'bot:{SECRET}'.encode()).decode()}",
        f"header {base64.b64encode(SECRET.encode()).decode()}",
        f"https://bot:{SECRET}@git.example.com/",
    ],
)
def test_credential_is_taken_out_of_a_text_in_every_spelling(shown: str) -> None:
    found = scrubbed(shown, Credentials("bot", SECRET).secrets)
    assert HIDDEN in found
    for form in (SECRET, "s3cret%2F", base64.b64encode(f"bot:{SECRET}".encode()).decode().rstrip("=")):
        assert form not in found


def test_password_of_a_url_that_nobody_knew_is_taken_out_too() -> None:
    assert scrubbed("see https://me:hidden@host/x", ()) == f"see https://{HIDDEN}@host/x"
