"""When two values are the same: in value and in type, so that 1, 1.0, true and "1" are four."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gitops_gen.diff.values import Redacted

if TYPE_CHECKING:
    from gitops_gen.diff.values import Value


def same(old: Value, new: Value) -> bool:
    """Tells whether two values are the same; the order of keys does not matter."""
    if type(old) is not type(new):
        return False
    if isinstance(old, dict) and isinstance(new, dict):
        return old.keys() == new.keys() and all(same(item, new[key]) for key, item in old.items())
    if isinstance(old, list) and isinstance(new, list):
        return len(old) == len(new) and all(map(same, old, new))
    # 0.0 and -0.0 are equal, and no number is equal to NaN.
    return repr(old) == repr(new) if isinstance(old, float) else old == new


def token(value: Value) -> str:
    """Returns a text that two values have in common if, and only if, they are the same."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, default=_stand_in)


def _stand_in(value: object) -> object:
    return {"redacted": [value.reason, value.number]} if isinstance(value, Redacted) else repr(value)
