"""GitHub, and GitHub Enterprise Server, by PyGithub."""

from __future__ import annotations

from contextlib import contextmanager
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from github import Auth, Github
from github.GithubException import BadAttributeException, GithubException
from requests import RequestException

from gitops_gen.forges.faults import Answer, Faults, words_of
from gitops_gen.forges.patience import Patience
from gitops_gen.forges.values import Comment, Draft, PullRequest
from gitops_gen.remote import Credentials
from gitops_gen.reports.markdown import Limit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from github.Issue import Issue
    from github.PullRequest import PullRequest as Raw
    from github.Repository import Repository

    from gitops_gen.forges.addresses import Address
    from gitops_gen.forges.values import Forge

TEAM = "team:"
"""How a team stands among the reviewers."""

_LIMIT = Limit(characters=65_536, bytes=262_144)
"""GitHub refuses a longer body or comment, "body is too long"; each character is kept in up to four bytes."""


def connect(address: Address, *, timeout: float, longest_wait: float) -> Forge:
    """Returns a repository on GitHub. Nothing is asked yet."""
    client = Github(
        auth=Auth.Token(address.token),
        base_url=address.api or _api(address.base),
        timeout=max(1, round(timeout)),
        retry=Patience.of(longest_wait),
        per_page=100,
        seconds_between_requests=None,
        seconds_between_writes=None,
        user_agent="gitops-gen",
        lazy=True,
    )
    credentials = Credentials("x-access-token", address.token)
    faults = Faults(address.place, address.token_from, credentials.secrets)
    return GitHub(client.get_repo(address.project), address.project, credentials, faults)


def _api(base: str) -> str:
    """Returns the address of the API: of github.com, of GitHub Enterprise Cloud with its own host, or of a server."""
    host = urlsplit(base).netloc
    is_cloud = host == "github.com" or host.endswith(".ghe.com")
    return f"https://api.{host}" if is_cloud else f"{base}/api/v3"


