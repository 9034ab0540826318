"""AWS as names and ARNs see it: partitions, regions, identifiers, and what AWS accepts as each.

Every check returns the reason why a text is refused, got before expected, or None.
Source, where a function names no other: the service models and endpoint tables of botocore 1.43.11.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.characters import check_characters, check_length

if TYPE_CHECKING:
    from collections.abc import Mapping

ROLE_NAME_LIMIT = 64
SECRET_PATH_LIMIT = 512
CLUSTER_NAME_LIMIT = 100
OIDC_ID_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Partition:
    """A part of AWS with accounts, ARNs and hosts of its own. The pattern is what its regions look like."""

    name: str
    dns_suffix: str
    region_pattern: str


@dataclass(frozen=True, slots=True)
class Arn:
    """The five fields of an ARN. Region and account may be empty; the resource may hold colons."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


_AWS = Partition("aws", "amazonaws.com", r"(?:us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-[0-9]+")
_CHINA = Partition("aws-cn", "amazonaws.com.cn", r"cn-[a-z]+-[0-9]+")
_GOVERNMENT = Partition("aws-us-gov", "amazonaws.com", r"us-gov-[a-z]+-[0-9]+")
_EUROPE = Partition("aws-eusc", "amazonaws.eu", r"eusc-de-[a-z]+-[0-9]+")
_ISO = Partition("aws-iso", "c2s.ic.gov", r"us-iso-[a-z]+-[0-9]+")
_ISO_B = Partition("aws-iso-b", "sc2s.sgov.gov", r"us-isob-[a-z]+-[0-9]+")
_ISO_E = Partition("aws-iso-e", "cloud.adc-e.uk", r"eu-isoe-[a-z]+-[0-9]+")
_ISO_F = Partition("aws-iso-f", "csp.hci.ic.gov", r"us-isof-[a-z]+-[0-9]+")

PARTITIONS = (_CHINA, _GOVERNMENT, _EUROPE, _ISO, _ISO_B, _ISO_E, _ISO_F, _AWS)
"""Every partition, the widest pattern last. Source: botocore, partitions.json."""

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
_ARN_LIMIT = 2048
_SERVER_LIMIT = 267  # https://, a host of 253 characters, and a port
_LABEL_LIMIT = 63
_HOST_LIMIT = 253

_AVAILABILITY_ZONE = re.compile(r"(.+-[0-9])[a-z]")
_CODED_REGION = re.compile(r"([a-z]{2})-(gov-)?([a-z]+)-([0-9]+)")
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

_NOT_A_DIGIT = re.compile(r"[^0-9]")
_NOT_IN_OIDC_ID = re.compile(r"[^0-9A-Z]")
_NOT_IN_ROLE_NAME = re.compile(r"[^A-Za-z0-9_+=,.@-]")
_NOT_IN_ROLE_PATH = re.compile(r"[^!-~]")
_NOT_IN_SECRET_PATH = re.compile(r"[^A-Za-z0-9/_+=.@-]")
_SECOND_SLASH = re.compile(r"(?<=/)/")
_RANDOM_END = re.compile(r"-[A-Za-z0-9]{6}\Z")
_NOT_IN_CLUSTER_NAME = re.compile(r"[^A-Za-z0-9_-]")
_CLUSTER_NAME_EDGE = re.compile(r"\A[_-]")
_KEY_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}")
_NOT_IN_HOST = re.compile(r"[^A-Za-z0-9.-]")
_HOST_EDGE = re.compile(r"(?:\A|(?<=\.))[.-]|-(?=\.|\Z)|\.\Z")
_NOT_IN_SERVER = (
    ("@", "a user name or a password"),
    ("?", "a query"),
    ("#", "a fragment"),
    ("/", "a path or a slash at the end"),
)
_NOT_IN_BASE64 = re.compile(r"[^A-Za-z0-9+/=]")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def is_known(region: str) -> bool:
    """True for a region of the table. AWS adds regions: one that is not known may still be possible."""
    return region in REGIONS


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
    if is_known(region):
        return None
    if reason := check_length(region, _REGION_LIMIT):
        return reason
    zone = _AVAILABILITY_ZONE.fullmatch(region)
    if zone and is_known(zone[1]):
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


def oidc_host(partition: Partition, region: str) -> str:
    """The host that issues the tokens of the region's EKS clusters.

    Source: issuers as EKS prints them in aws and aws-cn; elsewhere inferred from the partition's DNS suffix.
    """
    return f"oidc.eks.{region}.{partition.dns_suffix}"


def oidc_provider(partition: Partition, region: str, oidc_id: str) -> str:
    """The issuer of a cluster without https://: also the prefix of the condition keys of a trust policy."""
    return f"{oidc_host(partition, region)}/id/{oidc_id}"


def oidc_provider_arn(partition: Partition, account: str, provider: str) -> str:
    """The ARN of the IAM OIDC provider for an issuer without https://. Source: the IAM reference of ARNs."""
    return f"arn:{partition.name}:iam::{account}:oidc-provider/{provider}"


