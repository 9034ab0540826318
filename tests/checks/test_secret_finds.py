"""What an ExternalSecret finds secrets by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import SECRET_FILE, STORE_FILE, changed
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "external-secret-store"


def said(tmp_path: Path, item: str, *changes: tuple[str, str]) -> list[str]:
    """What is said of an ExternalSecret that takes one thing from all secrets, with the store changed."""
    files = changed(STORE_FILE, *changes)
    files[SECRET_FILE] = changed(SECRET_FILE, ("  data:\n", f"  dataFrom: [{item}]\n  data:\n"))[SECRET_FILE]
    return found(tmp_path, files, CODE)


@pytest.mark.parametrize("service", ["SecretsManager", "ParameterStore"])
def test_a_store_of_aws_finds_nothing_by_a_path_alone(tmp_path: Path, service: str) -> None:
    problems = said(tmp_path, "{find: {path: /dev/web}}", ("service: SecretsManager", f"service: {service}"))
    assert [each for each in problems if "neither" in each] == [
        (
            "manifests/secret.yaml:12:15: error: ExternalSecret db finds secrets by neither a name nor tags, which "
            "SecretStore store refuses\n"
            "hint: add name: {regexp: ...}, which .* fits always\n"
            "manifests/store.yaml:1:1: SecretStore store reads AWS"
        )
    ]


@pytest.mark.parametrize(
    "item",
    [
        "{find: {path: a, name: {regexp: b}}}",
        "{find: {tags: {a: b}}}",
        "{extract: {key: a}}",
        "{find: {path: a}, sourceRef: {storeRef: {name: gone, kind: ClusterSecretStore}}}",
    ],
)
def test_what_is_found_by_more_is_fine(tmp_path: Path, item: str) -> None:
    assert not any("neither" in each for each in said(tmp_path, item))


def test_another_provider_may_find_by_a_path(tmp_path: Path) -> None:
    aws = "    aws:\n      service: SecretsManager\n      region: eu-west-1\n"
    assert said(tmp_path, "{find: {path: a}}", (aws, "    gitlab:\n      projectID: a\n")) == []
