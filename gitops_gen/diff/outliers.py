"""Who stands out of a group: clusters that have the same file, or the same Application, and not the same edit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from gitops_gen.diff.subjects import APPLICATION
from gitops_gen.diff.values import Outlier

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.diff.atlas import Atlas
    from gitops_gen.diff.values import Change, Group

_FEWEST = 3
"""Clusters of a group before those that are not in it stand out."""


def with_outliers(
    groups: Sequence[Group], changes: Sequence[Change], paths: Sequence[str], atlas: Atlas
) -> Iterator[Group]:
    """Yields the groups with their outliers. Where more clusters are outside of a group than in it, none stands out."""
    siblings = _Siblings(changes, paths, atlas)
    fields = _by_field(groups)
    for group in groups:
        members = frozenset(group.clusters)
        others = siblings.of(group) - members if len(members) >= _FEWEST else frozenset()
        if not others or 2 * len(others) > len(members):
            yield group
            continue
        # Of a whole resource there is no field that could have another value.
        instead = fields[group.subject, group.field] if group.field else {}
        outliers = (Outlier(name, instead.get(name)) for name in sorted(others))
        yield replace(group, outliers=tuple(outliers))


def _by_field(groups: Sequence[Group]) -> Mapping[tuple[str, str], Mapping[str, Group]]:
    """Returns, for each field, the group that a cluster is in."""
    found: dict[tuple[str, str], dict[str, Group]] = defaultdict(dict)
    for group in groups:
        for name in group.clusters:
            found[group.subject, group.field][name] = group
    return found


class _Siblings:
    """The clusters that have a file which differs only in the names of its place, or an Application of an app."""

    def __init__(self, changes: Sequence[Change], paths: Sequence[str], atlas: Atlas) -> None:
        self._changes = changes
        self._atlas = atlas
        self._by_pattern: dict[str, set[str]] = defaultdict(set)
        for path in paths:
            cluster = atlas.place(path).cluster
            if cluster:
                self._by_pattern[self._pattern(path, cluster)].add(cluster)

    def of(self, group: Group) -> frozenset[str]:
        """Returns the clusters that could be in a group."""
        if group.subject == APPLICATION:
            apps = {member.place.app for member in group.members}
            return frozenset(each.cluster for each in self._atlas.applications if each.app in apps)
        patterns = {
            self._pattern(self._changes[member.change].path, member.place.cluster)
            for member in group.members
            if member.place.cluster
        }
        return frozenset(name for pattern in patterns for name in self._by_pattern.get(pattern, ()))

    def _pattern(self, path: str, cluster: str) -> str:
        environment = self._atlas.clusters[cluster].environment if cluster in self._atlas.clusters else ""
        names = {cluster: "<cluster>", environment: "<environment>"}
        return "/".join(names.get(name, name.replace(f"{cluster}.", "<cluster>.")) for name in path.split("/"))
