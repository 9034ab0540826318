"""Carries the actions of a plan out, in order; the first that is refused ends it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from gitops_gen.forges.faults import DraftRefused
from gitops_gen.forges.values import Draft
from gitops_gen.problems import GitopsGenError, Location, Problem
from gitops_gen.pull_request.marker import DraftBy, read_marker
from gitops_gen.pull_request.values import (
    AskReview,
    Close,
    Delete,
    Edit,
    Label,
    Open,
    Push,
    Remove,
    Rewrite,
    Say,
    SetDraft,
    Stop,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gitops_gen.forges.values import Forge, PullRequest
    from gitops_gen.pull_request.values import Action
    from gitops_gen.quarantine import Quarantine


class BranchError(GitopsGenError):
    """The bot's branch has commits of a person."""

    exit_code: ClassVar[int] = 1


def apply(actions: Iterable[Action], git: Quarantine, forge: Forge, done: Callable[[Action, str], None]) -> None:
    """Carries actions out. `done` is told each one after it, with the page of a pull request that was opened.

    Raises BranchError for a Stop, GitError or ForgeError where one is refused; those before it are done then.
    """
    for action in actions:
        done(action, _apply(action, git, forge))


def _apply(action: Action, git: Quarantine, forge: Forge) -> str:
    match action:
        case Stop():
            raise _stopped(action)
        case Push():
            git.push(action.branch, action.commit, seen=action.seen)
        case Delete():
            git.push(action.branch, None, seen=action.seen)
        case Open():
            return _open(action, forge)
        case _:
            _ask(action, forge)
    return ""


def _ask(action: Action, forge: Forge) -> None:
    match action:
        case Edit():
            forge.edit(action.request, action.title, action.body)
        case SetDraft():
            _set_draft(action, forge)
        case Label():
            forge.label(action.request, action.add, action.remove)
        case AskReview():
            forge.ask_review(action.request, action.reviewers)
        case Close():
            forge.close(action.request)
        case Say():
            forge.comment(action.number, action.body)
        case Rewrite():
            forge.rewrite(action.number, action.comment, action.body)
        case Remove():
            forge.remove(action.number, action.comment)


def _open(action: Open, forge: Forge) -> str:
    request = _opened(action, forge)
    if action.labels:
        forge.label(request, action.labels, frozenset())
    reviewers = frozenset(name for name in action.reviewers if name.lower() != request.author.lower())
    if reviewers:
        forge.ask_review(request, reviewers)
    return request.url


def _opened(action: Open, forge: Forge) -> PullRequest:
    wanted = Draft(branch=action.branch, base=action.base, title=action.title, body=action.body, draft=action.draft)
    try:
        return forge.open(wanted)
    except DraftRefused:
        return forge.open(replace(wanted, body=_without_draft(action.body), draft=False))


def _set_draft(action: SetDraft, forge: Forge) -> None:
    """Where there are no drafts the body says so, and the next run does not try again."""
    try:
        forge.set_draft(action.request, draft=action.draft)
    except DraftRefused:
        forge.edit(action.request, action.request.title, _without_draft(action.request.body))


def _without_draft(body: str) -> str:
    marker = read_marker(body)
    if marker is None:
        return body
    return replace(marker, draft=DraftBy.REFUSED).on(body.lstrip().partition("\n")[2])


def _stopped(stop: Stop) -> BranchError:
    hint = (
        "merge or move them, and delete the branch; to throw them away, run the same with --take-over; "
        "to leave them alone, name another branch with --branch"
    )
    message = f"the branch has commits that gitops-gen did not make, up to {stop.commit[:12]}: nothing was done"
    return BranchError(Problem("commits-of-a-person", message, Location(stop.branch), hint))
