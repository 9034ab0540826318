"""What the bot did, action by action: every action in words, as JSON, and as the documentation lists it."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from gitops_gen.pull_request.rounds import Ran
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
from gitops_gen.reports.pull_request import action_line, done_lines, plan_json, plan_lines
from tests.pull_request.states import request

if TYPE_CHECKING:
    from gitops_gen.pull_request.values import Action

PAGE = Path(__file__).parents[2] / "docs" / "pull-requests.md"
BOB = frozenset({"bob"})
COMMIT, SEEN = "1" * 40, "2" * 40

ACTIONS: tuple[tuple[Action, str, dict[str, object]], ...] = (
    (
        Push("b", COMMIT, SEEN),
        "push 111111111111 to b, now at 222222222222",
        {"action": "push", "branch": "b", "commit": COMMIT, "seen": SEEN},
    ),
    (
        Open("b", "main", "T", "body", True, BOB, BOB),
        "open a draft of a pull request from b into main: T",
        {"action": "open", "branch": "b", "base": "main", "title": "T", "draft": True, "labels": ["bob"],
         "reviewers": ["bob"]},
    ),
    (Edit(request(), "T", "body"), "edit pull request 7: T", {"action": "edit", "number": 7, "title": "T"}),
    (
        SetDraft(request(), draft=False),
        "make pull request 7 ready",
        {"action": "set-draft", "number": 7, "draft": False},
    ),
    (
        Label(request(), frozenset({"x", "y"}), BOB),
        "label pull request 7: +x +y -bob",
        {"action": "label", "number": 7, "add": ["x", "y"], "remove": ["bob"]},
    ),
    (
        AskReview(request(), BOB),
        "ask bob to review pull request 7",
        {"action": "ask-review", "number": 7, "reviewers": ["bob"]},
    ),
    (Close(request()), "close pull request 7", {"action": "close", "number": 7}),
    (
        Delete("b", SEEN),
        "delete the branch b, now at 222222222222",
        {"action": "delete-branch", "branch": "b", "seen": SEEN},
    ),
    (
        Stop("b", COMMIT),
        "stop: b has commits of a person, up to 111111111111",
        {"action": "stop", "branch": "b", "commit": COMMIT},
    ),
    (Say(7, "body"), "comment on pull request 7", {"action": "comment", "number": 7}),
    (
        Rewrite(7, 9, "body"),
        "edit comment 9 on pull request 7",
        {"action": "edit-comment", "number": 7, "comment": 9},
    ),
    (Remove(7, 9), "delete comment 9 on pull request 7", {"action": "delete-comment", "number": 7, "comment": 9}),
)  # fmt: skip


def ran(*actions: Action, url: str | None = None) -> Ran:
    return Ran(base="main", actions=actions, url=url, report=(), notes=())


def test_every_action_is_told_in_words() -> None:
    assert [action_line(action) for action, _, _ in ACTIONS] == [line for _, line, _ in ACTIONS]


def test_every_action_is_told_as_json() -> None:
    whole = json.loads(plan_json(ran(*(action for action, _, _ in ACTIONS)), dry_run=True))
    assert whole == {"dry_run": True, "base": "main", "url": None, "actions": [facts for _, _, facts in ACTIONS]}


def test_every_action_is_documented_and_no_other() -> None:
    table = PAGE.read_text(encoding="utf-8").partition("| action | beside it |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| ((?:`[a-z-]+`(?:, )?)+) \|", table, re.MULTILINE)
    documented = [name for row in rows for name in re.findall(r"`([a-z-]+)`", row)]
    assert documented == [facts["action"] for _, _, facts in ACTIONS]


def test_end_of_a_run_says_where_to_look() -> None:
    assert list(done_lines(ran())) == ["nothing to do: no difference from main"]
    assert list(done_lines(ran(url="https://host/7"))) == ["nothing to do: https://host/7"]
    assert list(done_lines(ran(Close(request()), url="https://host/7"))) == ["https://host/7"]
    assert list(plan_lines(ran(Close(request()), url="https://host/7"))) == [
        "would close pull request 7",
        "https://host/7",
    ]
