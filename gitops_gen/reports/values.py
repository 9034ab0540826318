"""Values of a difference on one line, as a person reads them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gitops_gen.diff.values import Kind, Redacted

if TYPE_CHECKING:
    from gitops_gen.diff.values import Value

_WIDEST = 80
"""Characters of a value on a line before the rest is counted."""


def shown(value: Value) -> str:
    """Returns a value on one line; of a long one the beginning, and how long it is."""
    text = str(value) if isinstance(value, str | Redacted) else json.dumps(value, ensure_ascii=False, default=str)
    line = " ".join(text.split()) if isinstance(value, str) else text
    return line if len(line) <= _WIDEST else f"{line[: _WIDEST - 20]}... ({len(text):,} characters)"


def verb_of(kind: Kind, old: Value, new: Value) -> str:
    """Returns an edit on one line: 1h0m0s -> 30m0s."""
    if kind is Kind.ADDED:
        return f"added {shown(new)}"
    if kind is Kind.REMOVED:
        return f"removed {shown(old)}"
    return f"{shown(old)} -> {shown(new)}"
