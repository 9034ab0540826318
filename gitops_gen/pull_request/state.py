"""What is there: the remote's branches, and the open pull request."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.problems import GitError, Location, Problem
from gitops_gen.pull_request.commits import is_sealed
from gitops_gen.pull_request.values import Branch, State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.forges.values import Forge
    from gitops_gen.quarantine import Commit, Quarantine


@dataclass(frozen=True, slots=True)
class Names:
    """The two branches by name."""

    branch: str
    base: str


@dataclass(frozen=True, slots=True)
class Seen:
    """Where the branches of the remote were when it was asked."""

    heads: Mapping[str, str]
    default: str | None

    def base(self, stated: str | None, followed: str) -> str:
        """Returns the base: as stated, or else what Argo CD follows where that is a branch, or else the default one.

        Raises GitError where there is no such branch.
        """
        base = stated or (followed if followed in self.heads else self.default)
        if base is None or base not in self.heads:
            message = f"the remote has no branch {base or 'at all'}"
            raise GitError(Problem("no-base", message, Location(base or "HEAD"), "name another one with --base"))
        return base


def look(git: Quarantine) -> Seen:
    """Asks the remote for its branches. Raises GitError."""
    return Seen(*git.branches())


def state_of(git: Quarantine, forge: Forge, names: Names, seen: Seen, base: Commit) -> State:
    """Returns what is there. The commits of both branches are here already. Raises GitError or ForgeError."""
    tip = seen.heads.get(names.branch)
    requests = forge.open_pull_requests(names.branch)
    ours = [each for each in requests if each.base == names.base]
    return State(
        branch=None if tip is None else _branch(git, git.commit(tip), base),
        request=ours[0] if ours else None,
        is_shared=len(requests) > len(ours),
    )


def _branch(git: Quarantine, tip: Commit, base: Commit) -> Branch:
    return Branch(
        commit=tip.id,
        tree=tip.tree,
        is_ours=is_sealed(tip),
        is_on_base=any(_contains(git, base.id, parent) for parent in tip.parents),
        is_merged=_contains(git, base.id, tip.id),
    )


def _contains(git: Quarantine, base: str, commit: str) -> bool:
    """Tells whether a commit is in the history of the base. Where that was cut off, only of what is left of it."""
    return commit == base or git.says_yes("merge-base", "--is-ancestor", commit, base)
