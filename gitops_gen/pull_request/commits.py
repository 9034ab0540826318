"""The commit of the bot: one, on top of the base, sealed, so that a person's is never taken for it.

The seal is a digest of the rest of the commit. Whoever amends it, or puts it on another base, has another committer,
parent or tree, and the seal no longer fits.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.pull_request.content import Content
    from gitops_gen.quarantine import Commit, Quarantine

_SEAL = re.compile(rb"Gitops-gen-seal: ([0-9a-f]{64})\n\Z")
_TIME = re.compile(rb"^committer .* (\d+ [+-]\d{4})$", re.MULTILINE)
_NOBODY = "gitops-gen"
_NO_ADDRESS = "gitops-gen@users.noreply.invalid"


@dataclass(frozen=True, slots=True)
class Message:
    """What a commit says."""

    subject: str
    body: str
    model: str | None
    """The revision of the model it was made from, where that lives in another repository."""

    @property
    def text(self) -> str:
        """The whole message without the seal."""
        trailer = f"Gitops-gen-model: {self.model}\n" if self.model else ""
        return f"{self.subject}\n\n{self.body}\n\n{trailer}"


def tree_with(git: Quarantine, base: str, folder: str, content: Content) -> str:
    """Returns the tree of a commit after a content was laid over its output folder. The index starts from the base."""
    names = git.store(content.written.values())
    lines = [
        f"{'100755' if path in content.executable else '100644'} {name}\t{_at(folder, path)}"
        for path, name in zip(content.written, names, strict=True)
    ]
    # The mode 0 takes a path out (git-update-index, "Using --index-info"); what makes room goes first.
    gone = [f"0 {'0' * len(base)}\t{_at(folder, path)}" for path in content.deleted]
    listed = "".join(f"{line}\0" for line in (*gone, *lines))
    git.ask("update-index", "-z", "--index-info", stdin=listed.encode("utf-8", "surrogateescape"))
    return git.word("write-tree")


def commit_on(git: Quarantine, base: Commit, tree: str, message: Message) -> str:
    """Makes the commit and returns its id. The same tree, base, message and author give the same commit."""
    who = {**_author(git), **_times(base)}
    unsealed = git.ask("commit-tree", tree, "-p", base.id, stdin=message.text.encode(), also=who).decode().strip()
    seal = f"Gitops-gen-seal: {_digest(git.commit(unsealed).raw)}\n"
    return git.ask("commit-tree", tree, "-p", base.id, stdin=(message.text + seal).encode(), also=who).decode().strip()


def is_sealed(commit: Commit) -> bool:
    """Tells whether a commit is as the bot made it."""
    found = _SEAL.search(commit.raw)
    return found is not None and len(commit.parents) == 1 and _digest(commit.raw[: found.start()]) == found[1].decode()


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def _author(git: Quarantine) -> Mapping[str, str]:
    """Returns an author for where git knows none, as on a machine of a CI."""
    if all(git.says_yes("config", name) for name in ("user.name", "user.email")):
        return {}
    return {name: value for name, value in _names() if name not in git.environment}


def _names() -> Iterator[tuple[str, str]]:
    for role in ("AUTHOR", "COMMITTER"):
        yield f"GIT_{role}_NAME", _NOBODY
        yield f"GIT_{role}_EMAIL", _NO_ADDRESS


def _times(base: Commit) -> Mapping[str, str]:
    """Returns the time of the base for the commit: the clock would make another commit of the same content."""
    found = _TIME.search(base.raw)
    time = f"@{found[1].decode()}" if found else "@0 +0000"
    return {"GIT_AUTHOR_DATE": time, "GIT_COMMITTER_DATE": time}


def _at(folder: str, path: str) -> str:
    return f"{folder}/{path}" if folder else path
