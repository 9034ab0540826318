"""What the last run makes unnecessary of this one: the files that stay as they are.

A file stays if its key, which says what its text follows from, is the one that it was made with, and the disk says
that it has not changed since. Where that is not sure, the file is made and compared as in a first run.
"""

from __future__ import annotations

import os
import time
from array import array
from typing import TYPE_CHECKING

from gitops_gen.change_kind import ChangeKind
from gitops_gen.last_run.known_fleet import encoded
from gitops_gen.last_run.state import NOTHING_KNOWN, State, read_state, write_state
from gitops_gen.signature import UNKNOWN, Signature, inode_of, of_status, settled
from gitops_gen.signatures import Signatures
from gitops_gen.tree.survey import NOTHING_LISTED, Listed, folders_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gitops_gen.last_run.keys import Keys
    from gitops_gen.last_run.known_fleet import KnownFleet
    from gitops_gen.plan import PlannedArtifact
    from gitops_gen.problems import Problem
    from gitops_gen.tree import Result, Transaction, Tree, Written


class Memory:
    """What a run knows from the last one, and what it leaves to the next."""

    def __init__(self, tree: Tree, inputs: Signatures, code: str) -> None:
        self._tree = tree
        self._inputs = inputs
        self._code = code
        self._started = time.time_ns()
        self._output = tree.on_disk("").rstrip("/")
        self._kept: dict[str, int] = {}
        """By path: the number in the state."""
        state = read_state(tree.root)
        self._state = state if state is not None and state.code == code else NOTHING_KNOWN

    def outdated(self, planned: Iterable[PlannedArtifact], keys: Keys) -> Iterator[PlannedArtifact]:
        """Yields the files that must be made; the others are `kept`."""
        state = self._state
        numbers = {path: number for number, path in enumerate(state.files.paths)}
        stale = set(state.files.stale(self._output))
        for each in planned:
            number = numbers.get(each.path)
            # Whoever makes a file needs its key, too: where nothing depends on it here, it is worked out there.
            if number is None or number in stale or (key := keys.of(each)) is None or key != state.key(number):
                yield each
            else:
                self._kept[each.path] = number

    @property
    def kept(self) -> Iterable[str]:
        """The paths of the files that stay as they are."""
        return self._kept

    @property
    def listed(self) -> Listed:
        """What is known of the folders without looking."""
        state = self._state
        if not state.folders.paths:
            return NOTHING_LISTED
        changed = tuple(state.folders.paths[number] for number in state.folders.stale(self._output))
        if any(not _is_real_folder(f"{self._output}/{path}") for path in changed if path):
            return NOTHING_LISTED
        return Listed(frozenset(state.files.paths), frozenset(state.folders.paths), changed)

    def leave(self, result: Result, writing: Transaction, warnings: Sequence[Problem], fleet: KnownFleet) -> None:
        """Keeps for the next run what this one has brought about."""
        state, numbers, digests = self._state, array("q"), bytearray()
        for number in self._kept.values():
            numbers.extend(state.files.signature(number))
            digests += state.digests_of(number)
        for signature in self._signed(writing):
            numbers.extend(signature)
        digests += writing.staged.columns.digests
        paths = (*self._kept, *writing.staged)
        folders = self._signed_folders(paths) if _is_all_ours(result) else Signatures()
        files = Signatures(paths, numbers)
        now = State(self._code, self._inputs, folders, files, bytes(digests), warnings, encoded(fleet))
        write_state(self._tree.root, now)

    def _signed(self, writing: Transaction) -> Iterator[Signature]:
        """Yields the signatures of the files that were put, in order."""
        staged = writing.staged
        for number, path in enumerate(staged):
            if staged.columns.is_fresh(number):
                signature = settled(staged.columns.signature(number), writing.committed)
                if signature is not UNKNOWN:
                    yield signature
                    continue
            yield signature_after(f"{self._output}/{path}", staged[path].written, self._started)

    def _signed_folders(self, files: Iterable[str]) -> Signatures:
        return Signatures.settled_below(self._output, ("", *sorted(folders_of(files))))


def signature_after(path: str, written: Written | None, started: int) -> Signature:
    """Returns the signature of a file that was compared or written; UNKNOWN if it may have changed since.

    `written` is the file as it was written; None if it was compared, by a run that started then (ns).
    """
    try:
        status = os.lstat(path)
    except OSError:
        return UNKNOWN
    if written is None:
        return settled(of_status(status), started)
    is_ours = (status.st_mtime_ns, inode_of(status)) == (written.modified, written.inode)
    return settled(of_status(status), time.time_ns()) if is_ours else UNKNOWN


def _is_all_ours(result: Result) -> bool:
    """Tells whether nothing is left in the output that is not planned."""
    return not result.kept and not any(change.kind is ChangeKind.FOREIGN for change in result.changes)


def _is_real_folder(path: str) -> bool:
    return os.path.isdir(path) and not os.path.islink(path)  # noqa: PTH112, PTH114
