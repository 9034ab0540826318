"""Namespaces in the references of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, STORE, STORE_FILE, changed, operator
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "store-namespace"


def test_another_namespace_is_found(tmp_path: Path) -> None:
    files = changed(
        STORE_FILE,
        ("            name: web-eso\n", "            name: web-eso\n            namespace: external-secrets\n"),
    )
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:14:24: error: SecretStore store: serviceAccountRef names namespace "
            "external-secrets, but the store is in web, and External Secrets looks nowhere else\n"
            "hint: remove namespace: from the reference"
        ),
    ]


def test_the_own_namespace_is_a_warning(tmp_path: Path) -> None:
    files = changed(
        STORE_FILE, ("            name: web-eso\n", "            name: web-eso\n            namespace: web\n")
    )
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:14:24: warning: SecretStore store: serviceAccountRef names namespace web, "
            "which says nothing: the store's own is the only one that External Secrets takes\n"
            "hint: remove namespace: from the reference"
        ),
    ]


def test_before_0_9_20_the_own_namespace_is_refused(tmp_path: Path) -> None:
    files = {
        **changed(
            STORE_FILE, ("            name: web-eso\n", "            name: web-eso\n            namespace: web\n")
        ),
        "apps/operator.yaml": operator("0.9.19"),
    }
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:14:24: error: SecretStore store: serviceAccountRef names namespace web, "
            "which External Secrets 0.9.19 refuses even where it is the store's own\n"
            "hint: remove namespace: from the reference"
        ),
    ]


def test_credentials_in_a_secret_are_judged_too(tmp_path: Path) -> None:
    files = changed(
        STORE_FILE,
        (
            "        jwt:\n",
            (
                "        secretRef:\n"
                "          accessKeyIDSecretRef: {name: keys, key: id, namespace: other}\n"
                "        jwt:\n"
            ),
        ),
    )
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:12:66: error: SecretStore store: accessKeyIDSecretRef names namespace other, "
            "but the store is in web, and External Secrets looks nowhere else\n"
            "hint: remove namespace: from the reference"
        ),
    ]


VAULT = """\
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata: {name: vault}
spec:
  provider:
    PROVIDER
"""
OTHERS = {
    "vault: {server: https://v, namespace: team, auth: {tokenSecretRef: {name: t, key: k, namespace: other}}}": (
        "6:101",
        "tokenSecretRef",
    ),
    "azurekv: {vaultUrl: https://v, authType: WorkloadIdentity, serviceAccountRef: {name: eso, namespace: other}}": (
        "6:106",
        "serviceAccountRef",
    ),
    "webhook: {url: https://w, secrets: [{name: a, secretRef: {name: t, namespace: other}}]}": ("6:83", "secretRef"),
}


@pytest.mark.parametrize(("provider", "place", "name"), [(key, *value) for key, value in OTHERS.items()])
def test_another_namespace_is_found_for_every_provider(tmp_path: Path, provider: str, place: str, name: str) -> None:
    files = {**BY_HAND, "manifests/vault.yaml": VAULT.replace("PROVIDER", provider)}
    (problem,) = found(tmp_path, files, CODE)
    assert problem == (
        f"manifests/vault.yaml:{place}: error: SecretStore vault: {name} names namespace other, but the store is in "
        "web, and External Secrets looks nowhere else\nhint: remove namespace: from the reference"
    )
    own = {**files, "manifests/vault.yaml": files["manifests/vault.yaml"].replace("other", "web")}
    assert found(tmp_path / "own", own, CODE) == []


def test_a_namespace_of_vault_itself_is_no_namespace_of_the_cluster(tmp_path: Path) -> None:
    auth = "auth: {namespace: team, appRole: {path: approle, roleId: r, secretRef: {name: t, key: k}}}"
    ca = "caProvider: {type: Secret, name: ca, key: ca.crt, namespace: other}"
    store = VAULT.replace("PROVIDER", f"vault: {{server: https://v, {ca}, {auth}}}")
    assert found(tmp_path, {**BY_HAND, "manifests/vault.yaml": store}, CODE) == []


def test_a_cluster_store_names_its_namespace(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        STORE_FILE: STORE.replace("SecretStore", "ClusterSecretStore").replace(
            "name: web-eso", "name: web-eso\n            namespace: web"
        ),
    }
    assert found(tmp_path, files, CODE) == []


def test_without_an_application_the_own_namespace_is_the_one_that_is_written(tmp_path: Path) -> None:
    files = {
        "store.yaml": STORE.replace("name: store", "name: store\n  namespace: web").replace(
            "name: web-eso", "name: web-eso\n            namespace: web"
        )
    }
    assert found(tmp_path, files, CODE) == [
        (
            "store.yaml:15:24: warning: SecretStore store: serviceAccountRef names namespace web, which says "
            "nothing: the store's own is the only one that External Secrets takes\n"
            "hint: remove namespace: from the reference"
        ),
    ]
