"""What a run did, for reports."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.tree import Change, Staged


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run did, or, in a check, would do."""

    changes: tuple[Change, ...]
    kept: tuple[str, ...]
    """Orphaned files that are left alone."""
    files: int
    """How many files the plan has."""
    left_out: int = 0
    """How many files a selection leaves out."""
    staged: Mapping[str, Staged] = field(default_factory=dict, compare=False, repr=False)
    """What became of the files that were made, by path."""
