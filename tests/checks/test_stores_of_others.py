"""The stores that a ClusterExternalSecret names, and those of what no Application is seen to bring."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, SECRET_FILE, changed
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "external-secret-store"
FOR_ALL = """\
apiVersion: external-secrets.io/v1
kind: ClusterExternalSecret
metadata:
  name: shared
spec:
  namespaceSelectors:
    - matchLabels:
        shared: "true"
  externalSecretSpec:
    secretStoreRef:
      name: {name}
      kind: {kind}
    target:
      name: shared
    data:
      - secretKey: user
        remoteRef:
          key: shared/app
          property: user
"""
PUSHED = """\
apiVersion: external-secrets.io/v1alpha1
kind: PushSecret
metadata:
  name: push
  namespace: data
spec:
  secretStoreRefs:
    - name: {name}
      kind: {kind}
  selector:
    secret:
      name: database
  data:
    - match:
        secretKey: user
        remoteRef:
          remoteKey: data/user
"""
VAULT = """\
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata:
  name: vault-shared
spec:
  provider:
    vault:
      server: https://vault.example.org
      path: kv
      auth:
        tokenSecretRef:
          name: token
          namespace: vault
          key: token
"""
ALL_FILE, PUSH_FILE, VAULT_FILE = "manifests/shared.yaml", "data/push.yaml", "manifests/vault.yaml"
HERE = f"\n{VAULT_FILE}:4:9: ClusterSecretStore vault-shared is here"


def told(root: Path, path: str, text: str, name: str, kind: str, vault: str = VAULT_FILE) -> list[str]:
    """Returns what is said of an object that names a store, where there is the ClusterSecretStore vault-shared."""
    return found(root, {**BY_HAND, vault: VAULT, path: text.format(name=name, kind=kind)}, CODE)


@pytest.mark.parametrize(("path", "text"), [(ALL_FILE, FOR_ALL), (PUSH_FILE, PUSHED)])
def test_what_names_the_store_that_is_there_is_fine(tmp_path: Path, path: str, text: str) -> None:
    assert told(tmp_path, path, text, "vault-shared", "ClusterSecretStore") == []


@pytest.mark.parametrize(("path", "text"), [(ALL_FILE, FOR_ALL), (PUSH_FILE, PUSHED)])
def test_a_store_that_nothing_here_is_like_may_be_anywhere(tmp_path: Path, path: str, text: str) -> None:
    assert told(tmp_path, path, text, "parameters", "ClusterSecretStore") == []


def test_a_slip_in_the_store_for_many_namespaces_is_found(tmp_path: Path) -> None:
    assert told(tmp_path, ALL_FILE, FOR_ALL, "vault-shraed", "ClusterSecretStore") == [
        (
            f"{ALL_FILE}:11:13: warning: ClusterExternalSecret shared reads from ClusterSecretStore vault-shraed, but "
            f"no ClusterSecretStore here has that name\nhint: did you mean vault-shared?{HERE}"
        )
    ]


def test_a_slip_in_the_store_of_a_push_that_nobody_brings_is_found(tmp_path: Path) -> None:
    assert told(tmp_path, PUSH_FILE, PUSHED, "vault-shraed", "ClusterSecretStore") == [
        (
            f"{PUSH_FILE}:8:13: warning: PushSecret push pushes to ClusterSecretStore vault-shraed, but no "
            f"ClusterSecretStore here has that name\nhint: did you mean vault-shared?{HERE}"
        )
    ]


@pytest.mark.parametrize(
    ("path", "text", "where", "does"),
    [
        (ALL_FILE, FOR_ALL, "12:13", "ClusterExternalSecret shared reads from"),
        (PUSH_FILE, PUSHED, "9:13", "PushSecret push pushes to"),
    ],
)
def test_the_kind_of_the_store_of_that_name_is_told(
    tmp_path: Path, path: str, text: str, where: str, does: str
) -> None:
    assert told(tmp_path, path, text, "vault-shared", "SecretStore") == [
        (
            f"{path}:{where}: warning: {does} SecretStore vault-shared, but no SecretStore here has that name\n"
            f"hint: vault-shared is a ClusterSecretStore: write kind: ClusterSecretStore{HERE}"
        )
    ]


def test_a_name_that_is_filled_in_is_none(tmp_path: Path) -> None:
    assert told(tmp_path, ALL_FILE, FOR_ALL, "'vault-{{ .shraed }}'", "ClusterSecretStore") == []


def test_a_slip_of_a_store_that_something_else_brings_is_found(tmp_path: Path) -> None:
    files = changed(
        SECRET_FILE, ("name: store\n    kind: SecretStore", "name: vault-shraed\n    kind: ClusterSecretStore")
    )
    files |= {"flux/vault.yaml": VAULT}
    assert found(tmp_path, files, CODE) == [
        (
            f"{SECRET_FILE}:8:11: warning: ExternalSecret db reads from ClusterSecretStore vault-shraed, but none is "
            "seen in one\nhint: did you mean vault-shared?\n"
            "flux/vault.yaml:4:9: ClusterSecretStore vault-shared is here"
        )
    ]


OF_ENTRIES = """\
apiVersion: external-secrets.io/v1
kind: {kind}
metadata:
  name: shared
