"""What of a report its groups do not tell: the details, resource by resource."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gitops_gen.reports.diff_words import is_told

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.diff.values import Change, Report


def details(report: Report) -> Iterator[Change]:
    """Yields the changes with those differences that a view shows in full.

    That is what stands alone and what the line of its group cuts short; of many that are the same, the first one.
    """
    wanted = {(member.change, member.difference) for group in report.groups if not is_told(group)
              for member in group.members[:1]}  # fmt: skip
    for index, change in enumerate(report.changes):
        if (index, None) in wanted:
            yield change
            continue
        chosen = tuple(each for number, each in enumerate(change.differences) if (index, number) in wanted)
        if chosen:
            yield replace(change, differences=chosen)
