"""Partitions and regions: which there are, the code that names carry, and what is no region."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.characters import check_length
from gitops_gen.data_classes import frozen
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Mapping


@frozen
class Partition:
    """A part of AWS with accounts, ARNs and hosts of its own. The pattern is what its regions look like."""

    name: str
    dns_suffix: str
    dual_stack_suffix: str
    """That of the hosts which have an address of IPv6 too."""
    region_pattern: str


_AWS = Partition("aws", "amazonaws.com", "api.aws", r"(?:us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-[0-9]+")
_CHINA = Partition("aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", r"cn-[a-z]+-[0-9]+")
_GOVERNMENT = Partition("aws-us-gov", "amazonaws.com", "api.aws", r"us-gov-[a-z]+-[0-9]+")
_EUROPE = Partition("aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", r"eusc-de-[a-z]+-[0-9]+")
_ISO = Partition("aws-iso", "c2s.ic.gov", "api.aws.ic.gov", r"us-iso-[a-z]+-[0-9]+")
_ISO_B = Partition("aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud", r"us-isob-[a-z]+-[0-9]+")
_ISO_E = Partition("aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", r"eu-isoe-[a-z]+-[0-9]+")
_ISO_F = Partition("aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov", r"us-isof-[a-z]+-[0-9]+")

PARTITIONS = (_CHINA, _GOVERNMENT, _EUROPE, _ISO, _ISO_B, _ISO_E, _ISO_F, _AWS)
"""Every partition, the widest pattern last. Source: botocore, partitions.json."""

PARTITION_NAMES = frozenset(each.name for each in PARTITIONS)

REGIONS: Mapping[str, Partition] = {
    "af-south-1": _AWS,
    "ap-east-1": _AWS,
    "ap-east-2": _AWS,
    "ap-northeast-1": _AWS,
    "ap-northeast-2": _AWS,
    "ap-northeast-3": _AWS,
    "ap-south-1": _AWS,
    "ap-south-2": _AWS,
    "ap-southeast-1": _AWS,
    "ap-southeast-2": _AWS,
    "ap-southeast-3": _AWS,
    "ap-southeast-4": _AWS,
    "ap-southeast-5": _AWS,
    "ap-southeast-6": _AWS,
    "ap-southeast-7": _AWS,
    "ca-central-1": _AWS,
    "ca-west-1": _AWS,
    "cn-north-1": _CHINA,
    "cn-northwest-1": _CHINA,
    "eu-central-1": _AWS,
    "eu-central-2": _AWS,
    "eu-isoe-west-1": _ISO_E,
    "eu-north-1": _AWS,
    "eu-south-1": _AWS,
    "eu-south-2": _AWS,
    "eu-west-1": _AWS,
    "eu-west-2": _AWS,
    "eu-west-3": _AWS,
    "eusc-de-east-1": _EUROPE,
    "il-central-1": _AWS,
    "me-central-1": _AWS,
    "me-south-1": _AWS,
    "mx-central-1": _AWS,
    "sa-east-1": _AWS,
    "us-east-1": _AWS,
    "us-east-2": _AWS,
    "us-gov-east-1": _GOVERNMENT,
    "us-gov-west-1": _GOVERNMENT,
    "us-iso-east-1": _ISO,
    "us-iso-west-1": _ISO,
    "us-isob-east-1": _ISO_B,
    "us-isob-west-1": _ISO_B,
    "us-isof-east-1": _ISO_F,
    "us-isof-south-1": _ISO_F,
    "us-west-1": _AWS,
    "us-west-2": _AWS,
}
"""Every region that had EKS and Secrets Manager in August 2026. Source: botocore, endpoints.json."""

_REGION_LIMIT = 32

_FIPS = lazily(r"(?:fips-(.+)|(.+)-fips)")
_AVAILABILITY_ZONE = lazily(r"(.+-[0-9])[a-z]")
_CODED_REGION = lazily(r"([a-z]{2})-(gov-)?([a-z]+)-([0-9]+)")
_DIRECTION_CODES = {
    "north": "n",
    "south": "s",
    "east": "e",
    "west": "w",
    "central": "c",
    "northeast": "ne",
    "northwest": "nw",
    "southeast": "se",
    "southwest": "sw",
}


def is_known_region(region: str) -> bool:
    """True for a region of the table. AWS adds regions: one that is not known may still be possible."""
    return region in REGIONS


def without_fips(region: str) -> str:
    """Returns the region that a name with fips before or behind it stands for, which the SDKs of AWS take for one.

    Source: aws-sdk-go-v2, service/secretsmanager, endpoints.go (mapFIPSRegion).
    """
    found = _FIPS.fullmatch(region)
    return (found[1] or found[2]) if found else region


def partition_of(region: str) -> Partition | None:
    """Returns the partition of a region, known or only possible; None for what can be no region at all."""
    known = REGIONS.get(region)
    if known is not None:
        return known
    return next((each for each in PARTITIONS if re.fullmatch(each.region_pattern, region)), None)


def check_region(region: str) -> str | None:
    """Refuses what is not a known region and says which one may be meant.

    A possible region that is too new for the table is refused as well; `partition_of` tells the two apart.
    """
    if is_known_region(region):
        return None
    if reason := check_length(region, _REGION_LIMIT):
        return reason
    zone = _AVAILABILITY_ZONE.fullmatch(region)
    if zone and is_known_region(zone[1]):
        return f"got the availability zone {region!r}, expected its region {zone[1]}"
    nearest = _nearest_region(region)
    return f"got {region!r}, expected a region of AWS{f'; did you mean {nearest}?' if nearest else ''}"


def region_code(region: str) -> str | None:
    """Returns the short code that names carry: use1, apne1, usge1, cnnw1. None where the rule has no answer.

    The rule is ours, since AWS has no codes of its own: two letters, g for gov, the initials of the
    direction, the number. It covers aws, aws-cn and aws-us-gov; elsewhere the code must be stated.
    """
    found = _CODED_REGION.fullmatch(region)
    if found is None or found[3] not in _DIRECTION_CODES:
        return None
    return f"{found[1]}{'g' if found[2] else ''}{_DIRECTION_CODES[found[3]]}{found[4]}"


def _nearest_region(text: str) -> str | None:
    import difflib

    lower = text.lower()
    near = difflib.get_close_matches(lower, REGIONS, n=5)
    # Two swapped letters make us-west-1 as near to us-esat-1 as us-east-1; the same letters decide.
    return max(near, key=lambda region: sorted(region) == sorted(lower), default=None)
