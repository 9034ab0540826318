"""One destructive thing in one place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from gitops_gen.diff.values import Place


class Finding(NamedTuple):
    """What happens to what, and what follows from it."""

    code: str
    what: str
    consequence: str
    name: str
    """What it happens to."""
    place: Place
