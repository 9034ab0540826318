"""An object of the operator that kustomize patches is judged as its overlays leave it, though nobody brings it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import found

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CODE = "external-secret-fields"
STORE = """\
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: aws}
spec:
  provider:
    aws: {service: SecretsManager}
"""
BASE = {"base/kustomization.yaml": "resources: [store.yaml]\n", "base/store.yaml": STORE}
NO_REGION = (
    "base/store.yaml:6:5: error: ClusterSecretStore aws: spec.provider.aws: region is missing\nhint: add region:"
)
MERGED = (
    "apiVersion: external-secrets.io/v1\nkind: ClusterSecretStore\nmetadata: {name: aws}\n"
    "spec: {provider: {aws: {region: us-east-1}}}\n"
)


def overlay(operation: str) -> str:
    target = "target: {kind: ClusterSecretStore, name: aws}"
    return f"resources: [../base]\npatches:\n  - {target}\n    patch: |\n      - {{{operation}}}\n"


def region(text: str) -> str:
    return overlay(f"op: add, path: /spec/provider/aws/region, value: {text}")


@pytest.mark.parametrize(
    ("overlays", "told"),
    [
        ({"dev": region("us-east-1")}, []),
        ({"dev": region("us-east-1"), "prod": region("us-west-2")}, []),
        ({"dev": "resources: [../mid]\n", "mid": region("us-east-1")}, []),
        ({"dev": region("us-east-1"), "prod": "resources: [../base]\n"}, [NO_REGION]),
        ({"dev": overlay("op: add, path: /spec/provider/aws/role, value: ''")}, [NO_REGION]),
        ({"dev": region("us-east-1"), "prod": overlay("op: add, path: /metadata/labels, value: {}")}, [NO_REGION]),
        ({"dev": "resources: [../base]\npatches: [{path: store.yaml}]\n"}, []),
        ({"dev": region("us-east-1").replace("resources", "namePrefix: a-\nresources")}, []),
        ({"dev": region("us-east-1").replace("../base", "../elsewhere")}, [NO_REGION]),
    ],
    ids=[
        "added",
        "in each",
        "further down",
        "not in one",
        "something else",
        "something else in one",
        "a patch like an object",
        "what only kustomize knows",
        "of another folder",
    ],
)
def test_what_all_overlays_add_is_not_missing(tmp_path: Path, overlays: Mapping[str, str], told: list[str]) -> None:
    files = {f"{name}/kustomization.yaml": text for name, text in overlays.items()}
    if "store.yaml" in files["dev/kustomization.yaml"]:
        files["dev/store.yaml"] = MERGED
    assert found(tmp_path, {**BASE, **files}, CODE) == told


def test_what_an_overlay_makes_wrong_is_told(tmp_path: Path) -> None:
    files = {**BASE, "dev/kustomization.yaml": region("us-esat-1")}
    (problem,) = found(tmp_path, files, "store-region")
    assert problem.startswith("dev/kustomization.yaml:5:59: error: ClusterSecretStore aws: got 'us-esat-1'")


SECRET = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: db}
spec:
  refreshIntervall: 1h
"""


def test_of_one_that_nobody_knows_only_what_is_written_is_judged(tmp_path: Path) -> None:
    files = {
        "base/kustomization.yaml": "resources: [secret.yaml]\n",
        "base/secret.yaml": SECRET,
        "dev/kustomization.yaml": "resources: [../base]\npatches: [{path: secret.yaml}]\ngenerators: [made.yaml]\n",
        "dev/secret.yaml": SECRET.replace("refreshIntervall: 1h", "data: []"),
    }
    (problem,) = found(tmp_path, files, CODE)
    assert problem.startswith("base/secret.yaml:5:3:")
    assert "refreshIntervall" in problem
