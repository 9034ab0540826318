"""The commit that the bot proposes: the base, with the model as it stands and the output that it renders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from gitops_gen.problems import GitopsGenError, Location, Problem
from gitops_gen.pull_request.commits import Message, commit_on, tree_with
from gitops_gen.pull_request.content import content_of

if TYPE_CHECKING:
    from gitops_gen.pull_request.content import Content
    from gitops_gen.pull_request.place import Place
    from gitops_gen.pull_request.rendering import Rendered
    from gitops_gen.quarantine import Commit, Quarantine

_LITERAL = {"GIT_LITERAL_PATHSPECS": "1"}


class BaseError(GitopsGenError):
    """The model at the base has moved on since the one that is checked out."""

    exit_code: ClassVar[int] = 1


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed. Without a commit it is what the base already has."""

    content: Content
    tree: str
    commit: str | None


def propose(git: Quarantine, place: Place, base: Commit, made: Rendered, title: str) -> Proposal:
    """Makes the commit, in the quarantine. Raises BaseError, OutputError or GitError."""
    content = content_of(git, base.id, place.folder, made.texts, made.may_prune)
    git.ask("read-tree", base.id)
    _take_model(git, place, base)
    tree = tree_with(git, base.id, place.folder, content)
    if tree == base.tree:
        return Proposal(content, tree, None)
    return Proposal(content, tree, commit_on(git, base, tree, _message(place, title)))


def _message(place: Place, title: str) -> Message:
    body = "Made by gitops-gen from the model. It replaces this commit, and stops at any other on the branch."
    return Message(title, body, place.revision)


def _take_model(git: Quarantine, place: Place, base: Commit) -> None:
    """Puts the model of the work tree into the index, unless that would undo what came to the base meanwhile."""
    if not place.model:
        return
    known = git.ask("ls-tree", "-z", "--name-only", base.id, "--", *place.model).decode("utf-8", "surrogateescape")
    there = [path for path in place.model if (place.repository / path).exists() or path in known.split("\0")]
    git.ask("add", "--all", "--", *there, also=_LITERAL)
    if git.ask("diff-index", "--cached", "--name-only", "-z", base.id, "--", *there, also=_LITERAL):
        _refuse_older_model(git, base, there)


def _refuse_older_model(git: Quarantine, base: Commit, paths: list[str]) -> None:
    if git.says_yes("merge-base", "HEAD", base.id):
        fork = git.word("merge-base", "HEAD", base.id)
        if not git.ask("diff", "--name-only", "-z", fork, base.id, "--", *paths, also=_LITERAL):
            return
    raise BaseError(
        Problem(
            "model-behind-base",
            f"the model here differs from that of the base ({base.id[:12]}), which may have changed since",
            Location(paths[0]),
            "bring the base into this checkout first: git pull; in a CI with a shallow clone, fetch all of the history",
        )
    )
