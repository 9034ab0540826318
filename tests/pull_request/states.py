"""The remote as a value, for tests of the plan: what each action does to it, without git and without a service."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from gitops_gen.forges.values import PullRequest
from gitops_gen.pull_request.values import (
    Action,
    AskReview,
    Branch,
    Close,
    Delete,
    Desired,
    Edit,
    Label,
    Open,
    Push,
    SetDraft,
    State,
    Text,
)

FLEET, BRANCH, BASE = "shop", "gitops-gen/shop/main", "main"


def desired(commit: str | None = "c2", **changes: object) -> Desired:
    """Returns what is wanted: the commit c2 with the tree t2, or nothing where the commit is None."""
    made = Desired(
        branch=BRANCH,
        base=BASE,
        commit=commit,
        tree=f"t{commit[1:]}" if commit else "t0",
        text=Text(title="title", body="body", labels=frozenset({"gitops-gen"}), reviewers=frozenset()),
        draft=False,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def branch(commit: str = "c1", **changes: object) -> Branch:
    """Returns a branch with a commit of the bot."""
    made = Branch(commit=commit, tree=f"t{commit[1:]}", is_ours=True, is_on_base=True, is_merged=False)
    return replace(made, **changes)  # type: ignore[arg-type]


def request(**changes: object) -> PullRequest:
    """Returns an open pull request that a person wrote."""
    made = PullRequest(
        number=7,
        url="https://host/7",
        branch=BRANCH,
        base=BASE,
        head="c1",
        title="old",
        body="old",
        draft=False,
        labels=frozenset(),
        reviewers=frozenset(),
        author="bot",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def after(state: State, actions: tuple[Action, ...]) -> State:
    """Returns the state after the actions were carried out."""
    return reduce(_after, actions, state)


def _after(state: State, action: Action) -> State:
    match action:
        case Push():
            assert action.seen == (state.branch.commit if state.branch else None), "the lease"
            return replace(state, branch=branch(action.commit))
        case Delete():
            assert state.branch is not None
            assert action.seen == state.branch.commit, "the lease"
            return replace(state, branch=None)
        case Open():
            assert state.branch is not None, "there is nothing to open it from"
            made = request(title=action.title, body=action.body, draft=action.draft, labels=action.labels)
            return replace(state, request=replace(made, reviewers=action.reviewers - {made.author}))
        case Close():
            return replace(state, request=None)
        case _:
            assert state.request is not None
            return replace(state, request=_changed(state.request, action))


def _changed(found: PullRequest, action: Action) -> PullRequest:
    match action:
        case Edit():
            # On GitLab and Gitea the title makes the draft: each of the two writes what the other is about as well.
            return replace(found, title=action.title, body=action.body, draft=action.request.draft)
        case SetDraft():
            return replace(found, title=action.request.title, draft=action.draft)
        case Label():
            return replace(found, labels=(found.labels | action.add) - action.remove)
        case AskReview():
            return replace(found, reviewers=found.reviewers | action.reviewers)
    raise AssertionError(action)