class GitHub:
    """A repository on GitHub; implements Forge."""

    limit = _LIMIT

    def __init__(self, repository: Repository, project: str, credentials: Credentials, faults: Faults) -> None:
        self.credentials = credentials
        self._repository = repository
        self._project = project
        self._faults = faults
        self._raw: dict[int, Raw] = {}

    def open_pull_requests(self, branch: str) -> tuple[PullRequest, ...]:
        with self._asking("list the pull requests"):
            owner = self._project.partition("/")[0]
            found = [
                each for each in self._repository.get_pulls("open", head=f"{owner}:{branch}") if self._is_here(each)
            ]
            return tuple(self._request(each) for each in found if each.head.ref == branch)

    def pull_request(self, number: int) -> PullRequest:
        with self._asking(f"read pull request {number}"):
            return self._request(self._repository.get_pull(number))

    def open(self, wanted: Draft) -> PullRequest:
        with self._asking("open the pull request"):
            raw = self._repository.create_pull(
                base=wanted.base, head=wanted.branch, title=wanted.title, body=wanted.body, draft=wanted.draft
            )
            return self._request(raw, is_new=True)

    def edit(self, request: PullRequest, title: str, body: str) -> None:
        with self._asking(f"edit pull request {request.number}"):
            self._repository.get_pull(request.number).edit(title=title, body=body)

    def set_draft(self, request: PullRequest, *, draft: bool) -> None:
        with self._asking(f"make pull request {request.number} {'a draft' if draft else 'ready'}"):
            raw = self._raw[request.number]
            # Only GraphQL can (GitHub, "Mutations": convertPullRequestToDraft, markPullRequestReadyForReview).
            (raw.convert_to_draft if draft else raw.mark_ready_for_review)()

    def label(self, request: PullRequest, add: frozenset[str], remove: frozenset[str]) -> None:
        with self._asking(f"label pull request {request.number}"):
            if add:
                # PyGithub sends a bare list, which GitHub's description of its API no longer has.
                place = f"/repos/{self._project}/issues/{request.number}/labels"
                self._repository.requester.requestJsonAndCheck("POST", place, input={"labels": sorted(add)})
            for name in sorted(remove):
                _unless_gone(self._repository.get_issue(request.number), name)

    def ask_review(self, request: PullRequest, reviewers: frozenset[str]) -> None:
        people = sorted(each for each in reviewers if not each.startswith(TEAM))
        teams = sorted(each.removeprefix(TEAM) for each in reviewers if each.startswith(TEAM))
        with self._asking(f"ask {', '.join(sorted(reviewers))} to review"):
            self._repository.get_pull(request.number).create_review_request(reviewers=people, team_reviewers=teams)

    def close(self, request: PullRequest) -> None:
        with self._asking(f"close pull request {request.number}"):
            self._repository.get_pull(request.number).edit(state="closed")

    def comments(self, number: int) -> tuple[Comment, ...]:
        with self._asking(f"read the comments on pull request {number}"):
            found = self._repository.get_issue(number).get_comments()
            return tuple(
                Comment(id=each.id, body=each.body or "", author=each.user.login if each.user else "") for each in found
            )

    def comment(self, number: int, body: str) -> None:
        with self._asking(f"comment on pull request {number}"):
            self._repository.get_issue(number).create_comment(body)

    def rewrite(self, number: int, comment: int, body: str) -> None:
        with self._asking(f"edit a comment on pull request {number}"):
            self._repository.get_issue(number).get_comment(comment).edit(body)

    def remove(self, number: int, comment: int) -> None:
        with self._asking(f"delete a comment on pull request {number}"):
            self._repository.get_issue(number).get_comment(comment).delete()

    def _is_here(self, raw: Raw) -> bool:
        """Tells whether the branch is in this repository, and not in a fork of the same owner."""
        return raw.head.repo is None or raw.head.repo.full_name.lower() == self._project.lower()

    def _reviewers(self, raw: Raw) -> frozenset[str]:
        """Returns who was asked and who has reviewed: who has, is no longer among those who are asked."""
        asked = {user.login for user in raw.requested_reviewers}
        teams = {f"{TEAM}{team.slug}" for team in raw.requested_teams}
        reviews = self._repository.get_pull(raw.number).get_reviews()
        return frozenset(asked | teams | {review.user.login for review in reviews if review.user})

    def _request(self, raw: Raw, *, is_new: bool = False) -> PullRequest:
        self._raw[raw.number] = raw
        return PullRequest(
            number=raw.number,
            url=raw.html_url,
            branch=raw.head.ref,
            base=raw.base.ref,
            head=raw.head.sha,
            title=raw.title,
            body=raw.body or "",
            draft=bool(raw.draft),
            labels=frozenset(label.name for label in raw.labels),
            reviewers=frozenset() if is_new else self._reviewers(raw),
            author=raw.user.login if raw.user else "",
        )

    @contextmanager
    def _asking(self, what: str) -> Iterator[None]:
        try:
            yield
        except GithubException as error:
            raise self._faults.error(Answer(error.status or 0, _said(error), what)) from None
        except RequestException as error:
            raise self._faults.error(Answer(0, words_of(error), what)) from None
        except (BadAttributeException, AssertionError, AttributeError, KeyError, TypeError, ValueError) as error:
            raise self._faults.error(Answer(0, f"its answer makes no sense: {error!r}", what)) from error


def _unless_gone(issue: Issue, label: str) -> None:
    try:
        issue.remove_from_labels(label)
    except GithubException as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise


def _said(error: GithubException) -> str:
    data = error.data
    if not isinstance(data, dict):
        return str(data or error.message or "")
    details = [each.get("message") or each.get("code") for each in data.get("errors") or () if isinstance(each, dict)]
    return "; ".join(str(each) for each in (data.get("message"), *details) if each)
