"""What a hosting service answers when it refuses: told with the next step, and whether the same may pass later."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import ClassVar

from gitops_gen.problems import GitopsGenError, Location, Problem
from gitops_gen.remote import scrubbed

_LONGEST = 300
"""Characters of a service's own words that are shown."""
_WRAPPED = 10
"""How many errors may stand inside each other."""
_CONNECTION = re.compile(r"^<?\w+(?:\.\w+)*(?:\(.*?\)| object at \w+)>?: ")
"""What urllib3 says first: the connection, or the pool of them."""


class ForgeError(GitopsGenError):
    """A hosting service refuses, or cannot be reached. `may_pass`: the same command may well succeed."""

    exit_code: ClassVar[int] = 4

    def __init__(self, *problems: Problem, may_pass: bool = False) -> None:
        super().__init__(*problems)
        self.may_pass = may_pass


class DraftRefused(ForgeError):  # noqa: N818 - the event is its name; it is caught, and rarely told
    """The service has no drafts for this repository: on GitHub, a private one in a plan without them."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A refusal as the service gave it. A status of 0 stands for none: the connection failed."""

    status: int
    message: str
    asked: str
    """What the bot wanted, in words: `open the pull request`."""


class Faults:
    """Turns refusals of one service into errors. Knows what must not be shown."""

    def __init__(self, place: str, token_from: str, secrets: tuple[str, ...]) -> None:
        self._place = place
        self._token_from = token_from
        self._secrets = secrets

    def error(self, answer: Answer) -> ForgeError:
        """Returns the error of a refusal."""
        said = " ".join(scrubbed(answer.message, self._secrets).split())[:_LONGEST]
        status = f"answered {answer.status}" if answer.status else "did not answer"
        message = f"could not {answer.asked}: the service {status}{f' ({said})' if said else ''}"
        hint = self._hint(answer.status, said.lower())
        problem = Problem("forge-refused", message, Location(self._place), hint)
        if "draft" in said.lower() and "not supported" in said.lower():
            return DraftRefused(problem)
        return ForgeError(problem, may_pass=_may_pass(answer.status))

    def _hint(self, status: int, said: str) -> str:
        token = self._token_from
        match status:
            case 0:
                return "see whether the service can be reached; then run the command again: it takes up where it was"
            case HTTPStatus.UNAUTHORIZED:
                return f"the token in {token} is not accepted: put a valid one there"
            case HTTPStatus.TOO_MANY_REQUESTS:
                return "the service limits how often it is asked: run the command again later"
            case HTTPStatus.FORBIDDEN if "rate limit" in said:
                return "the service limits how often it is asked: run the command again later"
            case HTTPStatus.FORBIDDEN:
                return f"the token in {token} may not do this: give it write access to contents and pull requests"
            case HTTPStatus.NOT_FOUND:
                return f"see whether the repository is {self._place}, and whether the token in {token} may see it"
            case HTTPStatus.CONFLICT:
                return "somebody changed it meanwhile: run the command again"
            case HTTPStatus.UNPROCESSABLE_ENTITY | HTTPStatus.BAD_REQUEST:
                return "the service does not accept what was sent: its words above say what; then run the command again"
            case _:
                return "the service is in trouble: run the command again later; it takes up where it was"


def words_of(error: Exception) -> str:
    """Returns why a connection failed, without what the libraries wrap it in: pools, retries, the path that was asked.

    Source: requests, adapters.py, and urllib3, exceptions.py: each error holds the one that it stands for.
    """
    inner: BaseException = error
    for _ in range(_WRAPPED):
        held = getattr(inner, "reason", None) or (inner.args[0] if inner.args else None)
        if not isinstance(held, BaseException):
            break
        inner = held
    return _CONNECTION.sub("", str(inner))


def _may_pass(status: int) -> bool:
    """Tells whether asking again, after looking at the state once more, makes sense.

    A 409 and a 422 are how services say that another run was faster; 0 and 5xx leave open whether it was done.
    """
    clash = status in (HTTPStatus.CONFLICT, HTTPStatus.UNPROCESSABLE_ENTITY)
    return status == 0 or clash or status >= HTTPStatus.INTERNAL_SERVER_ERROR
