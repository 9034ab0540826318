"""The files under output/: which are ours, how they differ from what is planned, and how they are replaced.

Writing has two phases. First each text is compared with the disk and, where it differs, put into a staging
folder beside the files; nothing that anybody reads has changed so far, and a full disk or a foreign file ends
the run here. Then the staged files are renamed into place, one by one, and what is no longer planned is
deleted. A run that is killed leaves every file old or new, never torn, and the next run completes it.
"""

from __future__ import annotations

import os
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from gitops_gen.change_kind import ChangeKind
from gitops_gen.data_classes import replaced
from gitops_gen.digests import digest_of
from gitops_gen.output_names import STAGING
from gitops_gen.problems import OutputError
from gitops_gen.tree.columns import StagedColumns, StagedFiles
from gitops_gen.tree.files import examine
from gitops_gen.tree.fresh import fresh_folders, outside
from gitops_gen.tree.lock import discard_staging, leave, locked, require_folder
from gitops_gen.tree.obstacles import refuse_closed_folders, refuse_newcomers, refuse_obstacles
from gitops_gen.tree.stager import Stager
from gitops_gen.tree.steps import make_durable, perform, steps_of
from gitops_gen.tree.survey import NOTHING_LISTED, Listed, survey_of
from gitops_gen.tree.values import WRITTEN, Change, Obstacle, Result, Staged, Tree, Written, is_owned

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

__all__ = [
    "NOTHING_LISTED",
    "STAGING",
    "Change",
    "ChangeKind",
    "Listed",
    "Obstacle",
    "Result",
    "Staged",
    "Stager",
    "Transaction",
    "Tree",
    "Written",
    "compare",
    "digest_of",
    "is_owned",
    "transaction",
]


def compare(tree: Tree, artifacts: Iterable[tuple[str, str]], *, orphans: bool) -> tuple[Change, ...]:
    """Compares (path, text) pairs with the disk. Only reads, takes no lock, and keeps no text.

    `orphans` asks for files that are not planned as well; without it only what stands in the way is seen.
    Raises OutputError where the disk cannot be read.
    """
    require_folder(tree)
    planned: set[str] = set()
    changes: list[Change] = []
    for path, text in artifacts:
        planned.add(path)
        change = _compare_file(tree, path, text)
        if change is not None:
            changes.append(change)
    return _by_path(changes, survey_of(tree, planned, orphans=orphans).changes)


def _compare_file(tree: Tree, path: str, text: str) -> Change | None:
    """Compares one text with the file on disk; None means that they are equal. Raises OutputError."""
    data = text.encode()
    change = examine(tree, path, data).change
    if change is None or change.kind is not ChangeKind.CHANGED:
        return change
    from gitops_gen.tree.unseen import unseen_in

    return replaced(change, only=unseen_in(tree, path, data))


@contextmanager
def transaction(tree: Tree, on_wait: Callable[[], None] = lambda: None) -> Iterator[Transaction]:
    """Opens the tree for writing, alone: while another run writes it, calls `on_wait` once and waits.

    What was put and not committed is gone when the block ends. Raises OutputError.
    """
    require_folder(tree)
    with locked(tree, on_wait):
        was_there = os.path.isdir(tree.on_disk(""))  # noqa: PTH112 - as in the modules below
        discard_staging(tree)
        opened = Transaction(tree)
        try:
            yield opened
        except BaseException:
            # The first error is the one to report. What stays behind, the next run removes.
            with suppress(OutputError):
                leave(tree, was_there=was_there)
            raise
        leave(tree, was_there=was_there)
        opened.afterwards()


class Transaction:
    """The writing of one plan: put every artifact, then commit. Made by `transaction`."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self._stager = Stager(tree)
        self._planned: set[str] = set()
        self._changes: list[Change] = []
        self.staged = StagedFiles()
        """What became of each text that was put, by path."""
        self.committed = 0
        """When the first file was about to come to its place, ns since 1970; nobody changed one before."""
        self.afterwards: Callable[[], None] = lambda: None
        """Called when all is done and the staging folder is gone, before another run may write."""

    def put(self, path: str, text: str, key: bytes | None = None) -> Change | None:
        """Compares one artifact with the disk and stages it if it differs. Raises as `Stager.stage` does."""
        staged = self._stager.stage(path, text, key)
        self._plan(path)
        self.staged.add(path, staged)
        if staged.change is not None:
            self._changes.append(staged.change)
        return staged.change

    def adopt(self, paths: Sequence[str], columns: StagedColumns) -> None:
        """Takes over the answers of a `Stager` elsewhere, for every planned path, changed or not."""
        for path in paths:
            self._plan(path)
        self._changes += self.staged.extend(paths, columns)

    def keep(self, path: str) -> None:
        """Leaves a planned file as it is: its content is known to be what is planned."""
        self._plan(path)

    def _plan(self, path: str) -> None:
        if path in self._planned:
            raise ValueError(f"{path}: put twice")
        self._planned.add(path)

    def commit(self, may_prune: Callable[[str], bool] | None, listed: Listed = NOTHING_LISTED) -> Result:
        """Brings the disk to what was put; deletes the orphans for which `may_prune` says yes.

        `listed` says what is known of the folders without looking.

        None means that orphans are not looked for: the plan is a selection. With `may_prune`, folders that
        hold nothing are removed too: a run that was killed while pruning may have left some.
        Raises OutputError, with every obstacle at once, before anything has changed; and, if the disk refuses
        later, with the changes that were already made as related places.
        """
        survey = survey_of(self.tree, self._planned, orphans=may_prune is not None, listed=listed)
        changes = _by_path(self._changes, survey.changes)
        pruned = {change.path for change in changes if _is_pruned(change, may_prune)}
        refuse_obstacles(self.tree, (change for change in changes if change.path not in pruned))
        fresh = fresh_folders(self.tree)
        to_write = [change.path for change in changes if change.kind in WRITTEN]
        alone = frozenset(path for path in to_write if not self.staged.is_fresh(path))
        written = outside(to_write, alone, fresh)
        refuse_closed_folders(self.tree, (*fresh, *written, *pruned))
        new = {change.path for change in changes if change.kind is ChangeKind.MISSING}
        refuse_newcomers(self.tree, (path for path in written if path in new))
        make_durable(self.tree, [change.path for change in changes if change.kind is ChangeKind.CHANGED])
        self.committed = time.time_ns()
        perform(self.tree, steps_of(written, fresh, pruned, survey))
        return Result(changes, tuple(path for path in orphans(changes) if path not in pruned))


def _by_path(*changes: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(sorted((change for some in changes for change in some), key=lambda change: change.path))


def orphans(changes: Iterable[Change]) -> Iterator[str]:
    return (change.path for change in changes if change.kind is ChangeKind.ORPHANED)


def _is_pruned(change: Change, may_prune: Callable[[str], bool] | None) -> bool:
    return change.kind is ChangeKind.ORPHANED and may_prune is not None and may_prune(change.path)
