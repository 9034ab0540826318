"""What stands for what only Terraform, or AWS, knows: for a whole value, or for a part of a text.

No text in a file has these characters. Whoever knows the ARN of a role fills in ACCOUNT and PARTITION.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that only Terraform, or AWS, knows."""


UNKNOWN: Final = Unknown()

HOLE = "\ufdd0"
"""Stands in a text for what only Terraform, or AWS, knows."""
ACCOUNT = "\ufdd1"
"""Stands in a text for the id of the account that a role is made in."""
PARTITION = "\ufdd2"
"""Stands in a text for the partition that a role is made in."""
GENERATED = "\ufdd3"
"""Stands in a name for what Terraform puts behind a prefix."""
_STANDING_FOR_SOME = frozenset({HOLE, ACCOUNT, PARTITION, GENERATED})


def is_open(value: object) -> bool:
    """True for a text of which a part is not known."""
    return isinstance(value, str) and HOLE in value


def is_exact(value: object) -> bool:
    """True for a value that is known as a whole, with all that is in it: nothing stands in it for something else."""
    match value:
        case str():
            return _STANDING_FOR_SOME.isdisjoint(value)
        case list():
            return all(map(is_exact, value))
        case dict():
            return all(map(is_exact, value)) and all(map(is_exact, value.values()))
        case _:
            return value is None or isinstance(value, bool | int | float)


def has_unknown(value: object) -> bool:
    """True for a value that is not known, or in which something is not."""
    match value:
        case list():
            return any(map(has_unknown, value))
        case dict():
            return any(map(has_unknown, value)) or any(map(has_unknown, value.values()))
        case _:
            return value is UNKNOWN or is_open(value)
