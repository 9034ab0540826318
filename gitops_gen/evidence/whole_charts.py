"""A chart with all the charts that it needs, as Helm renders it, or why it is not whole."""

from __future__ import annotations

import posixpath
from types import MappingProxyType
from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gitops_gen.evidence.absent_parts import AbsentParts
    from gitops_gen.evidence.capabilities import Asking
    from gitops_gen.evidence.left_out import LeftOut
    from gitops_gen.evidence.places import Place


class Refusal(NamedTuple):
    """Why Helm does not put a chart into the charts/ of another one."""

    reason: str
    place: Place
    hint: str
    ends: tuple[tuple[Place, str], ...] = ()
    """The other end."""


class WholeChart(NamedTuple):
    """A chart of the tree, with what is known of it by itself."""

    folder: str
    content: Path | bytes
    """Its folder, or an archive with the charts that lie beside it."""
    folders: Mapping[str, str] = MappingProxyType({})
    """Where each part of it lies that is a folder of the tree, by its path in the chart."""
    asks: Asking | None = None
    """What of it asks its cluster; None for one that is whole as it stands."""
    refusals: tuple[Refusal, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    """What Helm leaves out of it without a word."""
    absent: AbsentParts | None = None
    """What it has not that Helm fetches for it."""
    unknown: str = ""
    """Why nobody can say what it brings."""

    def path_of(self, name: str) -> str:
        """Returns where a file of it is on disk, if it is there as a file. Helm names it by the chart, at the start."""
        path = part = name.partition("/")[2]
        while "/" in part:
            part = part.rpartition("/")[0]
            if part in self.folders:
                return self.folders[part] + path.removeprefix(part)
        return posixpath.normpath(posixpath.join(self.folder, path))
