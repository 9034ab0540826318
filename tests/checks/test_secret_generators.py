"""The generators that an ExternalSecret names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, EXTERNAL_SECRET, SECRET_FILE
from tests.checks.trees import URL, found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "external-secret-store"
GENERATOR_FILE = "manifests/generator.yaml"


def asking(name: str = "db", kind: str = "Password") -> dict[str, str]:
    item = f"  dataFrom:\n    - sourceRef: {{generatorRef: {{kind: {kind}, name: {name}}}}}\n"
    return {**BY_HAND, SECRET_FILE: EXTERNAL_SECRET + item}


def generator(name: str = "db", kind: str = "Password", namespace: str = "web") -> dict[str, str]:
    where = f", namespace: {namespace}" if namespace else ""
    text = f"apiVersion: generators.external-secrets.io/v1alpha1\nkind: {kind}\nmetadata: {{name: {name}{where}}}\n"
    return {GENERATOR_FILE: text}


def test_a_generator_that_is_there_is_sound(tmp_path: Path) -> None:
    assert found(tmp_path, {**asking(), **generator()}, CODE) == []


def test_a_cluster_generator_is_in_no_namespace(tmp_path: Path) -> None:
    files = {**asking(kind="ClusterGenerator"), **generator(kind="ClusterGenerator", namespace="")}
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize(
    ("files", "hint"),
    [
        (generator("db-passw"), "did you mean db-passw?\nmanifests/generator.yaml:3:18: Password db-passw is here"),
        (generator(namespace="other"), "bring the Password db-pass there, or name the one that is"),
        (generator(kind="UUID"), "bring the Password db-pass there, or name the one that is"),
    ],
)
def test_a_generator_that_is_not_there_is_an_error_where_all_is_seen(
    tmp_path: Path, files: dict[str, str], hint: str
) -> None:
    assert found(tmp_path, {**asking("db-pass"), **files}, CODE) == [
        (
            "manifests/secret.yaml:18:56: error: ExternalSecret db asks the generator Password db-pass, but there is "
            f"none in namespace web of one\nhint: {hint}"
        ),
    ]


def elsewhere() -> dict[str, str]:
    """Returns an Application that brings nobody knows what to the cluster."""
    text = f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: other, namespace: argocd}}
spec:
  project: default
  source: {{repoURL: {URL.replace("fleet", "other")}, targetRevision: main, path: p}}
  destination: {{name: one, namespace: web}}
"""
    return {"apps/other.yaml": text}


@pytest.mark.parametrize(
    ("files", "severity"),
    [
        ({}, "note"),
        (generator("passwords-of-db"), "note"),
        (generator("db-password"), "warning"),
    ],
)
def test_what_somebody_else_may_bring_is_less(tmp_path: Path, files: dict[str, str], severity: str) -> None:
    [got] = found(tmp_path, {**asking("db-pass"), **files, **elsewhere()}, CODE)
    assert got.split(": ")[1] == severity


def test_a_slip_is_an_error_whoever_may_bring_more(tmp_path: Path) -> None:
    [got] = found(tmp_path, {**asking("database"), **generator("databse"), **elsewhere()}, CODE)
    assert ": error: ExternalSecret db asks the generator Password database, but there is none in namespace web" in got


def test_a_generator_in_a_file_that_something_unseen_may_bring_is_not_told(tmp_path: Path) -> None:
    files = {**asking("x"), **elsewhere(), "base/x.yaml": generator("x")[GENERATOR_FILE]}
    assert found(tmp_path, files, CODE) == []
