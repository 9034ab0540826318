"""Gitea and Forgejo: a thin adapter on requests, for neither has a client library that is well kept.

What it sends and reads is in the description of the API that each server publishes, at /swagger.v1.json.
"""

from __future__ import annotations

from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeAlias, cast

from requests import RequestException, Response, Session

from gitops_gen.forges.faults import Answer, Faults, words_of
from gitops_gen.forges.patience import session
from gitops_gen.forges.titles import GITEA_DRAFT, as_draft, is_draft, without_mark
from gitops_gen.forges.values import Comment, Draft, PullRequest
from gitops_gen.remote import Credentials
from gitops_gen.reports.markdown import Limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.forges.addresses import Address
    from gitops_gen.forges.values import Forge

TEAM = "team:"
"""How a team stands among the reviewers."""

_LIMIT = Limit(characters=65_535, bytes=65_535)
"""Neither states a limit, and both keep LONGTEXT; older ones keep TEXT, which MySQL ends at 65,535 bytes."""
_PAGE = 50
"""Entries of a page: the most that a server gives unless it is configured otherwise."""
_COLOUR = "#1d76db"

_Json: TypeAlias = "dict[str, _Json] | list[_Json] | str | int | bool | None"
_Map: TypeAlias = "dict[str, _Json]"


def connect(address: Address, *, timeout: float, longest_wait: float) -> Forge:
    """Returns a repository on Gitea or Forgejo. Nothing is asked yet."""
    credentials = Credentials("gitops-gen", address.token)
    faults = Faults(address.place, address.token_from, credentials.secrets)
    talk = session(longest_wait)
    talk.headers.update({"Authorization": f"token {address.token}", "User-Agent": "gitops-gen"})
    return Gitea(_Api(talk, f"{address.base}/api/v1", address.project, timeout, faults), credentials)


class Gitea:
    """A repository on Gitea or Forgejo; implements Forge."""

    limit = _LIMIT

    def __init__(self, api: _Api, credentials: Credentials) -> None:
        self.credentials = credentials
        self._api = api

    def open_pull_requests(self, branch: str) -> tuple[PullRequest, ...]:
        with self._api.asking("list the pull requests"):
            found = [each for each in self._api.all("pulls", state="open") if _is_from(each, branch)]
            return tuple(self._request(each) for each in found)

    def pull_request(self, number: int) -> PullRequest:
        with self._api.asking(f"read pull request {number}"):
            return self._request(self._api.one("GET", f"pulls/{number}"))

    def open(self, wanted: Draft) -> PullRequest:
        title = as_draft(wanted.title, GITEA_DRAFT) if wanted.draft else wanted.title
        sent: _Map = {"head": wanted.branch, "base": wanted.base, "title": title, "body": wanted.body}
        with self._api.asking("open the pull request"):
            return self._request(self._api.one("POST", "pulls", sent), is_new=True)

    def edit(self, request: PullRequest, title: str, body: str) -> None:
        marked = as_draft(title, GITEA_DRAFT) if request.draft else title
        self._change(request, f"edit pull request {request.number}", {"title": marked, "body": body})

    def set_draft(self, request: PullRequest, *, draft: bool) -> None:
        title = as_draft(request.title, GITEA_DRAFT) if draft else request.title
        what = f"make pull request {request.number} {'a draft' if draft else 'ready'}"
        self._change(request, what, {"title": title})

    def label(self, request: PullRequest, add: frozenset[str], remove: frozenset[str]) -> None:
        place = f"issues/{request.number}/labels"
        with self._api.asking(f"label pull request {request.number}"):
            known = {_text(each, "name"): _number(each, "id") for each in self._api.all("labels")}
            if add:
                numbers: list[_Json] = [known.get(name) or self._new_label(name) for name in sorted(add)]
                self._api.send("POST", place, {"labels": numbers})
            for name in sorted(remove & known.keys()):
                self._api.send("DELETE", f"{place}/{known[name]}", gone=True)

    def ask_review(self, request: PullRequest, reviewers: frozenset[str]) -> None:
        people: list[_Json] = [each for each in sorted(reviewers) if not each.startswith(TEAM)]
        teams: list[_Json] = [each.removeprefix(TEAM) for each in sorted(reviewers) if each.startswith(TEAM)]
        with self._api.asking(f"ask {', '.join(sorted(reviewers))} to review"):
            sent: _Map = {"reviewers": people, "team_reviewers": teams}
            self._api.send("POST", f"pulls/{request.number}/requested_reviewers", sent)

    def close(self, request: PullRequest) -> None:
        self._change(request, f"close pull request {request.number}", {"state": "closed"})

    def comments(self, number: int) -> tuple[Comment, ...]:
        with self._api.asking(f"read the comments on pull request {number}"):
            return tuple(
                Comment(id=_number(each, "id"), body=_text(each, "body"), author=_text(each, "user", "login"))
                for each in self._api.all(f"issues/{number}/comments")
            )

    def comment(self, number: int, body: str) -> None:
        with self._api.asking(f"comment on pull request {number}"):
            self._api.send("POST", f"issues/{number}/comments", {"body": body})

    def rewrite(self, number: int, comment: int, body: str) -> None:
        with self._api.asking(f"edit a comment on pull request {number}"):
            self._api.send("PATCH", f"issues/comments/{comment}", {"body": body})

    def remove(self, number: int, comment: int) -> None:
        with self._api.asking(f"delete a comment on pull request {number}"):
            self._api.send("DELETE", f"issues/comments/{comment}", gone=True)

    def _new_label(self, name: str) -> int:
        return _number(self._api.one("POST", "labels", {"name": name, "color": _COLOUR}), "id")

    def _change(self, request: PullRequest, what: str, changes: _Map) -> None:
        with self._api.asking(what):
            self._api.send("PATCH", f"pulls/{request.number}", changes)

    def _request(self, raw: _Map, *, is_new: bool = False) -> PullRequest:
        number, title = _number(raw, "number"), _text(raw, "title")
        asked = frozenset(_text(each, "login") for each in _maps(raw, "requested_reviewers"))
        teams = frozenset(f"{TEAM}{_text(each, 'name')}" for each in _maps(raw, "requested_reviewers_teams"))
        reviews = () if is_new else self._api.all(f"pulls/{number}/reviews")
        done = frozenset(name for each in reviews if (name := _text(each, "user", "login")))
        return PullRequest(
            number=number,
            url=_text(raw, "html_url"),
            branch=_text(raw, "head", "ref"),
            base=_text(raw, "base", "ref"),
            head=_text(raw, "head", "sha"),
            title=without_mark(title, GITEA_DRAFT),
            body=_text(raw, "body"),
            draft=is_draft(title, GITEA_DRAFT),
            labels=frozenset(_text(each, "name") for each in _maps(raw, "labels")),
            reviewers=asked | teams | done,
            author=_text(raw, "user", "login"),
        )


