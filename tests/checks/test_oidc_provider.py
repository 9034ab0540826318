"""The OIDC provider of a cluster, stated twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, TFVARS, TFVARS_FILE, changed
from tests.checks.trees import found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "oidc-provider"
TFVARS_OF_IT = "environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars"


def test_the_provider_of_the_sibling_is_found_in_both() -> None:
    change = (
        '/id/EXAMPLED539D4633E53DE1B72EXAMPLE"\noidc_provider_arn',
        '/id/EXAMPLED539D4633E53DE1B71EXAMPLE"\noidc_provider_arn',
    )
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, change) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:6:21: "
            "error: myapp-production-usw2 has the id of the OIDC provider of myapp-production-use1: "
            "oidc.eks.us-west-2.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE\n"
            "hint: every cluster has a provider of its own: look it up again\n"
            "output/environments/production/clusters/myapp-production-use1/myapp-production-use1.tfvars:6:21: "
            "myapp-production-use1 has it here"
        ),
        (
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:7:21: "
            "error: myapp-production-usw2: got "
            "arn:aws:iam::444455556666:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/EXAMPLED539D4633E53D"
            "E1B72EXAMPLE, expected "
            "arn:aws:iam::444455556666:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/EXAMPLED539D4633E53D"
            "E1B71EXAMPLE; not judged behind it: the secrets that the role may read, the KMS keys that it may use\n"
            "hint: take it from the cluster: aws eks describe-cluster --query cluster.identity.oidc.issuer\n"
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:6:21: "
            "oidc_provider is here"
        ),
    ]


def test_the_id_of_a_cluster_of_another_region_and_account_is_found() -> None:
    own, other = "EXAMPLED539D4633E53DE1B72EXAMPLE", "EXAMPLED539D4633E53DE1B51EXAMPLE"
    (problem,) = found_in_six_clusters(CODE, TFVARS_OF_IT, (own, other), (own, other))
    assert problem == (
        "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:6:21: "
        "error: myapp-production-usw2 has the id of the OIDC provider of myapp-dev-use1: "
        f"oidc.eks.us-west-2.amazonaws.com/id/{other}\n"
        "hint: every cluster has a provider of its own: look it up again\n"
        "output/environments/dev/clusters/myapp-dev-use1/myapp-dev-use1.tfvars:6:21: myapp-dev-use1 has it here"
    )


def test_another_region_is_found() -> None:
    change = ('oidc_provider     = "oidc.eks.us-west-2', 'oidc_provider     = "oidc.eks.us-west-1')
    assert found_in_six_clusters(CODE, TFVARS_OF_IT, change) == [
        (
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:6:21: "
            "error: myapp-production-usw2: the provider is in us-west-1, expected us-west-2, the cluster's "
            "region; not judged behind it: the secrets that the role may read, the KMS keys that it may use\n"
            "hint: take it from the cluster: aws eks describe-cluster --query cluster.identity.oidc.issuer\n"
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:5:21: "
            "aws_region is here"
        ),
        (
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:7:21: "
            "error: myapp-production-usw2: got "
            "arn:aws:iam::444455556666:oidc-provider/oidc.eks.us-west-2.amazonaws.com/id/EXAMPLED539D4633E53D"
            "E1B72EXAMPLE, expected "
            "arn:aws:iam::444455556666:oidc-provider/oidc.eks.us-west-1.amazonaws.com/id/EXAMPLED539D4633E53D"
            "E1B72EXAMPLE; not judged behind it: the secrets that the role may read, the KMS keys that it may use\n"
            "hint: take it from the cluster: aws eks describe-cluster --query cluster.identity.oidc.issuer\n"
            "output/environments/production/clusters/myapp-production-usw2/myapp-production-usw2.tfvars:6:21: "
            "oidc_provider is here"
        ),
    ]


def test_an_id_that_is_too_short_is_found(tmp_path: Path) -> None:
    files = changed(
        TFVARS_FILE,
        (
            'oidc_provider     = "oidc.eks.eu-west-1.amazonaws.com/id/E',
            'oidc_provider     = "oidc.eks.eu-west-1.amazonaws.com/id/',
        ),
    )
    assert found(tmp_path, files, CODE) == [
        (
            "terraform/one.tfvars:5:21: error: one: the id of the provider: got 31 characters, expected 32 "
            "capital letters and digits: give the id only, the part after /id/; not judged behind it: the "
            "secrets that the role may read, the KMS keys that it may use\n"
            "hint: take it from the cluster: aws eks describe-cluster --query cluster.identity.oidc.issuer"
        ),
        (
            "terraform/one.tfvars:6:21: error: one: got "
            "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53D"
            "E1B51EXAMPLE, expected "
            "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/XAMPLED539D4633E53DE"
            "1B51EXAMPLE; not judged behind it: the secrets that the role may read, the KMS keys that it may use\n"
            "hint: take it from the cluster: aws eks describe-cluster --query cluster.identity.oidc.issuer\n"
            "terraform/one.tfvars:5:21: oidc_provider is here"
        ),
    ]


def test_an_arn_in_another_account_is_found(tmp_path: Path) -> None:
    files = changed(TFVARS_FILE, ("arn:aws:iam::111122223333:oidc", "arn:aws:iam::111122223334:oidc"))
    assert found(tmp_path, files, CODE) == [
        (
            "terraform/one.tfvars:6:21: error: one: got "
            "arn:aws:iam::111122223334:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53D"
            "E1B51EXAMPLE, expected "
            "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53D"
            "E1B51EXAMPLE; not judged behind it: the secrets that the role may read, the KMS keys that it may use\n"
            "hint: take it from the cluster: aws eks describe-cluster --query cluster.identity.oidc.issuer\n"
            "terraform/one.tfvars:5:21: oidc_provider is here"
        ),
    ]


def test_an_arn_in_another_partition_is_found(tmp_path: Path) -> None:
    files = changed(TFVARS_FILE, ("arn:aws:iam::111122223333:oidc", "arn:aws-cn:iam::111122223333:oidc"))
    assert found(tmp_path, files, CODE) == [
        (
            "terraform/one.tfvars:6:21: error: one: got "
            "arn:aws-cn:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E"
            "53DE1B51EXAMPLE, expected "
            "arn:aws:iam::111122223333:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53D"
            "E1B51EXAMPLE; not judged behind it: the secrets that the role may read, the KMS keys that it may use\n"
            "hint: take it from the cluster: aws eks describe-cluster --query cluster.identity.oidc.issuer\n"
            "terraform/one.tfvars:5:21: oidc_provider is here"
        ),
    ]


def test_a_region_that_is_none_leaves_the_partition_of_the_others(tmp_path: Path) -> None:
    text = TFVARS.replace("eu-west-1", "us-gov-west-1").replace("arn:aws:", "arn:aws-us-gov:")
    wrong = text.replace("oidc.eks.us-gov-west-1.", "oidc.eks.us-gov-west-1a.")
    told = found(tmp_path, {**BY_HAND, TFVARS_FILE: wrong}, CODE)
    assert [each.partition(": error: ")[2].partition(",")[0] for each in told] == [
        "one: the provider is in us-gov-west-1a"
    ]


def test_the_suffix_of_another_partition_is_found(tmp_path: Path) -> None:
    files = {**BY_HAND, TFVARS_FILE: TFVARS.replace("amazonaws.com/id", "amazonaws.com.cn/id")}
    assert found(tmp_path, files, CODE) == [
        (
            "terraform/one.tfvars:5:21: error: one: got a provider under amazonaws.com.cn, expected "
            "amazonaws.com; not judged behind it: the secrets that the role may read, the KMS keys that it may "
            "use\n"
            "hint: take it from the cluster: aws eks describe-cluster --query cluster.identity.oidc.issuer"
        ),
    ]


def test_https_before_the_host_is_found(tmp_path: Path) -> None:
    files = changed(TFVARS_FILE, ('oidc_provider     = "oidc', 'oidc_provider     = "https://oidc'))
    assert found(tmp_path, files, CODE) == [
        (
            "terraform/one.tfvars:5:21: error: one: got "
            "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B51EXAMPLE, expected "
            "oidc.eks.<region>.<suffix>/id/<id>; not judged behind it: the secrets that the role may read, the "
            "KMS keys that it may use\n"
            "hint: take it from the cluster: aws eks describe-cluster --query cluster.identity.oidc.issuer"
        ),
    ]


def test_the_region_of_the_endpoint_is_told_by_the_rule_of_its_secret_alone() -> None:
    secret = "argocd/clusters/production/myapp-production-usw2.yaml"
    change = ("gr7.us-west-2", "gr7.us-east-1")
    assert found_in_six_clusters(CODE, secret, change) == []
    assert [each.split(": ")[1] for each in found_in_six_clusters("cluster-registration", secret, change)] == ["error"]


def test_a_file_of_somebody_else_may_leave_the_provider_out(tmp_path: Path) -> None:
    assert found(tmp_path, {"x.tfvars": 'cluster_name = "one"\naws_region = "eu-west-1"\n'}, CODE) == []


def test_two_files_of_one_cluster_have_one_provider(tmp_path: Path) -> None:
    assert found(tmp_path, {**BY_HAND, "other/one.tfvars": TFVARS}, CODE) == []


ID = "4C1F0A93B7D24E6F8A5B3C9D0E7F1A26"
ISSUER = f"oidc.eks.eu-west-1.amazonaws.com/id/{ID}"
ARN = "arn:aws:iam::111122223333:oidc-provider/"
FILE = 'cluster_name = "{cluster}"\naccount_id = "111122223333"\naws_region = "eu-west-1"\n{more}'
CONFIGURATION = """\
variable "cluster_name" {}
variable "account_id" {}
variable "oidc_provider" {}
variable "oidc_provider_arn" { default = "" }
resource "aws_iam_role" "eso" {
  name               = "${var.cluster_name}-eso"
  assume_role_policy = jsonencode({ Statement = [{
    Effect    = "Allow"
    Action    = "sts:AssumeRoleWithWebIdentity"
    Condition = { StringEquals = { "x:sub" = "system:serviceaccount:web:web" } }
  }] })
}
"""


@pytest.mark.parametrize(
    "more",
    [
        f'oidc_provider = "{ISSUER}"\n',
        f'oidc_provider = "https://{ISSUER}"\n',
        f'oidc_provider = "{ARN}{ISSUER}"\n',
        'oidc_provider = "token.actions.githubusercontent.com"\n',
        f'oidc_provider = "{ISSUER.replace(ID, "EXAMPLE")}"\n',
        f'oidc_provider = "{ISSUER}"\noidc_provider_arn = "REPLACE_ME"\n',
    ],
    ids=["half of it", "a URL", "an ARN", "of something else", "an example", "a form"],
)
def test_what_somebody_else_states_of_a_provider_in_his_own_way_is_fine(tmp_path: Path, more: str) -> None:
    files = {f"t/{each}.tfvars": FILE.format(cluster=each, more=more) for each in ("one",)}
    assert found(tmp_path, {**files, "t/main.tf": CONFIGURATION}, CODE) == []


def test_two_clusters_of_somebody_else_may_have_one_form_but_not_one_provider(tmp_path: Path) -> None:
    form = f'oidc_provider = "{ISSUER.replace(ID, "EXAMPLE")}"\n'
    same = f'oidc_provider = "{ISSUER}"\n'
    one, two = "one.tfvars", "two.tfvars"
    assert (
        found(tmp_path, {one: FILE.format(cluster="one", more=form), two: FILE.format(cluster="two", more=form)}, CODE)
        == []
    )
    (problem,) = found(tmp_path, {each: FILE.format(cluster=each[:3], more=same) for each in (one, two)}, CODE)
    assert problem.startswith(f"two.tfvars:4:17: error: two has the OIDC provider of one: {ISSUER}\n")


def test_both_halves_are_compared_in_the_file_of_somebody_else_too(tmp_path: Path) -> None:
    more = f'oidc_provider = "{ISSUER}"\noidc_provider_arn = "{ARN.replace("1111", "9999")}{ISSUER}"\n'
    (problem,) = found(tmp_path, {"one.tfvars": FILE.format(cluster="one", more=more)}, CODE)
    assert problem.startswith(
        f"one.tfvars:5:21: error: one: got arn:aws:iam::999922223333:oidc-provider/{ISSUER}, expected "
    )


def test_an_issuer_may_have_the_host_with_addresses_of_ipv6_too(tmp_path: Path) -> None:
    """Source: EKS user guide, "Amazon EKS networking requirements for VPC and subnets", IRSA OIDC Issuer URLs."""
    files = {
        path: text.replace("oidc.eks.eu-west-1.amazonaws.com", "oidc-eks.eu-west-1.api.aws")
        for path, text in BY_HAND.items()
    }
    assert found(tmp_path, files, CODE) == []
    files = {path: text.replace("eu-west-1.api.aws", "eu-west-1.amazonaws.com") for path, text in files.items()}
    (problem,) = found(tmp_path, files, CODE)
    assert "got a provider under amazonaws.com, expected api.aws" in problem
