"""Which Argo CD an Application is of, where a tree has several: one for each environment, most often.

One Argo CD has one Application of a name in a namespace. Where two files have one each, for the cluster that Argo CD
itself runs on, they are of two; and the folders in which their paths part are those of the two, with all that is in
them. What is in no such folder may be of either.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.evidence.applications import LOCAL_CLUSTER, LOCAL_SERVER
from gitops_gen.evidence.values import map_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.evidence.files import Manifest


class Instances:
    """The folders that tell one Argo CD from another; none where nothing says that there are several."""

    def __init__(self, applications: Iterable[Manifest]) -> None:
        """Learns them from Applications and ApplicationSets that stand in files."""
        files: defaultdict[tuple[str, str, str], dict[str, None]] = defaultdict(dict)
        for each in applications:
            if _is_local(each):
                files[each.kind, each.namespace or "", each.name][each.place.file] = None
        twins = (tuple(paths) for paths in files.values() if len(paths) > 1)
        self._folders = frozenset(
            folder for first, *others in twins for other in others for folder in _part(first, other)
        )

    def __bool__(self) -> bool:
        """True if there are several."""
        return bool(self._folders)

    def of(self, file: str) -> str:
        """Returns the folder that the Argo CD of a file is told by; empty if it may be of any."""
        if not self._folders:
            return ""
        return next((folder for folder in file.split("/")[:-1] if folder in self._folders), "")


def _is_local(manifest: Manifest) -> bool:
    """True for what lands on Argo CD's own cluster, and for a set, whose generators may say so."""
    if manifest.kind != "Application":
        return True
    destination = map_at(manifest.value, "spec", "destination")
    return destination.get("server") == LOCAL_SERVER or destination.get("name") == LOCAL_CLUSTER


def _part(one: str, other: str) -> Iterator[str]:
    """Yields the folders in which two paths part, if both do so before their last step."""
    for own, others in zip(one.split("/")[:-1], other.split("/")[:-1], strict=False):
        if own != others:
            yield from (own, others)
            return
