"""What the bot did, or would do, action by action: as text for people, and as JSON for machines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

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
    from collections.abc import Iterator

    from gitops_gen.pull_request.rounds import Ran
    from gitops_gen.pull_request.values import Action

_SHORT = 12
"""Characters of a commit's name that are shown."""

_NAMES: dict[type[Action], str] = {
    Stop: "stop",
    Push: "push",
    Open: "open",
    Edit: "edit",
    SetDraft: "set-draft",
    Label: "label",
    AskReview: "ask-review",
    Close: "close",
    Delete: "delete-branch",
    Say: "comment",
    Rewrite: "edit-comment",
    Remove: "delete-comment",
}


def plan_lines(ran: Ran) -> Iterator[str]:
    """Yields what a dry run would do."""
    yield from (f"would {action_line(action)}" for action in ran.actions)
    yield from _end(ran, "nothing to do")


def done_lines(ran: Ran) -> Iterator[str]:
    """Yields how a run ended; what it did was told one by one."""
    yield from _end(ran, "nothing to do")


def plan_json(ran: Ran, *, dry_run: bool) -> str:
    """Returns `{"dry_run", "base", "url", "actions": [...]}`."""
    actions = [{"action": _NAMES[type(action)], **_facts(action)} for action in ran.actions]
    whole = {"dry_run": dry_run, "base": ran.base, "url": ran.url, "actions": actions}
    return json.dumps(whole, indent=2, ensure_ascii=False)


def action_line(action: Action) -> str:
    """Returns an action in words."""
    match action:
        case Stop():
            return f"stop: {action.branch} has commits of a person, up to {action.commit[:_SHORT]}"
        case Push():
            at = f", now at {action.seen[:_SHORT]}" if action.seen else ""
            return f"push {action.commit[:_SHORT]} to {action.branch}{at}"
        case Delete():
            return f"delete the branch {action.branch}, now at {action.seen[:_SHORT]}"
        case Open():
            kind = "a draft of a pull request" if action.draft else "a pull request"
            return f"open {kind} from {action.branch} into {action.base}: {action.title}"
        case Say() | Rewrite() | Remove():
            return _comment_line(action)
        case _:
            return _request_line(action)


def _comment_line(action: Say | Rewrite | Remove) -> str:
    match action:
        case Say():
            return f"comment on pull request {action.number}"
        case Rewrite():
            return f"edit comment {action.comment} on pull request {action.number}"
        case Remove():
            return f"delete comment {action.comment} on pull request {action.number}"


def _request_line(action: Edit | SetDraft | Label | AskReview | Close) -> str:
    which = f"pull request {action.request.number}"
    match action:
        case Edit():
            return f"edit {which}: {action.title}"
        case SetDraft():
            return f"make {which} {'a draft' if action.draft else 'ready'}"
        case Label():
            signed = [f"+{name}" for name in sorted(action.add)] + [f"-{name}" for name in sorted(action.remove)]
            return f"label {which}: {' '.join(signed)}"
        case AskReview():
            return f"ask {', '.join(sorted(action.reviewers))} to review {which}"
        case Close():
            return f"close {which}"


def _facts(action: Action) -> dict[str, object]:
    match action:
        case Stop():
            return {"branch": action.branch, "commit": action.commit}
        case Push():
            return {"branch": action.branch, "commit": action.commit, "seen": action.seen}
        case Delete():
            return {"branch": action.branch, "seen": action.seen}
        case Open():
            return {
                "branch": action.branch,
                "base": action.base,
                "title": action.title,
                "draft": action.draft,
                "labels": sorted(action.labels),
                "reviewers": sorted(action.reviewers),
            }
        case Say() | Rewrite() | Remove():
            comment = {} if isinstance(action, Say) else {"comment": action.comment}
            return {"number": action.number, **comment}
        case _:
            return {"number": action.request.number, **_change(action)}


def _change(action: Edit | SetDraft | Label | AskReview | Close) -> dict[str, object]:
    match action:
        case Edit():
            return {"title": action.title}
        case SetDraft():
            return {"draft": action.draft}
        case Label():
            return {"add": sorted(action.add), "remove": sorted(action.remove)}
        case AskReview():
            return {"reviewers": sorted(action.reviewers)}
        case Close():
            return {}


def _end(ran: Ran, nothing: str) -> Iterator[str]:
    if not ran.actions:
        yield f"{nothing}: {ran.url or f'no difference from {ran.base}'}"
    elif ran.url:
        yield ran.url
