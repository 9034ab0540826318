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


CERTIFICATE = "caProvider: {type: ConfigMap, name: kube-root-ca.crt, key: ca.crt}"
OF_VAULT = f"vault: {{{CERTIFICATE}, server: https://vault:8200, auth: {{tokenSecretRef: {{name: t, key: t}}}}}}"
OF_KUBERNETES = f"kubernetes: {{server: {{{CERTIFICATE}}}, auth: {{serviceAccount: {{name: a, namespace: a}}}}}}"


def certified(provider: str, kind: str = "ClusterSecretStore") -> str:
    """A store that no Application brings, with a certificate of somebody's own."""
    return f"""\
apiVersion: external-secrets.io/v1
kind: {kind}
metadata:
  name: one
spec:
  provider:
    {provider}
"""


@pytest.mark.parametrize(("provider", "column"), [(OF_VAULT, 25), (OF_KUBERNETES, 39)])
def test_a_cluster_store_says_where_its_certificate_is(tmp_path: Path, provider: str, column: int) -> None:
    assert found(tmp_path, {"store.yaml": certified(provider)}, CODE) == [
        (
            f"store.yaml:7:{column}: error: ClusterSecretStore one: caProvider names no namespace, and External "
            "Secrets knows none for a ClusterSecretStore\n"
            "hint: add namespace: to it, that of the ConfigMap kube-root-ca.crt"
        ),
    ]


@pytest.mark.parametrize(
    "text",
    [
        certified(OF_VAULT.replace("key: ca.crt", "key: ca.crt, namespace: vault")),
        certified(OF_KUBERNETES.replace("{caProvider", "{caBundle: TFMwdA==, caProvider")),
        certified(OF_VAULT, "SecretStore"),
    ],
)
def test_a_certificate_that_can_be_found_is_sound(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, {"store.yaml": text}, CODE) == []


def test_what_a_patch_may_add_is_not_missed(tmp_path: Path) -> None:
    patch = """\
patches:
  - target: {kind: ClusterSecretStore}
    patch: |
      - {op: add, path: /spec/provider/vault/caProvider/namespace, value: vault}
"""
    patched = {
        "base/store.yaml": certified(OF_VAULT),
        "base/kustomization.yaml": "resources: [store.yaml]\n",
        "overlay/kustomization.yaml": f"resources: [../base]\n{patch}",
    }
    assert found(tmp_path, patched, CODE) == []
