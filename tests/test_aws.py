"""Partitions, regions, ARNs, and what AWS accepts as a name."""

from __future__ import annotations

import base64
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen import aws

ACCOUNT = "444455556666"
OIDC_ID = "EXAMPLED539D4633E53DE1B71EXAMPLE"
KEY_ID = "1234abcd-12ab-34cd-56ef-1234567890ab"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/myapp-production-use1-myapp-eso"
KEY_ARN = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/{KEY_ID}"
OIDC_EXPECTED = "32 capital letters and digits: give the id only, the part after /id/"
ONLY_HOST = "expected only https://<host> or https://<host>:<port>"
NO_RANDOM_END = "expected no hyphen with six characters at the end: Secrets Manager adds such an end to every ARN"
PARTITION_NAMES = "aws, aws-cn, aws-eusc, aws-iso, aws-iso-b, aws-iso-e, aws-iso-f, aws-us-gov"
KEY_ARN_SHAPE = "arn:<partition>:kms:<region>:<account>:key/<id>"


def _partition(name: str) -> aws.Partition:
    return next(each for each in aws.PARTITIONS if each.name == name)


AWS = _partition("aws")
CHINA = _partition("aws-cn")
GOVERNMENT = _partition("aws-us-gov")


def test_every_partition_has_its_regions() -> None:
    assert Counter(partition.name for partition in aws.REGIONS.values()) == {
        "aws": 34,
        "aws-cn": 2,
        "aws-us-gov": 2,
        "aws-eusc": 1,
        "aws-iso": 2,
        "aws-iso-b": 2,
        "aws-iso-e": 1,
        "aws-iso-f": 2,
    }


def test_every_partition_has_its_dns_suffix() -> None:
    assert {each.name: each.dns_suffix for each in aws.PARTITIONS} == {
        "aws": "amazonaws.com",
        "aws-cn": "amazonaws.com.cn",
        "aws-us-gov": "amazonaws.com",
        "aws-eusc": "amazonaws.eu",
        "aws-iso": "c2s.ic.gov",
        "aws-iso-b": "sc2s.sgov.gov",
        "aws-iso-e": "cloud.adc-e.uk",
        "aws-iso-f": "csp.hci.ic.gov",
    }


@pytest.mark.parametrize("region", aws.REGIONS)
def test_the_patterns_put_every_known_region_into_its_partition_only(region: str) -> None:
    matching = [each for each in aws.PARTITIONS if re.fullmatch(each.region_pattern, region)]
    assert matching == [aws.REGIONS[region]]
    assert aws.partition_of(region) == aws.REGIONS[region]


@pytest.mark.parametrize(
    ("region", "partition"),
    [
        ("us-east-9", "aws"),
        ("cn-south-1", "aws-cn"),
        ("us-gov-central-1", "aws-us-gov"),
        ("eusc-de-west-1", "aws-eusc"),
        ("us-iso-north-1", "aws-iso"),
        ("us-isob-north-1", "aws-iso-b"),
        ("eu-isoe-east-1", "aws-iso-e"),
        ("us-isof-west-1", "aws-iso-f"),
    ],
)
def test_a_region_that_is_too_new_still_has_a_partition(region: str, partition: str) -> None:
    assert not aws.is_known(region)
    assert aws.partition_of(region) == _partition(partition)


@pytest.mark.parametrize(
    "region", ["", "moon-east-1", "us-east", "us-east-1a", "US-EAST-1", "us-east-1\n", "aws-global"]
)
def test_what_can_be_no_region_has_no_partition(region: str) -> None:
    assert aws.partition_of(region) is None


def test_a_known_region_is_fine() -> None:
    assert [aws.check_region(region) for region in aws.REGIONS] == [None] * len(aws.REGIONS)


