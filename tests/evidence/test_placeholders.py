"""Placeholders in texts of several kinds: what one kind takes for one may be a mistake, or sound, in another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence import placeholders

if TYPE_CHECKING:
    from collections.abc import Callable

ANYWHERE = ["<cluster>", "web-<env>"]
DOLLAR = ["${NAME}", "a-${NAME}-b"]


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (placeholders.in_name, [*ANYWHERE, "...", "MY_APP", "CLUSTER-NAME"]),
        (placeholders.in_namespace, [*ANYWHERE, *DOLLAR, "@NAME@", "%NAME%", "[name]", "NAMESPACE", "MY_APP"]),
        (
            placeholders.in_role_arn,
            [
                *ANYWHERE,
                *DOLLAR,
                "@role@",
                "arn:aws:iam::{account-id}:role/web",
                "arn:aws:iam::ACCOUNT_ID:role/web",
                "arn:aws:iam::XXXXXXXXXXXX:role/web",
                "arn:aws:iam::111122223333:role/your-role",
                "REPLACE_ME",
                "change-me",
                "TODO",
            ],
        ),
        (placeholders.in_url, [*ANYWHERE, *DOLLAR, "https://{{ .server }}", "https://<endpoint>"]),
        (
            placeholders.in_server,
            [
                *ANYWHERE,
                *DOLLAR,
                "https://STAGING_API",
                "https://YOUR-CLUSTER.gr7.eu-west-1.eks.amazonaws.com",
                "https://XXXXXXXX.gr7.eu-west-1.eks.amazonaws.com",
                "https://your-endpoint",
                "https://REPLACE_ME:6443",
            ],
        ),
        (placeholders.in_address, [*ANYWHERE, *DOLLAR, "https://a.b/YOUR_ORG/web", "your-cluster", "CHANGEME-prod"]),
        (placeholders.in_oidc_id, ["EXAMPLED539D4633E53DE1B71", "AAAAAA", "YOURID", "ABCDEF0123456789", "REPLACEME"]),
        (
            placeholders.in_key_id,
            [
                "key/1234abcd-12ab-34cd-56ef-1234567890ab",
                "key/mrk-1234abcd12ab34cd",
                "key/00000000-0001",
                "0123456789ab",
            ],
        ),
        (placeholders.in_version_id, [*ANYWHERE, *DOLLAR, "{{ .version }}"]),
        (
            placeholders.in_secret,
            [*ANYWHERE, *DOLLAR, "{{ .url }}", "<path:a#b>", "ENC[AES]", "vault:a#b", "ref+aws://a"],
        ),
        (placeholders.in_token, ["AKIAXXXXX", "AKIAEXAMPLE", "a your-token", "ChangeMe", "replace_with", "a dummy"]),
        (
            placeholders.is_password,
            [
                *("DB_PASSWORD", "YOUR-PASSWORD-HERE", "put your password", "replace me", "dummy", "todo", "TBD"),
                *("xxx", "...", "*", "???", "[password]", "%PASSWORD%", "##DB.PASSWORD##", "((db/password))"),
                *("github_pat_REPLACEME", "ghp_replace_this", "ghp_your_token", "ghp_xxxx", "glpat-...", "sk-XXXX"),
            ],
        ),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_each_kind_of_text_has_placeholders_of_its_own(kind: Callable[[str], bool], texts: list[str]) -> None:
    assert [text for text in texts if not kind(text)] == []


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (placeholders.in_name, ["web", "Web", "WEB", "My_App", "a...", "MY_", "${NAME}", "@NAME@"]),
        (placeholders.in_namespace, ["web", "Web", "WEB.APP", "my_app", "..."]),
        (
            placeholders.in_role_arn,
            ["arn:aws:iam::111122223333:role/WebReader", "WEB", "arn:aws:iam::11112222333:role/a", "{{role}}"],
        ),
        (placeholders.in_url, ["https://EXAMPLE.gr7.us-east-1.eks.amazonaws.com", "MY_SERVER", "$NAME"]),
        (
            placeholders.in_server,
            ["https://EXAMPLED539D463.gr7.us-east-1.eks.amazonaws.com", "https://ONE.example.com", "https://web-1.a.b"],
        ),
        (placeholders.in_oidc_id, ["D539D4633E53DE1B716D3041E", "AAAAA"]),
        (placeholders.in_version_id, ["a1b2", "YOUR_VERSION", "..."]),
        (placeholders.in_secret, ["web", "MY_APP", "https://git.example.com/a.git", "a-vault:b"]),
        (placeholders.in_token, ["AKIAXXX", "DB_PASSWORD", "your", "todo"]),
        (placeholders.is_password, ["changeme", "PASSWORD", "DB_PASSW0RD", "a dummy", "hunter2...", "%password%"]),
        (placeholders.is_password, ["irreplace_me", "replace_me2", "ghp_xx", "hunter_xxxx", "ghp_xxxx1"]),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_what_may_be_a_mistake_in_a_kind_of_text_is_no_placeholder_there(
    kind: Callable[[str], bool], texts: list[str]
) -> None:
    assert [text for text in texts if kind(text)] == []


@pytest.mark.parametrize(
    ("path", "parts"),
    [
        ("charts/web", ["charts/web"]),
        ("charts/{{ name }}/x", ["charts/", "/x"]),
        ("${env}/<cluster>-web", ["", "/", "-web"]),
        ("{{a}}{{b}}", ["", "", ""]),
    ],
)
def test_a_path_parts_at_its_placeholders(path: str, parts: list[str]) -> None:
    assert placeholders.around(path) == parts
