"""The part of the API of Gitea and Forgejo that the bot uses, below /api/v1."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from tests.tools.hosting.store import Note, Pull, RefusedError, Store

if TYPE_CHECKING:
    from email.message import Message

ROOT = "/api/v1/repos/team/gitops"


def token_of(headers: Message) -> str:
    """Returns the token of a request."""
    return headers.get("Authorization", "").removeprefix("token ")


def answer(store: Store, method: str, path: str, query: dict[str, str], body: Any) -> tuple[int, Any]:
    """Answers a request: status and body."""
    for wanted, pattern, handler in _ROUTES:
        found = re.fullmatch(ROOT + pattern, path)
        if wanted == method and found:
            return handler(store, query, body, *found.groups())
    raise RefusedError(404, f"not found: {method} {path}")


def _list(store: Store, query: dict[str, str], body: Any) -> tuple[int, Any]:
    assert query["state"] == "open"
    return 200, [_pull(store, each) for each in store.opened()]


def _get(store: Store, query: dict[str, str], body: Any, number: str) -> tuple[int, Any]:
    return 200, _pull(store, store.pull(int(number)))


def _open(store: Store, query: dict[str, str], body: Any) -> tuple[int, Any]:
    try:
        made = store.open(body["head"], body["base"], body["title"], body["body"])
    except RefusedError as error:
        raise RefusedError(409 if "exists" in error.message else error.status, error.message) from None
    return 201, _pull(store, made)


def _edit(store: Store, query: dict[str, str], body: Any, number: str) -> tuple[int, Any]:
    pull = store.pull(int(number))
    pull.title, pull.body = body.get("title", pull.title), body.get("body", pull.body)
    pull.state = body.get("state", pull.state)
    return 201, _pull(store, pull)


def _reviews(store: Store, query: dict[str, str], body: Any, number: str) -> tuple[int, Any]:
    done = store.pull(int(number)).reviewed
    return 200, [{"id": index, "user": _user(name), "state": "APPROVED"} for index, name in enumerate(done, 1)]


def _ask(store: Store, query: dict[str, str], body: Any, number: str) -> tuple[int, Any]:
    pull = store.pull(int(number))
    store.ask(pull, [*body["reviewers"], *(f"team:{name}" for name in body["team_reviewers"])])
    return 201, []


def _all_labels(store: Store, query: dict[str, str], body: Any) -> tuple[int, Any]:
    return 200, [_label_of(store, name) for name in store.labels]


def _new_label(store: Store, query: dict[str, str], body: Any) -> tuple[int, Any]:
    store.labels[body["name"]] = len(store.labels) + 1
    return 201, _label_of(store, body["name"])


def _label(store: Store, query: dict[str, str], body: Any, number: str) -> tuple[int, Any]:
    names = {number: name for name, number in store.labels.items()}
    pull = store.pull(int(number))
    store.label(pull, [names[each] for each in body["labels"]])
    return 200, [_label_of(store, name) for name in sorted(pull.labels)]


def _unlabel(store: Store, query: dict[str, str], body: Any, number: str, label: str) -> tuple[int, Any]:
    names = {number: name for name, number in store.labels.items()}
    store.pull(int(number)).labels.discard(names[int(label)])
    return 204, None


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
    ("GET", r"/labels", _all_labels),
    ("POST", r"/labels", _new_label),
    ("POST", r"/issues/(\d+)/labels", _label),
    ("DELETE", r"/issues/(\d+)/labels/(\d+)", _unlabel),
    ("GET", r"/issues/(\d+)/comments", _notes),
    ("POST", r"/issues/(\d+)/comments", _say),
    ("PATCH", r"/issues/comments/(\d+)", _rewrite),
    ("DELETE", r"/issues/comments/(\d+)", _remove),
)


def _pull(store: Store, pull: Pull) -> dict[str, Any]:
    teams = [name.removeprefix("team:") for name in pull.reviewers if name.startswith("team:")]
    people = [name for name in pull.reviewers if not name.startswith("team:")]
    return {
        "id": 1000 + pull.number,
        "number": pull.number,
        "html_url": f"https://host/team/gitops/pulls/{pull.number}",
        "state": "open" if pull.state == "open" else "closed",
        "title": pull.title,
        "body": pull.body,
        "user": _user(pull.author),
        "labels": [_label_of(store, name) for name in sorted(pull.labels)],
        "requested_reviewers": [_user(name) for name in people],
        "requested_reviewers_teams": [{"id": 1, "name": name} for name in teams],
        "head": {
            "ref": pull.branch,
            "label": pull.branch,
            "sha": store.head_of(pull),
            "repo_id": 2 if pull.from_fork else 1,
        },
        "base": {"ref": pull.base, "label": pull.base, "sha": store.tip(pull.base) or "", "repo_id": 1},
    }


def _user(name: str) -> dict[str, Any]:
    return {"id": 7, "login": name}


def _label_of(store: Store, name: str) -> dict[str, Any]:
    return {"id": store.labels[name], "name": name, "color": "ededed"}


def _note(note: Note) -> dict[str, Any]:
    return {"id": note.id, "body": note.body, "user": _user(note.author)}