@pytest.mark.parametrize(
    ("region", "reason"),
    [
        ("us-esat-1", "got 'us-esat-1', expected a region of AWS; did you mean us-east-1?"),
        ("US-EAST-1", "got 'US-EAST-1', expected a region of AWS; did you mean us-east-1?"),
        ("us_west_2", "got 'us_west_2', expected a region of AWS; did you mean us-west-2?"),
        ("useast1", "got 'useast1', expected a region of AWS; did you mean us-east-1?"),
        ("eu-central-1 ", "got 'eu-central-1 ', expected a region of AWS; did you mean eu-central-1?"),
        ("us-east-1a", "got the availability zone 'us-east-1a', expected its region us-east-1"),
        ("moon", "got 'moon', expected a region of AWS"),
        ("", "got an empty text, expected 1 to 32 characters"),
        ("x" * 33, "got 33 characters, expected at most 32"),
    ],
)
def test_what_is_no_known_region_says_which_one_may_be_meant(region: str, reason: str) -> None:
    assert aws.check_region(region) == reason


@pytest.mark.parametrize(
    ("region", "code"),
    [
        ("us-east-1", "use1"),
        ("us-west-2", "usw2"),
        ("eu-central-1", "euc1"),
        ("eu-west-1", "euw1"),
        ("ap-northeast-1", "apne1"),
        ("ap-southeast-2", "apse2"),
        ("mx-central-1", "mxc1"),
        ("cn-north-1", "cnn1"),
        ("cn-northwest-1", "cnnw1"),
        ("us-gov-east-1", "usge1"),
        ("us-gov-west-1", "usgw1"),
        ("us-east-9", "use9"),
        ("eusc-de-east-1", None),
        ("us-iso-east-1", None),
        ("us-esat-1", None),
        ("us-east-1\n", None),
        ("", None),
    ],
)
def test_a_region_has_a_short_code(region: str, code: str | None) -> None:
    assert aws.region_code(region) == code


def test_no_two_regions_share_a_short_code() -> None:
    codes = [code for region in aws.REGIONS if (code := aws.region_code(region))]
    assert len(codes) == len(set(codes)) == 38


def test_only_the_partitions_outside_the_rule_have_no_short_code() -> None:
    without = {partition.name for region, partition in aws.REGIONS.items() if aws.region_code(region) is None}
    assert without == {"aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"}


def test_the_issuer_of_a_cluster_follows_its_region_and_partition() -> None:
    assert aws.oidc_host(AWS, "us-east-1") == "oidc.eks.us-east-1.amazonaws.com"
    assert aws.oidc_provider(AWS, "us-east-1", OIDC_ID) == f"oidc.eks.us-east-1.amazonaws.com/id/{OIDC_ID}"
    assert aws.oidc_provider(CHINA, "cn-north-1", OIDC_ID) == (f"oidc.eks.cn-north-1.amazonaws.com.cn/id/{OIDC_ID}")


def test_the_arn_of_an_oidc_provider_names_partition_and_account() -> None:
    provider = aws.oidc_provider(GOVERNMENT, "us-gov-west-1", OIDC_ID)
    assert aws.oidc_provider_arn(GOVERNMENT, ACCOUNT, provider) == (
        f"arn:aws-us-gov:iam::444455556666:oidc-provider/oidc.eks.us-gov-west-1.amazonaws.com/id/{OIDC_ID}"
    )


def test_the_arn_of_a_role_carries_its_path() -> None:
    assert aws.role_arn(AWS, ACCOUNT, "myapp-eso") == "arn:aws:iam::444455556666:role/myapp-eso"
    assert aws.role_arn(CHINA, ACCOUNT, "myapp-eso", "/eso/prod/") == (
        "arn:aws-cn:iam::444455556666:role/eso/prod/myapp-eso"
    )


def test_the_pattern_of_a_secret_ends_in_six_question_marks() -> None:
    assert aws.secret_arn_pattern(AWS, "us-east-1", ACCOUNT, "production/myapp/db-password") == (
        "arn:aws:secretsmanager:us-east-1:444455556666:secret:production/myapp/db-password-??????"
    )


def test_an_arn_has_five_fields() -> None:
    assert aws.parse_arn(KEY_ARN) == aws.Arn("aws", "kms", "us-east-1", ACCOUNT, f"key/{KEY_ID}")
    assert aws.parse_arn(ROLE_ARN) == aws.Arn("aws", "iam", "", ACCOUNT, "role/myapp-production-use1-myapp-eso")


