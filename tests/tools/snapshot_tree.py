"""Snapshots that are laid out as the generated tree is: each under the path of the file that it is a snapshot of."""
# syrupy passes what it knows by these names.
# ruff: noqa: ARG002, ARG003

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from syrupy.data import Snapshot, SnapshotCollection
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

if TYPE_CHECKING:
    from syrupy.location import PyTestLocation
    from syrupy.types import SnapshotIndex

SNAPSHOTS = Path(__file__).parents[1] / "__snapshots__" / "wide"

_TEST = "test_the_wide_fleet_is_as_reviewed"


class SnapshotTree(SingleFileSnapshotExtension):
    """For a single test, which names each snapshot by the path of the file."""

    _write_mode = WriteMode.TEXT
    file_extension = ""

    @classmethod
    def dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(SNAPSHOTS)

    @classmethod
    def discovery_dirname(cls, *, test_location: PyTestLocation) -> str:
        return str(SNAPSHOTS)

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        return f"{_TEST}[{index}]"

    @classmethod
    def get_location(cls, *, test_location: PyTestLocation, index: SnapshotIndex) -> str:
        return str(SNAPSHOTS / str(index))

    @classmethod
    def matches_test_location(cls, *, test_location: PyTestLocation, snapshot_location: str) -> bool:
        return Path(snapshot_location).is_relative_to(SNAPSHOTS)

    def is_snapshot_location(self, *, location: str) -> bool:
        return Path(location).is_relative_to(SNAPSHOTS)

    def owns_snapshot_collection(self, *, filepath: str, test_location: PyTestLocation) -> bool:
        return self.is_snapshot_location(location=filepath)

    def read_snapshot_collection(self, *, snapshot_location: str) -> SnapshotCollection:
        path = Path(snapshot_location).relative_to(SNAPSHOTS).as_posix()
        found = SnapshotCollection(location=snapshot_location)
        found.add(Snapshot(name=f"{_TEST}[{path}]"))
        return found
