"""What can be wrong, and where: locations, problems and the error family that carries them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from gitops_gen.data_classes import frozen
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


class Severity(StrEnum):
    """How much a problem weighs: an error makes the answer no, a warning does not, a note is what cannot be said."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@frozen
class Route:
    """A path into a YAML document: the file (POSIX, relative to the root) and the keys and indexes that lead there."""

    path: str
    steps: tuple[str | int, ...] = ()

    def __truediv__(self, step: str | int) -> Route:
        return Route(self.path, (*self.steps, step))


class Location(NamedTuple):
    """A place in a file. Lines and columns count from 1; 0 means that it is not known."""

    path: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        if not self.line:
            return self.path
        return f"{self.path}:{self.line}:{self.column}" if self.column else f"{self.path}:{self.line}"


class Related(NamedTuple):
    """Another place that a problem speaks of, and what is there."""

    at: Location
    message: str


class Problem(NamedTuple):
    """One thing that is wrong: a stable kebab-case code, what was found, where, and the next step."""

    code: str
    message: str
    at: Location
    hint: str = ""
    severity: Severity = Severity.ERROR
    related: tuple[Related, ...] = ()
    cause: str = ""
    """What problems of one cause have in common, as one mistake that breaks many clusters; empty: it stands alone."""
    cluster: str = ""
    """The cluster that it is about, if it is about one."""


class GitopsGenError(Exception):
    """What the command line reports without a traceback. A subclass is named by what the user must touch."""

    exit_code: ClassVar[int] = 1

    def __init__(self, *problems: Problem) -> None:
        self.problems: tuple[Problem, ...] = problems
        super().__init__("; ".join(f"{problem.at}: {problem.code}: {problem.message}" for problem in problems))

    def __reduce__(self) -> tuple[type[GitopsGenError], tuple[Problem, ...]]:
        # As it comes back from another process: made of its problems, not of its text.
        return type(self), self.problems


class ModelError(GitopsGenError):
    """The files under environments/ are not a fleet."""


class TemplateError(GitopsGenError):
    """A template, or the list of artifacts, cannot be used."""


class OutputError(GitopsGenError):
    """The files under output/ cannot be read, written or overwritten."""


class GitError(GitopsGenError):
    """Git, or the repository behind a remote, refuses. `may_pass` tells that the same command may well succeed."""

    exit_code: ClassVar[int] = 4

    def __init__(self, *problems: Problem, may_pass: bool = False) -> None:
        super().__init__(*problems)
        self.may_pass = may_pass


STANDS_ALREADY = "it stands here already"
"""What is at the other place of a name that may stand once."""

NAMED = 3
"""How many of those that a problem hits are named before the others are counted."""


def some_of(names: Sequence[str]) -> str:
    """Returns the first names, and how many more there are."""
    named, more = ", ".join(names[:NAMED]), len(names) - NAMED
    return f"{named} and {more} more" if more > 0 else named


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Returns the problems as a person reads them: by file, line and column, each once."""
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: (problem.at, problem.code, problem.message)))
