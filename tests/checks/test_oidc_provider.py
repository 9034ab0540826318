"""The OIDC provider of a cluster, stated twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
