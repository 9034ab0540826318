"""What the service keeps, whatever its API is: a bare repository, pull requests, comments."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


class RefusedError(Exception):
    """The service says no."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


@dataclass
class Pull:
    """A pull request."""

    number: int
    branch: str
    base: str
    title: str
    body: str
    draft: bool = False
    state: str = "open"
    labels: set[str] = field(default_factory=set)
    reviewers: list[str] = field(default_factory=list)
    reviewed: list[str] = field(default_factory=list)
    author: str = "bot"
    from_fork: bool = False
    head: str = ""
    """The commit of a fork's branch, or the last one that was seen."""


@dataclass
class Note:
    """A comment."""

    id: int
    number: int
    body: str
    author: str


class Store:
    """The state. The rules are those that all three services have in common."""

    def __init__(self, repository: Path) -> None:
        self.repository = repository
        self.pulls: dict[int, Pull] = {}
        self.notes: dict[int, Note] = {}
        self.labels: dict[str, int] = {}
        self.users = ["alice", "bob", "bot", "carol"]
        self.has_drafts = True
        self.most_reviewers = 100
        """GitLab without a licence takes one."""
        self._next = 1

    def tip(self, branch: str) -> str | None:
        """Returns the commit of a branch."""
        done = subprocess.run(
            ["git", "rev-parse", "--verify", "--quiet", f"refs/heads/{branch}"],
            cwd=self.repository,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip() or None

    def pull(self, number: int) -> Pull:
        """Returns a pull request."""
        if number not in self.pulls:
            raise RefusedError(404, "Not Found")
        return self.pulls[number]

    def opened(self) -> list[Pull]:
        """Returns the open pull requests. One whose branch is gone, or is at its base, is closed by now."""
        for each in self.pulls.values():
            tip = self.tip(each.branch)
            if each.state == "open" and not each.from_fork and (tip is None or tip == self.tip(each.base)):
                each.state = "closed by the service"
        return [each for each in self.pulls.values() if each.state == "open"]

    def head_of(self, pull: Pull) -> str:
        """Returns the last commit of a pull request."""
        if not pull.from_fork:
            pull.head = self.tip(pull.branch) or pull.head
        return pull.head or "0" * 40

    def open(self, branch: str, base: str, title: str, body: str, *, draft: bool = False, author: str = "bot") -> Pull:
        """Opens a pull request."""
        if self.tip(branch) is None or self.tip(base) is None:
            raise RefusedError(422, "Validation Failed: head is invalid")
        if self.tip(branch) == self.tip(base):
            raise RefusedError(422, f"No commits between {base} and {branch}")
        if any(each.branch == branch and each.base == base and not each.from_fork for each in self.opened()):
            raise RefusedError(422, f"A pull request already exists for {branch}.")
        if draft and not self.has_drafts:
            raise RefusedError(422, "Draft pull requests are not supported in this repository.")
        made = Pull(self._number(), branch, base, title, body, draft, author=author)
        self.pulls[made.number] = made
        return made

    def ask(self, pull: Pull, names: list[str]) -> None:
        """Asks for reviews."""
        for name in names:
            if name not in self.users or name == pull.author:
                raise RefusedError(422, f"Reviews may only be requested from collaborators, not from {name}")
        pull.reviewers = list(dict.fromkeys([*pull.reviewers, *names]))[: self.most_reviewers]

    def say(self, number: int, body: str, author: str = "bot") -> Note:
        """Adds a comment."""
        self.pull(number)
        note = Note(self._number(), number, body, author)
        self.notes[note.id] = note
        return note

    def note(self, number: int) -> Note:
        """Returns a comment."""
        if number not in self.notes:
            raise RefusedError(404, "Not Found")
        return self.notes[number]

    def label(self, pull: Pull, names: list[str]) -> None:
        """Adds labels."""
        for name in names:
            self.labels.setdefault(name, len(self.labels) + 1)
        pull.labels |= set(names)

    def _number(self) -> int:
        self._next += 1
        return self._next - 1
