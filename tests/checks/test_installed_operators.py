"""Operators that kustomize has Helm render, and those that somebody else than an Application installs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import STORE, application
from tests.checks.trees import found

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FLUX = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: NAME, namespace: external-secrets}
spec:
  chart: {spec: {chart: external-secrets, version: 0.20.4, sourceRef: {kind: HelmRepository, name: eso}}}
"""
K3S = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: eso, namespace: kube-system}
spec:
  repo: https://charts.external-secrets.io
  chart: external-secrets
  valuesContent: |
    serviceAccount: {name: reader}
"""
TERRAFORM = """\
resource "helm_release" "eso" {
  name       = "external-secrets"
  repository = "https://charts.external-secrets.io"
  chart      = "external-secrets"
}
"""
INFLATED = """\
helmCharts:
  - name: external-secrets
    repo: https://charts.external-secrets.io
    version: VERSION
    releaseName: external-secrets
    namespace: external-secrets
    valuesFile: values.yaml
    valuesInline: {installCRDs: true}
"""


def store(account: str, api_version: str = "external-secrets.io/v1") -> dict[str, str]:
    """Returns an Application with a store of the cluster that signs in as an account of the operator's namespace."""
    text = STORE.replace("kind: SecretStore", "kind: ClusterSecretStore").replace("external-secrets.io/v1", api_version)
    text = text.replace(
        "            name: web-eso\n", f"            name: {account}\n            namespace: external-secrets\n"
    )
    return {"apps/web.yaml": application(), "manifests/store.yaml": text}


def inflated(version: str = "0.20.4", values: str = "{}") -> dict[str, str]:
    """Returns an Application whose kustomization has Helm render the operator, two folders down."""
    return {
        "apps/eso.yaml": application(
            "eso", namespace="external-secrets", path="eso", options=("ServerSideApply=true",)
        ),
        "eso/kustomization.yaml": "resources: [base]\n",
        "eso/base/kustomization.yaml": INFLATED.replace("VERSION", version),
        "eso/base/values.yaml": values,
    }


@pytest.mark.parametrize(
    ("account", "files"),
    [
        ("external-secrets", {"flux/eso.yaml": FLUX.replace("NAME", "external-secrets")}),
        ("eso-external-secrets", {"flux/eso.yaml": FLUX.replace("NAME", "eso")}),
        ("a-eso-external-secrets", {"flux/eso.yaml": FLUX.replace("NAME", "eso") + "  targetNamespace: a\n"}),
        ("reader", {"k3s/eso.yaml": K3S}),
        ("external-secrets", {"terraform/main.tf": TERRAFORM}),
        ("external-secrets-sa", {"terraform/main.tf": 'module "addons" {\n  enable_external_secrets = true\n}\n'}),
        ("external-secrets", inflated()),
        ("reader", inflated(values="{serviceAccount: {name: reader}}")),
    ],
)
def test_the_account_of_an_operator_is_there_whatever_installs_it(
    tmp_path: Path, account: str, files: Mapping[str, str]
) -> None:
    assert found(tmp_path, {**store(account), **files}, "store-service-account") == []


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"flux/eso.yaml": FLUX.replace("NAME", "eso")},
        {"flux/other.yaml": FLUX.replace("chart: external-secrets", "chart: vault")},
        {"terraform/main.tf": TERRAFORM.replace('chart      = "external-secrets"', 'chart = "vault"')},
        {"terraform/main.tf": 'module "addons" {\n  enable_external_secrets = false\n}\n'},
        inflated(values="{serviceAccount: {create: false}}"),
    ],
)
def test_an_account_that_no_operator_has_is_told(tmp_path: Path, files: Mapping[str, str]) -> None:
    (told,) = found(tmp_path, {**store("external-secrets"), **files}, "store-service-account")
    assert "ClusterSecretStore store signs in as external-secrets, but no ServiceAccount external-secrets is" in told


def test_what_kustomize_has_helm_render_serves_what_its_version_does(tmp_path: Path) -> None:
    files = {**store("external-secrets", "external-secrets.io/v1beta1"), **inflated()}
    assert found(tmp_path, files, "external-secret-api-version") == [
        (
            "manifests/store.yaml:1:13: error: ClusterSecretStore store: got external-secrets.io/v1beta1, but External "
            "Secrets 0.20.4 on one serves external-secrets.io/v1\nhint: write external-secrets.io/v1\n"
            "apps/eso.yaml:1:1: this brings the operator"
        ),
    ]
    assert found(tmp_path, {**files, **inflated("0.15.1")}, "external-secret-api-version") == []
    again = {**files, **inflated(values="{crds: {unsafeServeV1Beta1: true}}")}
    assert found(tmp_path, again, "external-secret-api-version") == []


def test_a_kustomization_at_another_revision_may_have_another_version(tmp_path: Path) -> None:
    files = {**store("external-secrets", "external-secrets.io/v1beta1"), **inflated()}
    files["apps/eso.yaml"] = files["apps/eso.yaml"].replace("targetRevision: main", "targetRevision: next")
    assert [each for each in found(tmp_path, files, "external-secret-api-version") if "error" in each] == []
