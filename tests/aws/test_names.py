"""What AWS accepts as an id or a name."""

from __future__ import annotations

import pytest

from gitops_gen.aws.names import (
    check_account_id,
    check_cluster_name,
    check_oidc_id,
    check_role_name,
    check_secret_path_characters,
    check_secret_path_end,
)

OIDC_ID = "EXAMPLED539D4633E53DE1B71EXAMPLE"
OIDC_EXPECTED = "32 capital letters and digits: give the id only, the part after /id/"
NO_RANDOM_END = "expected no hyphen with six characters at the end: Secrets Manager adds such an end to every ARN"


@pytest.mark.parametrize("account", ["444455556666", "012345670123", "000000000000"])
def test_an_account_id_is_fine(account: str) -> None:
    assert check_account_id(account) is None


@pytest.mark.parametrize(
    ("account", "reason"),
    [
        ("", "got an empty text, expected 12 digits"),
        ("12345670123", "got 11 digits, expected 12; leading zeros count"),
        ("4444555566667", "got 13 digits, expected 12; leading zeros count"),
        ("4444-5555-6666", "got a hyphen at character 5, expected 12 digits"),
        ("444455556666\n", "got a line break at the end, expected 12 digits"),
        ("44445555666x", "got a lower case letter at the end, expected 12 digits"),
        ("44445555666\u0666", "got '\u0666', which is not ASCII, at the end, expected 12 digits"),
    ],
)
def test_what_is_no_account_id_says_why(account: str, reason: str) -> None:
    assert check_account_id(account) == reason


@pytest.mark.parametrize("oidc_id", [OIDC_ID, "36F950CAB58ED67F6DF6F037ACAD9074"])
def test_an_oidc_id_is_fine(oidc_id: str) -> None:
    assert check_oidc_id(oidc_id) is None


@pytest.mark.parametrize(
    ("oidc_id", "reason"),
    [
        ("", f"got 0 characters, expected {OIDC_EXPECTED}"),
        (OIDC_ID[:31], f"got 31 characters, expected {OIDC_EXPECTED}"),
        (f"{OIDC_ID}1", f"got 33 characters, expected {OIDC_EXPECTED}"),
        (OIDC_ID.lower(), f"got a lower case letter at the start, expected {OIDC_EXPECTED}"),
        (f"{OIDC_ID}\n", f"got a line break at the end, expected {OIDC_EXPECTED}"),
        (
            f"https://oidc.eks.us-east-1.amazonaws.com/id/{OIDC_ID}",
            f"got an address, expected {OIDC_EXPECTED}",
        ),
        (f"id/{OIDC_ID}", f"got an address, expected {OIDC_EXPECTED}"),
    ],
)
def test_what_is_no_oidc_id_says_what_to_give(oidc_id: str, reason: str) -> None:
    assert check_oidc_id(oidc_id) == reason


@pytest.mark.parametrize("name", ["a", "myapp-eso", "Team_A+b=c,d.e@f-g", "a" * 64])
def test_a_role_name_is_fine(name: str) -> None:
    assert check_role_name(name) is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "got an empty text, expected 1 to 64 characters"),
        ("a" * 65, "got 65 characters, expected at most 64"),
        ("eso/myapp", "got a slash at character 4, expected letters, digits and _+=,.@-"),
        ("myapp eso", "got a space at character 6, expected letters, digits and _+=,.@-"),
        ("é", "got 'é', which is not ASCII, at the start, expected letters, digits and _+=,.@-"),
    ],
)
def test_what_is_no_role_name_says_why(name: str, reason: str) -> None:
    assert check_role_name(name) == reason


@pytest.mark.parametrize(
    "path",
    [
        "production/myapp/db-password",
        "/myapp/db",
        "a",
        "a" * 512,
        "a-12345",
        "a-1234567",
        "a_secret",
        "a/b-c/secret",
    ],
)
def test_a_secret_path_is_fine(path: str) -> None:
    assert check_secret_path_characters(path) is None
    assert check_secret_path_end(path) is None


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "got an empty text, expected 1 to 512 characters"),
        ("a" * 513, "got 513 characters, expected at most 512"),
        ("dev/my app", "got a space at character 7, expected letters, digits and /_+=.@-"),
        ("dev/*", "got the character '*' at the end, expected letters, digits and /_+=.@-"),
        ("dev/a:b", "got a colon at character 6, expected letters, digits and /_+=.@-"),
        ("dev//db", "got a slash at character 5, expected a name between two slashes"),
    ],
)
def test_what_is_no_secret_path_says_why(path: str, reason: str) -> None:
    assert check_secret_path_characters(path) == reason


def test_the_end_of_a_secret_path_can_be_checked_alone() -> None:
    assert check_secret_path_characters("dev/myapp/db-secret") is None
    assert check_secret_path_end("dev/myapp/db-secret") == f"got a name that ends in '-secret', {NO_RANDOM_END}"
    assert check_secret_path_end("dev//db") is None


@pytest.mark.parametrize("name", ["a", "myapp-production-use1", "2nd-cluster", "a" * 100])
def test_a_cluster_name_is_fine(name: str) -> None:
    assert check_cluster_name(name) is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "got an empty text, expected 1 to 100 characters"),
        ("a" * 101, "got 101 characters, expected at most 100"),
        ("-a", "got a hyphen at the start, expected a lower case letter or a digit"),
        ("a-", "got a hyphen at the end, expected a lower case letter or a digit"),
        ("a.b", "got a dot at character 2, expected lower case letters, digits and hyphens"),
        ("a_B", "got an underscore at character 2, expected lower case letters, digits and hyphens"),
    ],
)
def test_what_is_no_cluster_name_says_why(name: str, reason: str) -> None:
    assert check_cluster_name(name) == reason
