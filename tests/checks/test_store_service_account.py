"""The ServiceAccount that a store signs in as."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import (
    ACCOUNT_FILE,
    BY_HAND,
    EXTERNAL_SECRET,
    OPERATOR_PART,
    SECRET_FILE,
    STORE,
    STORE_FILE,
    application,
    changed,
    operator,
)
from tests.checks.trees import MARK, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "store-service-account"
SECRETS = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"


def test_a_name_with_a_typo_is_found_at_the_store() -> None:
    change = ('serviceAccountRef:\n            name: "myapp-eso"', 'serviceAccountRef:\n            name: "myapp-ess"')
    assert found_in_six_clusters(CODE, SECRETS, change) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "27:19: error: SecretStore myapp-secrets-manager signs in as myapp-ess, but there is no "
            "ServiceAccount myapp-ess in namespace myapp of myapp-production-usw2; not judged behind it: its "
            "role annotation, the role in the cluster's tfvars, the trusted subject, the OIDC provider, the "
            "secrets that the role may read, the KMS keys that it may use\n"
            "hint: bring the ServiceAccount myapp-ess to namespace myapp, or name the one that is there\n"
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:5:9: "
            "ServiceAccount myapp-eso is there"
        ),
    ]


def test_a_service_account_in_another_namespace_is_named(tmp_path: Path) -> None:
    files = changed(ACCOUNT_FILE, ("name: web-eso", "name: web-eso\n  namespace: default"))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:13:19: error: SecretStore store signs in as web-eso, but there is no "
            "ServiceAccount web-eso in namespace web of one; not judged behind it: its role annotation, the "
            "role in the cluster's tfvars, the trusted subject, the OIDC provider, the secrets that the role "
            "may read, the KMS keys that it may use\n"
            "hint: bring the ServiceAccount web-eso to namespace web, or name the one that is there\n"
            "manifests/account.yaml:5:14: one of that name is here"
        ),
    ]


@pytest.mark.parametrize(("severity", "mark"), [("warning", ""), ("error", MARK)], ids=["by hand", "generated"])
def test_a_workload_under_the_same_account_is_found(tmp_path: Path, severity: str, mark: str) -> None:
    workload = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec: {template: {spec: {serviceAccountName: web-eso}}}
    """
    store = {"manifests/store.yaml": mark + BY_HAND["manifests/store.yaml"]}
    assert found(tmp_path, {**BY_HAND, **store, "manifests/workload.yaml": workload}, CODE) == [
        (
            f"manifests/workload.yaml:4:46: {severity}: Deployment web runs as web-eso, which SecretStore store "
            "signs in as: its pods receive the role and can read the secrets by themselves\n"
            "hint: give the store a ServiceAccount of its own\n"
            f"manifests/store.yaml:{13 + bool(mark)}:19: the store signs in as it here"
        ),
    ]


def test_a_cron_job_under_the_same_account_is_found(tmp_path: Path) -> None:
    workload = """
    apiVersion: batch/v1
    kind: CronJob
    metadata: {name: nightly}
    spec: {jobTemplate: {spec: {template: {spec: {serviceAccountName: web-eso}}}}}
    """
    assert found(tmp_path, {**BY_HAND, "manifests/workload.yaml": workload}, CODE) == [
        (
            "manifests/workload.yaml:4:67: warning: CronJob nightly runs as web-eso, which SecretStore store "
            "signs in as: its pods receive the role and can read the secrets by themselves\n"
            "hint: give the store a ServiceAccount of its own\n"
            "manifests/store.yaml:13:19: the store signs in as it here"
        ),
    ]


def test_a_workload_under_its_own_account_is_fine(tmp_path: Path) -> None:
    workload = """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: web}
    spec: {template: {spec: {serviceAccountName: web}}}
    """
    assert found(tmp_path, {**BY_HAND, "manifests/workload.yaml": workload}, CODE) == []


def test_where_a_chart_may_bring_the_account_it_is_a_warning(tmp_path: Path) -> None:
    files = {
        **BY_HAND,
        "apps/web.yaml": application(values="        releaseName: web\n"),
        "charts/web/Chart.yaml": "name: web\n",
    }
    del files[ACCOUNT_FILE]
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:13:19: warning: SecretStore store signs in as web-eso, but no "
            "ServiceAccount web-eso is seen in namespace web of one; not judged behind it: its role annotation, the "
            "role in the cluster's tfvars, the trusted subject, the OIDC provider, the secrets that the role "
            "may read, the KMS keys that it may use\n"
            "hint: bring the ServiceAccount web-eso to namespace web, or name the one that is there"
        ),
    ]


