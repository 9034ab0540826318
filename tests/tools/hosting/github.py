"""The part of GitHub's API that the bot uses, as GitHub Enterprise Server has it: below /api/v3, and /api/graphql."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.tools.hosting.store import Note, Pull, RefusedError, Store

if TYPE_CHECKING:
    from email.message import Message

ROOT = "/api/v3/repos/team/gitops"


def token_of(headers: Message) -> str:
    """Returns the token of a request."""
    return headers.get("Authorization", "").removeprefix("token ").removeprefix("Bearer ")


def answer(store: Store, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
    """Answers a request: status and body."""
    if path == "/api/graphql":
        return _graphql(store, body)
    for wanted, pattern, handler in _ROUTES:
        found = re.fullmatch(ROOT + pattern, path)
        if wanted == method and found:
            return handler(store, query, body, *found.groups())
    raise RefusedError(404, f"Not Found: {method} {path}")


def _graphql(store: Store, body: Any) -> tuple[int, Any]:
    name = (
        "convertPullRequestToDraft" if "convertPullRequestToDraft" in body["query"] else "markPullRequestReadyForReview"
    )
    assert name in body["query"]
    pull = store.pull(int(body["variables"]["input"]["pullRequestId"].removeprefix("PR_")))
    if name == "convertPullRequestToDraft" and not store.has_drafts:
        return 200, {"errors": [{"type": "UNPROCESSABLE", "message": "Draft pull requests are not supported"}]}
    pull.draft = name == "convertPullRequestToDraft"
    return 200, {"data": {name: {"clientMutationId": None, "pullRequest": {"isDraft": pull.draft}}}}


def _list(store: Store, query: dict[str, str], body: Any) -> tuple[int, Any]:
    owner, _, branch = query.get("head", "").partition(":")
    assert query.get("state") == "open"
    found = [each for each in store.opened() if owner == "team" and each.branch == branch]
    return 200, [_pull(store, each) for each in found]


def _get(store: Store, query: dict[str, str], body: Any, number: str) -> tuple[int, Any]:
    return 200, _pull(store, store.pull(int(number)))


def _open(store: Store, query: dict[str, str], body: Any) -> tuple[int, Any]:
    made = store.open(body["head"], body["base"], body["title"], body["body"], draft=body.get("draft", False))
    return 201, _pull(store, made)


def _edit(store: Store, query: dict[str, str], body: Any, number: str) -> tuple[int, Any]:
    pull = store.pull(int(number))
    if len(body.get("body", "")) > 65_536:
        raise RefusedError(422, "body is too long (maximum is 65536 characters)")
    pull.title, pull.body = body.get("title", pull.title), body.get("body", pull.body)
    pull.state = body.get("state", pull.state)
    return 200, _pull(store, pull)


def _reviews(store: Store, query: dict[str, str], body: Any, number: str) -> tuple[int, Any]:
    done = store.pull(int(number)).reviewed
    return 200, [{"id": index, "user": _user(name), "state": "APPROVED"} for index, name in enumerate(done, 1)]


def _ask(store: Store, query: dict[str, str], body: Any, number: str) -> tuple[int, Any]:
    pull = store.pull(int(number))
    store.ask(pull, [*body["reviewers"], *(f"team:{name}" for name in body["team_reviewers"])])
    return 201, _pull(store, pull)


def _label(store: Store, query: dict[str, str], body: Any, number: str) -> tuple[int, Any]:
    pull = store.pull(int(number))
    store.label(pull, body if isinstance(body, list) else body["labels"])
    return 200, [_label_of(name) for name in sorted(pull.labels)]


def _unlabel(store: Store, query: dict[str, str], body: Any, number: str, name: str) -> tuple[int, Any]:
    pull = store.pull(int(number))
    if name not in pull.labels:
        raise RefusedError(404, "Label does not exist")
    pull.labels.remove(name)
    return 200, [_label_of(each) for each in sorted(pull.labels)]


def _notes(store: Store, query: dict[str, str], body: Any, number: str) -> tuple[int, Any]:
    return 200, [_note(each) for each in store.notes.values() if each.number == int(number)]


def _say(store: Store, query: dict[str, str], body: Any, number: str) -> tuple[int, Any]:
    return 201, _note(store.say(int(number), body["body"]))


def _rewrite(store: Store, query: dict[str, str], body: Any, number: str) -> tuple[int, Any]:
    note = store.note(int(number))
    note.body = body["body"]
    return 200, _note(note)


def _remove(store: Store, query: dict[str, str], body: Any, number: str) -> tuple[int, Any]:
    del store.notes[store.note(int(number)).id]
    return 204, None


_ROUTES = (
    ("GET", r"/pulls", _list),
    ("POST", r"/pulls", _open),
    ("GET", r"/pulls/(\d+)", _get),
    ("PATCH", r"/pulls/(\d+)", _edit),
    ("GET", r"/pulls/(\d+)/reviews", _reviews),
    ("POST", r"/pulls/(\d+)/requested_reviewers", _ask),
    ("POST", r"/issues/(\d+)/labels", _label),
    ("DELETE", r"/issues/(\d+)/labels/(.+)", _unlabel),
    ("GET", r"/issues/(\d+)/comments", _notes),
    ("POST", r"/issues/(\d+)/comments", _say),
    ("PATCH", r"/issues/comments/(\d+)", _rewrite),
    ("DELETE", r"/issues/comments/(\d+)", _remove),
)


def _pull(store: Store, pull: Pull) -> dict[str, Any]:
    repository = {"full_name": "someone/gitops" if pull.from_fork else "team/gitops", "name": "gitops"}
    teams = [name.removeprefix("team:") for name in pull.reviewers if name.startswith("team:")]
    people = [name for name in pull.reviewers if not name.startswith("team:") and name not in pull.reviewed]
    return {
        "id": 1000 + pull.number,
        "node_id": f"PR_{pull.number}",
        "number": pull.number,
        "url": f"http://host/{ROOT}/pulls/{pull.number}",
        "html_url": f"https://host/team/gitops/pull/{pull.number}",
        "issue_url": f"http://host/{ROOT}/issues/{pull.number}",
        "state": "open" if pull.state == "open" else "closed",
        "title": pull.title,
        "body": pull.body,
        "draft": pull.draft,
        "user": _user(pull.author),
        "labels": [_label_of(name) for name in sorted(pull.labels)],
        "requested_reviewers": [_user(name) for name in people],
        "requested_teams": [{"id": 1, "slug": name, "name": name} for name in teams],
        "head": {"ref": pull.branch, "sha": store.head_of(pull), "repo": repository},
        "base": {"ref": pull.base, "sha": store.tip(pull.base) or "0" * 40, "repo": {"full_name": "team/gitops"}},
    }


def _user(name: str) -> dict[str, Any]:
    return {"login": name, "id": 7, "type": "User"}


def _label_of(name: str) -> dict[str, Any]:
    return {"id": 1, "name": name, "color": "ededed"}


def _note(note: Note) -> dict[str, Any]:
    return {"id": note.id, "body": note.body, "user": _user(note.author)}
