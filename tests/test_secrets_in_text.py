"""Where in a text something looks like a secret."""

from __future__ import annotations

import pytest

from gitops_gen.secrets_in_text import Suspect, secrets_in, without_secrets

IN_PLAIN_TEXT = "is a password in plain text"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("password: hunter2", [Suspect(10, 17, IN_PLAIN_TEXT)]),
        ('db: {"password": "hunter2", port: 5432}', [Suspect(18, 25, IN_PLAIN_TEXT)]),
        ("stringData: [ {password: hunter2} ]", [Suspect(25, 32, IN_PLAIN_TEXT)]),
        ("password={hunter2}", [Suspect(9, 17, IN_PLAIN_TEXT)]),
        ("host=db password=hunter2, sslmode=off", [Suspect(17, 24, IN_PLAIN_TEXT)]),
        ("token: 0987654", [Suspect(7, 14, "is a number, under a key that says that it is a secret")]),
        ("token: web-token", []),
        ("port: 5432", []),
    ],
)
def test_the_value_of_a_pair_is_found(text: str, found: list[Suspect]) -> None:
    assert list(secrets_in(text)) == found


def test_a_text_is_shown_without_what_looks_like_a_secret() -> None:
    assert without_secrets("a: b, password: hunter2, c: d") == "a: b, password: ***, c: d"


@pytest.mark.parametrize(
    "text",
    ["a" * 60_000, "picture: " + "a" * 60_000, "a " * 30_000, "a:" * 30_000, "a:{" * 20_000, "a:" + "[" * 60_000],
)
def test_a_long_line_is_looked_through_once(text: str) -> None:
    """Without a stop at the start of a key, the first one takes more than a minute."""
    assert list(secrets_in(text)) == []
