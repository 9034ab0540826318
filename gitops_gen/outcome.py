"""What a run did, for reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.data_classes import field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.tree import Change, Staged


@frozen
class Outcome:
    """What a run did, or, in a check, would do."""

    changes: tuple[Change, ...]
    kept: tuple[str, ...]
    """Orphaned files that are left alone."""
    files: int
    """How many files the plan has."""
    left_out: int = 0
    """How many files a selection leaves out."""
    staged: Mapping[str, Staged] = field(default_factory=dict)
    """What became of the files that were made, by path. Two outcomes that did the same are equal."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Outcome) and self._done == other._done

    def __hash__(self) -> int:
        return hash(self._done)

    @property
    def _done(self) -> tuple[object, ...]:
        return self.changes, self.kept, self.files, self.left_out
