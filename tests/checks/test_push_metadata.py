"""What a PushSecret tells a store of AWS of a secret beside its value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import STORE_FILE, changed, operator
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

HEAD = "apiVersion: kubernetes.external-secrets.io/v1alpha1, kind: PushSecretMetadata"
SERVICE, PARAMETERS = "SecretsManager", "ParameterStore"


def said(tmp_path: Path, metadata: str, service: str = SERVICE, version: str | None = "2.9.0") -> list[str]:
    """What is said of a PushSecret with metadata."""
    push = (
        "apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {name: out}\nspec:\n"
        "  secretStoreRefs: [{name: store}]\n  selector: {secret: {name: db}}\n  data:\n"
        f"    - match: {{secretKey: a, remoteRef: {{remoteKey: b}}}}\n      metadata: {{{metadata}}}\n"
    )
    files = changed(STORE_FILE, ("service: SecretsManager", f"service: {service}"))
    files |= {"manifests/push.yaml": push, "apps/operator.yaml": operator(version) if version else ""}
    problems = [each for each in found(tmp_path, files, "external-secret-store") if "metadata" in each]
    return [each.partition(" refuses its metadata: ")[2].partition("\n")[0] for each in problems]


@pytest.mark.parametrize(
    ("metadata", "service"),
    [
        (f"{HEAD}, spec: {{kmsKeyID: a, secretPushFormat: string, description: b, tags: {{team: c}}}}", SERVICE),
        (f"{HEAD}, spec: {{kmsKeyId: a, replicationLocations: [eu-west-2], resourcePolicy: {{}}}}", SERVICE),
        (f"{HEAD}, spec: {{secretType: SecureString, kmsKeyID: a, tier: {{type: Advanced}}}}", PARAMETERS),
        (HEAD, PARAMETERS),
    ],
)
def test_what_the_operator_reads_is_fine(tmp_path: Path, metadata: str, service: str) -> None:
    assert said(tmp_path, metadata, service) == []


NO_METADATA = "it is no PushSecretMetadata of kubernetes.external-secrets.io/v1alpha1"


@pytest.mark.parametrize(
    ("metadata", "service", "reason"),
    [
        ("secretPushFormat: string", SERVICE, NO_METADATA),
        (f"{HEAD}, spec: {{kmsKey: a}}", SERVICE, "there is no field kmsKey"),
        (f"{HEAD}, spec: {{secretType: String}}", SERVICE, "there is no field secretType"),
        (f"{HEAD}, spec: {{secretPushFormat: text}}", SERVICE, "got text, expected string or binary"),
        (f"{HEAD}, spec: {{secretPushFormat: string}}", PARAMETERS, "there is no field secretPushFormat"),
        (f"{HEAD}, tags: {{a: b}}", PARAMETERS, "there is no field tags"),
        (
            f"{HEAD}, spec: {{tags: {{managed-by: me}}}}",
            PARAMETERS,
            "the operator gives the tag managed-by itself",
        ),
    ],
)
def test_what_it_refuses_is_found(tmp_path: Path, metadata: str, service: str, reason: str) -> None:
    assert said(tmp_path, metadata, service) == [reason]


def test_what_an_older_operator_reads_is_left_alone(tmp_path: Path) -> None:
    assert said(tmp_path, "secretPushFormat: string", version="0.9.13") == []
    assert said(tmp_path, "secretPushFormat: string", version=None) == [NO_METADATA]
