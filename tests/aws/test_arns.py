"""ARNs and issuers: made, taken apart, and refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.aws.arns import (
    Arn,
    check_kms_key_arn,
    check_role_arn,
    oidc_host,
    oidc_provider,
    oidc_provider_arn,
    parse_arn,
    role_arn,
    secret_arn_pattern,
)
from gitops_gen.aws.regions import PARTITIONS, REGIONS, Partition

ACCOUNT = "444455556666"
OIDC_ID = "EXAMPLED539D4633E53DE1B71EXAMPLE"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/myapp-production-use1-myapp-eso"
KEY_ARN = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{KEY_ID}"
PARTITION_NAMES = "aws, aws-cn, aws-eusc, aws-iso, aws-iso-b, aws-iso-e, aws-iso-f, aws-us-gov"
KEY_ARN_SHAPE = "arn:<partition>:kms:<region>:<account>:key/<id>"


def _partition(name: str) -> Partition:
    return next(each for each in PARTITIONS if each.name == name)


AWS = _partition("aws")
CHINA = _partition("aws-cn")
GOVERNMENT = _partition("aws-us-gov")


def test_the_issuer_of_a_cluster_follows_its_region_and_partition() -> None:
    assert oidc_host(AWS, "us-east-1") == "oidc.eks.us-east-1.amazonaws.com"
    assert oidc_provider(AWS, "us-east-1", OIDC_ID) == f"oidc.eks.us-east-1.amazonaws.com/id/{OIDC_ID}"
    assert oidc_provider(CHINA, "cn-north-1", OIDC_ID) == (f"oidc.eks.cn-north-1.amazonaws.com.cn/id/{OIDC_ID}")


def test_the_arn_of_an_oidc_provider_names_partition_and_account() -> None:
    provider = oidc_provider(GOVERNMENT, "us-gov-west-1", OIDC_ID)
    assert oidc_provider_arn(GOVERNMENT, ACCOUNT, provider) == (
        f"arn:aws-us-gov:iam::444455556666:oidc-provider/oidc.eks.us-gov-west-1.amazonaws.com/id/{OIDC_ID}"
    )


def test_the_arn_of_a_role_carries_its_path() -> None:
    assert role_arn(AWS, ACCOUNT, "myapp-eso") == "arn:aws:iam::444455556666:role/myapp-eso"
    assert role_arn(CHINA, ACCOUNT, "myapp-eso", "/eso/prod/") == (
        "arn:aws-cn:iam::444455556666:role/eso/prod/myapp-eso"
    )


def test_the_pattern_of_a_secret_ends_in_six_question_marks() -> None:
    assert secret_arn_pattern(AWS, "us-east-1", ACCOUNT, "production/myapp/db-password") == (
        "arn:aws:secretsmanager:us-east-1:444455556666:secret:production/myapp/db-password-??????"
    )


def test_an_arn_has_five_fields() -> None:
    assert parse_arn(KEY_ARN) == Arn("aws", "kms", "us-east-1", ACCOUNT, f"key/{KEY_ID}")
    assert parse_arn(ROLE_ARN) == Arn("aws", "iam", "", ACCOUNT, "role/myapp-production-use1-myapp-eso")


def test_the_resource_of_an_arn_keeps_its_colons() -> None:
    text = secret_arn_pattern(AWS, "us-east-1", ACCOUNT, "dev/myapp/db")
    assert parse_arn(text) == Arn("aws", "secretsmanager", "us-east-1", ACCOUNT, "secret:dev/myapp/db-??????")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "arn",
        "arn:aws:iam",
        "urn:aws:iam::1:role/x",
        "arn::iam::1:role/x",
        "arn:aws:::1:role/x",
        "arn:aws:iam::1:",
    ],
)
def test_what_is_no_arn_has_no_fields(text: str) -> None:
    assert parse_arn(text) is None


@pytest.mark.parametrize(
    "arn", [ROLE_ARN, ROLE_ARN.replace("role/", "role/eso/prod/"), ROLE_ARN.replace("aws", "aws-cn")]
)
def test_a_role_arn_is_fine(arn: str) -> None:
    assert check_role_arn(arn) is None


@pytest.mark.parametrize(
    ("arn", "reason"),
    [
        ("", "got no ARN, expected arn:<partition>:iam::<account>:role/<name>"),
        ("myapp-eso", "got no ARN, expected arn:<partition>:iam::<account>:role/<name>"),
        (f"{ROLE_ARN}{'x' * 2048}", "got no ARN, expected arn:<partition>:iam::<account>:role/<name>"),
        (
            f"arn:aws:sts::{ACCOUNT}:assumed-role/myapp-eso/me",
            "got an ARN of the service 'sts', expected iam",
        ),
        (
            f"arn:amazon:iam::{ACCOUNT}:role/myapp-eso",
            f"got the partition 'amazon', expected one of {PARTITION_NAMES}",
        ),
        (
            f"arn:aws:iam:us-east-1:{ACCOUNT}:role/myapp-eso",
            "got the region 'us-east-1', expected none: IAM has no regions",
        ),
        (
            "arn:aws:iam::44445555666:role/myapp-eso",
            "got 11 digits, expected 12; leading zeros count, in the account of the ARN",
        ),
        (f"arn:aws:iam::{ACCOUNT}:user/me", "got the resource 'user', expected role/<name>"),
        (f"arn:aws:iam::{ACCOUNT}:role", "got the resource 'role', expected role/<name>"),
        (f"arn:aws:iam::{ACCOUNT}:role//myapp-eso", "got two slashes, and no path between them"),
        (f"arn:aws:iam::{ACCOUNT}:role/", "got an empty text, expected 1 to 64 characters"),
        (f"{ROLE_ARN}\n", "got a line break at the end, expected letters, digits and _+=,.@-"),
        (
            f"arn:aws:iam::{ACCOUNT}:role/a b/c",
            "got a space at character 2, expected a path of ASCII, no spaces",
        ),
    ],
)
def test_what_is_no_role_arn_says_why(arn: str, reason: str) -> None:
    assert check_role_arn(arn) == reason


@pytest.mark.parametrize(
    "arn",
    [
        KEY_ARN,
        KEY_ARN.replace(KEY_ID, "mrk-1234abcd12ab34cd56ef1234567890ab"),
        KEY_ARN.replace("aws", "aws-cn").replace("us-east-1", "cn-north-1"),
        KEY_ARN.replace("us-east-1", "us-east-9"),
    ],
)
def test_a_kms_key_arn_is_fine(arn: str) -> None:
    assert check_kms_key_arn(arn) is None


@pytest.mark.parametrize(
    ("arn", "reason"),
    [
        ("", f"got no ARN, expected {KEY_ARN_SHAPE}"),
        (KEY_ID, f"got no ARN, expected {KEY_ARN_SHAPE}"),
        (f"{KEY_ARN}{'0' * 2048}", f"got no ARN, expected {KEY_ARN_SHAPE}"),
        (ROLE_ARN, "got an ARN of the service 'iam', expected kms"),
        (
            KEY_ARN.replace(f"key/{KEY_ID}", "alias/myapp"),
            "got an alias, expected key/<id>: an IAM policy cannot name a key by its alias",
        ),
        (KEY_ARN.replace("key/", "grant/"), "got the resource 'grant', expected key/<id>"),
        (
            KEY_ARN.replace(KEY_ID, "*"),
            "got a key id of another shape, expected a UUID in lower case, or mrk- and 32 hexadecimal digits",
        ),
        (
            KEY_ARN.replace(KEY_ID, KEY_ID.upper()),
            "got a key id of another shape, expected a UUID in lower case, or mrk- and 32 hexadecimal digits",
        ),
        (
            f"{KEY_ARN}\n",
            "got a key id of another shape, expected a UUID in lower case, or mrk- and 32 hexadecimal digits",
        ),
        (
            KEY_ARN.replace("us-east-1", "us-gov-west-1"),
            "got the partition aws with the region us-gov-west-1, expected aws-us-gov",
        ),
        (
            KEY_ARN.replace("us-east-1", "us-east-1a"),
            "got the availability zone 'us-east-1a', expected its region us-east-1, in the region of the ARN",
        ),
        (
            KEY_ARN.replace("us-east-1", "*"),
            "got '*', expected a region of AWS, in the region of the ARN",
        ),
        (
            KEY_ARN.replace("us-east-1", ""),
            "got an empty text, expected 1 to 32 characters, in the region of the ARN",
        ),
        (
            KEY_ARN.replace(ACCOUNT, ""),
            "got an empty text, expected 12 digits, in the account of the ARN",
        ),
    ],
)
def test_what_is_no_kms_key_arn_says_why(arn: str, reason: str) -> None:
    assert check_kms_key_arn(arn) == reason


@given(
    name=st.from_regex(r"[A-Za-z0-9_+=,.@-]{1,64}", fullmatch=True),
    region=st.sampled_from(sorted(REGIONS)),
)
def test_the_arn_of_every_role_that_we_name_is_fine(name: str, region: str) -> None:
    partition = REGIONS[region]
    arn = role_arn(partition, ACCOUNT, name)
    assert check_role_arn(arn) is None
    assert parse_arn(arn) == Arn(partition.name, "iam", "", ACCOUNT, f"role/{name}")