def role_arn(partition: Partition, account: str, name: str, path: str = "/") -> str:
    """The ARN of a role. The path begins and ends with a slash. Source: the IAM reference of ARNs."""
    return f"arn:{partition.name}:iam::{account}:role{path}{name}"


def secret_arn_pattern(partition: Partition, region: str, account: str, path: str) -> str:
    """The IAM pattern of one secret: six question marks stand for the random end that Secrets Manager adds.

    A `*` at the end would match other secrets too. Source: the Secrets Manager user guide on IAM policies.
    """
    return f"arn:{partition.name}:secretsmanager:{region}:{account}:secret:{path}-??????"


def parse_arn(text: str) -> Arn | None:
    """Returns the fields of an ARN, or None. It looks at the shape only: arn and five more fields.

    Partition, service and resource are never empty. Source: "Amazon Resource Names" in the IAM user guide.
    """
    fields = text.split(":", 5)
    if len(fields) != 6 or fields[0] != "arn":
        return None
    arn = Arn(*fields[1:])
    return arn if arn.partition and arn.service and arn.resource else None


def check_account_id(account: str) -> str | None:
    """Refuses what is not 12 digits. Source: AccountId of AWS Organizations."""
    if not account:
        return "got an empty text, expected 12 digits"
    if reason := check_characters(account, _NOT_A_DIGIT, "12 digits"):
        return reason
    return None if len(account) == 12 else f"got {len(account)} digits, expected 12; leading zeros count"


def check_oidc_id(oidc_id: str) -> str | None:
    """Refuses what is not the last part of an EKS issuer: 32 capital letters and digits.

    AWS gives hexadecimal digits; the other letters are let through for the placeholders of its documentation.
    Source: issuers as EKS prints them; the API itself documents no pattern.
    """
    expected = f"{OIDC_ID_LENGTH} capital letters and digits: give the id only, the part after /id/"
    if "/" in oidc_id:
        return f"got an address, expected {expected}"
    if reason := check_characters(oidc_id, _NOT_IN_OIDC_ID, expected):
        return reason
    return None if len(oidc_id) == OIDC_ID_LENGTH else f"got {len(oidc_id)} characters, expected {expected}"


def check_role_name(name: str) -> str | None:
    """Refuses what is no name of an IAM role: at most 64 letters, digits and _+=,.@-.

    Source: roleNameType of IAM.
    """
    return check_length(name, ROLE_NAME_LIMIT) or check_characters(
        name, _NOT_IN_ROLE_NAME, "letters, digits and _+=,.@-"
    )


def check_secret_path_characters(path: str) -> str | None:
    """Refuses what Secrets Manager refuses as a name, and two slashes in a row.

    Source: CreateSecret: at most 512 ASCII letters, digits and /_+=.@-. The slashes are our own rule: an
    empty part comes from joining a prefix that already ends in a slash.
    """
    return (
        check_length(path, SECRET_PATH_LIMIT)
        or check_characters(path, _NOT_IN_SECRET_PATH, "letters, digits and /_+=.@-")
        or check_characters(path, _SECOND_SLASH, "a name between two slashes")
    )


def check_secret_path_end(path: str) -> str | None:
    """Refuses a name that ends in a hyphen and six characters, which AWS advises against but accepts.

    Source: CreateSecret: such a name is confused with the ARN of another secret.
    """
    found = _RANDOM_END.search(path)
    if found is None:
        return None
    return (
        f"got a name that ends in {found[0]!r}, expected no hyphen with six characters at the end: "
        "Secrets Manager adds such an end to every ARN"
    )


def check_role_arn(text: str) -> str | None:
    """Refuses what is not the ARN of an IAM role, its path included. Source: the IAM reference of ARNs."""
    arn = parse_arn(text)
    if arn is None or len(text) > _ARN_LIMIT:
        return "got no ARN, expected arn:<partition>:iam::<account>:role/<name>"
    return (
        _check_service(arn, "iam")
        or _check_partition(arn)
        or (f"got the region {arn.region!r}, expected none: IAM has no regions" if arn.region else None)
        or _check_account(arn)
        or _check_role(arn.resource)
    )


def check_kms_key_arn(text: str) -> str | None:
    """Refuses what is not the ARN of one KMS key, in the partition of its region.

    Source: "Specifying KMS keys in IAM policy statements" in the KMS developer guide: no alias, no bare id.
    """
    arn = parse_arn(text)
    if arn is None or len(text) > _ARN_LIMIT:
        return "got no ARN, expected arn:<partition>:kms:<region>:<account>:key/<id>"
    return (
        _check_service(arn, "kms")
        or _check_partition(arn)
        or _check_region_of(arn)
        or _check_account(arn)
        or _check_key(arn.resource)
    )


