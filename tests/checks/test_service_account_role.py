"""The role annotation of the ServiceAccount of a store."""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import ACCOUNT_FILE, SERVICE_ACCOUNT, STORE, STORE_FILE, application, changed, operator
from tests.checks.trees import MARK, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "service-account-role"
SECRETS = "environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml"


def test_an_account_without_the_annotation_is_found(tmp_path: Path) -> None:
    files = changed(
        ACCOUNT_FILE,
        ("  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/one-web-eso\n", ""),
    )
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/account.yaml:4:3: error: ServiceAccount web-eso of SecretStore store on one: there is "
            "no annotation eks.amazonaws.com/role-arn; not judged behind it: the role in the cluster's tfvars, "
            "the trusted subject, the OIDC provider, the secrets that the role may read, the KMS keys that it "
            "may use\n"
            "hint: annotate eks.amazonaws.com/role-arn with the ARN of the role that reads the secrets\n"
            "manifests/store.yaml:13:19: the store signs in as it here"
        ),
    ]


def test_a_template_that_nobody_filled_in_is_found(tmp_path: Path) -> None:
    files = changed(ACCOUNT_FILE, ("arn:aws:iam::111122223333:role/one-web-eso", '"{{irsaRoleArn}}"'))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/account.yaml:6:33: error: ServiceAccount web-eso of SecretStore store on one: "
            "eks.amazonaws.com/role-arn still has a template in it: {{irsaRoleArn}}; not judged behind it: the "
            "role in the cluster's tfvars, the trusted subject, the OIDC provider, the secrets that the role "
            "may read, the KMS keys that it may use\n"
            "hint: annotate eks.amazonaws.com/role-arn with the ARN of the role that reads the secrets\n"
            "manifests/store.yaml:13:19: the store signs in as it here"
        ),
    ]


def test_an_empty_annotation_is_found(tmp_path: Path) -> None:
    files = changed(ACCOUNT_FILE, ("arn:aws:iam::111122223333:role/one-web-eso", '""'))
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/account.yaml:6:33: error: ServiceAccount web-eso of SecretStore store on one: "
            "eks.amazonaws.com/role-arn is empty; not judged behind it: the role in the cluster's tfvars, the "
            "trusted subject, the OIDC provider, the secrets that the role may read, the KMS keys that it may use\n"
            "hint: annotate eks.amazonaws.com/role-arn with the ARN of the role that reads the secrets\n"
            "manifests/store.yaml:13:19: the store signs in as it here"
        ),
    ]


def test_an_account_id_of_eleven_digits_is_found() -> None:
    assert found_in_six_clusters(CODE, SECRETS, ("iam::444455556666", "iam::44445555666")) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "8:33: error: ServiceAccount myapp-eso of SecretStore myapp-secrets-manager on "
            "myapp-production-usw2: eks.amazonaws.com/role-arn: got 11 digits, expected 12; leading zeros "
            "count, in the account of the ARN; not judged behind it: the role in the cluster's tfvars, the "
            "trusted subject, the OIDC provider, the secrets that the role may read, the KMS keys that it may use\n"
            "hint: annotate eks.amazonaws.com/role-arn with the ARN of the role that reads the secrets\n"
            "output/environments/production/clusters/myapp-production-usw2/apps/myapp/manifests/secrets.yaml:"
            "27:19: the store signs in as it here"
        ),
    ]


def test_an_arn_of_a_user_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, changed(ACCOUNT_FILE, (":role/", ":user/")), CODE) == [
        (
            "manifests/account.yaml:6:33: error: ServiceAccount web-eso of SecretStore store on one: "
            "eks.amazonaws.com/role-arn: got the resource 'user', expected role/<name>; not judged behind it: "
            "the role in the cluster's tfvars, the trusted subject, the OIDC provider, the secrets that the "
            "role may read, the KMS keys that it may use\n"
            "hint: annotate eks.amazonaws.com/role-arn with the ARN of the role that reads the secrets\n"
            "manifests/store.yaml:13:19: the store signs in as it here"
        ),
    ]


def test_a_role_with_a_path_is_a_role(tmp_path: Path) -> None:
    assert found(tmp_path, changed(ACCOUNT_FILE, (":role/", ":role/team/")), CODE) == []


ROLE = "arn:aws:iam::111122223333:role/one-web-eso"