def test_the_resource_of_an_arn_keeps_its_colons() -> None:
    text = aws.secret_arn_pattern(AWS, "us-east-1", ACCOUNT, "dev/myapp/db")
    assert aws.parse_arn(text) == aws.Arn("aws", "secretsmanager", "us-east-1", ACCOUNT, "secret:dev/myapp/db-??????")


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
    assert aws.parse_arn(text) is None


@pytest.mark.parametrize("account", ["444455556666", "012345670123", "000000000000"])
def test_an_account_id_is_fine(account: str) -> None:
    assert aws.check_account_id(account) is None


@pytest.mark.parametrize(
    ("account", "reason"),
    [
        ("", "got an empty text, expected 12 digits"),
        ("12345670123", "got 11 digits, expected 12; leading zeros count"),
        ("4444555566667", "got 13 digits, expected 12; leading zeros count"),
        ("4444-5555-6666", "got a hyphen at character 5, expected 12 digits"),
        ("444455556666\n", "got a line break at the end, expected 12 digits"),
        ("44445555666x", "got a lower case letter at the end, expected 12 digits"),
        ("44445555666\u0666", "got '\u0666', which is not ASCII, at the end, expected 12 digits"),
    ],
)
def test_what_is_no_account_id_says_why(account: str, reason: str) -> None:
    assert aws.check_account_id(account) == reason


@pytest.mark.parametrize("oidc_id", [OIDC_ID, "36F950CAB58ED67F6DF6F037ACAD9074"])
def test_an_oidc_id_is_fine(oidc_id: str) -> None:
    assert aws.check_oidc_id(oidc_id) is None


@pytest.mark.parametrize(
    ("oidc_id", "reason"),
    [
        ("", f"got 0 characters, expected {OIDC_EXPECTED}"),
        (OIDC_ID[:31], f"got 31 characters, expected {OIDC_EXPECTED}"),
        (f"{OIDC_ID}1", f"got 33 characters, expected {OIDC_EXPECTED}"),
        (OIDC_ID.lower(), f"got a lower case letter at the start, expected {OIDC_EXPECTED}"),
        (f"{OIDC_ID}\n", f"got a line break at the end, expected {OIDC_EXPECTED}"),
        (
            f"https://oidc.eks.us-east-1.amazonaws.com/id/{OIDC_ID}",
            f"got an address, expected {OIDC_EXPECTED}",
        ),
        (f"id/{OIDC_ID}", f"got an address, expected {OIDC_EXPECTED}"),
    ],
)
def test_what_is_no_oidc_id_says_what_to_give(oidc_id: str, reason: str) -> None:
    assert aws.check_oidc_id(oidc_id) == reason


@pytest.mark.parametrize("name", ["a", "myapp-eso", "Team_A+b=c,d.e@f-g", "a" * 64])
def test_a_role_name_is_fine(name: str) -> None:
    assert aws.check_role_name(name) is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "got an empty text, expected 1 to 64 characters"),
        ("a" * 65, "got 65 characters, expected at most 64"),
        ("eso/myapp", "got a slash at character 4, expected letters, digits and _+=,.@-"),
        ("myapp eso", "got a space at character 6, expected letters, digits and _+=,.@-"),
        ("é", "got 'é', which is not ASCII, at the start, expected letters, digits and _+=,.@-"),
    ],
)
def test_what_is_no_role_name_says_why(name: str, reason: str) -> None:
    assert aws.check_role_name(name) == reason


@pytest.mark.parametrize(
    "path",
    [
        "production/myapp/db-password",
        "/myapp/db",
        "a",
        "a" * 512,
        "a-12345",
        "a-1234567",
        "a_secret",
        "a/b-c/secret",
    ],
)
def test_a_secret_path_is_fine(path: str) -> None:
    assert aws.check_secret_path_characters(path) is None
    assert aws.check_secret_path_end(path) is None


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("", "got an empty text, expected 1 to 512 characters"),
        ("a" * 513, "got 513 characters, expected at most 512"),
        ("dev/my app", "got a space at character 7, expected letters, digits and /_+=.@-"),
        ("dev/*", "got the character '*' at the end, expected letters, digits and /_+=.@-"),
        ("dev/a:b", "got a colon at character 6, expected letters, digits and /_+=.@-"),
        ("dev//db", "got a slash at character 5, expected a name between two slashes"),
    ],
)
def test_what_is_no_secret_path_says_why(path: str, reason: str) -> None:
    assert aws.check_secret_path_characters(path) == reason


