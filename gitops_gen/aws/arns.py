"""ARNs, and the OIDC issuer that is the name in one of them: made, taken apart, and checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.aws.names import check_account_id, check_role_name
from gitops_gen.aws.regions import PARTITIONS, check_region, partition_of
from gitops_gen.characters import check_characters
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from gitops_gen.aws.regions import Partition

_ARN_LIMIT = 2048
_NOT_IN_ROLE_PATH = lazily(r"[^!-~]")
_CLUSTER = lazily(r"cluster/[0-9A-Za-z][0-9A-Za-z_-]*")
_KEY_ID = lazily(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|mrk-[0-9a-f]{32}")


class Arn(NamedTuple):
    """The five fields of an ARN. Region and account may be empty; the resource may hold colons."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


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


def check_cluster_arn(text: str) -> str | None:
    """Refuses what is not the ARN of a cluster of EKS, in the partition of its region.

    Source: "Actions, resources, and condition keys for Amazon EKS".
    """
    arn = parse_arn(text)
    if arn is None or len(text) > _ARN_LIMIT:
        return "got no ARN, expected arn:<partition>:eks:<region>:<account>:cluster/<name>"
    is_cluster = _CLUSTER.fullmatch(arn.resource) is not None
    return (
        _check_service(arn, "eks")
        or _check_partition(arn)
        or _check_region_of(arn)
        or _check_account(arn)
        or (None if is_cluster else f"got the resource {arn.resource}, expected cluster/<name>")
    )


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
    if path_and_name.startswith("/") and not path:
        return "got two slashes, and no path between them"
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
