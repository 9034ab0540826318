"""Patterns of IAM policies: which ARNs a Resource covers.

Source: IAM JSON policy elements, Resource: * is any run of characters, ? is any one character. In the first five parts
of an ARN neither is a colon, but for a * at the end of a part: that may go on beyond the colons, so that
arn:aws:secretsmanager:* is every secret.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_PARTS = 6
"""arn, partition, service, region, account, resource."""

SUFFIX = "-AbCdEf"
"""Stands for the hyphen and six characters that Secrets Manager adds to the name of a secret."""


_ENDED = re.compile(r"-[A-Za-z0-9]{6}\Z")
"""The end of the ARN that a secret has."""
_NEAR = {"*": "[^:]*", "?": "[^:]"}
_FAR = {"*": ".*", "?": "."}


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(_expression(pattern, _FAR), re.DOTALL)


@lru_cache(maxsize=4096)
def _compiled_arn(pattern: str) -> re.Pattern[str]:
    parts = pattern.split(":", _PARTS - 1)
    near, resource = parts[: _PARTS - 1], parts[_PARTS - 1 :]
    return re.compile(":".join([*map(_within, near), *(_expression(each, _FAR) for each in resource)]), re.DOTALL)


def _within(part: str) -> str:
    """Returns the expression of one of the first five parts."""
    return _expression(part[:-1], _NEAR) + _expression(part[-1:], _FAR if part[-1:] == "*" else _NEAR)


def _expression(pattern: str, meaning: Mapping[str, str]) -> str:
    return "".join(meaning.get(each) or re.escape(each) for each in pattern)


def covers(pattern: str, arn: str) -> bool:
    """Returns whether a Resource covers an ARN, with regard to case."""
    return _compiled_arn(pattern).fullmatch(arn) is not None


def covers_ended(pattern: str, arn: str) -> bool:
    """Returns whether a Resource covers a secret by its ARN without the end, which may be the one that is written."""
    ended = f"{arn}{SUFFIX}"
    return covers(pattern, ended) or (pattern[-1:] != "*" and covers(_ENDED.sub(SUFFIX, pattern), ended))


def has_wildcard(text: str) -> bool:
    """Returns whether a part of a pattern stands for more than itself."""
    return "*" in text or "?" in text


def exact_pattern(partition: str, region: str, account: str, name: str) -> str:
    """Returns the Resource that covers one secret and hardly any other."""
    return f"arn:{partition}:secretsmanager:{region}:{account}:secret:{name}-??????"


def covers_secret(pattern: str, *, partition: str, region: str, account: str, name: str) -> bool:
    """Returns whether a Resource covers a secret: its ARN ends in a hyphen and six characters that nobody chose."""
    return covers_ended(pattern, f"arn:{partition}:secretsmanager:{region}:{account}:secret:{name}")


def covers_parameter(pattern: str, *, partition: str, region: str, account: str, name: str) -> bool:
    """Returns whether a Resource covers a parameter of Parameter Store: in its ARN a path has its one slash."""
    return covers(pattern, f"arn:{partition}:ssm:{region}:{account}:parameter/{name.removeprefix('/')}")


def action_matches(pattern: str, action: str) -> bool:
    """Returns whether an Action covers an action. Actions have no case."""
    return _compiled(pattern.lower()).fullmatch(action.lower()) is not None
