"""What fits a shape, and how a misfit is told."""

from __future__ import annotations

import pytest

from gitops_gen.shapes import (
    ALWAYS,
    ANYTHING,
    FLAG,
    MAP,
    TEXT,
    WHOLE,
    Field,
    Misfit,
    block,
    choice,
    many,
    mapping,
    misfits,
    one_of,
    text,
)

SHAPE = block(
    {
        "name": TEXT,
        "size": WHOLE,
        "on": FLAG,
        "mode": choice("Fast", "Slow"),
        "more": MAP,
        "any": ANYTHING,
        "labels": mapping(TEXT),
        "items": many(block({"key": TEXT}, required=("key",))),
        "young": Field(TEXT, (2, 0, 0)),
    }
)


@pytest.mark.parametrize(
    "value",
    [
        {},
        None,
        {"name": "a", "size": 1, "on": False, "mode": "Slow", "more": {"x": [1]}, "any": 1, "labels": {"a": "b"}},
        {"items": [{"key": "a"}], "young": "x"},
        {"name": None, "mode": None, "items": None},
        {"name": "", "mode": ""},
    ],
)
def test_what_fits_is_not_told(value: object) -> None:
    assert list(misfits(value, SHAPE, None)) == []


@pytest.mark.parametrize(
    ("value", "steps", "reason", "is_type"),
    [
        ("x", (), "got a string, expected a map", True),
        ({"name": 1}, ("name",), "got a number, expected a string", True),
        ({"size": True}, ("size",), "got true or false, expected a whole number", True),
        ({"on": "yes"}, ("on",), "got a string, expected true or false", True),
        ({"more": []}, ("more",), "got a list, expected a map", True),
        ({"labels": {"a": 1.5}}, ("labels", "a"), "got a number, expected a string", True),
        ({"mode": "fast"}, ("mode",), "got 'fast', expected Fast or Slow", False),
        ({"items": [{"key": {}}]}, ("items", 0, "key"), "got a map, expected a string", True),
    ],
)
def test_a_wrong_value_is_told_where_it_stands(value: object, steps: object, reason: str, is_type: bool) -> None:
    assert [(each.steps, each.reason, each.is_type) for each in misfits(value, SHAPE, None)] == [
        (steps, reason, is_type)
    ]


def test_an_unknown_key_is_told_with_the_one_that_is_meant() -> None:
    assert list(misfits({"nmae": "a"}, SHAPE, None)) == [
        Misfit(("nmae",), "there is no field nmae", "did you mean name?", on_key=True)
    ]


def test_a_missing_key_is_told_at_its_parent() -> None:
    assert list(misfits({"items": [{}]}, SHAPE, None, ("spec",))) == [
        Misfit(("spec", "items", 0), "key is missing", "add key:", on_key=True, is_type=True, missing="key")
    ]


def test_a_key_that_is_younger_than_the_version_is_told() -> None:
    assert list(misfits({"young": 1}, SHAPE, (1, 9, 9))) == [
        Misfit(("young",), "there is no field young before 2.0.0", "remove it, or update the operator", on_key=True)
    ]


@pytest.mark.parametrize("version", [None, (2, 0, 0), (3, 0, 0)])
def test_where_the_version_has_it_a_key_is_judged(version: tuple[int, int, int] | None) -> None:
    assert [each.reason for each in misfits({"young": 1}, SHAPE, version)] == ["got a number, expected a string"]


@pytest.mark.parametrize("empty", [None, ""])
def test_where_every_field_has_a_value_an_empty_one_is_told(empty: object) -> None:
    found = list(misfits({"name": empty, "labels": {"a": empty}, "items": [{"key": empty}]}, SHAPE, None, is_full=True))
    assert [(each.steps, each.reason) for each in found] == [
        (("name",), "got no value"),
        (("labels", "a"), "got no value"),
        *([(("items", 0), "key is missing")] if empty is None else []),
        (("items", 0, "key"), "got no value"),
    ]


def test_nothing_among_the_items_of_a_list_is_told() -> None:
    found = [(each.steps, each.reason, each.hint) for each in misfits({"items": [None]}, SHAPE, None)]
    assert found == [(("items", 0), "got no value", "write one, or remove the item")]


def test_a_field_that_must_be_there_is_told_once_with_its_slip() -> None:
    shape = block({"region": TEXT, "service": TEXT}, required=("region", "service"))
    assert list(misfits({"regoin": "a", "more": 1}, shape, None)) == [
        Misfit((), "service is missing", "add service:", on_key=True, is_type=True, missing="service"),
        Misfit(
            ("regoin",),
            "there is no field regoin, and region is missing",
            "did you mean region?",
            on_key=True,
            is_type=True,
        ),
        Misfit(("more",), "there is no field more", "known here: region, service", on_key=True),
    ]


CHOICE = one_of({"one": TEXT, "other": MAP})


@pytest.mark.parametrize("value", [{"one": "a"}, {"other": {}}, {"one": "a", "other": None}, {"onee": "a"}])
def test_one_of_some_fields_fits(value: object) -> None:
    assert [each.reason for each in misfits(value, CHOICE, None) if not each.on_key] == []


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"one": "a", "other": {}}, "got one and other, expected one of them"),
        ({}, "got nothing, expected one or other"),
        ({"one": None}, "got nothing, expected one or other"),
    ],
)
def test_two_of_them_and_none_do_not(value: object, reason: str) -> None:
    assert [each.reason for each in misfits(value, CHOICE, None)] == [reason]


def test_they_are_counted_from_a_version_on() -> None:
    shape = one_of({"one": TEXT, "other": TEXT}, since=(2, 0, 0))
    found = [len(list(misfits({}, shape, version))) for version in ((1, 9, 9), (2, 0, 0), None)]
    assert found == [0, 1, 1]


def test_a_list_that_needs_an_item_is_not_empty() -> None:
    assert [each.reason for each in misfits([], many(TEXT, fewest=1), None)] == ["got an empty list, expected an item"]
    assert list(misfits(["a"], many(TEXT, fewest=1), None)) == []


def test_a_word_is_one_for_some_versions() -> None:
    shape = choice("old", "new", "ever")._replace(spans={"old": (ALWAYS, (2, 0, 0)), "new": ((2, 0, 0), None)})
    found = {
        (word, version): [each.reason for each in misfits(word, shape, version)]
        for word in ("old", "new", "ever")
        for version in ((1, 0, 0), (2, 0, 0), None)
    }
    assert {key: reasons for key, reasons in found.items() if reasons} == {
        ("old", (2, 0, 0)): ["there is no old from 2.0.0 on"],
        ("new", (1, 0, 0)): ["there is no new before 2.0.0"],
    }


def test_a_text_is_held_to_its_check() -> None:
    shape = text(lambda value: None if value == "a" else "no a")
    assert [each.reason for word in ("a", "b") for each in misfits(word, shape, None)] == ["no a"]
