"""Partitions, regions and their codes."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from gitops_gen.aws.regions import (
    PARTITIONS,
    REGIONS,
    Partition,
    check_region,
    is_known_region,
    partition_of,
    region_code,
)


def _partition(name: str) -> Partition:
    return next(each for each in PARTITIONS if each.name == name)


AWS = _partition("aws")


def test_every_partition_has_its_regions() -> None:
    assert Counter(partition.name for partition in REGIONS.values()) == {
        "aws": 34,
        "aws-cn": 2,
        "aws-us-gov": 2,
        "aws-eusc": 1,
        "aws-iso": 2,
        "aws-iso-b": 2,
        "aws-iso-e": 1,
        "aws-iso-f": 2,
    }


def test_every_partition_has_its_dns_suffixes() -> None:
    assert {each.name: (each.dns_suffix, each.dual_stack_suffix) for each in PARTITIONS} == {
        "aws": ("amazonaws.com", "api.aws"),
        "aws-cn": ("amazonaws.com.cn", "api.amazonwebservices.com.cn"),
        "aws-us-gov": ("amazonaws.com", "api.aws"),
        "aws-eusc": ("amazonaws.eu", "api.amazonwebservices.eu"),
        "aws-iso": ("c2s.ic.gov", "api.aws.ic.gov"),
        "aws-iso-b": ("sc2s.sgov.gov", "api.aws.scloud"),
        "aws-iso-e": ("cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
        "aws-iso-f": ("csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    }


@pytest.mark.parametrize("region", REGIONS)
def test_the_patterns_put_every_known_region_into_its_partition_only(region: str) -> None:
    matching = [each for each in PARTITIONS if re.fullmatch(each.region_pattern, region)]
    assert matching == [REGIONS[region]]
    assert partition_of(region) == REGIONS[region]


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
    assert not is_known_region(region)
    assert partition_of(region) == _partition(partition)


@pytest.mark.parametrize(
    "region", ["", "moon-east-1", "us-east", "us-east-1a", "US-EAST-1", "us-east-1\n", "aws-global"]
)
def test_what_can_be_no_region_has_no_partition(region: str) -> None:
    assert partition_of(region) is None


def test_a_known_region_is_fine() -> None:
    assert [check_region(region) for region in REGIONS] == [None] * len(REGIONS)


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
    assert check_region(region) == reason


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
    assert region_code(region) == code


def test_no_two_regions_share_a_short_code() -> None:
    codes = [code for region in REGIONS if (code := region_code(region))]
    assert len(codes) == len(set(codes)) == 38


def test_only_the_partitions_outside_the_rule_have_no_short_code() -> None:
    without = {partition.name for region, partition in REGIONS.items() if region_code(region) is None}
    assert without == {"aws-eusc", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f"}
