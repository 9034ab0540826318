"""Work on several cores: the process forks, each worker takes a part, and only what it found comes back.

What the workers need is not sent to them: they have it, as it was when they were made.
"""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, TypeAlias, TypeVar, cast

from gitops_gen.background import Background
from gitops_gen.go_programs import LeftBehindError, leave_go_behind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

T = TypeVar("T")
Item = TypeVar("Item")
_Answer: TypeAlias = "tuple[BaseException | None, T | None]"
"""What a worker sends: what it raised, or what it found."""

WORTH_MAKING = 20_000
"""Files to be made for which a second process pays: below, it is not there long enough for the memory it takes."""


class WorkerError(Exception):
    """A worker came to an end that nobody foresaw. The text is its traceback."""


def default_jobs(files: int, worth_it: int = WORTH_MAKING) -> int:
    """Returns how many processes take some files, where nobody says it: one for fewer files than are worth it."""
    if files < worth_it or not hasattr(os, "fork"):
        return 1
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def parts_of(items: Sequence[Item], number: int) -> tuple[Sequence[Item], ...]:
    """Returns the items in so many parts of about one size, in order: neighbours have much in common."""
    size = -(-len(items) // number) or 1
    return tuple(items[start : start + size] for start in range(0, len(items), size))


def in_parallel(parts: Sequence[Item], work: Callable[[Item], T]) -> tuple[T, ...]:
    """Returns what becomes of each part. The last one is done by this process, and any that needs what a worker lacks.

    What a worker raises is raised here, of several errors that of the first part. What it returns must be picklable.
    The part of a worker that cannot be made is done by this process. One that is killed is an error: nobody knows what
    it has left behind.
    """
    workers = [Background(partial(_outcome, part, work)) for part in parts[:-1]]
    try:
        own = [work(part) for part in parts[-1:]]
    finally:
        answers = [_answer(worker) for worker in workers]
    found: list[T] = []
    for part, worker, answer in zip(parts[:-1], workers, answers, strict=True):
        if answer is None and worker.is_made:
            raise WorkerError("a worker was killed")
        found.append(_result(answer, partial(work, part)))
    return (*found, *own)


def from_both_ends(items: Sequence[Item], work: Callable[[Iterable[Item]], T]) -> tuple[T, ...]:
    """Returns what becomes of some items, a thousand at most: another process takes them from the start, this one from
    the end.

    Each takes the next one when it comes to it, until they meet, so that both are at it for about as long. If the other
    one is killed, its items are done by this one: they must be such as can be done twice. Otherwise as `in_parallel`.
    """
    left, filled = os.pipe()
    try:
        os.write(filled, bytes(len(items)))
        os.close(filled)
        taken: list[Item] = []
        worker = Background(partial(_outcome, _while_left(left, items), work))
        try:
            own = work(_noted(_while_left(left, reversed(items)), taken))
        finally:
            os.read(left, len(items))  # there is something left if this process fails: the other one need not do it
            answer = worker.take()
            worker.close() if answer is None else worker.let_go()
    finally:
        os.close(left)
    return _result(answer, lambda: work(items[: len(items) - len(taken)])), own


def _while_left(left: int, items: Iterable[Item]) -> Iterator[Item]:
    """Yields the items for as long as there is one that nobody has taken: a byte of a pipe is left for each."""
    for item in items:
        if not os.read(left, 1):
            return
        yield item


def _noted(items: Iterable[Item], taken: list[Item]) -> Iterator[Item]:
    for item in items:
        taken.append(item)
        yield item


def _outcome(part: Item, work: Callable[[Item], T]) -> Iterator[_Answer[T]]:
    from gitops_gen.problems import GitopsGenError

    leave_go_behind()
    try:
        yield None, work(part)
    except (GitopsGenError, LeftBehindError) as error:
        yield error, None
    except BaseException:  # noqa: BLE001 - it is raised again, in the parent
        import traceback

        yield WorkerError(traceback.format_exc()), None


def _answer(worker: Background[_Answer[T]]) -> _Answer[T] | None:
    """Waits for what a worker sends; None if it was killed, or never made."""
    try:
        return worker.take()
    finally:
        worker.close()


def _result(answer: _Answer[T] | None, instead: Callable[[], T]) -> T:
    """Returns what a worker has found, or what is found instead where it has come to no end. Raises what it raised."""
    if answer is None or isinstance(answer[0], LeftBehindError):
        return instead()
    error, result = answer
    if error is not None:
        raise error
    return cast("T", result)
