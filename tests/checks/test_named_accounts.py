"""Slips in the ServiceAccount of a store that no Application is seen to bring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "store-service-account"
ACCOUNT = "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: eso-irsa, namespace: eso}\n"
AWS = "aws: {service: SecretsManager, region: eu-west-1, auth: {jwt: {serviceAccountRef: {REF}}}}"
KUBERNETES = "kubernetes: {server: {caBundle: TFMwdA==}, auth: {serviceAccount: {REF}}}"


def store(provider: str, ref: str, kind: str = "ClusterSecretStore") -> str:
    namespace = "" if kind == "ClusterSecretStore" else ", namespace: eso"
    return (
        f"apiVersion: external-secrets.io/v1\nkind: {kind}\nmetadata: {{name: one{namespace}}}\n"
        f"spec:\n  provider:\n    {provider.replace('REF', ref)}\n"
    )


@pytest.mark.parametrize(("provider", "column"), [(AWS, 94), (KUBERNETES, 78)])
def test_a_slip_is_found_by_the_account_beside_the_store(tmp_path: Path, provider: str, column: int) -> None:
    files = {"eso/account.yaml": ACCOUNT, "eso/store.yaml": store(provider, "name: eso-irs, namespace: eso")}
    assert found(tmp_path, files, CODE) == [
        (
            f"eso/store.yaml:6:{column}: warning: ClusterSecretStore one signs in as eso-irs, but no ServiceAccount "
            "here has that name\n"
            "hint: did you mean eso-irsa?\n"
            "eso/account.yaml:3:18: ServiceAccount eso-irsa is here"
        )
    ]


def test_a_store_of_one_namespace_looks_in_its_own(tmp_path: Path) -> None:
    files = {"eso/all.yaml": f"{ACCOUNT}---\n{store(AWS, 'name: eso-irs', 'SecretStore')}"}
    (problem,) = found(tmp_path, files, CODE)
    assert "SecretStore one signs in as eso-irs, but no ServiceAccount here has that name" in problem


@pytest.mark.parametrize(
    ("ref", "more"),
    [
        ("name: eso-irsa, namespace: eso", {}),
        ("name: eso-irs, namespace: other", {}),
        ("name: eso-irs", {}),
        ("name: default, namespace: eso", {}),
        ("name: somebody-elses, namespace: eso", {}),
        ("name: '{{ name }}', namespace: eso", {}),
        ("name: eso-irs, namespace: eso", {"other/account.yaml": ACCOUNT.replace("eso-irsa", "eso-irs")}),
        (
            "name: eso-irs, namespace: eso",
            {"main.tf": 'resource "kubernetes_service_account" "a" {\n  metadata {\n    name = "eso-irs"\n  }\n}\n'},
        ),
    ],
)
def test_what_may_be_elsewhere_is_sound(tmp_path: Path, ref: str, more: dict[str, str]) -> None:
    files = {"eso/account.yaml": ACCOUNT, "eso/store.yaml": store(AWS, ref), **more}
    assert found(tmp_path, files, CODE) == []


def test_an_account_of_another_folder_is_not_meant(tmp_path: Path) -> None:
    files = {"a/account.yaml": ACCOUNT, "b/store.yaml": store(AWS, "name: eso-irs, namespace: eso")}
    assert found(tmp_path, files, CODE) == []
