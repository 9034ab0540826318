"""What takes something away or drops a guard, each with what follows from it, told once for all places."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.diff.destructive.applications import application_findings, fates, guards_of
from gitops_gen.diff.destructive.fields import field_findings
from gitops_gen.diff.destructive.removals import removal_findings
from gitops_gen.diff.values import Destructive

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gitops_gen.diff.atlas import Atlas
    from gitops_gen.diff.destructive.finding import Finding
    from gitops_gen.diff.likeness import Likeness
    from gitops_gen.diff.values import Change, Place


def destructive(
    changes: Sequence[Change],
    sides: tuple[Atlas, Atlas],
    old: Mapping[str, str],
    atlas: Atlas,
    likeness: Likeness,
) -> tuple[Destructive, ...]:
    """Returns what is destructive, that of the most guarded environments first.

    `sides` are the old Applications and the new ones; the old files have the guards around them.
    """
    guards = guards_of(old)
    findings = (
        *application_findings(*sides, guards),
        *removal_findings(changes, fates(*sides, guards)),
        *field_findings(changes),
    )
    found = [_together(alike, atlas, likeness) for alike in _alike(findings, likeness)]
    return tuple(sorted(found, key=lambda each: min(_rank(place, atlas) for place in each.places)))


def _rank(place: Place, atlas: Atlas) -> int:
    """Returns where a place stands in the report; what is not in one environment is in all of them."""
    return atlas.rank(place.environment) if place.environment else -1


def _alike(findings: Iterable[Finding], likeness: Likeness) -> Iterable[list[Finding]]:
    """Returns the findings that say the same, but for the names of their own places."""
    alike: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for each in dict.fromkeys(findings):
        what, consequence = likeness.text(each.what, each.place), likeness.text(each.consequence, each.place)
        alike[each.code, what, consequence].append(each)
    return alike.values()


def _together(findings: list[Finding], atlas: Atlas, likeness: Likeness) -> Destructive:
    ordered = sorted(findings, key=lambda each: (atlas.rank(each.place.environment), each.name))
    first = ordered[0]
    same = len({(each.what, each.consequence) for each in ordered}) == 1
    return Destructive(
        code=first.code,
        what=first.what if same else likeness.text(first.what, first.place),
        consequence=first.consequence if same else likeness.text(first.consequence, first.place),
        places=tuple(each.place for each in ordered),
        names=tuple(each.name for each in ordered),
    )
