"""How often a store asks again, and the other durations that the operator reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, STORE, STORE_FILE, changed, operator
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "external-secret-fields"
DURATION = "expected a duration in h, m, s or ms such as 1h30m"


def store(settings: str, provider: str = "aws") -> dict[str, str]:
    text = STORE if provider == "aws" else f"{STORE.partition('    aws:')[0]}    {provider}\n"
    return {**BY_HAND, STORE_FILE: text.replace("spec:\n", f"spec:\n  retrySettings: {settings}\n")}


@pytest.mark.parametrize("settings", ["{maxRetries: 3, retryInterval: 10s}", "{maxRetries: 1}", "{retryInterval: 0s}"])
def test_retries_are_well(tmp_path: Path, settings: str) -> None:
    assert found(tmp_path, store(settings), CODE) == []


DOPPLER = "doppler: {auth: {secretRef: {dopplerToken: {name: a, key: b}}}}"


def test_no_retries_are_no_limit_to_aws(tmp_path: Path) -> None:
    assert found(tmp_path, store("{maxRetries: 0}"), CODE) == [
        (
            "manifests/store.yaml:6:31: warning: SecretStore store: spec.retrySettings.maxRetries: 0 is without limit "
            "for AWS up to version 2.9.0 of the operator\nhint: write 1 to ask once"
        ),
    ]
    assert found(tmp_path, store("{maxRetries: 0}", DOPPLER), CODE) == []


def test_an_operator_with_an_older_sdk_does_without_retries(tmp_path: Path) -> None:
    old = {**store("{maxRetries: 0}"), "apps/operator.yaml": operator("0.16.2")}
    assert found(tmp_path, old, CODE) == []


def test_an_interval_without_a_unit_is_refused(tmp_path: Path) -> None:
    assert found(tmp_path, store('{retryInterval: "10"}'), CODE) == [
        (
            "manifests/store.yaml:6:34: error: SecretStore store: spec.retrySettings.retryInterval: got '10', "
            f"{DURATION}; a number needs a unit: write 10s for seconds\n"
            "hint: write a duration as Go reads it, such as 10s"
        ),
    ]


@pytest.mark.parametrize(
    ("settings", "provider"),
    [
        ('{retryInterval: "10"}', "doppler: {auth: {secretRef: {dopplerToken: {name: a, key: b}}}}"),
        ("{retryInterval: -10s}", "aws"),
        ("{maxRetries: -1}", "aws"),
    ],
    ids=["nobody reads it", "less than none", "less than no retry"],
)
def test_what_says_nothing_is_a_warning(tmp_path: Path, settings: str, provider: str) -> None:
    (told,) = found(tmp_path, store(settings, provider), CODE)
    assert ": warning: SecretStore store: spec.retrySettings." in told


MADE = "secretStoreRef: {name: a}, dataFrom: [{extract: {key: a}}]"


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("SecretStore", "{provider: {webhook: {url: 'https://a', timeout: '10'}}}"),
        ("ClusterExternalSecret", f"{{refreshTime: '10', externalSecretSpec: {{{MADE}}}}}"),
        ("ClusterExternalSecret", f"{{externalSecretSpec: {{refreshInterval: '10', {MADE}}}}}"),
    ],
    ids=["timeout", "refreshTime", "of what is made"],
)
def test_each_duration_that_the_operator_reads_needs_a_unit(tmp_path: Path, kind: str, spec: str) -> None:
    text = f"apiVersion: external-secrets.io/v1\nkind: {kind}\nmetadata: {{name: a}}\nspec: {spec}\n"
    files = {**BY_HAND, "manifests/other.yaml": text}
    (told,) = found(tmp_path, files, CODE)
    assert told.startswith("manifests/other.yaml:")
    assert f": error: {kind} a: spec." in told
    assert f": got '10', {DURATION}; a number needs a unit: write 10s for seconds\n" in told


def test_the_interval_of_a_secret_is_told_once(tmp_path: Path) -> None:
    files = changed("manifests/secret.yaml", ("refreshInterval: 1h0m0s", "refreshInterval: '10'"))
    assert len(found(tmp_path, files, CODE)) == 1
