"""The steps to a value as a person reads them: `spec.data[secretKey=DB_PASSWORD].remoteRef.key`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gitops_gen.diff.values import Step

_PLAIN = re.compile(r"[A-Za-z_][\w-]*")


def field_of(steps: tuple[Step, ...]) -> str:
    """Returns the steps as one text; a key with other letters than those of a name stands in quotes."""
    text = ""
    for step in steps:
        if isinstance(step, str):
            text += (f".{step}" if text else step) if _PLAIN.fullmatch(step) else f'["{step}"]'
        else:
            text += f"[{step}]" if isinstance(step, int) else str(step)
    return text