def test_a_cluster_store_signs_in_where_it_says(tmp_path: Path) -> None:
    store = STORE.replace("SecretStore", "ClusterSecretStore").replace(
        "name: web-eso", "name: web-eso\n            namespace: other"
    )
    files = {
        **BY_HAND,
        STORE_FILE: store,
        SECRET_FILE: EXTERNAL_SECRET.replace("kind: SecretStore", "kind: ClusterSecretStore"),
    }
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:13:19: error: ClusterSecretStore store signs in as web-eso, but there is no "
            "ServiceAccount web-eso in namespace other of one; not judged behind it: its role annotation, the "
            "role in the cluster's tfvars, the trusted subject, the OIDC provider, the secrets that the role "
            "may read, the KMS keys that it may use\n"
            "hint: bring the ServiceAccount web-eso to namespace other, or name the one that is there\n"
            "manifests/account.yaml:3:1: one of that name is here"
        ),
    ]


def test_a_cluster_store_without_a_namespace_signs_in_beside_each_external_secret(tmp_path: Path) -> None:
    store = STORE.replace("SecretStore", "ClusterSecretStore")
    files = {
        **BY_HAND,
        STORE_FILE: store,
        SECRET_FILE: EXTERNAL_SECRET.replace("kind: SecretStore", "kind: ClusterSecretStore"),
    }
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize(
    "elsewhere",
    [
        {
            "infra/irsa.tf": 'resource "kubernetes_service_account" "eso" {\n  metadata {\n'
            '    name = "web-eso"\n  }\n}\n'
        },
        {
            "cluster.yaml": "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\nmetadata: {name: one}\n"
            "iam: {serviceAccounts: [{metadata: {name: web-eso, namespace: web}}]}\n"
        },
    ],
    ids=["Terraform", "eksctl"],
)
def test_an_account_that_is_made_elsewhere_is_not_missed(tmp_path: Path, elsewhere: dict[str, str]) -> None:
    without = {path: text for path, text in BY_HAND.items() if path != ACCOUNT_FILE}
    assert len(found(tmp_path / "without", without, CODE)) == 1
    assert found(tmp_path / "elsewhere", {**without, **elsewhere}, CODE) == []


def test_in_a_namespace_that_nothing_here_brings_things_to_it_is_a_warning(tmp_path: Path) -> None:
    store = BY_HAND[STORE_FILE].replace("kind: SecretStore", "kind: ClusterSecretStore")
    store = store.replace("name: web-eso", "name: eso\n            namespace: security")
    secret = BY_HAND[SECRET_FILE].replace("kind: SecretStore", "kind: ClusterSecretStore")
    (problem,) = found(tmp_path, {**BY_HAND, STORE_FILE: store, SECRET_FILE: secret}, CODE)
    assert ": warning: ClusterSecretStore store signs in as eso" in problem


OPERATORS_STORE = """\
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata: {{name: shared}}
spec:
  provider:
    aws:
      service: SecretsManager
      region: eu-west-1
      auth: {{jwt: {{serviceAccountRef: {{name: {name}, namespace: external-secrets}}}}}}
"""


@pytest.mark.parametrize(
    ("values", "name", "severity"),
    [
        ("", "external-secrets", ""),
        ("", "another", "warning"),
        ("      valuesObject: {fullnameOverride: eso}\n", "eso", ""),
        ("      valuesObject: {nameOverride: eso}\n", "external-secrets-eso", ""),
        ("      valuesObject: {serviceAccount: {name: reader}}\n", "reader", ""),
        ("      valuesObject: {serviceAccount: {name: reader}}\n", "external-secrets", "error"),
        ("      valuesObject: {serviceAccount: {create: false}}\n", "default", ""),
        ("      valueFiles: [values.yaml]\n", "external-secrets", "warning"),
    ],
)
def test_a_store_may_sign_in_as_the_operator(tmp_path: Path, values: str, name: str, severity: str) -> None:
    files = {
        **BY_HAND,
        "apps/operator.yaml": operator(values=values),
        "manifests/shared.yaml": OPERATORS_STORE.format(name=name),
    }
    got = found(tmp_path, files, CODE)
    assert [each.partition(": ClusterSecretStore shared signs in")[0] for each in got] == (
        [f"manifests/shared.yaml:9:46: {severity}"] if severity else []
    )


def test_an_account_that_may_have_been_made_with_a_command_is_a_warning(tmp_path: Path) -> None:
    (problem,) = found(tmp_path, {path: text for path, text in BY_HAND.items() if path != ACCOUNT_FILE}, CODE)
    assert problem.startswith(
        "manifests/store.yaml:13:19: warning: SecretStore store signs in as web-eso, but no ServiceAccount web-eso is "
        "seen in namespace web of one"
    )


def test_an_account_with_almost_the_name_is_the_one_that_is_meant(tmp_path: Path) -> None:
    files = {**BY_HAND, STORE_FILE: STORE.replace("name: web-eso", "name: webb-eso")}
    (problem,) = found(tmp_path, files, CODE)
    assert problem.startswith("manifests/store.yaml:13:19: error: SecretStore store signs in as webb-eso, but there is")
    assert problem.endswith("manifests/account.yaml:4:9: one with almost that name is here")