spec:
{spec}
"""
ENTRIES = """\
target:
  name: shared
data:
  - secretKey: user
    sourceRef:
      storeRef:
        name: {store}
        kind: ClusterSecretStore
    remoteRef:
      key: shared/app
dataFrom:
  - sourceRef:
      generatorRef:
        apiVersion: generators.external-secrets.io/v1alpha1
        kind: Password
        name: {generator}"""
PASSWORD = """\
apiVersion: generators.external-secrets.io/v1alpha1
kind: Password
metadata:
  name: token-shared
spec:
  length: 32
  noUpper: false
  allowRepeat: true
"""


def told_of_entries(tmp_path: Path, kind: str, store: str, generator: str) -> list[str]:
    spec = ENTRIES.format(store=store, generator=generator)
    if kind == "ClusterExternalSecret":
        spec = f"namespaceSelectors: [{{}}]\nexternalSecretSpec:\n{indent(spec, '  ')}"
    files = {
        "shared.yaml": OF_ENTRIES.format(kind=kind, spec=indent(spec, "  ")),
        "flux/vault.yaml": VAULT,
        "flux/password.yaml": PASSWORD,
    }
    return found(tmp_path, files, CODE)


@pytest.mark.parametrize(
    ("kind", "store", "generator"),
    [("ExternalSecret", "12:17", "21:17"), ("ClusterExternalSecret", "14:19", "23:19")],
)
def test_a_slip_in_the_source_of_one_entry_is_found(tmp_path: Path, kind: str, store: str, generator: str) -> None:
    assert told_of_entries(tmp_path, kind, "vault-shraed", "token-shraed") == [
        (
            f"shared.yaml:{store}: warning: {kind} shared reads from ClusterSecretStore vault-shraed, but no "
            f"ClusterSecretStore here has that name\nhint: did you mean vault-shared?\n"
            "flux/vault.yaml:4:9: ClusterSecretStore vault-shared is here"
        ),
        (
            f"shared.yaml:{generator}: warning: {kind} shared asks the generator Password token-shraed, but no "
            "Password here has that name\nhint: did you mean token-shared?\n"
            "flux/password.yaml:4:9: Password token-shared is here"
        ),
    ]


@pytest.mark.parametrize(
    ("store", "generator"),
    [("vault-shared", "token-shared"), ("parameters", "random"), ("'{{ .store }}'", "'{{ .token }}-shraed'")],
)
@pytest.mark.parametrize("kind", ["ExternalSecret", "ClusterExternalSecret"])
def test_the_source_of_an_entry_may_be_anywhere(tmp_path: Path, kind: str, store: str, generator: str) -> None:
    assert told_of_entries(tmp_path, kind, store, generator) == []
