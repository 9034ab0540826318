"""What was built while the collector paused is not looked through as soon as it goes on."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from gitops_gen.garbage_collector import collector_paused

if TYPE_CHECKING:
    from collections.abc import Iterator

MANY = 100_000


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_what_was_built_meanwhile_is_not_looked_through_afterwards() -> None:
    looks: list[str] = []
    gc.callbacks.append(lambda phase, _: looks.append(phase))
    with collector_paused():
        assert not gc.isenabled()
        built = [[number] for number in range(MANY)]
    more = [[number] for number in range(10)]
    gc.callbacks.pop()
    assert looks == []
    assert gc.isenabled()
    assert (len(built), len(more)) == (MANY, 10)
    assert gc.get_freeze_count() == 0


def test_what_others_put_out_of_its_reach_stays_there() -> None:
    theirs = [[number] for number in range(10)]
    gc.freeze()
    with collector_paused():
        built = [[number] for number in range(10)]
    # Of all that it knows, the collector lists what is within its reach.
    within = [id(each) for each in gc.get_objects()]
    assert id(theirs) not in within
    assert id(built) in within


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    with collector_paused():
        pass
    assert not gc.isenabled()