def check_eks_cluster_name(name: str) -> str | None:
    """Refuses what is no name of an EKS cluster. Source: ClusterName of EKS, 1 to 100 characters."""
    return (
        check_length(name, CLUSTER_NAME_LIMIT)
        or check_characters(name, _NOT_IN_CLUSTER_NAME, "letters, digits, hyphens and underscores")
        or check_characters(name, _CLUSTER_NAME_EDGE, "a letter or a digit")
    )


def check_server_url(url: str) -> str | None:
    """Refuses what is not https://<host> or https://<host>:<port>: the endpoint of a cluster, no credential.

    Any host name is fine, since an endpoint may be private. Source: endpoint of EKS DescribeCluster.
    """
    if not url.startswith("https://"):
        return "got no https:// at the start, expected https://<host>"
    rest = url.removeprefix("https://")
    for character, name in _NOT_IN_SERVER:
        if character in rest:
            return f"got {name}, expected only https://<host> or https://<host>:<port>"
    host, colon, port = rest.partition(":")
    return check_length(url, _SERVER_LIMIT) or _check_host(host) or (_check_port(port) if colon else None)


def check_ca_data(text: str) -> str | None:
    """Refuses what is not standard base64 on one line, and a private key, in base64 or not.

    Only a certificate belongs here, since the value stands in the generated files. No reason shows it.
    Source: certificateAuthority.data of EKS DescribeCluster.
    """
    if _is_private_key(text.encode()):
        return "got a private key, expected the public certificate of the cluster"
    if "-----BEGIN" in text:
        return "got a certificate in PEM, expected its base64 on one line, as EKS gives it"
    return _check_base64(text) or _check_certificate(text)


def _nearest_region(text: str) -> str | None:
    import difflib

    lower = text.lower()
    near = difflib.get_close_matches(lower, REGIONS, n=5)
    # Two swapped letters make us-west-1 as near to us-esat-1 as us-east-1; the same letters decide.
    return max(near, key=lambda region: sorted(region) == sorted(lower), default=None)


def _check_service(arn: Arn, expected: str) -> str | None:
    if arn.service == expected:
        return None
    return f"got an ARN of the service {arn.service!r}, expected {expected}"


def _check_partition(arn: Arn) -> str | None:
    names = sorted(each.name for each in PARTITIONS)
    if arn.partition in names:
        return None
    return f"got the partition {arn.partition!r}, expected one of {', '.join(names)}"


def _check_account(arn: Arn) -> str | None:
    reason = check_account_id(arn.account)
    return f"{reason}, in the account of the ARN" if reason else None


def _check_region_of(arn: Arn) -> str | None:
    partition = partition_of(arn.region)
    if partition is None:
        reason = check_region(arn.region)
        return f"{reason}, in the region of the ARN"
    if arn.partition == partition.name:
        return None
    return f"got the partition {arn.partition} with the region {arn.region}, expected {partition.name}"


def _check_role(resource: str) -> str | None:
    kind, slash, path_and_name = resource.partition("/")
    if kind != "role" or not slash:
        return f"got the resource {kind!r}, expected role/<name>"
    path, _, name = path_and_name.rpartition("/")
    return check_role_name(name) or check_characters(path, _NOT_IN_ROLE_PATH, "a path of ASCII, no spaces")


def _check_key(resource: str) -> str | None:
    kind, _, key = resource.partition("/")
    if kind == "alias":
        return "got an alias, expected key/<id>: an IAM policy cannot name a key by its alias"
    if kind != "key":
        return f"got the resource {kind!r}, expected key/<id>"
    if _KEY_ID.fullmatch(key):
        return None
    return "got a key id of another shape, expected a UUID in lower case, or mrk- and 32 hexadecimal digits"


def _check_host(host: str) -> str | None:
    reason = (
        check_length(host, _HOST_LIMIT)
        or check_characters(host, _NOT_IN_HOST, "letters, digits, hyphens and dots")
        or check_characters(host, _HOST_EDGE, "a letter or a digit at both ends of each part")
        or check_length(max(host.split("."), key=len), _LABEL_LIMIT)
    )
    return f"{reason}, in the host" if reason else None


def _check_port(port: str) -> str | None:
    if re.fullmatch(r"[0-9]{1,5}", port) and 1 <= int(port) <= 65535:
        return None
    return "got no port after the colon, expected a number from 1 to 65535"


def _check_base64(text: str) -> str | None:
    if not text:
        return "got an empty text, expected base64"
    if reason := check_characters(text, _NOT_IN_BASE64, "standard base64 on one line"):
        return reason
    if _BASE64.fullmatch(text):
        return None
    return f"got {len(text)} characters that are no whole base64, expected standard base64 with its padding"


def _check_certificate(text: str) -> str | None:
    import base64

    if _is_private_key(base64.b64decode(text)):
        return "got a private key in base64, expected the public certificate of the cluster"
    return None


def _is_private_key(data: bytes) -> bool:
    return b"PRIVATE KEY" in data
