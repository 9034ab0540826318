"""How a generated file and the disk can disagree."""

from __future__ import annotations

from enum import StrEnum


class ChangeKind(StrEnum):
    """How a file on disk and the plan disagree."""

    MISSING = "missing"  # planned, not on disk
    CHANGED = "changed"  # planned and ours, with another content
    ORPHANED = "orphaned"  # ours, no longer planned
    FOREIGN = "foreign"  # not ours: never overwritten, never deleted