def test_the_end_of_a_secret_path_can_be_checked_alone() -> None:
    assert aws.check_secret_path_characters("dev/myapp/db-secret") is None
    assert aws.check_secret_path_end("dev/myapp/db-secret") == f"got a name that ends in '-secret', {NO_RANDOM_END}"
    assert aws.check_secret_path_end("dev//db") is None


@pytest.mark.parametrize(
    "arn", [ROLE_ARN, ROLE_ARN.replace("role/", "role/eso/prod/"), ROLE_ARN.replace("aws", "aws-cn")]
)
def test_a_role_arn_is_fine(arn: str) -> None:
    assert aws.check_role_arn(arn) is None


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
        (f"arn:aws:iam::{ACCOUNT}:role/", "got an empty text, expected 1 to 64 characters"),
        (f"{ROLE_ARN}\n", "got a line break at the end, expected letters, digits and _+=,.@-"),
        (
            f"arn:aws:iam::{ACCOUNT}:role/a b/c",
            "got a space at character 2, expected a path of ASCII, no spaces",
        ),
    ],
)
def test_what_is_no_role_arn_says_why(arn: str, reason: str) -> None:
    assert aws.check_role_arn(arn) == reason


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
    assert aws.check_kms_key_arn(arn) is None


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
    assert aws.check_kms_key_arn(arn) == reason


@pytest.mark.parametrize("name", ["a", "myapp-production-use1", "My_Cluster-2", "a" * 100])
def test_an_eks_cluster_name_is_fine(name: str) -> None:
    assert aws.check_eks_cluster_name(name) is None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "got an empty text, expected 1 to 100 characters"),
        ("a" * 101, "got 101 characters, expected at most 100"),
        ("-a", "got a hyphen at the start, expected a letter or a digit"),
        ("a.b", "got a dot at character 2, expected letters, digits, hyphens and underscores"),
    ],
)
def test_what_is_no_eks_cluster_name_says_why(name: str, reason: str) -> None:
    assert aws.check_eks_cluster_name(name) == reason


@pytest.mark.parametrize(
    "url",
    [
        f"https://{OIDC_ID}.gr7.us-east-1.eks.amazonaws.com",
        "https://cluster.internal.example:6443",
        "https://10.0.0.1",
        f"https://{'.'.join(['a' * 63] * 3)}.{'b' * 61}:65535",
    ],
)
def test_a_server_is_fine(url: str) -> None:
    assert aws.check_server_url(url) is None


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("", "got no https:// at the start, expected https://<host>"),
        ("http://a.example", "got no https:// at the start, expected https://<host>"),
        ("a.example", "got no https:// at the start, expected https://<host>"),
        ("https://me:secret@a.example", f"got a user name or a password, {ONLY_HOST}"),
        ("https://a.example?token=secret", f"got a query, {ONLY_HOST}"),
        ("https://a.example#x", f"got a fragment, {ONLY_HOST}"),
        ("https://a.example/", f"got a path or a slash at the end, {ONLY_HOST}"),
        ("https://a.example/api", f"got a path or a slash at the end, {ONLY_HOST}"),
        ("https://", "got an empty text, expected 1 to 253 characters, in the host"),
        ("https://:443", "got an empty text, expected 1 to 253 characters, in the host"),
        (
            "https://a_b.example",
            "got an underscore at character 2, expected letters, digits, hyphens and dots, in the host",
        ),
        (
            "https://a.example\n",
            "got a line break at the end, expected letters, digits, hyphens and dots, in the host",
        ),
        (
            "https://a..example",
            "got a dot at character 3, expected a letter or a digit at both ends of each part, in the host",
        ),
        (f"https://{'a' * 64}.example", "got 64 characters, expected at most 63, in the host"),
        (f"https://{'a.' * 127}a", "got 255 characters, expected at most 253, in the host"),
        (f"https://{'a.' * 200}a", "got 409 characters, expected at most 267"),
        ("https://a.example:", "got no port after the colon, expected a number from 1 to 65535"),
        ("https://a.example:0", "got no port after the colon, expected a number from 1 to 65535"),
        ("https://a.example:65536", "got no port after the colon, expected a number from 1 to 65535"),
        ("https://a.example:https", "got no port after the colon, expected a number from 1 to 65535"),
    ],
)
def test_what_is_no_server_says_why(url: str, reason: str) -> None:
    assert aws.check_server_url(url) == reason


