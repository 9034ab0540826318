"""What differs between two sets of rendered files, by resource and field: pure, over texts, without the model.

Texts are compared first; only a file whose text differs is parsed. Both sides are read as their formats say, secrets
are taken out, documents are paired by what they are, and their differences are grouped across the fleet.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.diff.atlas import Atlas
from gitops_gen.diff.changes import Comparison
from gitops_gen.diff.destructive import destructive
from gitops_gen.diff.grouping import groups
from gitops_gen.diff.likeness import Likeness
from gitops_gen.diff.masking import Mask
from gitops_gen.diff.values import Report
from gitops_gen.diff.verdict import rows, summary

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Report", "compare"]


def compare(old: Mapping[str, str], new: Mapping[str, str], *, base: str = "", notes: tuple[str, ...] = ()) -> Report:
    """Returns what differs between two sets of rendered files: texts by path below output/.

    `base` names the old ones for a reader, and `notes` are told with the verdict.
    """
    if old == new:
        return Report(base=base, notes=notes)
    mask = Mask()
    atlas = Atlas(new, old, mask=mask)
    comparison = Comparison(old, new, atlas, mask)
    likeness = Likeness(atlas)
    sides = atlas.only(old), atlas.only(new)
    return Report(
        summary=summary(comparison.changes, comparison.files, atlas),
        rows=rows(comparison.changes, atlas),
        destructive=destructive(comparison.changes, sides, old, atlas, likeness),
        groups=groups(comparison.changes, tuple(new), atlas, likeness),
        changes=comparison.changes,
        files=comparison.files,
        base=base,
        notes=notes,
    )
