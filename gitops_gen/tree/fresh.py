"""Folders that are yet to come: their files wait in the staging folder as they will stand, and are renamed together."""
# Tens of thousands of files: a Path object for each would cost more than the system call that it is made for.
# ruff: noqa: PTH105, PTH112

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gitops_gen.tree.files import in_fresh_folder
from gitops_gen.tree.survey import entries

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Set as AbstractSet

    from gitops_gen.tree.values import Tree


def fresh_folders(tree: Tree) -> frozenset[str]:
    """Returns the staged folders that do not stand in the output, without those inside of them. Raises OutputError."""
    found: set[str] = set()
    waiting = [""]
    while waiting:
        for path in _folders_in(tree, waiting.pop()):
            if os.path.isdir(tree.on_disk(path)):
                waiting.append(path)
            else:
                found.add(path)
    return frozenset(found)


def outside(paths: Iterable[str], alone: AbstractSet[str], folders: AbstractSet[str]) -> list[str]:
    """Returns the paths that do not come to their place with one of some folders that are yet to come.

    `alone` are those that are staged each by itself.
    """
    inside = dict.fromkeys(folders, True) | {"": False}

    def is_inside(folder: str) -> bool:
        if folder not in inside:
            inside[folder] = is_inside(folder.rpartition("/")[0])
        return inside[folder]

    return [path for path in paths if path in alone or not is_inside(path.rpartition("/")[0])]


def place(tree: Tree, folder: str) -> None:
    """Renames a staged folder into place. Raises OSError."""
    os.replace(tree.on_disk(in_fresh_folder(folder)), tree.on_disk(folder))


def _folders_in(tree: Tree, folder: str) -> Iterator[str]:
    start = in_fresh_folder("")
    for path, is_folder in entries(tree, in_fresh_folder(folder).rstrip("/")):
        if is_folder:
            yield path.removeprefix(start)
