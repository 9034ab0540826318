"""Which git repository is on disk, and where: what `--repo URL=PATH` says, and the origin of the tree itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SCP_LIKE = re.compile(r"(?:[\w.-]+@)?(?P<host>[\w.-]+):(?P<path>(?!//).+)")
_URL = re.compile(r"[a-z+]+://(?:[^@/]+@)?(?P<host>[^/:]+)(?::\d+)?/(?P<path>.+)")


@dataclass(frozen=True, slots=True)
class Repositories:
    """Folders, relative to the root, by normal URL."""

    folders: Mapping[str, str]

    def folder_of(self, url: str) -> str | None:
        """Returns the folder of a repository, or None if it is not on disk."""
        return self.folders.get(normal_url(url))


def repositories(stated: Mapping[str, str]) -> Repositories:
    """Returns the repositories that are on disk, however their URLs are spelled."""
    return Repositories({normal_url(url): folder for url, folder in stated.items()})


@lru_cache(maxsize=1024)
def normal_url(url: str) -> str:
    """Returns a URL so that two spellings of one repository are equal: without scheme, user, port, .git, or case."""
    found = _URL.fullmatch(url) or _SCP_LIKE.fullmatch(url)
    text = f"{found['host']}/{found['path']}" if found else url
    return text.strip("/").removesuffix(".git").lower()
