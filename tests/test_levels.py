"""The chains of levels: which statement of a fact wins, what null removes, how maps merge."""

from __future__ import annotations

import copy
from itertools import product
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.entries import Entry
from gitops_gen.problems import Route
from gitops_gen.resolve.levels import Level, Stated, blocks, merge, nearest, value_of

if TYPE_CHECKING:
    from gitops_gen.model import Value


class Block(Entry):
    """A block inside a place."""

    text: str | None = None
    flag: bool | None = None


class Place(Entry):
    """A level of a chain."""

    text: str | None = None
    flag: bool | None = None
    block: Block | None = None


def chain(*entries: Place) -> tuple[Level, ...]:
    """The first is the nearest; each stands in a file of its own."""
    return tuple(Level(entry, Route(f"{depth}.yaml")) for depth, entry in enumerate(entries))


ABSENT, NULL = Place(), Place(text=None)


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        ((), None),
        ((ABSENT,), None),
        ((Place(text="a"),), Stated("a", Route("0.yaml", ("text",)), 0)),
        ((Place(text="a"), Place(text="b")), Stated("a", Route("0.yaml", ("text",)), 0)),
        ((ABSENT, Place(text="b")), Stated("b", Route("1.yaml", ("text",)), 1)),
        ((ABSENT, ABSENT, Place(text="c")), Stated("c", Route("2.yaml", ("text",)), 2)),
        ((NULL, Place(text="b")), None),
        ((ABSENT, NULL, Place(text="c")), None),
        ((Place(text="a"), NULL), Stated("a", Route("0.yaml", ("text",)), 0)),
        ((Place(text=""), Place(text="b")), Stated("", Route("0.yaml", ("text",)), 0)),
    ],
)
def test_the_nearest_level_that_mentions_a_field_decides(
    levels: tuple[Place, ...], expected: Stated[str] | None
) -> None:
    assert nearest(str, "text", chain(*levels)) == expected
    assert value_of(str, "text", chain(*levels), "default") == (expected.value if expected else "default")


def test_false_is_a_statement() -> None:
    assert value_of(bool, "flag", chain(Place(flag=False), Place(flag=True)), default=True) is False


@pytest.mark.parametrize("states", list(product(["absent", "block", "text", "null text", "null"], repeat=3)))
def test_a_field_of_a_block_follows_the_same_rule_and_keeps_its_depth(states: tuple[str, ...]) -> None:
    made = {
        "absent": Place(),
        "block": Place(block=Block(flag=True)),
        "text": Place(block=Block(text="stated")),
        "null text": Place(block=Block(text=None)),
        "null": Place(block=None),
    }
    expected: Stated[str] | None = None
    for depth, state in enumerate(states):
        if state == "text":
            expected = Stated("stated", Route(f"{depth}.yaml", ("block", "text")), depth)
        if state in ("text", "null text", "null"):
            break
    assert nearest(str, "text", blocks("block", chain(*(made[state] for state in states)))) == expected


def maps(leaves: st.SearchStrategy[Value]) -> st.SearchStrategy[dict[str, Value]]:
    values = st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
        max_leaves=8,
    )
    return st.dictionaries(st.sampled_from("abc"), values, max_size=3)


LEAVES: st.SearchStrategy[Value] = st.booleans() | st.integers(0, 3) | st.sampled_from(["a", "b"])
MAPS = maps(st.none() | LEAVES)
MAPS_WITHOUT_NULL = maps(LEAVES)


@pytest.mark.parametrize(
    ("base", "over", "expected"),
    [
        ({"a": 1}, {}, {"a": 1}),
        ({}, {"a": 1}, {"a": 1}),
        ({"a": 1, "b": 1}, {"a": 2}, {"a": 2, "b": 1}),
        ({"a": {"x": 1, "y": 1}}, {"a": {"y": 2}}, {"a": {"x": 1, "y": 2}}),
        ({"a": [1, 2]}, {"a": [3]}, {"a": [3]}),
        ({"a": [1]}, {"a": []}, {"a": []}),
        ({"a": {"x": 1}}, {"a": {}}, {"a": {"x": 1}}),
        ({"a": 1, "b": 1}, {"a": None}, {"b": 1}),
        ({"a": {"x": 1}}, {"a": {"x": None}}, {"a": {}}),
        ({"a": {"x": 1}}, {"a": "text"}, {"a": "text"}),
        ({"a": "text"}, {"a": {"x": 1}}, {"a": {"x": 1}}),
        ({"a": False}, {"a": None}, {}),
        # Helm takes a null for the removal of the chart's own default, so one that removes nothing of ours stays.
        ({}, {"a": None}, {"a": None}),
        ({"a": None}, {"a": None}, {"a": None}),
        ({"a": None}, {"a": 1}, {"a": 1}),
        ({}, {"a": {"x": None}}, {"a": {"x": None}}),
    ],
)
def test_maps_merge_lists_replace_and_null_removes(
    base: dict[str, Value], over: dict[str, Value], expected: dict[str, Value]
) -> None:
    assert merge(base, over) == expected


def test_keys_keep_the_order_in_which_they_are_first_written() -> None:
    assert list(merge({"b": 1, "a": 1}, {"c": 1, "a": 2, "b": 3})) == ["b", "a", "c"]


@given(MAPS, MAPS)
def test_a_merge_changes_neither_side(base: dict[str, Value], over: dict[str, Value]) -> None:
    before = copy.deepcopy((base, over))
    merge(base, over)
    assert (base, over) == before


@given(MAPS, MAPS_WITHOUT_NULL)
def test_to_lay_the_same_map_over_twice_changes_nothing(base: dict[str, Value], over: dict[str, Value]) -> None:
    once = merge(base, over)
    assert merge(once, over) == once
