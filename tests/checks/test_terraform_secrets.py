"""Passwords that are written into Terraform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "secret-in-file"
HINT = "hint: revoke it, put a new one into Secrets Manager, and read it with an ExternalSecret"
PASSWORD = "s3cr3tPa55w"


@pytest.mark.parametrize(
    ("text", "place", "key"),
    [
        (f'resource "a" "b" {{\n  password = "{PASSWORD}"\n}}\n', "2:14", "password"),
        (f'variable "db_password" {{\n  default = "{PASSWORD}"\n}}\n', "2:13", "db_password"),
        (
            f'resource "a" "b" {{\n  set {{\n    name = "auth.password"\n    value = "{PASSWORD}"\n  }}\n}}\n',
            "4:13",
            "auth.password",
        ),
        (f'locals {{\n  a = jsonencode({{ password = "{PASSWORD}" }})\n}}\n', "2:31", "password"),
        (f'locals {{\n  a = [{{ db = {{ "password" = var.x ? "{PASSWORD}" : null }} }}]\n}}\n', "2:38", "password"),
    ],
)
def test_a_constant_under_the_key_of_a_password_is_found(tmp_path: Path, text: str, place: str, key: str) -> None:
    assert found(tmp_path, {"main.tf": text}, CODE) == [
        f"main.tf:{place}: warning: {key} is a password in plain text\n{HINT}",
    ]


@pytest.mark.parametrize(
    "value",
    [
        "var.password",
        '"${var.password}"',
        '""',
        '"db-password"',
        '"<password>"',
        "random_password.db.result",
        'file("x")',
    ],
)
def test_what_refers_to_a_password_is_none(tmp_path: Path, value: str) -> None:
    files = {
        "main.tf": f'resource "a" "b" {{\n  password = {value}\n}}\n',
        ".terraform/x.tf": f'password = "{PASSWORD}"\n',
    }
    assert found(tmp_path, files, CODE) == []