@pytest.mark.parametrize(
    ("form", "severity"),
    [
        ("arn:aws:iam::<ACCOUNT_ID>:role/eso", "warning"),
        ("arn:aws:iam::${account}:role/eso", "warning"),
        ("arn:aws:iam::AWS_ACCOUNT:role/eso", "warning"),
        ("arn:aws:iam::XXXXXXXXXXXX:role/eso", "warning"),
        ("'@ROLE_ARN@'", "warning"),
        ("replace-me", "warning"),
        ("arn:aws:iam::11112222333:role/eso", "error"),
        ("arn:aws:iam::ACCOUNT:user/eso", "error"),
    ],
)
def test_a_form_of_an_arn_is_a_warning_in_the_files_of_somebody_else(tmp_path: Path, form: str, severity: str) -> None:
    files = changed(ACCOUNT_FILE, (ROLE, form))
    (problem,) = found(tmp_path, files, CODE)
    assert problem.startswith(f"manifests/account.yaml:6:33: {severity}: ServiceAccount web-eso of SecretStore store ")
    files[STORE_FILE] = MARK + files[STORE_FILE]
    (problem,) = found(tmp_path, files, CODE)
    assert problem.startswith("manifests/account.yaml:6:33: error: ServiceAccount web-eso of SecretStore store ")


def test_the_account_beside_the_store_is_the_one_that_it_signs_in_as(tmp_path: Path) -> None:
    apps = {f"apps/{each}.yaml": application(each, cluster="in-cluster", path=each) for each in ("dev", "prod")}
    bare = SERVICE_ACCOUNT.partition("  annotations:")[0]
    files = {**apps, "dev/account.yaml": bare, "prod/account.yaml": SERVICE_ACCOUNT, "prod/store.yaml": STORE}
    assert found(tmp_path, files, CODE) == []
    assert len(found(tmp_path, {**files, "dev/store.yaml": STORE}, CODE)) == 1


OTHER = """\
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/web
"""
IN_VALUES = "serviceAccount:\n  annotations:\n    eks.amazonaws.com/role-arn: arn:aws:iam::111122223333:role/web\n"
AS_TEXT = "      values: |\n" + indent(IN_VALUES, " " * 8)
AS_PARAMETER = r"""
      parameters:
        - name: serviceAccount.annotations.eks\.amazonaws\.com/role-arn
          value: arn:aws:iam::111122223333:role/web
"""
ELEVEN = "got 11 digits, expected 12; leading zeros count, in the account of the ARN"


@pytest.mark.parametrize(
    ("arn", "reason"),
    [
        ("arn:aws:iam::11112222333:role/web", ELEVEN),
        ("arn:aws:iam:111122223333:role/web", "got no ARN, expected arn:<partition>:iam::<account>:role/<name>"),
        ("arn:aws:iam::111122223333:user/web", "got the resource 'user', expected role/<name>"),
        ("arn:aws:iam::111122223333:role/web", None),
        ("arn:aws:iam::<account>:role/web", None),
        ("arn:aws:iam::123456789:role/web", None),
        ("arn:aws:iam::000:role/web", None),
        ("arn:aws:iam::account-id:role/web", None),
        ("arn:aws:iam::11112222333:role/${name}", None),
        ("web", None),
    ],
)
def test_an_arn_of_another_shape_is_found_for_any_account(tmp_path: Path, arn: str, reason: str | None) -> None:
    files = {"manifests/web.yaml": OTHER.replace("arn:aws:iam::111122223333:role/web", arn)}
    expected = (
        f"manifests/web.yaml:6:33: warning: eks.amazonaws.com/role-arn: {reason}\n"
        "hint: write the ARN of the role: arn:<partition>:iam::<account>:role/<name>"
    )
    assert found(tmp_path, files, CODE) == ([expected] if reason else [])


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("charts/web/values.yaml", IN_VALUES, "3:33"),
        ("apps/web.yaml", operator(values=AS_TEXT), "17:15"),
        ("apps/web.yaml", operator(values=AS_PARAMETER), "20:18"),
    ],
)
def test_an_arn_of_another_shape_is_found_in_values(tmp_path: Path, path: str, text: str, line: str) -> None:
    (problem,) = found(tmp_path, {path: text.replace("111122223333", "11112222333")}, CODE)
    assert problem.startswith(f"{path}:{line}: warning: eks.amazonaws.com/role-arn: {ELEVEN}\n")
    assert found(tmp_path, {path: text}, CODE) == []