class _Api:
    """The API of one repository, by paths below it."""

    def __init__(self, talk: Session, base: str, project: str, timeout: float, faults: Faults) -> None:
        self._talk = talk
        self._base = f"{base}/repos/{project}"
        self._timeout = timeout
        self._faults = faults

    def all(self, path: str, **options: str) -> tuple[_Map, ...]:
        """Returns the entries of a list, of every page."""
        found: list[_Map] = []
        page = 1
        while True:
            answer = self._ask("GET", path, {**options, "limit": str(_PAGE), "page": str(page)}, None)
            entries = answer.json()
            found += [each for each in entries or () if isinstance(each, dict)]
            if not entries or "next" not in answer.links:
                return tuple(found)
            page += 1

    def one(self, method: str, path: str, sent: _Map | None = None) -> _Map:
        """Returns what the service answers."""
        answer = self._ask(method, path, {}, sent).json()
        if not isinstance(answer, dict):
            raise TypeError(f"got {type(answer).__name__}, expected an object")
        return answer

    def send(self, method: str, path: str, sent: _Map | None = None, *, gone: bool = False) -> None:
        """Writes; what is said of it does not matter. With `gone`, what is not there is as good as deleted."""
        self._ask(method, path, {}, sent, gone=gone)

    @contextmanager
    def asking(self, what: str) -> Iterator[None]:
        """Turns what goes wrong in the block into ForgeError; `what` says what the bot wanted."""
        try:
            yield
        except _RefusedError as error:
            raise self._faults.error(Answer(error.status, error.message, what)) from None
        except RequestException as error:
            raise self._faults.error(Answer(0, words_of(error), what)) from None
        except (KeyError, TypeError, ValueError) as error:
            raise self._faults.error(Answer(0, f"its answer makes no sense: {error!r}", what)) from error

    def _ask(
        self, method: str, path: str, options: dict[str, str], sent: _Map | None, *, gone: bool = False
    ) -> Response:
        url = f"{self._base}/{path}"
        answer = self._talk.request(
            method, url, params=options, json=sent, timeout=self._timeout, allow_redirects=False
        )
        if answer.status_code == HTTPStatus.NOT_FOUND and gone:
            return answer
        if not answer.ok or answer.is_redirect:
            raise _RefusedError(answer.status_code, _said(answer))
        return answer


class _RefusedError(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def _said(answer: Response) -> str:
    if answer.is_redirect:
        return f"it moved to {answer.headers.get('Location', '')}"
    try:
        told = answer.json()
    except ValueError:
        return answer.text
    return str(told.get("message", "")) if isinstance(told, dict) else ""


def _is_from(raw: _Map, branch: str) -> bool:
    head, base = cast("_Map", raw["head"]), cast("_Map", raw["base"])
    return head["ref"] == branch and head.get("repo_id") == base.get("repo_id")


def _maps(raw: _Map, key: str) -> tuple[_Map, ...]:
    found = raw.get(key)
    return tuple(each for each in found if isinstance(each, dict)) if isinstance(found, list) else ()


def _text(raw: _Map, *steps: str) -> str:
    value: _Json = raw
    for step in steps:
        value = value.get(step) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _number(raw: _Map, key: str) -> int:
    value = raw[key]
    if not isinstance(value, int):
        raise TypeError(f"got {key}: {value!r}, expected a number")
    return value
