"""How often a request is tried again: as a rate limit says within a bound, reads after a fault, writes never."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from gitops_gen.forges import connect
from gitops_gen.forges.addresses import Address, Service
from gitops_gen.forges.faults import ForgeError
from tests.tools.hosting import Fault, Hosting, Pull, hosting
from tests.tools.hosting.server import PROJECT, TOKEN
from tests.tools.repository import git

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gitops_gen.forges.values import Forge

SERVICES = ("github", "gitlab", "gitea")


@pytest.fixture(params=SERVICES)
def hosted(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hosting]:
    git(tmp_path, "init", "--quiet", "--bare")
    with hosting(request.param, tmp_path) as found:
        yield found


@pytest.fixture
def one_service(tmp_path: Path) -> Iterator[Hosting]:
    """One of them, for what is the same code for all."""
    git(tmp_path, "init", "--quiet", "--bare")
    with hosting("gitea", tmp_path) as found:
        yield found


def forge(hosted: Hosting, *, longest_wait: float = 5) -> Forge:
    address = Address(Service(hosted.service), hosted.url, PROJECT, TOKEN, "SOME_TOKEN")
    return connect(address, timeout=1, longest_wait=longest_wait)


def test_rate_limit_is_waited_for_as_it_says(hosted: Hosting) -> None:
    hosted.faults.append(Fault("status", 403, headers={"Retry-After": "1"}, message="API rate limit exceeded"))
    started = time.monotonic()
    assert forge(hosted).open_pull_requests("x") == ()
    assert 1 <= time.monotonic() - started < 4


def test_reset_of_a_used_up_limit_is_waited_for(one_service: Hosting) -> None:
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()))}
    one_service.faults.append(Fault("status", 403, headers=headers, message="API rate limit exceeded"))
    assert forge(one_service).open_pull_requests("x") == ()


@pytest.mark.parametrize(
    "headers",
    [{"Retry-After": "3600"}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(time.time()) + 3600)}],
)
def test_longer_wait_than_the_bound_is_an_error_at_once(one_service: Hosting, headers: dict[str, str]) -> None:
    one_service.faults.append(Fault("status", 403, times=-1, headers=headers, message="API rate limit exceeded"))
    started = time.monotonic()
    with pytest.raises(ForgeError) as caught:
        forge(one_service).open_pull_requests("x")
    assert time.monotonic() - started < 1
    assert "answered 403 (API rate limit exceeded)" in caught.value.problems[0].message
    assert caught.value.problems[0].hint == ("the service limits how often it is asked: run the command again later")


def test_write_that_is_limited_is_sent_again(one_service: Hosting) -> None:
    one_service.store.pulls[1] = _pull()
    one_service.faults.append(Fault("status", 429, writes=True, headers={"Retry-After": "0"}))
    forge(one_service).comment(1, "hello")
    assert [note.body for note in one_service.store.notes.values()] == ["hello"]


def test_read_is_tried_again_after_trouble(hosted: Hosting) -> None:
    hosted.faults += [Fault("status", 500), Fault("status", 503)]
    assert forge(hosted).open_pull_requests("x") == ()


def test_trouble_that_lasts_is_an_error_after_four_tries(one_service: Hosting) -> None:
    one_service.faults.append(Fault("status", 503, times=-1, message="down"))
    with pytest.raises(ForgeError) as caught:
        forge(one_service).open_pull_requests("x")
    assert len(one_service.asked) == 4
    assert caught.value.may_pass


@pytest.mark.parametrize("kind", ["status", "lost"])
def test_write_is_never_repeated(hosted: Hosting, kind: str) -> None:
    hosted.store.pulls[1] = _pull()
    hosted.faults.append(Fault(kind, 500, writes=True))
    with pytest.raises(ForgeError) as caught:
        forge(hosted).comment(1, "hello")
    assert len([each for each in hosted.asked if each.method == "POST"]) == 1
    assert caught.value.may_pass


def test_answer_that_is_none_is_told(hosted: Hosting) -> None:
    hosted.faults.append(Fault("html", times=-1))
    with pytest.raises(ForgeError) as caught:
        forge(hosted).open_pull_requests("x")
    assert caught.value.problems[0].code == "forge-refused"


def test_no_answer_is_told_in_time(one_service: Hosting) -> None:
    one_service.store.pulls[1] = _pull()
    one_service.faults.append(Fault("hang", writes=True))
    started = time.monotonic()
    with pytest.raises(ForgeError) as caught:
        forge(one_service).comment(1, "hello")
    assert time.monotonic() - started < 3
    assert "the service did not answer" in caught.value.problems[0].message


@pytest.mark.parametrize(
    ("status", "hint"),
    [
        (401, "the token in SOME_TOKEN is not accepted: put a valid one there"),
        (403, "the token in SOME_TOKEN may not do this: give it write access to contents and pull requests"),
        (409, "somebody changed it meanwhile: run the command again"),
        (422, "the service does not accept what was sent: its words above say what; then run the command again"),
    ],
)
def test_refusal_says_the_next_step(hosted: Hosting, status: int, hint: str) -> None:
    hosted.store.pulls[1] = _pull()
    hosted.faults.append(Fault("status", status, writes=True, message=f"no, {TOKEN} is wrong"))
    with pytest.raises(ForgeError) as caught:
        forge(hosted).comment(1, "hello")
    (problem,) = caught.value.problems
    assert problem.hint == hint
    assert problem.message.endswith(f"request 1: the service answered {status} (no, *** is wrong)")
    assert TOKEN not in str(caught.value)


def _pull() -> Pull:
    return Pull(1, "branch", "main", "title", "body", from_fork=True)
