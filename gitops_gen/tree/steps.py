"""The changes themselves: renamed into place and deleted, one by one, in an order that a kill does not hurt."""
# Tens of thousands of files: a Path object for each would cost more than the system call that it is made for.
# ruff: noqa: PTH103, PTH105, PTH106, PTH108, PTH120

from __future__ import annotations

import errno
import os
from contextlib import suppress
from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple
from gitops_gen.tree.files import READ, in_fresh_folder, staged
from gitops_gen.tree.fresh import place
from gitops_gen.tree.refusals import refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Set as AbstractSet

    from gitops_gen.tree.survey import Survey
    from gitops_gen.tree.values import Tree

_FLUSHED_ONE_BY_ONE = 200


def make_durable(tree: Tree, replaced: list[str]) -> None:
    """Brings what will replace a file to the disk first, so that a power cut leaves the old content or the new.

    Beyond some files, one flush of everything is the cheaper way.
    """
    if len(replaced) > _FLUSHED_ONE_BY_ONE:
        os.sync()
        return
    for path in replaced:
        try:
            file = os.open(tree.on_disk(staged(path)), READ)
            try:
                os.fsync(file)
            finally:
                os.close(file)
        except OSError as error:
            raise refused(tree, path, "written", error) from error


class Step(NamedTuple):
    verb: str
    path: str
    act: Callable[[Tree, str], None]


def steps_of(written: Iterable[str], fresh: Iterable[str], pruned: AbstractSet[str], survey: Survey) -> list[Step]:
    """Orders the changes: first what stands in the way, then what is new, last what is no longer wanted."""
    in_the_way = pruned & survey.folders
    return [
        *(Step("deleted", path, _delete) for path in sorted(in_the_way)),
        *(Step("written", folder, place) for folder in sorted(fresh)),
        *(Step("written", path, _replace) for path in written),
        *(Step("deleted", path, _delete) for path in sorted(pruned - in_the_way)),
        *(Step("removed", path, remove_if_empty) for path in sorted(survey.idle, reverse=True)),
    ]


def perform(tree: Tree, steps: list[Step]) -> None:
    for number, step in enumerate(steps):
        try:
            step.act(tree, step.path)
        except OSError as error:
            raise refused(tree, step.path, step.verb, error, steps[:number]) from error


def _delete(tree: Tree, path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(tree.on_disk(path))


def _replace(tree: Tree, path: str) -> None:
    target, found = tree.on_disk(path), tree.on_disk(staged(path))
    source = found if os.path.lexists(found) else tree.on_disk(in_fresh_folder(path))
    try:
        os.replace(source, target)
    except FileNotFoundError:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.replace(source, target)


def remove_if_empty(tree: Tree, folder: str) -> None:
    try:
        os.rmdir(tree.on_disk(folder))
    except OSError as error:
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST, errno.ENOENT}:
            raise
