"""The shapes of the entries fit what pydantic takes, and nothing that it refuses."""

from __future__ import annotations

import copy
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from pydantic import Field, ValidationError

from gitops_gen import entry_shapes
from gitops_gen.artifact_entries import ArtifactEntry
from gitops_gen.aws.names import check_account_id
from gitops_gen.block_shapes import (
    DoesNotFitError,
    block,
    either,
    flag,
    listed,
    mapped,
    maybe,
    one_of,
    text,
    text_of,
    whole_number,
)
from gitops_gen.blocks import SILENT, PlainBlock
from gitops_gen.entries import AppEntry, Entry, EnvironmentEntry, FleetEntry, Label
from gitops_gen.load import read_model
from gitops_gen.ready.making_shapes import MODULE, shape_of, shapes_module
from gitops_gen.source import read
from tests.tools import fleets
from tests.tools.random_fleets import random_fleets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.block_shapes import Shape
    from tests.tools.fleets import Files

PROJECT = Path(__file__).parents[1]
WIDE = PROJECT / "tests" / "fleets" / "wide"

Kind = tuple["Shape", type[Entry]]
FLEET: Kind = (entry_shapes.FLEET_ENTRY, FleetEntry)
ENVIRONMENT: Kind = (entry_shapes.ENVIRONMENT_ENTRY, EnvironmentEntry)
APP: Kind = (entry_shapes.APP_ENTRY, AppEntry)
ARTIFACT: Kind = (entry_shapes.ARTIFACT_ENTRY, ArtifactEntry)


def kind_of(path: str) -> Kind:
    if path.endswith("/fleet.yaml"):
        return FLEET
    return APP if path.startswith("environments/apps/") else ENVIRONMENT


def written() -> Iterator[tuple[Kind, object]]:
    """The files and artifacts of two fleets, each with what it is held against."""
    for root in (PROJECT, WIDE):
        for path, source in read_model(root).sources.items():
            yield kind_of(path), source.data
    listed_ones = read(PROJECT, "templates/artifacts.yaml").data
    assert isinstance(listed_ones, list)
    yield from ((ARTIFACT, each) for each in listed_ones)


WRITTEN = tuple(written())


def are_same(block: object, entry: object) -> bool:
    """Tells whether a block says what an entry says, wherever it is asked."""
    if isinstance(entry, Entry):
        return (
            isinstance(block, PlainBlock)
            and block.model_fields_set == entry.model_fields_set
            and vars(block).keys() - {"model_fields_set"} == type(entry).model_fields.keys()
            and all(are_same(getattr(block, name), getattr(entry, name)) for name in type(entry).model_fields)
        )
    if isinstance(entry, dict) and isinstance(block, dict):
        return list(block) == list(entry) and all(are_same(block[key], entry[key]) for key in entry)
    if isinstance(entry, list) and isinstance(block, list):
        return len(block) == len(entry) and all(map(are_same, block, entry))
    return type(block) is type(entry) and block == entry


def fits(shape: Shape, value: object) -> bool:
    try:
        shape(value)
    except DoesNotFitError:
        return False
    return True


# The shapes that ship.


def test_module_is_what_the_entries_say_today() -> None:
    assert MODULE.read_text(encoding="utf-8") == shapes_module(), "make ready"


@pytest.mark.parametrize(("kind", "value"), WRITTEN)
def test_a_sound_file_fits_and_says_the_same(kind: Kind, value: object) -> None:
    shape, entry = kind
    assert are_same(shape(value), entry.model_validate(value))


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(files=random_fleets())
def test_a_file_of_any_fleet_fits_and_says_the_same(files: Files, tmp_path_factory: pytest.TempPathFactory) -> None:
    for path, source in read_model(fleets.write(tmp_path_factory.mktemp("fleet"), files)).sources.items():
        shape, entry = kind_of(path)
        assert are_same(shape(source.data), entry.model_validate(source.data)), path


JUNK = st.sampled_from(
    [
        *(
            None,
            True,
            False,
            0,
            1,
            -1,
            1000,
            1001,
            2**70,
            1.5,
            1.0,
            "",
            "a",
            "A b",
            "\u00e9",
            "\ud800",
            "1h",
        ),
        *([], [None], ["a"], ["\ud800"], {}, {"a": 1}, {1: 2}, {"a": None}, {"\ud800": "a"}, {"a": "\ud800"}, ("a",)),
        *("x" * 300, "111122223333", "none", "rolling", "environment", ["environment"], "a\n", b"a"),
    ]
).map(copy.deepcopy)


