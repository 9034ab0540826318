"""What the bot wants, what is there, and what it can do, as plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from gitops_gen.forges.values import PullRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What a person reads of the pull request."""

    title: str
    body: str
    """Without the marker."""
    labels: frozenset[str]
    """All of the bot's labels that it is to have."""
    reviewers: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """What is wanted. Without a commit nothing differs from the base, and nothing is to be proposed."""

    branch: str
    base: str
    """The branch into which it goes."""
    commit: str | None
    tree: str
    text: Text
    draft: bool
    """True while verify finds errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """The bot's branch as it is on the remote."""

    commit: str
    tree: str
    is_ours: bool
    """True where its last commit is one that the bot made, untouched since."""
    is_on_base: bool
    """True where that commit stands on a commit of the base."""
    is_merged: bool
    """True where the base has all of its commits."""

    @property
    def is_expendable(self) -> bool:
        """True where no commit of a person would be lost with it."""
        return self.is_ours or self.is_merged


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is there."""

    branch: Branch | None
    request: PullRequest | None
    """The open pull request from the branch into the base."""
    is_shared: bool = False
    """True where the branch has an open pull request into another base as well."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The branch has commits of a person: nothing is done."""

    branch: str
    commit: str


@dataclass(frozen=True, slots=True)
class Push:
    """The branch is set to a commit, if it still is where it was seen (None: nowhere)."""

    branch: str
    commit: str
    seen: str | None


@dataclass(frozen=True, slots=True)
class Open:
    """A pull request is opened, labelled, and its reviewers are asked."""

    branch: str
    base: str
    title: str
    body: str = field(repr=False)
    draft: bool
    labels: frozenset[str]
    reviewers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Edit:
    """Title and body are replaced."""

    request: PullRequest = field(repr=False)
    title: str
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SetDraft:
    """The pull request becomes a draft, or ready."""

    request: PullRequest = field(repr=False)
    draft: bool


@dataclass(frozen=True, slots=True)
class Label:
    """Labels are added and removed: only the bot's own."""

    request: PullRequest = field(repr=False)
    add: frozenset[str]
    remove: frozenset[str]


@dataclass(frozen=True, slots=True)
class AskReview:
    """Reviewers are asked."""

    request: PullRequest = field(repr=False)
    reviewers: frozenset[str]


@dataclass(frozen=True, slots=True)
class Close:
    """The pull request is closed without a merge."""

    request: PullRequest = field(repr=False)


@dataclass(frozen=True, slots=True)
class Delete:
    """The branch is deleted, if it still is where it was seen."""

    branch: str
    seen: str


@dataclass(frozen=True, slots=True)
class Say:
    """A comment is added to a pull request."""

    number: int
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Rewrite:
    """The text of a comment is replaced."""

    number: int
    comment: int
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Remove:
    """A comment is deleted."""

    number: int
    comment: int


Action: TypeAlias = Stop | Push | Open | Edit | SetDraft | Label | AskReview | Close | Delete | Say | Rewrite | Remove
"""One thing that the bot does."""
