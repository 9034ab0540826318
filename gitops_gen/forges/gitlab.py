"""GitLab, the public one and any other, by python-gitlab. What others call a pull request is a merge request here."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from gitlab import Gitlab
from gitlab.exceptions import GitlabError
from requests import RequestException

from gitops_gen.forges.faults import Answer, Faults, words_of
from gitops_gen.forges.patience import session
from gitops_gen.forges.titles import GITLAB_DRAFT, as_draft, is_draft, without_mark
from gitops_gen.forges.values import Comment, Draft, PullRequest
from gitops_gen.remote import Credentials
from gitops_gen.reports.markdown import Limit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitlab.v4.objects import Project, ProjectMergeRequest

    from gitops_gen.forges.addresses import Address
    from gitops_gen.forges.values import Forge

_LIMIT = Limit(characters=1_000_000, bytes=1_000_000)
"""About a million characters, or a megabyte (GitLab, "Application limits", size of comments and descriptions)."""
_JOB_TOKEN = "CI_JOB_TOKEN"  # noqa: S105 - the name of a variable


def connect(address: Address, *, timeout: float, longest_wait: float) -> Forge:
    """Returns a repository on GitLab. Nothing is asked yet."""
    is_job = address.token_from == _JOB_TOKEN
    client = Gitlab(
        address.base,
        **{"job_token" if is_job else "private_token": address.token},  # type: ignore[arg-type]
        timeout=timeout,
        session=session(longest_wait),
        per_page=100,
        user_agent="gitops-gen",
        keep_base_url=True,
    )
    # Its own waiting for a rate limit has no bound: the connection waits.
    client.http_request = partial(client.http_request, obey_rate_limit=False)  # type: ignore[method-assign]
    credentials = Credentials("gitlab-ci-token" if is_job else "oauth2", address.token)
    faults = Faults(address.place, address.token_from, credentials.secrets)
    return GitLab(client, client.projects.get(address.project, lazy=True), credentials, faults)


class GitLab:
    """A repository on GitLab; implements Forge."""

    limit = _LIMIT

    def __init__(self, client: Gitlab, project: Project, credentials: Credentials, faults: Faults) -> None:
        self.credentials = credentials
        self._client = client
        self._project = project
        self._faults = faults

    def open_pull_requests(self, branch: str) -> tuple[PullRequest, ...]:
        with self._asking("list the merge requests"):
            found = self._project.mergerequests.list(state="opened", source_branch=branch, get_all=True)
            return tuple(_request(each) for each in found if _is_here(each))

    def pull_request(self, number: int) -> PullRequest:
        with self._asking(f"read merge request {number}"):
            return _request(self._project.mergerequests.get(number))

    def open(self, wanted: Draft) -> PullRequest:
        title = as_draft(wanted.title, GITLAB_DRAFT) if wanted.draft else wanted.title
        with self._asking("open the merge request"):
            raw = self._project.mergerequests.create(
                {
                    "source_branch": wanted.branch,
                    "target_branch": wanted.base,
                    "title": title,
                    "description": wanted.body,
                }
            )
            return _request(raw)

    def edit(self, request: PullRequest, title: str, body: str) -> None:
        marked = as_draft(title, GITLAB_DRAFT) if request.draft else title
        self._change(request, f"edit merge request {request.number}", title=marked, description=body)

    def set_draft(self, request: PullRequest, *, draft: bool) -> None:
        # There is no other way than the title (GitLab, "Draft merge requests").
        title = as_draft(request.title, GITLAB_DRAFT) if draft else request.title
        self._change(request, f"make merge request {request.number} {'a draft' if draft else 'ready'}", title=title)

    def label(self, request: PullRequest, add: frozenset[str], remove: frozenset[str]) -> None:
        changes = {"add_labels": ",".join(sorted(add)), "remove_labels": ",".join(sorted(remove))}
        stated = {name: value for name, value in changes.items() if value}
        self._change(request, f"label merge request {request.number}", **stated)

    def ask_review(self, request: PullRequest, reviewers: frozenset[str]) -> None:
        what = f"ask {', '.join(sorted(reviewers))} to review"
        with self._asking(what):
            raw = self._project.mergerequests.get(request.number)
            known = [each["id"] for each in raw.attributes.get("reviewers") or ()]
        self._change(request, what, reviewer_ids=[*known, *(self._user(each, what) for each in sorted(reviewers))])

    def close(self, request: PullRequest) -> None:
        self._change(request, f"close merge request {request.number}", state_event="close")

    def comments(self, number: int) -> tuple[Comment, ...]:
        with self._asking(f"read the comments on merge request {number}"):
            notes = self._notes(number).list(sort="asc", order_by="created_at", get_all=True)
            return tuple(
                Comment(id=each.id, body=each.body, author=_login(each.attributes))
                for each in notes
                if not each.attributes.get("system")
            )

    def comment(self, number: int, body: str) -> None:
        with self._asking(f"comment on merge request {number}"):
            self._notes(number).create({"body": body})

    def rewrite(self, number: int, comment: int, body: str) -> None:
        with self._asking(f"edit a comment on merge request {number}"):
            self._notes(number).update(comment, {"body": body})

    def remove(self, number: int, comment: int) -> None:
        with self._asking(f"delete a comment on merge request {number}"):
            self._notes(number).delete(comment)

    def _notes(self, number: int) -> Any:  # python-gitlab makes its managers at run time
        return self._project.mergerequests.get(number, lazy=True).notes

    def _user(self, name: str, what: str) -> int:
        with self._asking(what):
            found = [each for each in self._client.users.list(username=name, get_all=True) if each.username == name]
        if not found:
            raise self._faults.error(Answer(404, f"there is no user {name}", what))
        return int(found[0].id)

    def _change(self, request: PullRequest, what: str, **changes: object) -> None:
        with self._asking(what):
            self._project.mergerequests.update(request.number, changes)

    @contextmanager
    def _asking(self, what: str) -> Iterator[None]:
        try:
            yield
        except GitlabError as error:
            raise self._faults.error(Answer(error.response_code or 0, _said(error), what)) from None
        except RequestException as error:
            raise self._faults.error(Answer(0, words_of(error), what)) from None
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise self._faults.error(Answer(0, f"its answer makes no sense: {error!r}", what)) from error


def _is_here(raw: ProjectMergeRequest) -> bool:
    """Tells whether the branch is in this project, and not in a fork."""
    return bool(raw.attributes.get("source_project_id") == raw.attributes.get("target_project_id"))


def _login(facts: Mapping[str, Any]) -> str:
    """Returns who wrote it; empty where the account is gone."""
    return str((facts.get("author") or {}).get("username", ""))


def _request(raw: ProjectMergeRequest) -> PullRequest:
    facts = raw.attributes
    return PullRequest(
        number=raw.iid,
        url=raw.web_url,
        branch=raw.source_branch,
        base=raw.target_branch,
        head=facts.get("sha") or "",
        title=without_mark(raw.title, GITLAB_DRAFT),
        body=raw.description or "",
        draft=facts.get("draft", is_draft(raw.title, GITLAB_DRAFT)),
        labels=frozenset(raw.labels),
        reviewers=frozenset(each["username"] for each in facts.get("reviewers") or ()),
        author=_login(facts),
    )


def _said(error: GitlabError) -> str:
    said: object = error.error_message
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
