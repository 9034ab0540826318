"""The roles of ServiceAccounts that no store signs in as."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, TFVARS_FILE, application
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "service-account-role"
OWN_FILE = "manifests/own.yaml"
OWN = """\
apiVersion: v1
kind: ServiceAccount
metadata:
  name: {name}
  annotations: {{eks.amazonaws.com/role-arn: {arn}}}
"""
ROLE = "arn:aws:iam::111122223333:role/web"


def own(arn: str, name: str = "web") -> str:
    return OWN.format(name=name, arn=arn)


def test_a_role_of_another_account_than_the_clusters_is_a_warning(tmp_path: Path) -> None:
    files = {**BY_HAND, OWN_FILE: own("arn:aws:iam::444455556666:role/web")}
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/own.yaml:5:45: warning: ServiceAccount web on one: eks.amazonaws.com/role-arn: got a role of "
            "account 444455556666, and the cluster is in 111122223333\n"
            "hint: name a role of the cluster's account, unless its OIDC provider is known in the other one too"
        )
    ]


def test_a_role_of_another_partition_is_an_error(tmp_path: Path) -> None:
    files = {**BY_HAND, OWN_FILE: own("arn:aws-cn:iam::111122223333:role/web")}
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/own.yaml:5:45: error: ServiceAccount web on one: eks.amazonaws.com/role-arn: got the partition "
            "aws-cn, expected aws\n"
            "hint: name a role of the partition of the cluster"
        )
    ]


@pytest.mark.parametrize(
    "arn",
    [ROLE, "arn:aws:iam::<ACCOUNT_ID>:role/web", "'{{ .Values.role }}'", "web", "arn:aws:iam::${ACCOUNT}:role/web"],
)
def test_a_role_of_the_account_and_what_is_filled_in_are_none(tmp_path: Path, arn: str) -> None:
    assert found(tmp_path, {**BY_HAND, OWN_FILE: own(arn)}, CODE) == []


def test_a_role_in_values_is_judged_where_none_is_laid_over_it(tmp_path: Path) -> None:
    values = "        valueFiles: [/values/a.yaml, /values/b.yaml]\n"
    account = "serviceAccount: {{annotations: {{eks.amazonaws.com/role-arn: {}}}}}\n"
    files = {
        **BY_HAND,
        "apps/web.yaml": application(values=values),
        "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "values/a.yaml": account.format("arn:aws:iam::444455556666:role/web"),
        "values/b.yaml": "a: b\n",
    }
    (got,) = found(tmp_path, files, CODE)
    assert got.startswith(
        "values/a.yaml:1:60: warning: a value of web on one: eks.amazonaws.com/role-arn: got a role of "
    )
    assert found(tmp_path, {**files, "values/b.yaml": account.format(ROLE)}, CODE) == []
    assert found(tmp_path, {**files, "values/b.yaml": "serviceAccount: ~\n"}, CODE) == []


@pytest.mark.parametrize(
    ("account", "is_slip"),
    [("111122223334", True), ("111122232333", True), ("444455556666", False), ("211122223334", False)],
)
def test_without_a_variable_file_the_others_on_the_cluster_tell_the_account(
    tmp_path: Path, account: str, *, is_slip: bool
) -> None:
    files = {path: text for path, text in BY_HAND.items() if path != TFVARS_FILE}
    files |= {OWN_FILE: own(f"arn:aws:iam::{account}:role/web"), "manifests/two.yaml": own(ROLE, "two")}
    said = [
        (
            f"manifests/own.yaml:5:45: warning: ServiceAccount web on one: eks.amazonaws.com/role-arn: got a role of "
            f"account {account}, and the others on the cluster are of 111122223333\n"
            "hint: did you mean 111122223333?"
        )
    ]
    assert found(tmp_path, files, CODE) == (said if is_slip else [])
