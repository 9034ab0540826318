"""From what is wanted and what is there to what is to be done: pure, and empty where both agree."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gitops_gen.pull_request.labels import is_ours
from gitops_gen.pull_request.marker import DraftBy, Marker, digest_of, digest_of_names, read_marker
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
    from collections.abc import Iterator, Sequence

    from gitops_gen.forges.values import Comment, PullRequest
    from gitops_gen.pull_request.values import Action, Branch, Desired, State


def plan(desired: Desired, state: State, *, fleet: str, take_over: bool = False) -> tuple[Action, ...]:
    """Returns what brings the remote to what is wanted, in order.

    `fleet` names whose pull request it is. Commits of a person on the branch stop the bot, unless it is to take over.
    """
    branch = state.branch
    has_work = desired.commit is not None or state.request is not None
    if has_work and branch is not None and not branch.is_expendable and not take_over:
        return (Stop(desired.branch, branch.commit),)
    steps = _withdrawal(desired, state) if desired.commit is None else _proposal(desired, desired.commit, state, fleet)
    return tuple(steps)


def plan_comment(number: int, body: str, comments: Sequence[Comment], *, fleet: str) -> tuple[Action, ...]:
    """Returns what leaves one comment of the bot on a pull request, with this text; none for an empty text.

    More than one comes from two runs at the same time; those beside the first, of the same author, are deleted.
    """
    ours = [each for each in comments if _is_comment_of(each, fleet)]
    wanted = Marker(kind="comment", fleet=fleet, digest=digest_of(body))
    if not ours:
        return (Say(number, wanted.on(body)),) if body else ()
    first, *others = ours
    more = [each for each in others if each.author == first.author]
    removed = tuple(Remove(number, each.id) for each in (more if body else [first, *more]))
    is_current = not body or read_marker(first.body) == wanted
    return removed if is_current else (Rewrite(number, first.id, wanted.on(body)), *removed)


def marker_of(desired: Desired, draft: DraftBy, fleet: str) -> Marker:
    """Returns the marker that stands on the body of what is wanted."""
    text = desired.text
    return Marker(
        kind="body",
        fleet=fleet,
        digest=digest_of(text.title, text.body),
        draft=draft,
        reviewers=digest_of_names(text.reviewers),
    )


def _withdrawal(desired: Desired, state: State) -> Iterator[Action]:
    """Nothing differs: the pull request is closed first, so that it is never one without a difference."""
    if state.request is not None:
        yield Close(state.request)
    if state.branch is not None and state.branch.is_ours and not state.is_shared:
        yield Delete(desired.branch, state.branch.commit)


def _proposal(desired: Desired, commit: str, state: State, fleet: str) -> Iterator[Action]:
    if _is_to_be_pushed(desired, state.branch):
        yield Push(desired.branch, commit, state.branch.commit if state.branch else None)
    if state.request is None:
        yield _opening(desired, fleet)
    else:
        yield from _update(desired, state.request, fleet)


def _is_to_be_pushed(desired: Desired, branch: Branch | None) -> bool:
    return branch is None or not branch.is_ours or not branch.is_on_base or branch.tree != desired.tree


def _opening(desired: Desired, fleet: str) -> Open:
    text = desired.text
    marker = marker_of(desired, DraftBy.BOT if desired.draft else DraftBy.NO, fleet)
    return Open(
        desired.branch, desired.base, text.title, marker.on(text.body), desired.draft, text.labels, text.reviewers
    )


def _update(desired: Desired, request: PullRequest, fleet: str) -> Iterator[Action]:
    """A person may make it a draft as well, so that only what the bot made a draft is made ready.

    Each action carries the pull request as those before it leave it: on some services the title makes the draft.
    """
    found = read_marker(request.body)
    was = found.draft if found else DraftBy.NO
    marker = marker_of(desired, _draft_by(desired, request, was), fleet)
    if request.draft and not desired.draft and was is DraftBy.BOT:
        yield SetDraft(request, draft=False)
        request = replace(request, draft=False)
    if found != marker:
        edit = Edit(request, desired.text.title, marker.on(desired.text.body))
        yield edit
        request = replace(request, title=edit.title, body=edit.body)
    if desired.draft and not request.draft and was is not DraftBy.REFUSED:
        yield SetDraft(request, draft=True)
    yield from _labels(desired, request)
    # The last, since a login that the service does not know is the likeliest thing to be refused.
    yield from _review(desired, request, found)


def _draft_by(desired: Desired, request: PullRequest, was: DraftBy) -> DraftBy:
    if not desired.draft:
        return DraftBy.NO
    is_persons = request.draft and was is DraftBy.NO
    return DraftBy.REFUSED if was is DraftBy.REFUSED else DraftBy.NO if is_persons else DraftBy.BOT


def _review(desired: Desired, request: PullRequest, found: Marker | None) -> Iterator[Action]:
    """Reviewers are asked once. Whom a person then takes off the list, or the service does not add, is left alone.

    A run that ended before anybody was asked leaves nobody there: then they are asked again.
    """
    there = {name.lower() for name in request.reviewers}
    wanted = {name for name in desired.text.reviewers if name.lower() != request.author.lower()}
    missing = frozenset(name for name in wanted if name.lower() not in there)
    is_recorded = found is not None and found.reviewers == digest_of_names(desired.text.reviewers)
    if missing and not (is_recorded and missing != wanted):
        yield AskReview(request, missing)


def _labels(desired: Desired, request: PullRequest) -> Iterator[Action]:
    """Services keep the letters of a label as it was first made, and take any for it."""
    there = {name.lower(): name for name in request.labels if is_ours(name.lower())}
    add = desired.text.labels - there.keys()
    remove = frozenset(name for lower, name in there.items() if lower not in desired.text.labels)
    if add or remove:
        yield Label(request, add, remove)


def _is_comment_of(comment: Comment, fleet: str) -> bool:
    marker = read_marker(comment.body)
    return marker is not None and marker.kind == "comment" and marker.fleet == fleet
