"""The file in which the answers of Helm's engine are kept for a root (`kept`)."""
# A Path object takes longer to load than all that is done here.
# ruff: noqa: PTH111, PTH117, PTH120

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from gitops_gen.digests import digest_of

if TYPE_CHECKING:
    from pathlib import Path


def is_there(root: Path) -> bool:
    """Returns whether answers of an earlier run are kept: a guess at whether the engine has to be asked."""
    path = path_for(str(root))
    return path is not None and os.path.exists(path)  # noqa: PTH110 - as above


def path_for(root: str) -> str | None:
    """Returns the file of a root in the user's own folder; None if the user has none, or has it in the tree.

    Source: XDG Base Directory Specification, version 0.8.
    """
    folder = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(folder):
        home = os.path.expanduser("~")
        folder = f"{home}/.cache"
        if not os.path.isabs(home):
            return None
    path = f"{folder}/gitops-gen/helm/{digest_of(os.fsencode(os.path.realpath(root))).hex()}"
    return None if os.path.realpath(path).startswith(f"{_repository_of(os.path.realpath(root))}/") else path


def _repository_of(folder: str) -> str:
    """Returns the folder of the repository that a folder is in; itself if it is in none. A pull request changes all."""
    above = folder
    while above != (parent := os.path.dirname(above)):
        if os.path.lexists(f"{above}/.git"):
            return above
        above = parent
    return folder
