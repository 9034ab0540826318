"""Which git repository is on disk, and where: what `--repo URL=PATH` says, and the origin of the tree itself."""

from __future__ import annotations

import posixpath
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_SCP_LIKE = lazily(r"(?:[\w.-]+@)?(?P<host>[\w.-]+):(?P<path>(?!//).+)")
_SLASHED = lazily(r"[\w.-]+@(?P<host>[\w.-]+)/(?P<path>.+)")
"""git@github.com/owner/name: Argo CD puts a slash for the colon before it compares, and clones by the Secret's URL.

Source: Argo CD v3.5.1, util/git/git.go, NormalizeGitURL; util/db/repository_secrets.go, GetRepository.
"""
_MAIN = frozenset({"", "HEAD", "main", "master"})
"""The revisions that people read a repository at where they say nothing else."""
_URL = re.compile(r"[a-z+]+://(?:[^@/]+@)?(?P<host>[^/:]+)(?::\d+)?/(?P<path>.+)")


class Checkout(NamedTuple):
    """Where a repository, or one folder of it, lies on disk."""

    folder: str
    """Relative to the root; a full stop for the root itself."""
    path: str = ""
    """The folder of the repository that lies there; empty for the whole repository."""
    branch: str = ""
    """The branch that is checked out; empty where nobody knows."""

    def on_disk(self, path: str) -> str | None:
        """Returns where a path of the repository is, relative to the root; None for one that is not on disk."""
        known = posixpath.normpath(path)
        if self.path and known != self.path and not known.startswith(f"{self.path}/"):
            return None
        return posixpath.normpath(f"{self.folder}/{known.removeprefix(self.path).lstrip('/')}")

    def is_of(self, revision: str | None) -> bool:
        """True if what is on disk is, as far as one can see, what a revision holds: the branch here, or a main one.

        The variable of a build means that of the Application above, whatever Argo CD makes of it.
        """
        named = (revision or "").removeprefix("refs/heads/")
        return named in _MAIN or named == self.branch or _is_of_a_build(named)

    def in_repository(self, path: str) -> str:
        """Returns what a path below the folder is called in the repository."""
        inner = path if self.folder == "." else path.removeprefix(f"{self.folder}/")
        return f"{self.path}/{inner}" if self.path else inner


def _is_of_a_build(revision: str) -> bool:
    if not revision.startswith("$"):
        return False
    from gitops_gen.evidence.build_environment import BUILD_VARIABLE

    return BUILD_VARIABLE.match(revision) is not None


class Repositories(NamedTuple):
    """What of which repository is on disk, by normal URL."""

    checkouts: Mapping[str, Checkout]

    def checkout_of(self, url: str) -> Checkout | None:
        """Returns where a repository is, or None if it is not on disk."""
        return self.checkouts.get(normal_url(url))

    def on_disk(self, url: str, path: str) -> str | None:
        """Returns where a path of a repository is, relative to the root; None if it is not on disk."""
        checkout = self.checkout_of(url)
        return checkout.on_disk(path) if checkout else None

    def here(self, url: str, path: str, is_there: Callable[[str], bool]) -> str | None:
        """Returns how to say that a repository is what is on disk under another name, if a path of it is there.

        A fork, a copy and a form are called otherwise than the repository that their files name.
        """
        known = posixpath.normpath(path)
        if known == "." or known.startswith(("..", "/")):
            return None
        for checkout in self.checkouts.values() or (Checkout("."),):
            found = None if checkout.path else checkout.on_disk(known)
            if found is not None and is_there(found):
                import shlex

                return f"--repo {shlex.quote(f'{url}={checkout.folder}')}"
        return None


def repositories(stated: Mapping[str, str | Checkout]) -> Repositories:
    """Returns the repositories that are on disk, however their URLs are spelled. A text is a folder with all of one."""
    return Repositories(
        {normal_url(url): Checkout(each) if isinstance(each, str) else each for url, each in stated.items()}
    )


@lru_cache(maxsize=1024)
def normal_url(url: str) -> str:
    """Returns a URL so that two spellings of one repository are equal: without scheme, user, port, .git, or case."""
    found = _URL.fullmatch(url) or _SCP_LIKE.fullmatch(url) or _SLASHED.fullmatch(url)
    text = f"{found['host']}/{found['path']}" if found else url
    return text.strip("/").removesuffix(".git").lower()
