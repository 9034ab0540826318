"""The chain behind a store that reads AWS as the operator itself, whose account only the values of its chart make."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import EXTERNAL_SECRET, PROVIDER, STORE, application, operator
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

ARN = "arn:aws:iam::111122223333:role/eso"
SUBJECT = "system:serviceaccount:external-secrets:external-secrets"
TERRAFORM = f"""\
resource "aws_iam_role" "eso" {{
  name = "eso"
  assume_role_policy = jsonencode({{
    Statement = [{{
      Effect    = "Allow"
      Principal = {{ Federated = "arn:aws:iam::111122223333:oidc-provider/{PROVIDER}" }}
      Action    = "sts:AssumeRoleWithWebIdentity"
      Condition = {{ StringEquals = {{ "{PROVIDER}:sub" = "{SUBJECT}" }} }}
    }}]
  }})
}}
resource "aws_iam_role_policy" "read" {{
  role = aws_iam_role.eso.id
  policy = jsonencode({{
    Statement = [{{
      Effect   = "Allow"
      Action   = ["secretsmanager:GetSecretValue"]
      Resource = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:dev/web/db-??????"
    }}]
  }})
}}
"""
IN_VALUES = f"""\
      valuesObject:
        serviceAccount:
          annotations:
            eks.amazonaws.com/role-arn: {ARN}
"""
AS_TEXT = f"""\
      values: |
        serviceAccount: {{annotations: {{eks.amazonaws.com/role-arn: "{ARN}"}}}}
"""
AS_PARAMETER = rf"""
      parameters:
        - name: serviceAccount.annotations.eks\.amazonaws\.com/role-arn
          value: {ARN}