def places(value: object) -> Iterator[tuple[object, object]]:
    """Every map or list of a value with every key or index of it."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in inside:
        yield value, key
        yield from places(inner)


@st.composite
def spoiled(draw: st.DrawFn) -> tuple[Kind, object]:
    """A sound file in which something is another thing, is gone, or is called otherwise."""
    kind, value = copy.deepcopy(draw(st.sampled_from(WRITTEN)))
    for _ in range(draw(st.integers(1, 2))):
        found = list(places(value))
        outer, key = found[draw(st.integers(0, len(found) - 1))] if found else (None, None)
        match draw(st.integers(0, 3)), outer:
            case 0, dict():
                del outer[key]
            case 1, dict():
                outer[draw(st.sampled_from(["sync", "secrets", "values", "when", "stage", "x", "\ud800"]))] = draw(JUNK)
            case _, dict() | list():
                outer[key] = draw(JUNK)  # type: ignore[call-overload]
    return kind, value


@settings(max_examples=600, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(spoiled())
@example((FLEET, None))
@example((APP, []))
@example((APP, {"secrets": {"a": {"keys": {"A": {"property": None, "version": None}}}}}))
@example((APP, {"secrets": {"a": {"keys": {"A": {"property": ""}}}}}))
@example((ENVIRONMENT, {"stage": True}))
@example((ENVIRONMENT, {"stage": 1.0}))
@example((ENVIRONMENT, {"project": "dev\n"}))
@example((APP, {"values": {"\ud800": 1}}))
@example((APP, {"values": {1: 1}}))
@example((APP, {"values": {"a": "\ud800"}}))
@example((ARTIFACT, {"name": "a\n", "template": "a", "path": "a", "format": "yaml"}))
@example((ARTIFACT, {"name": "a", "template": "a", "path": "a", "format": "yaml", "when": ""}))
@example((ARTIFACT, {"name": "a", "template": "a", "path": "a", "format": "yaml", "for_each": ["none"]}))
def test_what_fits_is_what_pydantic_takes(found: tuple[Kind, object]) -> None:
    (shape, entry), value = found
    try:
        expected = entry.model_validate(value)
    except ValidationError:
        assert not fits(shape, value)
    else:
        assert not fits(shape, value) or are_same(shape(value), expected)


# The parts of shapes.


def test_a_block_has_what_is_written_and_the_defaults() -> None:
    shape = block({"name": text_of()}, {"on": (maybe(flag), None), "many": (listed(flag), [])})
    found = shape({"name": "a", "on": True})
    assert isinstance(found, PlainBlock)
    assert vars(found) == {"name": "a", "on": True, "many": [], "model_fields_set": {"name", "on"}}
    assert repr(found) == "PlainBlock(name='a', on=True)"
    assert SILENT.model_fields_set == set()


@pytest.mark.parametrize("value", [{}, {"name": "a", "x": 1}, {"name": 1}, [], None, {"name": "a", "on": 1}])
def test_a_block_that_lacks_something_or_has_more_does_not_fit(value: object) -> None:
    assert not fits(block({"name": text_of()}, {"on": (flag, None)}), value)


@pytest.mark.parametrize(
    ("shape", "good", "bad"),
    [
        (text(check_account_id), ["111122223333"], ["1", 111122223333, None]),
        (text_of(), ["", "\u00e9"], ["\ud800", None, 1]),
        (text_of(least=1), ["a"], [""]),
        (text_of(pattern="^[a-z]+$"), ["ab"], ["", "a1", "a\n"]),
        (maybe(flag), [None, True], [1, "true"]),
        (either(flag, text_of(), listed(flag)), [True, "a", [True]], [None, [1]]),
        (mapped(flag), [{}, {"a": True}], [{"a": 1}, {1: True}, {"\ud800": True}, [], None]),
        (one_of("a", "b"), ["a"], ["c", 1, None]),
        (whole_number(0, 3), [0, 3], [-1, 4, True, 1.0, "1"]),
    ],
)
def test_a_shape_fits(shape: Shape, good: list[object], bad: list[object]) -> None:
    assert [fits(shape, value) for value in chain(good, bad)] == [True] * len(good) + [False] * len(bad)


# How they are made.


class Odd(Entry):
    """Fields that no other entry has."""

    known: Annotated[Label | None, Field(description="what it is")] = None
    number: int = 0
    bounded: float = Field(0, ge=0)
    short: str = Field("", max_length=3)
    part: str = Field("", pattern="a")
    pair: tuple[str, str] = ("", "")
    numbers: dict[int, str] = Field(default_factory=dict)
    few: list[str] = Field(default_factory=list, max_length=2)
    word: Literal["a"] = "a"


def test_a_field_that_no_shape_can_say_is_refused() -> None:
    for name, field in Odd.model_fields.items():
        if name in ("known", "word"):
            assert shape_of(field) == {"known": "maybe(text(kubernetes.check_dns_label))", "word": "one_of('a')"}[name]
        else:
            with pytest.raises(TypeError, match="no shape says"):
                shape_of(field)
