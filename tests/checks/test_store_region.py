"""The region of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.checks.by_hand import ACCOUNT_FILE, STORE_FILE, TFVARS, TFVARS_FILE, changed
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "store-region"


def test_a_region_with_a_typo_is_found(tmp_path: Path) -> None:
    assert found(tmp_path, changed(STORE_FILE, ("region: eu-west-1", "region: eu-wst-1")), CODE) == [
        (
            "manifests/store.yaml:9:15: error: SecretStore store: got 'eu-wst-1', expected a region of AWS; "
            "did you mean eu-west-1?\n"
            "hint: name the region that holds the secrets"
        ),
    ]


def test_an_availability_zone_is_no_region(tmp_path: Path) -> None:
    assert found(tmp_path, changed(STORE_FILE, ("region: eu-west-1", "region: eu-west-1a")), CODE) == [
        (
            "manifests/store.yaml:9:15: error: SecretStore store: got the availability zone 'eu-west-1a', "
            "expected its region eu-west-1\n"
            "hint: name the region that holds the secrets"
        ),
    ]


def test_a_region_that_may_be_new_is_a_warning(tmp_path: Path) -> None:
    assert found(tmp_path, changed(STORE_FILE, ("region: eu-west-1", "region: eu-west-9")), CODE) == [
        (
            "manifests/store.yaml:9:15: warning: SecretStore store: got 'eu-west-9', expected a region of AWS; "
            "did you mean eu-west-3?\n"
            "hint: if AWS has opened it since, this is sound"
        ),
    ]


def test_a_region_by_its_endpoint_of_fips_is_a_region(tmp_path: Path) -> None:
    for stated in ("us-east-1-fips", "fips-us-east-1"):
        files = changed(STORE_FILE, ("region: eu-west-1", f"region: {stated}"))
        files[TFVARS_FILE] = TFVARS.replace("secretsmanager:eu-west-1", "secretsmanager:us-east-1")
        assert found(tmp_path, files, CODE) == found(tmp_path, files, "secret-access") == []


def test_another_region_that_the_role_names_is_meant(tmp_path: Path) -> None:
    files = changed(STORE_FILE, ("region: eu-west-1", "region: us-east-1"))
    files[TFVARS_FILE] = TFVARS.replace("secretsmanager:eu-west-1", "secretsmanager:us-east-1")
    assert found(tmp_path, files, CODE) == []


def test_another_region_behind_an_open_pattern_is_a_warning(tmp_path: Path) -> None:
    files = changed(STORE_FILE, ("region: eu-west-1", "region: us-east-1"))
    files[TFVARS_FILE] = TFVARS.replace("secretsmanager:eu-west-1", "secretsmanager:*")
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:9:15: warning: SecretStore store on one reads us-east-1, but the cluster is "
            "in eu-west-1, and no role says that this is meant\n"
            "hint: write eu-west-1, or name us-east-1 in the secret_arns of the role\n"
            "terraform/one.tfvars:4:21: the cluster's region"
        ),
    ]


def test_another_region_without_any_role_is_a_warning(tmp_path: Path) -> None:
    files = changed(STORE_FILE, ("region: eu-west-1", "region: us-east-1"))
    files[TFVARS_FILE] = TFVARS.partition("eso_roles")[0]
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:9:15: warning: SecretStore store on one reads us-east-1, but the cluster is "
            "in eu-west-1, and no role says that this is meant\n"
            "hint: write eu-west-1, or name us-east-1 in the secret_arns of the role\n"
            "terraform/one.tfvars:4:21: the cluster's region"
        ),
    ]


def test_a_role_that_reads_another_region_is_the_business_of_the_chain(tmp_path: Path) -> None:
    assert found(tmp_path, changed(STORE_FILE, ("region: eu-west-1", "region: us-east-1")), CODE) == []


def test_a_region_of_another_partition_than_the_role_is_found_without_a_variable_file(tmp_path: Path) -> None:
    files = changed(STORE_FILE, ("region: eu-west-1", "region: us-gov-east-1"))
    del files[TFVARS_FILE]
    assert found(tmp_path, files, CODE) == [
        (
            "manifests/store.yaml:9:15: error: SecretStore store on one reads us-gov-east-1, which is in partition "
            "aws-us-gov, with a role in aws; not judged behind it: the secrets that the role may read, the KMS keys "
            "that it may use\n"
            "hint: name a region of aws, or the role of aws-us-gov\n"
            "manifests/account.yaml:6:33: the role"
        ),
    ]
    account = files[ACCOUNT_FILE].replace("arn:aws:", "arn:aws-us-gov:")
    assert found(tmp_path, {**files, ACCOUNT_FILE: account}, CODE) == []


def test_a_role_that_is_no_arn_says_nothing_of_the_region(tmp_path: Path) -> None:
    files = changed(ACCOUNT_FILE, ("arn:aws:iam::111122223333:role/one-web-eso", "web"))
    del files[TFVARS_FILE]
    assert found(tmp_path, files, CODE) == []


ALONE = "apiVersion: external-secrets.io/v1\nkind: ClusterSecretStore\nmetadata: {name: aws}\nspec:\n  provider:\n"
REGION = "    aws: {service: SecretsManager, region: 'STATED'}\n"


def test_a_form_that_nobody_brings_is_a_note(tmp_path: Path) -> None:
    assert found(tmp_path, {"store.yaml": ALONE + REGION.replace("STATED", "<region>")}, CODE) == [
        (
            "store.yaml:6:44: note: ClusterSecretStore aws: got '<region>', expected a region of AWS\n"
            "hint: name the region that holds the secrets"
        ),
    ]


def test_a_template_that_nobody_brings_is_told_once(tmp_path: Path) -> None:
    files = {"store.yaml": ALONE + REGION.replace("STATED", "{{ region }}")}
    assert found(tmp_path / "region", files, CODE) == []
    (problem,) = found(tmp_path / "template", files, "template-leftover")
    assert "spec.provider.aws.region has {{ in it" in problem


def test_a_form_that_an_application_brings_is_an_error(tmp_path: Path) -> None:
    for number, stated in enumerate(("<region>", "'{{ region }}'")):
        files = changed(STORE_FILE, ("region: eu-west-1", f"region: {stated}"))
        (problem,) = found(tmp_path / str(number), files, CODE)
        assert "error: SecretStore store: got" in problem