"""
NAMED = STORE.replace("kind: SecretStore", "kind: ClusterSecretStore").replace(
    "            name: web-eso", "            name: external-secrets\n            namespace: external-secrets"
)
MUTE = NAMED.partition("      auth:\n")[0]
CHAIN = ["role-declared", "trust-subject", "secret-access"]


def tree(store: str = NAMED, values: str = IN_VALUES, terraform: str = TERRAFORM) -> dict[str, str]:
    """Returns a repository whose store reads as the operator."""
    return {
        "apps/web.yaml": application(options=("SkipDryRunOnMissingResource=true",)),
        "apps/operator.yaml": operator(values=values),
        "manifests/store.yaml": store,
        "manifests/secret.yaml": EXTERNAL_SECRET.replace("kind: SecretStore", "kind: ClusterSecretStore"),
        "terraform/main.tf": terraform,
    }


@pytest.mark.parametrize("store", [NAMED, MUTE])
@pytest.mark.parametrize("values", [IN_VALUES, AS_TEXT, AS_PARAMETER])
def test_a_role_that_the_operator_may_read_with_is_sound(tmp_path: Path, store: str, values: str) -> None:
    assert [each for code in CHAIN for each in found(tmp_path, tree(store, values), code)] == []


@pytest.mark.parametrize(
    ("store", "named"),
    [(NAMED, "14:24: ClusterSecretStore store signs in"), (MUTE, "8:7: ClusterSecretStore store has no auth")],
)
@pytest.mark.parametrize(("values", "at"), [(IN_VALUES, "20:41"), (AS_TEXT, "17:15"), (AS_PARAMETER, "20:18")])
def test_a_role_that_trusts_another_account_than_the_operators_is_found(
    tmp_path: Path, store: str, named: str, values: str, at: str
) -> None:
    other = TERRAFORM.replace(SUBJECT, SUBJECT.replace("external-secrets:", "eso:"))
    (got,) = found(tmp_path, tree(store, values, other), "trust-subject")
    message, hint, signs_in, account = got.splitlines()
    assert message.startswith(
        "terraform/main.tf:8:1: error: role eso trusts system:serviceaccount:eso:external-secrets, expected "
        f"{SUBJECT}, which ClusterSecretStore store signs in as"
    )
    assert hint == "hint: make namespace of the role and of the store equal"
    assert signs_in.startswith(f"manifests/store.yaml:{named}")
    assert account == f"apps/operator.yaml:{at}: the account is annotated with the role here"


@pytest.mark.parametrize("store", [NAMED, MUTE])
def test_a_secret_that_the_operator_may_not_read_is_found(tmp_path: Path, store: str) -> None:
    (got,) = found(tmp_path, tree(store, terraform=TERRAFORM.replace("dev/web", "prod/web")), "secret-access")
    assert got.startswith("manifests/secret.yaml:15:14: error: role eso may not read dev/web/db in eu-west-1")


def test_a_role_in_another_account_is_found_where_it_is_annotated(tmp_path: Path) -> None:
    (got,) = found(tmp_path, tree(values=IN_VALUES.replace("1111", "4444")), "role-declared")
    assert got.startswith("apps/operator.yaml:20:41: error: the role of ClusterSecretStore store on one: got account")


@pytest.mark.parametrize(
    "values",
    [
        IN_VALUES + "          create: false\n",
        IN_VALUES + "          name: other\n",
        IN_VALUES + "      valueFiles: [$values/gone.yaml]\n",
        "      valuesObject: {installCRDs: true}\n",
    ],
)
def test_an_account_that_others_make_or_say_more_of_is_not_judged(tmp_path: Path, values: str) -> None:
    other = TERRAFORM.replace(SUBJECT, SUBJECT.replace("external-secrets:", "eso:"))
    assert [each for code in CHAIN for each in found(tmp_path, tree(values=values, terraform=other), code)] == []


def test_the_operator_may_be_a_part_of_a_chart_of_the_tree(tmp_path: Path) -> None:
    part = {
        "apps/operator.yaml": application("external-secrets", namespace="external-secrets", path="addons/eso"),
        "addons/eso/Chart.yaml": (
            "apiVersion: v2\nname: eso\nversion: 1.0.0\ndependencies:\n  - name: external-secrets\n    version: 2.9.0\n"
            "    repository: https://charts.external-secrets.io\n"
        ),
        "addons/eso/values.yaml": (
            f"external-secrets:\n  serviceAccount:\n    annotations:\n      eks.amazonaws.com/role-arn: {ARN}\n"
        ),
    }
    other = TERRAFORM.replace(SUBJECT, SUBJECT.replace("external-secrets:", "eso:"))
    (got,) = found(tmp_path, tree(terraform=other) | part, "trust-subject")
    assert got.endswith("addons/eso/values.yaml:4:35: the account is annotated with the role here")


def test_what_a_chart_of_another_namespace_may_ask_a_store_for_all_is_no_excess(tmp_path: Path) -> None:
    more = TERRAFORM.replace(
        'Resource = "arn', 'Resource = ["arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/x-??????", "arn'
    )
    files = tree(terraform=more.replace('db-??????"\n', 'db-??????"]\n'))
    (got,) = found(tmp_path, files, "secret-access-excess")
    assert "secret:shop/x-??????, which nothing asks for" in got
    chart = "{repoURL: https://charts.example.com, chart: shop, targetRevision: 1.0.0}"
    shop = application("shop", namespace="shop")
    files["apps/shop.yaml"] = f"{shop.partition('  sources:')[0]}  source: {chart}\n"
    assert found(tmp_path, files, "secret-access-excess") == []


@pytest.mark.parametrize(("values", "at"), [(IN_VALUES, "20:41"), (AS_TEXT, "17:15"), (AS_PARAMETER, "20:18")])
def test_the_audience_of_its_token_is_the_one_that_the_role_trusts(tmp_path: Path, values: str, at: str) -> None:
    asking = f'"{PROVIDER}:sub" = "{SUBJECT}", "{PROVIDER}:aud" = "vault"'
    other = TERRAFORM.replace(f'"{PROVIDER}:sub" = "{SUBJECT}"', asking)
    assert found(tmp_path, tree(NAMED, values, other), "trust-subject") == [
        (
            "terraform/main.tf:8:1: error: ServiceAccount external-secrets asks for a token for audience "
            "sts.amazonaws.com, but role eso trusts vault\n"
            "hint: trust sts.amazonaws.com, or say with eks.amazonaws.com/audience for whom the token is\n"
            f"apps/operator.yaml:{at}: the ServiceAccount"
        )
    ]


def test_its_audience_may_be_stated(tmp_path: Path) -> None:
    stated = IN_VALUES + "            eks.amazonaws.com/audience: vault\n"
    (got,) = found(tmp_path, tree(NAMED, stated, TERRAFORM.replace(":sub", ':aud" = "a", "x:sub')), "trust-subject")
    assert "ServiceAccount external-secrets asks for a token for audience vault, but role eso trusts a" in got
    assert got.endswith("apps/operator.yaml:21:41: the ServiceAccount")


def test_its_role_is_of_the_partition_that_the_store_reads(tmp_path: Path) -> None:
    files = tree(NAMED.replace("eu-west-1", "cn-north-1"))
    (got,) = found(tmp_path, files, "store-region")
    assert got.partition("; not judged")[0].endswith(
        "ClusterSecretStore store on one reads cn-north-1, which is in partition aws-cn, with a role in aws"
    )
    assert got.endswith("apps/operator.yaml:20:41: the role")
