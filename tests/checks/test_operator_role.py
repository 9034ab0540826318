"""Whom the operator signs in to AWS as, and whom its stores do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, STORE_FILE, operator
from tests.checks.trees import MARK, URL, found

if TYPE_CHECKING:
    from pathlib import Path

ROLE = "eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/eso"
OBJECT = f"      valuesObject:\n        serviceAccount:\n          annotations:\n            {ROLE}\n"
TEXT = f"      values: |\n        serviceAccount:\n          annotations:\n            {ROLE}\n"


@pytest.mark.parametrize("values", [OBJECT, TEXT])
def test_a_role_of_the_operator_that_no_store_uses_is_found(tmp_path: Path, values: str) -> None:
    assert found(tmp_path, {**BY_HAND, "apps/operator.yaml": operator(values=values)}, "operator-role") == [
        (
            "apps/operator.yaml:15:5: warning: external-secrets-one annotates the operator's own ServiceAccount with a "
            "role, but on one every store, as SecretStore store, signs in as one of its own\n"
            "hint: remove the annotation from the values of the operator\n"
            "manifests/store.yaml:11:9: whom the store signs in as"
        )
    ]


def test_the_values_file_that_gives_the_role_is_named(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        "apps/operator.yaml": operator(values="      valueFiles: [$values/values/eso.yaml]\n").replace(
            "  source:\n", "  sources:\n  - repoURL: " + URL + "\n    ref: values\n  -\n", 1
        ),
        "values/eso.yaml": f"serviceAccount:\n  annotations:\n    {ROLE}\n",
    }
    (told,) = found(tmp_path, files, "operator-role")
    assert told.splitlines()[2:] == [
        "values/eso.yaml:3:33: it is given here",
        "manifests/store.yaml:11:9: whom the store signs in as",
    ]


def test_a_store_that_signs_in_as_the_operator_uses_its_role(tmp_path: Path) -> None:
    shared = (
        "---\napiVersion: external-secrets.io/v1\nkind: SecretStore\nmetadata:\n  name: shared\nspec:\n  provider:\n"
        "    aws:\n      service: SecretsManager\n      region: eu-west-1\n"
    )
    files = {**BY_HAND, "apps/operator.yaml": operator(values=OBJECT), STORE_FILE: BY_HAND[STORE_FILE] + shared}
    assert found(tmp_path, files, "operator-role") == []


@pytest.mark.parametrize(
    ("name", "namespace"), [("external-secret", "external-secrets"), ("external-secrets", "external-secret")]
)
def test_a_store_whose_account_is_almost_that_of_the_operator_is_meant_to_use_its_role(
    tmp_path: Path, name: str, namespace: str
) -> None:
    store = BY_HAND[STORE_FILE].replace("kind: SecretStore", "kind: ClusterSecretStore")
    signs_in = f"            name: {name}\n            namespace: {namespace}"
    files = {**BY_HAND, "apps/operator.yaml": operator(values=OBJECT)}
    files[STORE_FILE] = store.replace("            name: web-eso", signs_in)
    assert found(tmp_path, files, "operator-role") == []


MUTE = """\
---
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata:
  name: shared
spec:
  provider:
    aws: {service: SecretsManager, region: eu-west-1}
"""


def test_a_generated_store_without_auth_beside_others_reads_as_an_operator_without_a_role(tmp_path: Path) -> None:
    files = {path: MARK + text for path, text in BY_HAND.items()}
    files[STORE_FILE] += MUTE
    (told,) = found(tmp_path, files, "operator-role")
    assert told == (
        "manifests/store.yaml:22:10: warning: ClusterSecretStore shared on one has no auth, so that it reads as the "
        "operator, which is given no role; SecretStore store signs in as an account of its own\n"
        "hint: name the ServiceAccount that it signs in as, under auth.jwt.serviceAccountRef\n"
        "manifests/store.yaml:12:9: whom the other one signs in as"
    )
    assert found(tmp_path, {**BY_HAND, STORE_FILE: BY_HAND[STORE_FILE] + MUTE}, "operator-role") == []


def test_an_operator_without_a_role_is_sound(tmp_path: Path) -> None:
    assert found(tmp_path, BY_HAND, "operator-role") == []


def test_a_store_that_names_the_account_of_the_operator_uses_its_role(tmp_path: Path) -> None:
    reference = "auth: {jwt: {serviceAccountRef: {name: %s, namespace: external-secrets}}}"
    shared = (
        "---\napiVersion: external-secrets.io/v1\nkind: ClusterSecretStore\nmetadata:\n  name: shared\nspec:\n"
        f"  provider:\n    aws:\n      service: SecretsManager\n      region: eu-west-1\n      {reference}\n"
    )
    files = {**BY_HAND, "apps/operator.yaml": operator(values=OBJECT)}
    store = BY_HAND[STORE_FILE]
    assert found(tmp_path, {**files, STORE_FILE: store + shared % "external-secrets"}, "operator-role") == []
    assert len(found(tmp_path, {**files, STORE_FILE: store + shared % "another"}, "operator-role")) == 1
