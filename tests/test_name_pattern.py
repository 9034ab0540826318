"""Patterns of names: each stands for its names, and for no other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.evidence.globs import alternatives, gobwas
from gitops_gen.name_pattern import one_of

NAMES = st.text("ab1-_.", min_size=1, max_size=6)


@pytest.mark.parametrize(
    ("names", "pattern"),
    [
        (["shop-dev-use1"], "shop-dev-use1"),
        (["shop-dev-blue", "shop-dev-green"], "shop-dev-{blue,green}"),
        (["shop-dev-use1", "shop-dev-use2"], "shop-dev-{use1,use2}"),
        (["shop-dev", "shop-dev-2"], "shop-{dev,dev-2}"),
        (["shop-", "shop-dev"], "{shop-,shop-dev}"),
        (["a", "b"], "{a,b}"),
    ],
)
def test_names_share_their_start_up_to_a_hyphen(names: list[str], pattern: str) -> None:
    assert one_of(names) == pattern


@given(st.lists(NAMES, min_size=1, max_size=8, unique=True), NAMES)
def test_a_pattern_stands_for_its_names_and_for_no_other(names: list[str], other: str) -> None:
    pattern = one_of(names)
    assert alternatives(pattern) == tuple(names)
    matches = gobwas(pattern).fullmatch
    assert all(matches(name) for name in names)
    assert (matches(other) is not None) == (other in names)


@pytest.mark.parametrize("names", [[], ["a", "b*"], ["a,b", "c"], ["{a}"], ["!a"], [""]])
def test_a_name_that_a_pattern_would_change_is_refused(names: list[str]) -> None:
    with pytest.raises(ValueError, match="expected names of letters, digits and"):
        one_of(names)
