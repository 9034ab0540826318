"""The apiVersions of what External Secrets reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, EXTERNAL_SECRET, OPERATOR_PART, STORE_FILE, application, changed, operator
from tests.checks.trees import MARK, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "external-secret-api-version"
SECRETS = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"
PUSH = "apiVersion: external-secrets.io/v1alpha1\nkind: PushSecret\nmetadata: {name: push}\n"


def test_v1beta1_under_a_new_operator_is_found_at_each_object(tmp_path: Path) -> None:
    files = changed(STORE_FILE, ("external-secrets.io/v1", "external-secrets.io/v1beta1"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:1:13: error: SecretStore store: got external-secrets.io/v1beta1, but "
            "External Secrets 2.9.0 on one serves external-secrets.io/v1\n"
            "hint: write external-secrets.io/v1\n"
            "apps/operator.yaml:1:1: this brings the operator"
        ),
    ]


def test_v1_under_an_old_operator_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, {**BY_HAND, "apps/operator.yaml": operator("0.9.13")}, CODE) == [
        (
            "manifests/secret.yaml:1:13: error: ExternalSecret db: got external-secrets.io/v1, but External "
            "Secrets 0.9.13 on one serves external-secrets.io/v1beta1 or external-secrets.io/v1alpha1\n"
            "hint: write external-secrets.io/v1beta1\n"
            "apps/operator.yaml:1:1: this brings the operator"
        ),
        (
            "manifests/store.yaml:1:13: error: SecretStore store: got external-secrets.io/v1, but External "
            "Secrets 0.9.13 on one serves external-secrets.io/v1beta1 or external-secrets.io/v1alpha1\n"
            "hint: write external-secrets.io/v1beta1\n"
            "apps/operator.yaml:1:1: this brings the operator"
        ),
    ]


@pytest.mark.parametrize(
    ("version", "served"),
    [
        ("0.8.2", "external-secrets.io/v1beta1 or external-secrets.io/v1alpha1"),
        ("0.1.2", "external-secrets.io/v1alpha1"),
    ],
)
def test_v1_under_an_operator_of_which_nothing_else_is_known_is_found(
    tmp_path: Path, version: str, served: str
) -> None:
    told = found(tmp_path, {**BY_HAND, "apps/operator.yaml": operator(version)}, CODE)
    assert [each.splitlines()[0] for each in told] == [
        f"manifests/{file}.yaml:1:13: error: {kind}: got external-secrets.io/v1, but External Secrets {version} on one "
        f"serves {served}"
        for file, kind in (("secret", "ExternalSecret db"), ("store", "SecretStore store"))
    ]


def test_what_an_old_operator_serves_is_left_alone(tmp_path: Path) -> None:
    assert found(tmp_path, {**OLD_SECRET, "apps/operator.yaml": operator("0.8.2")}, CODE) == []


RELEASE = """\
# the version is pinned
resource "helm_release" "eso" {
  name       = "external-secrets"
  repository = "https://charts.external-secrets.io"
  chart      = "external-secrets"
  version    = "2.0.1"
}
"""
ADDON = 'module "addons" {\n  external_secrets = {\n    chart_version = "2.0.1"\n  }\n}\n'
INFLATED = "resources: []\nhelmCharts:\n  - name: external-secrets\n    version: 2.0.1\n"
FLUX = """\
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: eso}
spec: {chart: {spec: {chart: external-secrets, version: 2.0.1}}}
"""
FLEET = """\
defaultNamespace: external-secrets
helm:
  repo: https://charts.external-secrets.io
  chart: external-secrets
  version: "2.0.1"
