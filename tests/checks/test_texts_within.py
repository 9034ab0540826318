"""Passwords in texts that have a format of their own."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import MARK, found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "secret-in-file"
HINT = "hint: revoke it, put a new one into Secrets Manager, and read it with an ExternalSecret"
PASSWORD = "s3cr3tPa55w"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        (f'|\n  {{"db": {{"user": "a", "password": "{PASSWORD}"}}}}', "db.password"),
        (f"|\n  db:\n    password: {PASSWORD}", "db.password"),
        (f"|\n  # settings\n  [client]\n  user=a\n  password = '{PASSWORD}'", "password"),
        (f"|\n  export DB_PASSWORD={PASSWORD}\n  USER=a", "DB_PASSWORD"),
        (f"host=db user=a password={PASSWORD} dbname=x", "password"),
        (f'"Server=db;User Id=sa;Password={PASSWORD};"', "Password"),
        (f'"jdbc:mysql://db/app?user=a&password={PASSWORD}"', "password"),
        (f"--db-password={PASSWORD}", "db-password"),
    ],
)
def test_a_password_in_a_text_is_found(tmp_path: Path, text: str, key: str) -> None:
    (got,) = found(tmp_path, {"values.yaml": f"a: {text}\n"}, CODE)
    assert got == f"values.yaml:1:4: warning: a holds a password in plain text, as {key}\n{HINT}"
    assert [each.split(": ")[1] for each in found(tmp_path, {"values.yaml": f"{MARK}a: {text}\n"}, CODE)] == ["warning"]


@pytest.mark.parametrize("args", [f"[run, --db-password, {PASSWORD}]", f"\n  - -password\n  - {PASSWORD}\n"])
def test_a_password_behind_its_option_is_found(tmp_path: Path, args: str) -> None:
    (got,) = found(tmp_path, {"values.yaml": f"args: {args}\n"}, CODE)
    assert " holds a password in plain text, as " in got


@pytest.mark.parametrize(
    "args",
    [
        "[--password, $(PASSWORD)]",
        "[--password, --user, s3cr3tPa55w]",
        "[--password, db-password]",
        "[--password-file, s3cr3tPa55w]",
        "[password, s3cr3tPa55w]",
        "[[--password], [s3cr3tPa55w]]",
        "{a: --password, b: s3cr3tPa55w}",
    ],
)
def test_what_stands_behind_an_option_may_be_no_password(tmp_path: Path, args: str) -> None:
    assert found(tmp_path, {"values.yaml": f"args: {args}\n"}, CODE) == []


def test_a_text_of_a_variable_file_and_one_in_base64_are_looked_into(tmp_path: Path) -> None:
    text = base64.b64encode(f'{{"password": "{PASSWORD}"}}'.encode()).decode()
    files = {
        "a.tfvars": f"a = <<EOT\ndb:\n  password: {PASSWORD}\nEOT\n",
        "secret.yaml": f"apiVersion: v1\nkind: Secret\nmetadata: {{name: a}}\ndata: {{b: {text}}}\n",
    }
    assert found(tmp_path, files, CODE) == [
        f"a.tfvars:1:5: warning: a holds a password in plain text, as db.password\n{HINT}",
        f"secret.yaml:4:11: warning: data.b holds a password in plain text, as password\n{HINT}",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "|\n  password: ${DB_PASSWORD}\n  other: {password: $DB_PASSWORD}",
        "|\n  password: {{ .Values.password }}",
        '"{{ .password }}"',
        '|\n  {"password": "<password>"}',
        "|\n  DB_PASSWORD=%PASSWORD%\n  PASSWORD_FILE=/run/secret",
        "|\n  The form is password=s3cr3tPa55w,\n  and nothing else.",
        "|\n  if [ -z password=s3cr3tPa55w ]; then\n    x=1\n  fi",
        "write password=s3cr3tPa55w behind it",
        "host=db password=db-password",
        "--password=$(PASSWORD)",
        "|\n  password: true\n  rotate_password: on_create",
    ],
)
def test_what_holds_none_or_is_of_no_format_is_none(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, {"values.yaml": f"a: {text}\n"}, CODE) == []


@pytest.mark.parametrize("url", ["redis://:hunter2fox@redis:6379/0", "postgres://user:s3cr%40t55@db/app"])
def test_a_url_without_a_user_or_with_an_escaped_sign_may_have_a_password(tmp_path: Path, url: str) -> None:
    assert found(tmp_path, {"values.yaml": f"url: {url}\n"}, CODE) == [
        f"values.yaml:1:6: warning: url looks like a URL with a password\n{HINT}"
    ]


@pytest.mark.parametrize("url", ["redis://:$PASSWORD@redis", "redis://:%DB_PASS%@redis", "redis://:<password>@redis"])
def test_a_url_with_a_placeholder_has_none(tmp_path: Path, url: str) -> None:
    assert found(tmp_path, {"values.yaml": f"url: {url}\n"}, CODE) == []
