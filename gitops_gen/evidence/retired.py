"""Folders whose names say that what is in them is out of use: people keep what they may want again one day."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

_WORDS = frozenset({"archived", "bak", "deprecated", "disabled", "obsolete", "retired", "unused"})
"""Words that say so in any name, as in apps-disabled."""
_NAMES = frozenset({"archive", "archives", "attic", "graveyard", "old", "trash", ".history"})
"""Names that say so; a part of a name, as in log-archive, may be the name of an app."""
_LAST = "old"
_WORD = re.compile(r"[^\W_]+")


def retired_folder(path: str, asked: Collection[str] = ()) -> str | None:
    """Returns the folder of a path that is out of use by its name, or None.

    That is none above or at a path that somebody asks for by name.
    """
    steps = path.split("/")[:-1]
    found = ("/".join(steps[: index + 1]) for index, name in enumerate(steps) if _is_retired(name.lower()))
    return next((folder for folder in found if not any(f"{each}/".startswith(f"{folder}/") for each in asked)), None)


@lru_cache(maxsize=4096)
def _is_retired(name: str) -> bool:
    words = _WORD.findall(name)
    return name in _NAMES or name.lstrip("._") in _NAMES or not _WORDS.isdisjoint(words) or words[-1:] == [_LAST]
