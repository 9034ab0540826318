"""What was built while the collector paused is not looked through as soon as it goes on."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from gitops_gen.collector import collector_paused

if TYPE_CHECKING:
    from collections.abc import Iterator

MANY = 100_000


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    yield
    gc.unfreeze()
    gc.enable()


def test_what_was_built_meanwhile_is_old_afterwards() -> None:
    with collector_paused():
        assert not gc.isenabled()
        built = [[number] for number in range(MANY)]
    assert gc.isenabled()
    assert len(built) == MANY
    assert gc.get_count()[0] < MANY
    assert len(gc.get_objects(generation=0)) < MANY
    assert gc.get_freeze_count() == 0


def test_what_others_put_out_of_its_reach_stays_there() -> None:
    gc.freeze()
    frozen = gc.get_freeze_count()
    with collector_paused():
        pass
    assert gc.get_freeze_count() == frozen > 0


def test_a_collector_that_was_off_stays_off() -> None:
    gc.disable()
    with collector_paused():
        pass
    assert not gc.isenabled()
