"""What a PolicyGenerator changes is not judged as it stands, and what it takes as it is, is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

STORE = """\
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: aws}
spec:
  provider:
    aws: {service: SecretsManager}
"""
ON_EACH = "'{{ fromClusterClaim \"region.open-cluster-management.io\" }}'"
ON_HUB = "'{{hub index .ManagedClusterLabels \"region\" hub}}'"
GENERATOR = """\
apiVersion: policy.open-cluster-management.io/v1
kind: PolicyGenerator
metadata: {name: policies}
policies:
  - name: store
    manifests:
      - path: PATH
"""


def tree(store: str, entry: str) -> dict[str, str]:
    return {
        "policies/kustomization.yaml": "generators: [generator.yaml]\n",
        "policies/generator.yaml": GENERATOR.replace("PATH", entry),
        "policies/input/store.yaml": store,
    }


PATCHES = "\n        patches: [{spec: {provider: {aws: {region: eu-west-1}}}}]"


@pytest.mark.parametrize(
    ("code", "store"),
    [
        ("store-region", STORE.replace("Manager}", f"Manager, region: {ON_EACH}}}")),
        ("store-region", STORE.replace("Manager}", f"Manager, region: {ON_HUB}}}")),
        ("template-leftover", STORE.replace("Manager}", f"Manager, region: {ON_HUB}}}")),
    ],
)
@pytest.mark.parametrize("path", ["input/store.yaml", "input", "./input/"])
def test_what_policies_fill_in_is_no_mistake(tmp_path: Path, code: str, store: str, path: str) -> None:
    assert found(tmp_path, tree(store, path), code) == []


def test_what_the_generator_adds_is_not_missed(tmp_path: Path) -> None:
    assert found(tmp_path, tree(STORE, f"input/store.yaml{PATCHES}"), "external-secret-fields") == []


@pytest.mark.parametrize("entry", ["input/store.yaml", f"input/other.yaml{PATCHES}"])
def test_what_is_taken_as_it_is_lacks_what_it_lacks(tmp_path: Path, entry: str) -> None:
    (problem,) = found(tmp_path, tree(STORE, entry), "external-secret-fields")
    assert "spec.provider.aws: region is missing" in problem


@pytest.mark.parametrize(
    "more", ["policies: 1", "policies: [{manifests: 1}, 2]", "policies: [{manifests: [{path: ../..}, 3]}]"]
)
def test_a_generator_of_another_shape_ends_nothing(tmp_path: Path, more: str) -> None:
    files = {**tree(STORE, "."), "policies/generator.yaml": f"kind: PolicyGenerator\n{more}\n"}
    assert len(found(tmp_path, files, "external-secret-fields")) == 1
