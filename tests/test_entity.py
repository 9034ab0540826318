"""What is an entity is equal to itself only, and has its fields as any data class."""

from __future__ import annotations

from dataclasses import field

import pytest

from gitops_gen.entity import entity


@entity
class Thing:
    """Something with fields."""

    name: str
    parts: list[str] = field(default_factory=list)


def test_two_with_the_same_fields_are_two() -> None:
    one, other = Thing("a"), Thing("a")
    assert one == one
    assert one != other
    assert {one: 1, other: 2} == {other: 2, one: 1}
    assert len({one, other}) == 2


def test_fields_have_their_defaults_each_its_own() -> None:
    one, other = Thing("a"), Thing(name="b", parts=["c"])
    one.parts.append("d")
    assert [(each.name, each.parts) for each in (one, other, Thing("e"))] == [("a", ["d"]), ("b", ["c"]), ("e", [])]


def test_what_a_field_lacks_is_told() -> None:
    with pytest.raises(TypeError, match="name"):
        Thing()  # type: ignore[call-arg]