def test_where_nothing_here_brings_the_operator_its_account_comes_from_elsewhere_too(tmp_path: Path) -> None:
    files = {
        **{path: text for path, text in BY_HAND.items() if "operator" not in path},
        "manifests/shared.yaml": OPERATORS_STORE.format(name="external-secrets"),
        "manifests/other.yaml": BY_HAND[ACCOUNT_FILE].replace("name: web-eso", "name: external-secrets"),
    }
    (problem,) = found(tmp_path, files, CODE)
    assert problem.startswith(
        "manifests/shared.yaml:9:46: note: ClusterSecretStore shared signs in as external-secrets"
    )


def test_the_operator_may_be_a_part_of_a_chart(tmp_path: Path) -> None:
    by_part = application("eso", namespace="external-secrets", path="charts/eso")
    files = changed(STORE_FILE, ("name: web-eso", "name: gone"))
    [got] = found(tmp_path, {**files, "apps/operator.yaml": by_part, "charts/eso/Chart.yaml": OPERATOR_PART}, CODE)
    assert got.startswith("manifests/store.yaml:13:19: warning: SecretStore store signs in as gone, but no ServiceAcc")


VAULT_STORE = """\
apiVersion: external-secrets.io/v1
kind: {kind}
metadata: {{name: vault}}
spec:
  provider:
    {provider}
"""
PROVIDERS = {
    "vault": (
        "vault: {{server: https://vault, auth: {{kubernetes: {{mountPath: k, role: r, serviceAccountRef: {ref}}}}}}}"
    ),
    "a token for vault": (
        "vault: {{server: https://vault, auth: {{jwt: {{path: jwt, kubernetesServiceAccountToken: "
        "{{serviceAccountRef: {ref}}}}}}}}}"
    ),
    "azure": "azurekv: {{vaultUrl: https://v.vault.azure.net, authType: WorkloadIdentity, serviceAccountRef: {ref}}}",
    "gcp": "gcpsm: {{projectID: p, auth: {{workloadIdentity: {{serviceAccountRef: {ref}}}}}}}",
    "kubernetes": "kubernetes: {{auth: {{serviceAccount: {ref}}}}}",
}


def _with_provider(provider: str, ref: str, kind: str = "SecretStore") -> dict[str, str]:
    text = VAULT_STORE.format(kind=kind, provider=PROVIDERS[provider].format(ref=ref))
    return {**BY_HAND, "manifests/vault.yaml": text}


@pytest.mark.parametrize("provider", PROVIDERS)
def test_an_account_of_almost_the_name_is_found_for_any_provider(tmp_path: Path, provider: str) -> None:
    (problem,) = found(tmp_path, _with_provider(provider, "{name: webb-eso}"), CODE)
    place, _, message = problem.partition(" error: ")
    assert place.startswith("manifests/vault.yaml:6:")
    assert message == (
        "SecretStore vault signs in as webb-eso, but there is no ServiceAccount webb-eso in namespace web of one\n"
        "hint: bring the ServiceAccount webb-eso to namespace web, or name the one that is there\n"
        "manifests/account.yaml:4:9: one with almost that name is here"
    )


def test_an_account_in_another_namespace_is_found_for_any_provider(tmp_path: Path) -> None:
    files = _with_provider("vault", "{name: web-eso, namespace: vault}", "ClusterSecretStore")
    (problem,) = found(tmp_path, files, CODE)
    assert problem.startswith(
        "manifests/vault.yaml:6:105: error: ClusterSecretStore vault signs in as web-eso, but there is no "
        "ServiceAccount web-eso in namespace vault of one\n"
    )
    assert problem.endswith("manifests/account.yaml:3:1: one of that name is here")


@pytest.mark.parametrize(
    ("name", "namespace"), [("external-secret", "external-secrets"), ("external-secrets", "external-secret")]
)
def test_almost_the_account_of_the_operator_is_a_warning_for_any_provider(
    tmp_path: Path, name: str, namespace: str
) -> None:
    files = _with_provider("vault", f"{{name: {name}, namespace: {namespace}}}", "ClusterSecretStore")
    assert found(tmp_path, files, CODE) == [
        (
            f"manifests/vault.yaml:6:105: warning: ClusterSecretStore vault signs in as {name}, but no ServiceAccount "
            f"{name} is seen in namespace {namespace} of one\n"
            "hint: did you mean external-secrets in namespace external-secrets, which the operator has?"
        )
    ]


@pytest.mark.parametrize(
    ("ref", "kind"),
    [
        ("{name: web-eso}", "SecretStore"),
        ("{name: external-secrets, namespace: vault}", "ClusterSecretStore"),
        ("{name: web-eso, namespace: web}", "ClusterSecretStore"),
        ("{name: webb-eso}", "ClusterSecretStore"),  # that of each ExternalSecret
        ("{name: anything}", "SecretStore"),
        ("{}", "SecretStore"),
        ("{name: default, namespace: default}", "ClusterSecretStore"),
        ("{name: external-secrets, namespace: external-secrets}", "ClusterSecretStore"),
    ],
)
def test_an_account_that_may_be_made_elsewhere_is_not_missed_by_another_provider(
    tmp_path: Path, ref: str, kind: str
) -> None:
    assert found(tmp_path, _with_provider("vault", ref, kind), CODE) == []
