"""Patterns of IAM policies: which ARNs a Resource covers.

Source: IAM JSON policy elements, Resource: * is any run of characters, ? is any one character; in an ARN neither
reaches across the colons of the first five parts.
"""

from __future__ import annotations

import re
from functools import lru_cache

_PARTS = 6
"""arn, partition, service, region, account, resource."""

SUFFIX = "-AbCdEf"
"""Stands for the hyphen and six characters that Secrets Manager adds to the name of a secret."""


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    meaning = {"*": ".*", "?": "."}
    return re.compile("".join(meaning.get(each) or re.escape(each) for each in pattern), re.DOTALL)


def covers(pattern: str, arn: str) -> bool:
    """Returns whether a Resource covers an ARN. Both are compared part by part, with regard to case."""
    if pattern == "*":
        return True
    wanted, got = pattern.split(":", _PARTS - 1), arn.split(":", _PARTS - 1)
    return len(wanted) == len(got) == _PARTS and all(
        _compiled(each).fullmatch(part) for each, part in zip(wanted, got, strict=True)
    )


def has_wildcard(text: str) -> bool:
    """Returns whether a part of a pattern stands for more than itself."""
    return "*" in text or "?" in text


def exact_pattern(partition: str, region: str, account: str, name: str) -> str:
    """Returns the Resource that covers one secret and hardly any other."""
    return f"arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-??????"


def covers_secret(pattern: str, *, partition: str, region: str, account: str, name: str) -> bool:
    """Returns whether a Resource covers a secret: its ARN ends in a hyphen and six characters that nobody chose."""
    return covers(pattern, f"arn:{partition}:secretsmanager:{region}:{account}:secret:{name}{SUFFIX}")


def covers_parameter(pattern: str, *, partition: str, region: str, account: str, name: str) -> bool:
    """Returns whether a Resource covers a parameter of Parameter Store: in its ARN a path has its one slash."""
    return covers(pattern, f"arn:{partition}:ssm:{region}:{account}:parameter/{name.removeprefix('/')}")


def action_matches(pattern: str, action: str) -> bool:
    """Returns whether an Action covers an action. Actions have no case."""
    return _compiled(pattern.lower()).fullmatch(action.lower()) is not None
