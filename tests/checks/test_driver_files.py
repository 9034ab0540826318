"""The files that a SecretProviderClass of AWS mounts, and the keys that come of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "secret-reference"
FILE = "manifests/class.yaml"
LOGIN = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:login-AbCdEf"

CLASS = """\
apiVersion: secrets-store.csi.x-k8s.io/v1
kind: SecretProviderClass
metadata: {name: web}
spec:
  provider: aws
  parameters:
    objects: |
      - objectName: %s
        jmesPath:
          - {path: name, objectAlias: user}
      - objectName: /web/flags
        objectType: ssmparameter
      - {objectName: web/mail, objectType: secretsmanager, objectAlias: mail}
  secretObjects:
    - secretName: web
      type: Opaque
      data:
        - {objectName: user, key: USER}
"""


def told(tmp_path: Path, *changes: tuple[str, str]) -> list[str]:
    text = CLASS % LOGIN
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return found(tmp_path, {**BY_HAND, FILE: text}, CODE)


@pytest.mark.parametrize("name", ["user", "_web_flags", "mail", "<file>", "${FILE}", LOGIN])
def test_a_file_is_called_by_its_alias_or_else_by_its_name(tmp_path: Path, name: str) -> None:
    """Source: secrets-store-csi-driver-provider-aws, provider/secret_descriptor.go, GetFileName."""
    assert told(tmp_path, ("{objectName: user, ", f"{{objectName: '{name}', ")) == []


@pytest.mark.parametrize(
    ("name", "hint"),
    [("usr", "did you mean user?"), ("/web/flags", "did you mean _web_flags?"), ("web_mail", None)],
)
def test_a_file_that_is_not_mounted_is_found(tmp_path: Path, name: str, hint: str | None) -> None:
    """Source: secrets-store-csi-driver, pkg/util/secretutil/secret.go, GetSecretData."""
    (got,) = told(tmp_path, ("{objectName: user, ", f"{{objectName: {name}, "))
    first, second, *more = got.splitlines()
    assert first == (
        f"{FILE}:18:24: warning: SecretProviderClass web takes a key from the file {name}, and its objects are "
        f"_web_flags, {LOGIN}, mail, user: the driver does not make the Secret"
    )
    assert hint is None or second == f"hint: {hint}"
    assert more == []


def test_slashes_may_stay(tmp_path: Path) -> None:
    stay = ("  parameters:\n", "  parameters:\n    pathTranslation: 'False'\n")
    assert told(tmp_path, stay, ("{objectName: user, ", "{objectName: web/flags, ")) == []


@pytest.mark.parametrize(
    "change",
    [
        ("provider: aws", "provider: azure"),
        ("objectType: ssmparameter", "objectKind: ssmparameter"),
        ("      - objectName: /web/flags\n", "      - objectName: ${FLAGS}\n"),
        ("    objects: |\n      - objectName", "    objects: |\n      array:\n      - objectName"),
        ("objects: |\n", "others: |\n"),
    ],
)
def test_where_the_files_are_not_known_nothing_is_said(tmp_path: Path, change: tuple[str, str]) -> None:
    assert told(tmp_path, change, ("{objectName: user, ", "{objectName: other, ")) == []
