"""What a store of AWS signs in with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import STORE_FILE, changed
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

KEY = "{name: keys, key: a}"
BOTH = f"accessKeyIDSecretRef: {KEY}, secretAccessKeySecretRef: {KEY}"


def said(tmp_path: Path, auth: str) -> list[str]:
    """What is said of a store with an `auth`, from there on."""
    old = "      auth:\n        jwt:\n          serviceAccountRef:\n            name: web-eso\n"
    problems = found(tmp_path, changed(STORE_FILE, (old, f"      auth: {auth}\n")), "external-secret-fields")
    return [each.partition(" error: SecretStore store: spec.provider.aws.")[2].partition("\n")[0] for each in problems]


@pytest.mark.parametrize(
    ("auth", "missing"),
    [
        ("{jwt: {}}", ["auth.jwt: serviceAccountRef"]),
        (
            "{secretRef: {}}",
            ["auth.secretRef: accessKeyIDSecretRef", "auth.secretRef: secretAccessKeySecretRef"],
        ),
        (f"{{secretRef: {{accessKeyIDSecretRef: {KEY}}}}}", ["auth.secretRef: secretAccessKeySecretRef"]),
        (
            f"{{secretRef: {{accessKeyIDSecretRef: {{name: keys}}, secretAccessKeySecretRef: {KEY}}}}}",
            ["auth.secretRef.accessKeyIDSecretRef: key"],
        ),
        (
            f"{{secretRef: {{{BOTH}, sessionTokenSecretRef: {{key: a}}}}}}",
            ["auth.secretRef.sessionTokenSecretRef: name"],
        ),
    ],
)
def test_what_is_missing_is_found(tmp_path: Path, auth: str, missing: list[str]) -> None:
    assert said(tmp_path, auth) == [f"{each} is missing" for each in missing]


@pytest.mark.parametrize(
    "auth",
    [
        "{}",
        f"{{secretRef: {{{BOTH}}}}}",
        "{jwt: {serviceAccountRef: {name: web-eso}}, secretRef: {}}",
    ],
)
def test_what_is_whole_or_nobody_looks_at_is_fine(tmp_path: Path, auth: str) -> None:
    assert said(tmp_path, auth) == []


def test_a_service_account_without_a_name_is_told_once(tmp_path: Path) -> None:
    old = "        jwt:\n          serviceAccountRef:\n            name: web-eso\n"
    files = changed(STORE_FILE, (old, "        jwt: {}\n"))
    assert found(tmp_path, files, "store-service-account") == []