def _in_base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def test_the_base64_of_a_certificate_is_fine() -> None:
    assert aws.check_ca_data(_in_base64("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")) is None


def test_the_placeholder_of_the_documentation_is_fine() -> None:
    assert aws.check_ca_data("ZXhhbXBsZQ==") is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "got an empty text, expected base64"),
        (
            "ZXhhbXBsZQ",
            "got 10 characters that are no whole base64, expected standard base64 with its padding",
        ),
        (
            "ZXhhbXBs====",
            "got 12 characters that are no whole base64, expected standard base64 with its padding",
        ),
        ("ZX=hbXBs", "got 8 characters that are no whole base64, expected standard base64 with its padding"),
        ("ZXho\nbXBs", "got a line break at character 5, expected standard base64 on one line"),
        ("ZXho-XBs", "got a hyphen at character 5, expected standard base64 on one line"),
        (
            "-----BEGIN CERTIFICATE-----\nMIIB",
            "got a certificate in PEM, expected its base64 on one line, as EKS gives it",
        ),
        (
            "-----BEGIN RSA PRIVATE KEY-----\nMIIB",
            "got a private key, expected the public certificate of the cluster",
        ),
        (
            _in_base64("-----BEGIN PRIVATE KEY-----\nMIIB"),
            "got a private key in base64, expected the public certificate of the cluster",
        ),
        (
            _in_base64("-----BEGIN CERTIFICATE-----\nMIIB\n-----BEGIN EC PRIVATE KEY-----\nMIIB"),
            "got a private key in base64, expected the public certificate of the cluster",
        ),
    ],
)
def test_what_is_no_ca_data_says_why_and_does_not_show_it(text: str, reason: str) -> None:
    assert aws.check_ca_data(text) == reason


@given(st.binary(min_size=1).filter(lambda data: b"PRIVATE KEY" not in data))
def test_the_base64_of_anything_that_is_no_private_key_is_accepted(data: bytes) -> None:
    assert aws.check_ca_data(base64.b64encode(data).decode()) is None


@given(before=st.binary(), after=st.binary())
def test_a_private_key_is_found_wherever_it_stands(before: bytes, after: bytes) -> None:
    text = base64.b64encode(before + b"PRIVATE KEY" + after).decode()
    assert aws.check_ca_data(text) == ("got a private key in base64, expected the public certificate of the cluster")


@given(st.text())
def test_no_check_raises_whatever_it_is_given(text: str) -> None:
    checks = (
        aws.check_region,
        aws.check_account_id,
        aws.check_oidc_id,
        aws.check_role_name,
        aws.check_secret_path_characters,
        aws.check_secret_path_end,
        aws.check_role_arn,
        aws.check_kms_key_arn,
        aws.check_eks_cluster_name,
        aws.check_server_url,
        aws.check_ca_data,
    )
    reasons = [check(text) for check in checks]
    assert all(reason is None or reason.startswith("got ") for reason in reasons)


@given(
    name=st.from_regex(r"[A-Za-z0-9_+=,.@-]{1,64}", fullmatch=True),
    region=st.sampled_from(sorted(aws.REGIONS)),
)
def test_the_arn_of_every_role_that_we_name_is_fine(name: str, region: str) -> None:
    partition = aws.REGIONS[region]
    arn = aws.role_arn(partition, ACCOUNT, name)
    assert aws.check_role_arn(arn) is None
    assert aws.parse_arn(arn) == aws.Arn(partition.name, "iam", "", ACCOUNT, f"role/{name}")
