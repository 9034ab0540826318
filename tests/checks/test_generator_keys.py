"""The keys that a generator gives, for the templates that read them and the pods that read what those make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

MADE = """\
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: registry
spec:
  refreshInterval: 1h0m0s
  target:
    name: registry
    template:
      data:
        auth: "{{{{ .{key} }}}}"
  dataFrom:
    - sourceRef:
        generatorRef:
          apiVersion: generators.external-secrets.io/v1alpha1
          kind: {kind}
          name: registry
"""
POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: pull
spec:
  containers:
    - name: pull
      image: pull:1
      env:
        - name: AUTH
          valueFrom:
            secretKeyRef:
              name: registry
              key: {key}
"""


def told(root: Path, kind: str, key: str, more: str = "") -> list[str]:
    """Returns what is said of the template of an ExternalSecret that reads a key of a generator."""
    text = MADE.format(kind=kind, key=key) + more
    said = found(root, {**BY_HAND, "manifests/registry.yaml": text}, "external-secret-fields")
    return [each for each in said if "reads" in each]


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        ("ACRAccessToken", "username"),
        ("ECRAuthorizationToken", "proxy_endpoint"),
        ("GCRAccessToken", "expiry"),
        ("SSHKey", "privateKey"),
        ("STSSessionToken", "session_token"),
        ("UUID", "uuid"),
        ("Password", "anything"),
        ("VaultDynamicSecret", "anything"),
        ("ClusterGenerator", "anything"),
    ],
)
def test_what_a_generator_gives_or_may_give_is_fine(tmp_path: Path, kind: str, key: str) -> None:
    assert told(tmp_path, kind, key) == []


def test_a_key_that_a_generator_does_not_give_is_found(tmp_path: Path) -> None:
    assert told(tmp_path, "ECRAuthorizationToken", "user") == [
        (
            "manifests/registry.yaml:11:15: error: ExternalSecret registry: spec.target.template.data.auth: reads "
            ".user, which no data give it\nhint: did you mean username?"
        )
    ]


@pytest.mark.parametrize(
    "more",
    [
        "      rewrite:\n        - regexp: {source: username, target: user}\n",
        "    - extract: {key: registry}\n",
        "  data:\n    - {secretKey: user, remoteRef: {key: registry, property: user}}\n",
    ],
)
def test_what_else_may_give_it_is_fine(tmp_path: Path, more: str) -> None:
    assert told(tmp_path, "ECRAuthorizationToken", "user", more) == []


@pytest.mark.parametrize(("policy", "is_told"), [("", True), ("      mergePolicy: Merge\n", False)])
def test_a_template_says_all_keys_wherever_its_data_come_from(tmp_path: Path, policy: str, *, is_told: bool) -> None:
    text = MADE.format(kind="Password", key="password").replace("      data:\n", f"{policy}      data:\n")
    files = {**BY_HAND, "manifests/registry.yaml": text, "manifests/pod.yaml": POD.format(key="password")}
    expected = (
        "manifests/pod.yaml:14:20: error: Pod pull reads the key password of the Secret registry, but ExternalSecret "
        "registry gives it auth"
    )
    assert [each.splitlines()[0] for each in found(tmp_path, files, "secret-reference")] == [expected] * is_told
