"""The account of a variable file, and those that the provider of its module works in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import MARK, found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "tfvars-variables"
VARIABLE = 'variable "account_id" {\n  type = string\n}\n'
FILE = 'account_id = "111122223333"\n'
AWS = 'provider "aws" {{\n  region = "eu-west-1"\n  {}\n}}\n'
LISTED = AWS.format('allowed_account_ids = ["111122223334", "444455556666"]')


def told(root: Path, provider: str, text: str = FILE) -> list[str]:
    return found(root, {"main.tf": VARIABLE, "providers.tf": provider, "one.tfvars": text}, CODE)


def test_an_account_that_the_provider_does_not_allow_is_found(tmp_path: Path) -> None:
    (got,) = told(tmp_path, LISTED)
    assert got == (
        "one.tfvars:1:14: warning: account_id: got 111122223333, and the provider of the module allows 111122223334, "
        "444455556666\n"
        "hint: correct account_id, or allowed_account_ids of the provider\n"
        "providers.tf:3: the accounts of the provider"
    )


def test_in_a_generated_file_it_is_an_error(tmp_path: Path) -> None:
    (got,) = told(tmp_path, LISTED, MARK + FILE)
    assert got.startswith("one.tfvars:2:14: error: account_id: got 111122223333, and the provider of the module allows")


def test_an_account_that_the_provider_forbids_is_found(tmp_path: Path) -> None:
    (got,) = told(tmp_path, AWS.format("forbidden_account_ids = [111122223333]"))
    assert got.startswith(
        "one.tfvars:1:14: warning: account_id: got 111122223333, and the provider of the module forbids"
    )


@pytest.mark.parametrize(
    "provider",
    [
        AWS.format('allowed_account_ids = ["111122223334", "111122223333"]'),
        AWS.format('forbidden_account_ids = ["111122223334"]'),
        AWS.format("allowed_account_ids = [var.account_id]"),
        AWS.format('allowed_account_ids = ["111122223334", local.other]'),
        AWS.format("allowed_account_ids = []"),
        f'{LISTED}provider "aws" {{\n  alias = "cluster"\n}}\n',
        f'provider "aws" {{\n}}\n{LISTED}',
        LISTED.replace('"aws"', '"other"'),
    ],
)
def test_a_provider_that_works_there_or_may_is_none(tmp_path: Path, provider: str) -> None:
    assert told(tmp_path, provider) == []
