"""What a JSON Schema surely refuses, held against a complete validator: nothing is refused that it accepts."""

from __future__ import annotations

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.evidence.json_schema import Refusal, refusals

SCHEMA: dict[str, object] = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {
        "name": {"$ref": "#/definitions/name"},
        "size": {"type": "integer", "minimum": 1, "maximum": 9},
        "ratio": {"type": ["number", "null"]},
        "mode": {"enum": ["a", "b"]},
        "kind": {"const": "x"},
        "items": {"type": "array", "minItems": 1, "maxItems": 2, "items": {"type": "string", "maxLength": 3}},
        "labels": {"propertyNames": {"pattern": "^[a-z]+$"}, "additionalProperties": {"type": "string"}},
        "all": {"allOf": [{"type": "string"}, {"minLength": 2}]},
        "keys": {"uniqueItems": True},
        "not": {"not": {"enum": ["no", 0]}},
        "any": {"anyOf": [{"type": "string"}, {"type": "array", "maxItems": 1}]},
        "one": {"oneOf": [{"type": "integer"}, {"const": "all"}]},
    },
    "definitions": {"name": {"type": "string", "minLength": 1, "pattern": "^[a-z]*$"}},
}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([], [Refusal((), "got array, expected object")]),
        ({}, [Refusal(("name",), "it is missing")]),
        ({"name": ""}, [Refusal(("name",), "got 0 characters, expected at least 1")]),
        ({"name": "A"}, [Refusal(("name",), "got 'A', expected a text that matches ^[a-z]*$")]),
        ({"name": "a", "more": 1}, [Refusal(("more",), "there is no value more")]),
        ({"name": "a", "size": True}, [Refusal(("size",), "got boolean, expected integer")]),
        ({"name": "a", "size": 1.5}, [Refusal(("size",), "got number, expected integer")]),
        ({"name": "a", "size": 0}, [Refusal(("size",), "got 0, expected at least 1")]),
        ({"name": "a", "size": 10}, [Refusal(("size",), "got 10, expected at most 9")]),
        ({"name": "a", "ratio": "x"}, [Refusal(("ratio",), "got string, expected number or null")]),
        ({"name": "a", "mode": "c"}, [Refusal(("mode",), "got 'c', expected a or b")]),
        ({"name": "a", "kind": "y"}, [Refusal(("kind",), "got 'y', expected x")]),
        ({"name": "a", "items": []}, [Refusal(("items",), "got 0 items, expected at least 1")]),
        ({"name": "a", "items": ["abcd"]}, [Refusal(("items", 0), "got 4 characters, expected at most 3")]),
        (
            {"name": "a", "labels": {"A": "x"}},
            [Refusal(("labels", "A"), "the key: got 'A', expected a text that matches ^[a-z]+$")],
        ),
        ({"name": "a", "labels": {"a": 1}}, [Refusal(("labels", "a"), "got integer, expected string")]),
        ({"name": "a", "all": "x"}, [Refusal(("all",), "got 1 characters, expected at least 2")]),
        ({"name": "a", "keys": ["A", "B", "A"]}, [Refusal(("keys",), "'A' is there twice")]),
        ({"name": "a", "keys": [1, 1.0]}, [Refusal(("keys",), "1.0 is there twice")]),
        ({"name": "a", "keys": [1, True, {"a": 1}, {"a": 2}]}, []),
        ({"name": "a", "not": "no"}, [Refusal(("not",), "got 'no', which the schema leaves out")]),
        ({"name": "a", "not": "yes"}, []),
        ({"name": "a", "any": [1, 2]}, [Refusal(("any",), "none of the 2 schemas of anyOf allows it")]),
        ({"name": "a", "any": [1]}, []),
        ({"name": "a", "one": "some"}, [Refusal(("one",), "none of the 2 schemas of oneOf allows it")]),
        ({"name": "a", "size": 2.0, "ratio": None, "mode": "a", "kind": "x", "items": ["x"], "all": "xx"}, []),
    ],
)
def test_a_value_is_refused_where_it_stands(value: object, expected: list[Refusal]) -> None:
    assert list(refusals(value, SCHEMA)) == expected


@pytest.mark.parametrize(
    ("schema", "value", "reason"),
    [
        ({"pattern": "^x"}, "hunter2", "got ***, expected a text that matches ^x"),
        ({"enum": ["a", "b"]}, "hunter2", "got ***, expected a or b"),
        ({"maximum": 9}, 98765432, "got ***, expected at most 9"),
        ({"type": "string"}, 98765432, "got integer, expected string"),
        ({"minLength": 9}, "hunter2", "got 7 characters, expected at least 9"),
    ],
)
def test_a_value_under_the_key_of_a_secret_is_not_shown(schema: object, value: object, reason: str) -> None:
    schema = {"properties": {"db": {"properties": {"password": schema}}}}
    assert list(refusals({"db": {"password": value}}, schema)) == [Refusal(("db", "password"), reason)]


@pytest.mark.parametrize(
    "schema",
    [
        True,
        [],
        {"$ref": "other.json"},
        {"$ref": "#/nowhere"},
        {"not": {"minLength": 1}},
        {"if": {"type": "string"}, "then": {"const": "x"}},
        {"pattern": "(?<x"},
        {"type": "any"},
    ],
)
def test_what_is_not_understood_lets_everything_through(schema: object) -> None:
    assert list(refusals("text", schema)) == []


def test_keys_that_patterns_may_allow_are_not_unknown() -> None:
    schema = {"patternProperties": {"^x": {}}, "additionalProperties": False}
    assert list(refusals({"y": 1}, schema)) == []


def test_a_schema_that_refers_to_itself_comes_to_an_end() -> None:
    schema = {"$ref": "#/definitions/a", "definitions": {"a": {"$ref": "#/definitions/a"}}}
    assert list(refusals({}, schema)) == []


_KEYS = st.sampled_from(
    ["name", "size", "ratio", "mode", "kind", "items", "labels", "all", "more", "keys", "not", "any", "one"]
)
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 12) | st.sampled_from(["", "a", "ab", "A", "x", "abcd", 1.5, 2.0]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "B"]), inner, max_size=2),
    max_leaves=4,
)


@given(st.dictionaries(_KEYS, _VALUES, max_size=5))
def test_what_is_refused_is_what_a_complete_validator_refuses(value: dict[str, object]) -> None:
    assert bool(list(refusals(value, SCHEMA))) == (not jsonschema_rs.is_valid(SCHEMA, value))
