"""Submodules of the repositories that are on disk: folders that Argo CD checks out, and people forget to.

Source: gitmodules(5).
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gitops_gen.evidence.files import Files

_FILE = ".gitmodules"
_PATH = re.compile(r"^[ \t]*path[ \t]*=(.+)$", re.MULTILINE)


def submodules(files: Files, folders: Iterable[str]) -> tuple[str, ...]:
    """Returns the folders of the submodules of repositories, whose own folders are given."""
    texts = {folder: files.content(posixpath.normpath(f"{folder}/{_FILE}")) for folder in folders}
    found = ((folder, path) for folder, text in texts.items() for path in _PATH.findall(text or ""))
    return tuple(posixpath.normpath(f"{folder}/{path.strip()}") for folder, path in found)
