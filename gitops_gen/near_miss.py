"""The hint for a name that does not exist: the one that was probably meant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def near_miss(name: str, known: Iterable[str]) -> str:
    """Returns the hint for an unknown name: the nearest known one, or all of them."""
    from difflib import get_close_matches

    names = sorted(known)
    longer = [each for each in names if name and each.startswith(name)]
    close = longer if len(longer) == 1 else get_close_matches(name, names, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]}?"
    return f"known here: {', '.join(names)}" if names else "there is none yet"
