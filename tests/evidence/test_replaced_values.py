"""A value that a replacement or a patch of kustomize writes anew is not judged as it stands in the base."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.kustomize_replacements import is_in_field
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

    from gitops_gen.shapes import Steps

CODES = "external-secret-fields", "invalid-name", "store-region"
OBJECTS = """\
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: aws}
spec:
  provider:
    aws: {service: SecretsManager, region: REGION, auth: {jwt: {serviceAccountRef: {name: eso, namespace: eso}}}}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: {name: db, namespace: NAMESPACE}
spec:
  refreshInterval: INTERVAL
  secretStoreRef: {kind: ClusterSecretStore, name: aws}
  data: [{secretKey: PASSWORD, remoteRef: {key: db}}]
"""
FACTS = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: facts}
data: {region: eu-central-1, namespace: shop, interval: 1h}
"""
BASE = {
    "base/kustomization.yaml": "resources: [all.yaml, facts.yaml]\n",
    "base/all.yaml": OBJECTS,
    "base/facts.yaml": FACTS,
}
REPLACEMENTS = """\
- source: {kind: ConfigMap, name: facts, fieldPath: data.region}
  targets: [{select: {kind: ClusterSecretStore}, fieldPaths: [spec.provider.*.region]}]
- source: {kind: ConfigMap, name: facts, fieldPath: data.namespace}
  targets: [{select: {name: db}, fieldPaths: [metadata.namespace]}]
- source: {kind: ConfigMap, name: facts, fieldPath: data.interval}
  targets: [{select: {kind: ExternalSecret}, fieldPaths: [spec.refreshInterval]}]
"""
OVERLAY = "resources: [../base]\n"
STATED = f"{OVERLAY}replacements:\n{REPLACEMENTS}"
COMPONENT = f"apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nreplacements:\n{REPLACEMENTS}"
TOLD = ["base/all.yaml:6:44: error: ", "base/all.yaml:10:33: error: ", "base/all.yaml:12:20: error: "]


def places(tmp_path: Path, files: dict[str, str]) -> list[str]:
    """Returns where errors are told, by their lines."""
    told = [each for code in CODES for each in found(tmp_path, {**BASE, **files}, code)]
    return sorted(("".join(each.partition("error: ")[:2]) for each in told), key=lambda each: int(each.split(":")[1]))


@pytest.mark.parametrize(
    "overlay",
    [
        {"dev/kustomization.yaml": STATED},
        {"dev/kustomization.yaml": f"{OVERLAY}replacements: [{{path: all.yaml}}]\n", "dev/all.yaml": REPLACEMENTS},
        {"dev/kustomization.yaml": f"{OVERLAY}components: [../part]\n", "part/kustomization.yaml": COMPONENT},
        {"dev/kustomization.yaml": "resources: [../mid]\n", "mid/kustomization.yaml": STATED},
    ],
    ids=["stated", "in a file", "in a component", "below another"],
)
def test_what_a_replacement_writes_is_not_judged(tmp_path: Path, overlay: dict[str, str]) -> None:
    assert places(tmp_path, overlay) == []


POINTERS = """\
- {target: {kind: ClusterSecretStore}, patch: '[{op: replace, path: /spec/provider/aws/region, value: eu-west-1}]'}
- {target: {name: db}, patch: '[{op: replace, path: /metadata/namespace, value: shop}]'}
- {target: {kind: ExternalSecret}, path: interval.yaml}
"""
INTERVAL = {"dev/interval.yaml": "- {op: replace, path: /spec/refreshInterval, value: 1h}\n"}
PARTIAL = """\
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {name: aws}
spec: {provider: {aws: {region: eu-west-1}}}
"""
MORE = f"{OVERLAY}configMapGenerator: [{{name: more, literals: [a=b]}}]\n"
"""What comes of one that makes objects itself only kustomize knows."""


@pytest.mark.parametrize(
    ("overlay", "left"),
    [
        ({"dev/kustomization.yaml": f"{MORE}patches:\n{POINTERS}", **INTERVAL}, []),
        ({"dev/kustomization.yaml": f"{MORE}patches: [{{path: region.yaml}}]\n", "dev/region.yaml": PARTIAL}, TOLD[1:]),
        (
            {"dev/kustomization.yaml": f"{MORE}patchesStrategicMerge: [region.yaml]\n", "dev/region.yaml": PARTIAL},
            TOLD[1:],
        ),
        ({"dev/kustomization.yaml": f"{MORE}patches:\n{POINTERS.replace('/region', '/role')}", **INTERVAL}, TOLD[:1]),
    ],
    ids=["by pointers", "by a part of the object", "by the older field", "another field"],
)
def test_what_a_patch_writes_is_not_judged(tmp_path: Path, overlay: dict[str, str], left: list[str]) -> None:
    assert places(tmp_path, overlay) == left


@pytest.mark.parametrize(
    ("overlay", "left"),
    [
        ({"dev/kustomization.yaml": OVERLAY}, TOLD),
        ({"dev/kustomization.yaml": STATED.replace("spec.provider.*.region", "spec.provider.*.role")}, TOLD[:1]),
        ({"dev/kustomization.yaml": STATED.replace("name: db", "name: other")}, TOLD[1:2]),
        ({"dev/kustomization.yaml": STATED, "plain/kustomization.yaml": OVERLAY}, TOLD),
    ],
    ids=["none", "another field", "another object", "another overlay has it as it is"],
)
def test_all_else_is(tmp_path: Path, overlay: dict[str, str], left: list[str]) -> None:
    assert places(tmp_path, overlay) == left


@pytest.mark.parametrize(
    ("field", "steps", "is_in"),
    [
        ("spec.region", ("spec", "region"), True),
        ("spec", ("spec", "region"), True),
        ("spec.region", ("spec",), False),
        ("spec.region", ("spec", "regions"), False),
        ("spec.*.region", ("spec", 0, "region"), True),
        ("spec.data.0.key", ("spec", "data", 0, "key"), True),
        ("spec.data.[name=a.b].key", ("spec", "data", 3, "key"), True),
        (
            "metadata.annotations.[eks.amazonaws.com/role-arn]",
            ("metadata", "annotations", "eks.amazonaws.com/role-arn"),
            True,
        ),
        (
            r"metadata.annotations.eks\.amazonaws\.com/role-arn",
            ("metadata", "annotations", "eks.amazonaws.com/role-arn"),
            True,
        ),
        ("metadata.annotations.[a.b/c]", ("metadata", "annotations", "a.b/d"), False),
    ],
)
def test_a_value_is_in_a_field_by_its_path(field: str, steps: Steps, *, is_in: bool) -> None:
    assert is_in_field(field, steps) is is_in
