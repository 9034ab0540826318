"""Account ids that are no strings of 12 digits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, TFVARS
from tests.checks.trees import MARK, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "account-id"


def test_a_number_in_yaml_is_a_warning_elsewhere(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.yaml": "accountId: 557702566877\n"}, CODE) == [
        ('a.yaml:1:12: warning: accountId: got a number, expected a string of 12 digits\nhint: write "557702566877"'),
    ]


def test_a_number_in_a_generated_file_is_an_error() -> None:
    change = ('account: "444455556666"', "account: 444455556666")
    assert found_in_six_clusters(CODE, "argocd/clusters/production/myapp-production-usw2.yaml", change) == [
        (
            "output/argocd/clusters/production/myapp-production-usw2.yaml:12:14: error: account: got a number, "
            "expected a string of 12 digits\n"
            'hint: write "444455556666"'
        ),
    ]


def test_eleven_digits_lost_their_zero(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.yaml": "aws:\n  account_id: 12345678901\n"}, CODE) == [
        (
            "a.yaml:2:15: error: account_id: got a number of 11 digits: the zero at the start is lost, "
            "expected a string of 12 digits\n"
            'hint: write "012345678901"'
        ),
    ]


def test_eleven_digits_in_quotes_lost_it_too(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.tfvars": 'account_id = "12345678901"\n'}, CODE) == [
        (
            "a.tfvars:1:14: error: account_id: got 11 digits: the zero at the start is lost, expected a string "
            "of 12 digits\n"
            'hint: write "012345678901"'
        ),
    ]


def test_what_was_printed_as_a_number_is_found(tmp_path: Path) -> None:
    files = {"a.yaml": "account: 5.57702566877e+11\nother:\n  accountId: '5.57702566877e+11'\n"}
    assert found(tmp_path, files, CODE) == [
        (
            "a.yaml:3:14: error: accountId: got an account id that was printed as a number, expected a string "
            "of 12 digits\n"
            "hint: write the 12 digits in quotes"
        ),
        ('a.yaml:1:10: warning: account: got a number, expected a string of 12 digits\nhint: write "557702566877"'),
    ]


@pytest.mark.parametrize(("mark", "severity", "line"), [("", "note", 1), (MARK, "error", 2)])
def test_a_number_in_a_variable_file_is_found(tmp_path: Path, mark: str, severity: str, line: int) -> None:
    """Terraform makes the text of all its digits. Tried with 1.11.4."""
    assert found(tmp_path, {"a.tfvars": f"{mark}account_id = 557702566877\n"}, CODE) == [
        (
            f"a.tfvars:{line}:14: {severity}: account_id: got a number, expected a string of 12 digits\n"
            'hint: write "557702566877"'
        ),
    ]


def test_a_zero_that_hcl_drops_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.tfvars": "account_id = 012345678901\n"}, CODE) == [
        (
            "a.tfvars:1:14: error: account_id: got a number of 11 digits: the zero at the start is lost, "
            "expected a string of 12 digits\n"
            'hint: write "012345678901"'
        ),
    ]


def test_a_known_account_counts_under_any_key(tmp_path: Path) -> None:
    assert found(tmp_path, {**BY_HAND, "values.yaml": "trusted: [111122223333]\n"}, CODE) == [
        (
            "values.yaml:1:11: warning: trusted: got a number, expected a string of 12 digits\n"
            'hint: write "111122223333"'
        ),
    ]


def test_a_known_account_that_lost_its_zero_counts_too(tmp_path: Path) -> None:
    files = {"a.tfvars": TFVARS.replace("111122223333", "011122223333"), "values.yaml": "trusted: [11122223333]\n"}
    assert found(tmp_path, files, CODE) == [
        (
            "values.yaml:1:11: error: trusted: got a number of 11 digits: the zero at the start is lost, "
            "expected a string of 12 digits\n"
            'hint: write "011122223333"'
        ),
    ]


def test_a_number_of_12_digits_may_be_anything(tmp_path: Path) -> None:
    assert found(tmp_path, {"a.yaml": "at: 202411240312\n"}, CODE) == []
