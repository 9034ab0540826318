"""Ids and names: what AWS accepts as an account, an OIDC id, a role, a secret and a cluster."""

from __future__ import annotations

from gitops_gen.characters import check_characters, check_length
from gitops_gen.patterns import lazily

ROLE_NAME_LIMIT = 64
SECRET_PATH_LIMIT = 512
CLUSTER_NAME_LIMIT = 100
OIDC_ID_LENGTH = 32

_NOT_A_DIGIT = lazily(r"[^0-9]")
_NOT_IN_OIDC_ID = lazily(r"[^0-9A-Z]")
_NOT_IN_ROLE_NAME = lazily(r"[^A-Za-z0-9_+=,.@-]")
_NOT_IN_SECRET_PATH = lazily(r"[^A-Za-z0-9/_+=.@-]")
_NOT_IN_SECRET_NAME = lazily(r"[^A-Za-z0-9/_+=.@!-]")
_SECOND_SLASH = lazily(r"(?<=/)/")
_RANDOM_END = lazily(r"-[A-Za-z0-9]{6}\Z")
_NOT_IN_CLUSTER_NAME = lazily(r"[^a-z0-9-]")
_CLUSTER_NAME_EDGE = lazily(r"\A-|-\Z")


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


def check_secret_name(name: str) -> str | None:
    """Refuses what no secret of Secrets Manager is called, whoever made it.

    Source: CreateSecret; a ! is in the names of those that a service of AWS makes, such as rds!cluster-id.
    """
    return check_characters(name, _NOT_IN_SECRET_NAME, "letters, digits and /_+=.@!-")


def check_secret_prefix(prefix: str) -> str | None:
    """Refuses what is no first part of a name in Secrets Manager; a slash joins it with the rest."""
    if prefix.endswith("/"):
        return "got a slash at the end, expected none: one is written between the prefix and the path"
    return check_secret_path_characters(prefix)


def check_secret_path(path: str) -> str | None:
    """Refuses what is no name in Secrets Manager as it stands behind its prefix."""
    if path.startswith("arn:"):
        return "got an ARN, expected the name of the secret behind the environment's prefix"
    if path.startswith("/"):
        return "got a slash at the start, expected none: one is written between the prefix and the path"
    return check_secret_path_characters(path)


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


def check_cluster_name(name: str) -> str | None:
    """Refuses what is no name of an EKS cluster, or of an object of Kubernetes: Applications and Secrets bear it.

    Source: ClusterName of EKS, which has 1 to 100 characters and no dot; RFC 1123, which has no capital and no _.
    """
    return (
        check_length(name, CLUSTER_NAME_LIMIT)
        or check_characters(name, _NOT_IN_CLUSTER_NAME, "lower case letters, digits and hyphens")
        or check_characters(name, _CLUSTER_NAME_EDGE, "a lower case letter or a digit")
    )
