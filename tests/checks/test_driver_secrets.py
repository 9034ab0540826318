"""The Secrets that the Secrets Store CSI driver makes, and who reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "secret-reference"

CLASS = """\
apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata: {name: board-secrets}
spec:
  provider: aws
  secretObjects:
    - secretName: board-app-secret
      type: Opaque
      data:
        - {objectName: username, key: DB_USER}
        - {objectName: password, key: DB_PASSWORD}
"""

POD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: board}
spec:
  template:
    spec:
      containers:
        - name: board
          env:
            - name: A
              valueFrom:
                secretKeyRef:
                  name: board-app-secret
                  key: DB_USER
      volumes:
        - name: secrets
          csi:
            driver: secrets-store.csi.k8s.io
            volumeAttributes:
              secretProviderClass: board-secrets
"""


def tree(*changes: tuple[str, str]) -> dict[str, str]:
    pod = POD
    for old, new in changes:
        assert old in pod
        pod = pod.replace(old, new)
    return {**BY_HAND, "manifests/class.yaml": CLASS, "manifests/pod.yaml": pod}


@pytest.mark.parametrize(
    "changes",
    [
        (),
        (("name: board-app-secret", "name: made-by-hand"),),
        (("secretProviderClass: board-secrets", "secretProviderClass: of-another-chart"),),
        (("secrets-store.csi.k8s.io", "csi.example.com"), ("Class: board-secrets", "Class: board-secret")),
        (("name: board-app-secret", "name: ${SECRET}"),),
    ],
)
def test_what_is_read_by_its_name_is_well(tmp_path: Path, changes: tuple[tuple[str, str], ...]) -> None:
    assert found(tmp_path, tree(*changes), CODE) == []


def test_a_secret_with_a_slip_in_its_name_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, tree(("name: board-app-secret", "name: board-app-secrets")), CODE) == [
        (
            "manifests/pod.yaml:13:25: warning: Deployment board reads the Secret board-app-secrets, and "
            "SecretProviderClass board-secrets makes board-app-secret\nhint: did you mean board-app-secret?\n"
            "manifests/class.yaml:7:19: the Secret is made here"
        ),
    ]


def test_a_secret_of_that_name_that_is_here_is_meant(tmp_path: Path) -> None:
    secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: board-app-secrets}\n"
    files = {**tree(("name: board-app-secret", "name: board-app-secrets")), "manifests/own.yaml": secret}
    assert found(tmp_path, files, CODE) == []


def test_a_key_that_the_driver_does_not_give_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, tree(("key: DB_USER", "key: DB_USERNAME")), CODE) == [
        (
            "manifests/pod.yaml:14:24: error: Deployment board reads the key DB_USERNAME of the Secret "
            "board-app-secret, but SecretProviderClass board-secrets gives it DB_PASSWORD, DB_USER\n"
            "hint: did you mean DB_USER?\nmanifests/class.yaml:7:19: the Secret is made here"
        ),
    ]


def test_a_class_with_a_slip_in_its_name_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, tree(("secretProviderClass: board-secrets", "secretProviderClass: board-secret")), CODE) == [
        (
            "manifests/pod.yaml:20:36: warning: Deployment board mounts the SecretProviderClass board-secret, and "
            "there is none of that name\nhint: did you mean board-secrets?\n"
            "manifests/class.yaml:3:18: SecretProviderClass board-secrets is here"
        ),
    ]
