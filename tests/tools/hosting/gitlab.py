"""The part of GitLab's API that the bot uses, below /api/v4."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.tools.hosting.store import Note, Pull, RefusedError, Store

if TYPE_CHECKING:
    from email.message import Message

ROOT = "/api/v4/projects/team/gitops"
_DRAFT = re.compile(r"(draft:|\[draft\]|\(draft\))", re.IGNORECASE)


def token_of(headers: Message) -> str:
    """Returns the token of a request."""
    return headers.get("PRIVATE-TOKEN", "") or headers.get("JOB-TOKEN", "")


def answer(store: Store, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
    """Answers a request: status and body."""
    if path == "/api/v4/users" and method == "GET":
        found = [name for name in store.users if name == query["username"]]
        return 200, [_user(store, name) for name in found]
    for wanted, pattern, handler in _ROUTES:
        found_path = re.fullmatch(ROOT + pattern, path)
        if wanted == method and found_path:
            return handler(store, query, body, *found_path.groups())
    raise RefusedError(404, f"404 Not Found: {method} {path}")


def _list(store: Store, query: dict[str, str], body: Any) -> tuple[int, Any]:
    assert query["state"] == "opened"
    return 200, [_pull(store, each) for each in store.opened() if each.branch == query["source_branch"]]


def _get(store: Store, query: dict[str, str], body: Any, number: str) -> tuple[int, Any]:
    return 200, _pull(store, store.pull(int(number)))


def _open(store: Store, query: dict[str, str], body: Any) -> tuple[int, Any]:
    try:
        made = store.open(body["source_branch"], body["target_branch"], body["title"], body["description"])
    except RefusedError as error:
        raise RefusedError(409 if "exists" in error.message else 400, error.message) from None
    return 201, _pull(store, made)


def _edit(store: Store, query: dict[str, str], body: Any, number: str) -> tuple[int, Any]:
    pull = store.pull(int(number))
    pull.title, pull.body = body.get("title", pull.title), body.get("description", pull.body)
    if body.get("state_event") == "close":
        pull.state = "closed"
    store.label(pull, [name for name in body.get("add_labels", "").split(",") if name])
    pull.labels -= set(body.get("remove_labels", "").split(","))
    if "reviewer_ids" in body:
        pull.reviewers = []
        store.ask(pull, [store.users[index - 1] for index in body["reviewer_ids"]])
    return 200, _pull(store, pull)


def _notes(store: Store, query: dict[str, str], body: Any, number: str) -> tuple[int, Any]:
    system = {"id": 900_000, "body": "added 1 commit", "author": _user(store, "bot"), "system": True}
    return 200, [system, *(_note(store, each) for each in store.notes.values() if each.number == int(number))]


def _say(store: Store, query: dict[str, str], body: Any, number: str) -> tuple[int, Any]:
    return 201, _note(store, store.say(int(number), body["body"]))


def _rewrite(store: Store, query: dict[str, str], body: Any, number: str, note_id: str) -> tuple[int, Any]:
    note = store.note(int(note_id))
    note.body = body["body"]
    return 200, _note(store, note)


def _remove(store: Store, query: dict[str, str], body: Any, number: str, note_id: str) -> tuple[int, Any]:
    del store.notes[store.note(int(note_id)).id]
    return 204, None


_ROUTES = (
    ("GET", r"/merge_requests", _list),
    ("POST", r"/merge_requests", _open),
    ("GET", r"/merge_requests/(\d+)", _get),
    ("PUT", r"/merge_requests/(\d+)", _edit),
    ("GET", r"/merge_requests/(\d+)/notes", _notes),
    ("POST", r"/merge_requests/(\d+)/notes", _say),
    ("PUT", r"/merge_requests/(\d+)/notes/(\d+)", _rewrite),
    ("DELETE", r"/merge_requests/(\d+)/notes/(\d+)", _remove),
)


def _pull(store: Store, pull: Pull) -> dict[str, Any]:
    return {
        "id": 1000 + pull.number,
        "iid": pull.number,
        "project_id": 1,
        "source_project_id": 2 if pull.from_fork else 1,
        "target_project_id": 1,
        "web_url": f"https://host/team/gitops/-/merge_requests/{pull.number}",
        "state": "opened" if pull.state == "open" else "closed",
        "title": pull.title,
        "description": pull.body,
        "draft": bool(_DRAFT.match(pull.title)),
        "source_branch": pull.branch,
        "target_branch": pull.base,
        "sha": store.head_of(pull),
        "labels": sorted(pull.labels),
        "author": _user(store, pull.author),
        "reviewers": [_user(store, name) for name in pull.reviewers],
    }


def _user(store: Store, name: str) -> dict[str, Any]:
    return {"id": store.users.index(name) + 1 if name in store.users else 99, "username": name}


def _note(store: Store, note: Note) -> dict[str, Any]:
    return {"id": note.id, "body": note.body, "author": _user(store, note.author), "system": False}