"""
K3S = """\
apiVersion: helm.cattle.io/v1
kind: HelmChart
metadata: {name: eso}
spec: {repo: https://charts.external-secrets.io, chart: external-secrets, version: 2.0.1}
"""
OLD_SECRET = {
    "apps/web.yaml": BY_HAND["apps/web.yaml"],
    "manifests/secret.yaml": EXTERNAL_SECRET.replace(".io/v1", ".io/v1beta1"),
}


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("terraform/eso.tf", RELEASE, "6:1"),
        ("terraform/eso.tf", ADDON, "3:1"),
        ("eso/kustomization.yaml", INFLATED, "4:14"),
        ("flux/eso.yaml", FLUX, "4:57"),
        ("bundles/eso/fleet.yaml", FLEET, "5:12"),
        ("manifests-of-k3s/eso.yaml", K3S, "4:84"),
    ],
)
def test_an_operator_that_something_else_than_argo_cd_installs_is_one(
    tmp_path: Path, path: str, text: str, line: str
) -> None:
    assert found(tmp_path, {**OLD_SECRET, path: text}, CODE) == [
        (
            "manifests/secret.yaml:1:13: warning: ExternalSecret db: got external-secrets.io/v1beta1, but External "
            "Secrets 2.0.1, which is installed by other means than Argo CD, serves external-secrets.io/v1\n"
            "hint: write external-secrets.io/v1\n"
            f"{path}:{line}: the operator is installed here"
        ),
    ]


@pytest.mark.parametrize(
    "more",
    [
        "targetCustomizations:\n  - name: old\n    helm: {version: 0.9.20}\n",
        "targetCustomizations:\n  - name: old\n    helm: {values: {crds: {unsafeServeV1Beta1: true}}}\n",
    ],
)
def test_of_a_bundle_that_is_another_one_on_some_cluster_nobody_can_say(tmp_path: Path, more: str) -> None:
    assert found(tmp_path, {**OLD_SECRET, "bundles/eso/fleet.yaml": f"{FLEET}{more}"}, CODE) == []


@pytest.mark.parametrize(
    "more",
    [
        {"terraform/eso.tf": RELEASE.replace("2.0.1", "0.16.2")},
        {"terraform/eso.tf": RELEASE.replace('"2.0.1"', "var.version")},
        {"terraform/eso.tf": RELEASE.replace("2.0.1", "~> 2.0")},
        {"terraform/eso.tf": RELEASE.replace('"external-secrets"\n  version', '"vault"\n  version')},
        {"terraform/eso.tf": RELEASE, "terraform/dev/eso.tf": RELEASE.replace("2.0.1", "0.15.1")},
        {"old/terraform/eso.tf": RELEASE},
        {"terraform/eso.tf": RELEASE.replace("version  ", 'values = ["crds: {unsafeServeV1Beta1: true}"]\n  version')},
        {"terraform/eso.tf": RELEASE, "apps/operator.yaml": operator("0.16.2", cluster="two")},
    ],
)
def test_what_an_operator_may_serve_is_left_alone(tmp_path: Path, more: dict[str, str]) -> None:
    assert found(tmp_path, {**OLD_SECRET, **more}, CODE) == []


def test_under_0_16_both_are_served(tmp_path: Path) -> None:
    files = {
        **changed(STORE_FILE, ("external-secrets.io/v1", "external-secrets.io/v1beta1")),
        "apps/operator.yaml": operator("0.16.1"),
    }
    assert found(tmp_path, files, CODE) == []


def test_where_no_version_is_known_every_served_one_may_be_right(tmp_path: Path) -> None:
    files = {
        **changed(STORE_FILE, ("external-secrets.io/v1", "external-secrets.io/v1beta1")),
        "apps/operator.yaml": operator("2.*"),
    }
    assert found(tmp_path, files, CODE) == []


def test_a_version_that_never_was_is_found_without_an_operator(tmp_path: Path) -> None:
    files = {"secret.yaml": EXTERNAL_SECRET.replace("external-secrets.io/v1", "external-secrets.io/v2")}
    assert found(tmp_path, files, CODE) == [
        (
            "secret.yaml:1:13: error: ExternalSecret db: got external-secrets.io/v2, but External Secrets "
            "serves external-secrets.io/v1 or external-secrets.io/v1beta1 or external-secrets.io/v1alpha1\n"
            "hint: write external-secrets.io/v1"
        ),
    ]


def test_a_slip_in_the_group_is_found(tmp_path: Path) -> None:
    files = changed(STORE_FILE, ("external-secrets.io/v1", "external-secret.io/v1"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:1:13: error: SecretStore store: got external-secret.io/v1, but External "
            "Secrets 2.9.0 on one serves external-secrets.io/v1\n"
            "hint: write external-secrets.io/v1\n"
            "apps/operator.yaml:1:1: this brings the operator"
        ),
    ]


def test_a_kind_of_another_project_is_none_of_these(tmp_path: Path) -> None:
    files = {"secret.yaml": EXTERNAL_SECRET.replace("external-secrets.io/v1", "kubernetes-client.io/v1")}
    assert found(tmp_path, files, CODE) == []


def test_a_push_secret_is_v1alpha1(tmp_path: Path) -> None:
    assert found(tmp_path, {**BY_HAND, "manifests/push.yaml": PUSH}, CODE) == []


def test_a_push_secret_under_v1_is_found(tmp_path: Path) -> None:
    files = {**BY_HAND, "manifests/push.yaml": PUSH.replace("v1alpha1", "v1")}
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/push.yaml:1:13: error: PushSecret push: got external-secrets.io/v1, but External "
            "Secrets 2.9.0 on one serves external-secrets.io/v1alpha1\n"
            "hint: write external-secrets.io/v1alpha1\n"
            "apps/operator.yaml:1:1: this brings the operator"
        ),
    ]


def test_a_kind_that_the_group_does_not_have_is_found() -> None:
    assert found_in_six_clusters(CODE, SECRETS, ("kind: ExternalSecret", "kind: ExternalSecrets")) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "30:7: error: ExternalSecrets myapp-db-credentials: external-secrets.io has no kind ExternalSecrets\n"
            "hint: did you mean ExternalSecret?"
        ),
    ]


def test_the_operator_may_be_a_part_of_a_chart_and_be_told_there(tmp_path: Path) -> None:
    files = {
        **changed(STORE_FILE, ("external-secrets.io/v1", "external-secrets.io/v1beta1")),
        "apps/operator.yaml": application("eso", namespace="external-secrets", path="charts/eso"),
        "charts/eso/Chart.yaml": OPERATOR_PART,
    }
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:1:13: error: SecretStore store: got external-secrets.io/v1beta1, but "
            "External Secrets 2.9.0 on one serves external-secrets.io/v1\n"
            "hint: write external-secrets.io/v1\n"
            "apps/operator.yaml:1:1: this brings the operator"
        ),
    ]
    values = {"charts/eso/values.yaml": "external-secrets: {crds: {unsafeServeV1Beta1: true}}\n"}
    assert found(tmp_path, {**files, **values}, CODE) == []


def test_a_chart_may_be_told_to_serve_v1beta1_on(tmp_path: Path) -> None:
    files = {
        **changed(STORE_FILE, ("external-secrets.io/v1", "external-secrets.io/v1beta1")),
        "apps/operator.yaml": operator(values="      valuesObject: {crds: {unsafeServeV1Beta1: true}}\n"),
    }
    assert found(tmp_path, files, CODE) == []


def test_a_chart_without_crds_is_a_warning(tmp_path: Path) -> None:
    files = {**BY_HAND, "apps/operator.yaml": operator(values="      valuesObject: {installCRDs: false}\n")}
    assert found(tmp_path, files, CODE) == [
        (
            "apps/operator.yaml:17:35: warning: the operator on one is told to install no CRDs, and no "
            "manifest here brings them\n"
            "hint: write installCRDs: true, or bring the CRDs before everything that needs them"
        ),
    ]


def test_crds_from_elsewhere_are_fine(tmp_path: Path) -> None:
    crd = (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\n"
        "metadata: {name: externalsecrets.external-secrets.io}\n"
    )
    files = {**BY_HAND, "manifests/crd.yaml": crd}
    files["apps/operator.yaml"] = operator(values="      valuesObject: {installCRDs: false}\n")
    assert found(tmp_path, files, CODE) == []


def test_a_version_without_a_group_is_found(tmp_path: Path) -> None:
    (got,) = found(tmp_path, changed(STORE_FILE, ("external-secrets.io/v1", "'*'")), CODE)
    assert got.splitlines()[:2] == [
        (
            "manifests/store.yaml:1:13: error: SecretStore store: got *, but External Secrets 2.9.0 on one serves "
            "external-secrets.io/v1"
        ),
        "hint: write external-secrets.io/v1",
    ]


@pytest.mark.parametrize("kind", ["SecretStore", "ExternalSecret"])
def test_another_group_is_a_slip_where_the_template_makes_objects_of_the_operator(kind: str) -> None:
    change = (f"external-secrets.io/v1\nkind: {kind}", f"secrets.io/v1\nkind: {kind}")
    (got,) = found_in_six_clusters(CODE, SECRETS, change)
    assert f"error: {kind} " in got
    assert "got secrets.io/v1, but External Secrets 2.9.0 on myapp-production-usw2 serves external-secrets.io/v1" in got


def test_another_group_of_all_objects_of_a_file_is_found() -> None:
    stores, secrets = (f"{{}}\nkind: {kind}" for kind in ("SecretStore", "ExternalSecret"))
    changes = [(each.format("external-secrets.io/v1"), each.format("example.com/v1")) for each in (stores, secrets)]
    assert len(found_in_six_clusters(CODE, SECRETS, *changes)) == 2


def test_what_only_a_template_of_somebody_makes_may_be_of_another_group(tmp_path: Path) -> None:
    other = MARK + EXTERNAL_SECRET.replace("external-secrets.io/v1", "example.com/v1")
    assert found(tmp_path, {**BY_HAND, "manifests/other.yaml": other.replace("name: db", "name: other")}, CODE) == []
