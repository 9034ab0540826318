"""The controller that a store names."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, STORE, STORE_FILE, operator
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "external-secret-store"
OPERATOR_FILE = "apps/operator.yaml"


def tree(controller: str, values: str = "") -> dict[str, str]:
    store = STORE.replace("spec:\n", f"spec:\n  controller: {controller}\n")
    return {**BY_HAND, STORE_FILE: store, OPERATOR_FILE: operator(values=values)}


@pytest.mark.parametrize(
    ("controller", "values"),
    [
        ("default", ""),
        ('""', ""),
        ("dev", "      valuesObject: {controllerClass: dev}\n"),
        ("dev", "      valuesObject: {extraArgs: {controller-class: dev}}\n"),
        ("dev", "      valueFiles: [elsewhere.yaml]\n"),
        ("${CLASS}", ""),
    ],
)
def test_a_store_for_the_operator_of_its_cluster_is_well(tmp_path: Path, controller: str, values: str) -> None:
    assert found(tmp_path, tree(controller, values), CODE) == []


def test_a_store_for_another_controller_is_told(tmp_path: Path) -> None:
    assert found(tmp_path, tree("dev"), CODE) == [
        (
            "manifests/store.yaml:6:15: warning: SecretStore store is for the controller dev, and the operator on one "
            "is default\nhint: remove controller:\napps/operator.yaml:1:1: this brings the operator"
        ),
    ]


def test_the_class_of_the_operator_is_the_hint(tmp_path: Path) -> None:
    (told,) = found(tmp_path, tree("dev", "      valuesObject: {controllerClass: blue}\n"), CODE)
    assert "and the operator on one is blue\nhint: write blue\n" in told


def test_a_second_operator_may_be_for_it(tmp_path: Path) -> None:
    second = operator(values="      valuesObject: {controllerClass: dev}\n").replace("external-secrets-one", "second")
    assert found(tmp_path, {**tree("dev"), "apps/second.yaml": second}, CODE) == []


def test_without_an_operator_nobody_knows_its_class(tmp_path: Path) -> None:
    files = tree("dev")
    del files[OPERATOR_FILE]
    assert [each for each in found(tmp_path, files, CODE) if "controller" in each] == []


def test_a_store_for_all_is_left_alone_where_the_operator_is_told_so(tmp_path: Path) -> None:
    def told(folder: str, values: str, kind: str = "ClusterSecretStore") -> list[str]:
        store = STORE.replace("kind: SecretStore", f"kind: {kind}")
        files = {**BY_HAND, STORE_FILE: store, OPERATOR_FILE: operator(values=f"      valuesObject: {{{values}}}\n")}
        return [each for each in found(tmp_path / folder, files, CODE) if "leaves" in each]

    assert told("scoped", "scopedNamespace: web, scopedRBAC: true") == [
        (
            "manifests/store.yaml:2:7: warning: the operator on one leaves ClusterSecretStore store alone, by its "
            "scopedRBAC\nhint: write a SecretStore, or let it process those for all\n"
            "apps/operator.yaml:1:1: this brings the operator"
        )
    ]
    assert ["processClusterStore" in each for each in told("off", "processClusterStore: false")] == [True]
    assert told("kind", "processClusterStore: false", "SecretStore") == []
    assert told("on", "processClusterStore: true") == []
    assert told("half", "scopedRBAC: true") == []
    argument = "processClusterStore: false, extraArgs: {enable-cluster-store-reconciler: true}"
    assert told("argument", argument) == []
