"""Paths that are made out of a file's bytes are those that were written, whichever of them are asked for."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen import joined_paths
from gitops_gen.joined_paths import JoinedPaths, joined

NAMES = st.one_of(st.just(""), st.text("ab/é\n", min_size=1, max_size=5), st.binary(max_size=4).map(os.fsdecode))
LISTS = st.lists(NAMES.filter(lambda name: "\0" not in name), max_size=12)


@pytest.fixture(autouse=True)
def _blocks_of_four(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joined_paths, "_IN_A_BLOCK", 4)


@given(LISTS, st.integers(0, 13), st.integers(0, 13))
def test_paths_are_those_that_were_joined(paths: list[str], start: int, stop: int) -> None:
    found = JoinedPaths(joined(paths), len(paths))
    start, stop = sorted(min(each, len(paths)) for each in (start, stop))
    assert list(found.between(start, stop)) == paths[start:stop]
    assert (len(found), list(found), found[start:stop]) == (len(paths), paths, tuple(paths[start:stop]))


@given(LISTS, LISTS)
def test_paths_are_compared_with_any_sequence(paths: list[str], others: list[str]) -> None:
    found = JoinedPaths(joined(paths), len(paths))
    assert (found == tuple(others)) == (tuple(others) == found) == (paths == others)
    assert found == JoinedPaths(joined(paths), len(paths))
    assert found != 1
