"""A glob of Argo CD that stands for exactly some names: shop-dev-{blue,green}.

It has no wildcard, so it never comes to mean a name that is not among them.
Source: argoproj/argo-cd v3.5.1, util/glob (gobwas/glob: alternatives in braces, separated by commas).
"""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_NAME = re.compile(r"[A-Za-z0-9._-]+")


def one_of(names: Collection[str]) -> str:
    """Returns the pattern of some names, in their order; of one name, the name.

    Raises ValueError without a name, or for one with a character that a pattern gives a meaning to.
    """
    if not names or not all(map(_NAME.fullmatch, names)):
        raise ValueError(f"got {sorted(names)}, expected names of letters, digits and ._-")
    if len(names) == 1:
        return "".join(names)
    shared = _shared_start(names)
    return f"{shared}{{{','.join(name.removeprefix(shared) for name in names)}}}"


def _shared_start(names: Collection[str]) -> str:
    """Returns what all names start with, up to a hyphen, so that something is left of each."""
    # What the first and the last in order share, all between them share too.
    pairs = takewhile(lambda pair: pair[0] == pair[1], zip(min(names), max(names), strict=False))
    shared = "".join(character for character, _ in pairs)
    shared = shared[: shared.rfind("-") + 1]
    return "" if shared in names else shared
