"""What the bot knows of a hosting service: pull requests, comments, limits, and what a service can do for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from gitops_gen.remote import Credentials
    from gitops_gen.reports.markdown import Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class PullRequest:
    """An open pull request, which GitLab calls a merge request."""

    number: int
    url: str
    """The page that a person reads."""
    branch: str
    """Where its commits come from, in the same repository."""
    base: str
    """The branch into which it goes."""
    head: str
    """Its last commit, as the service knows it."""
    title: str
    """Without the prefix by which some services mark a draft."""
    body: str
    draft: bool
    labels: frozenset[str]
    reviewers: frozenset[str]
    """Who was asked, and who has reviewed."""
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A pull request as it is to be opened."""

    branch: str
    base: str
    title: str
    body: str
    draft: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment on a pull request."""

    id: int
    body: str
    author: str


class Forge(Protocol):
    """A repository on a hosting service. Every method raises ForgeError."""

    limit: Limit
    """How long a body and a comment may be."""
    credentials: Credentials
    """What signs git in for the same repository."""

    def open_pull_requests(self, branch: str) -> tuple[PullRequest, ...]:
        """Returns the open pull requests from a branch of this repository, forks left out."""

    def pull_request(self, number: int) -> PullRequest:
        """Returns a pull request, open or not, from here or from a fork."""

    def open(self, wanted: Draft) -> PullRequest:
        """Opens a pull request. Raises DraftRefused where there are no drafts."""

    def edit(self, request: PullRequest, title: str, body: str) -> None:
        """Gives a pull request another title and body."""

    def set_draft(self, request: PullRequest, *, draft: bool) -> None:
        """Makes a pull request a draft, or ready. Raises DraftRefused where there are no drafts."""

    def label(self, request: PullRequest, add: frozenset[str], remove: frozenset[str]) -> None:
        """Adds and removes labels; one that the repository does not have is made."""

    def ask_review(self, request: PullRequest, reviewers: frozenset[str]) -> None:
        """Asks for reviews; `team:<name>` is a team, where the service has them."""

    def close(self, request: PullRequest) -> None:
        """Closes a pull request without merging it."""

    def comments(self, number: int) -> tuple[Comment, ...]:
        """Returns the comments on a pull request, the oldest first."""

    def comment(self, number: int, body: str) -> None:
        """Adds a comment."""

    def rewrite(self, number: int, comment: int, body: str) -> None:
        """Replaces the text of a comment."""

    def remove(self, number: int, comment: int) -> None:
        """Deletes a comment."""
