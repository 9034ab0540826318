"""The verdict: which environments and clusters are touched, the most guarded ones first, and how much there is."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.diff.changes import is_meant
from gitops_gen.diff.differences import has_meaning
from gitops_gen.diff.masking import redacted_in
from gitops_gen.diff.values import Kind, Row, Summary

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gitops_gen.diff.atlas import Atlas
    from gitops_gen.diff.values import Change, FileChange, Place


def rows(changes: Iterable[Change], atlas: Atlas) -> tuple[Row, ...]:
    """Returns the environments that are touched; an environment without a cluster is one too."""
    touched = _touched(changes, atlas)
    names = {atlas.clusters[each].environment for each in touched} | _without_clusters(changes, atlas)
    return tuple(_row(name, touched, atlas) for name in sorted(names, key=lambda name: (atlas.rank(name), name)))


def summary(changes: Sequence[Change], files: Sequence[FileChange], atlas: Atlas) -> Summary:
    """Returns how much there is of everything."""
    kinds = [change.kind for change in changes if is_meant(change)]
    found = [each for change in changes for each in change.differences]
    return Summary(
        files=len(files),
        files_added=sum(each.kind is Kind.ADDED for each in files),
        files_removed=sum(each.kind is Kind.REMOVED for each in files),
        formatting_only=sum(not each.has_meaning for each in files),
        resources_added=kinds.count(Kind.ADDED),
        resources_removed=kinds.count(Kind.REMOVED),
        resources_changed=kinds.count(Kind.CHANGED) + kinds.count(Kind.RENAMED),
        differences=sum(map(has_meaning, found)),
        redacted=sum(any(True for value in (each.old, each.new) for _ in redacted_in(value)) for each in found),
        clusters=len(_touched(changes, atlas)),
        all_clusters=len(atlas.clusters),
    )


def _touched(changes: Iterable[Change], atlas: Atlas) -> frozenset[str]:
    places = {place for change in changes for place in _places(change)}
    return frozenset(name for place in places for name in atlas.reach(place) if name in atlas.clusters)


def _without_clusters(changes: Iterable[Change], atlas: Atlas) -> set[str]:
    places = {place for change in changes for place in _places(change)}
    return {place.environment for place in places if place.environment and not atlas.reach(place)}


def _places(change: Change) -> Iterator[Place]:
    return (each.place for each in change.differences if has_meaning(each))


def _row(environment: str, touched: frozenset[str], atlas: Atlas) -> Row:
    clusters = [each for each in atlas.clusters.values() if each.environment == environment]
    return Row(
        environment,
        environment in atlas.guarded,
        _by_region(each.region for each in clusters if each.name in touched),
        _by_region(each.region for each in clusters),
    )


def _by_region(regions: Iterable[str]) -> Mapping[str, int]:
    found: dict[str, int] = defaultdict(int)
    for region in sorted(regions):
        found[region] += 1
    return dict(found)
