"""Types of Terraform variables, and what converts to them."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.terraform_types import ANY, Mismatch, Type, mismatches, parse_type

STRING, NUMBER = Type("string"), Type("number")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("string", STRING),
        ('"string"', STRING),
        ("list", Type("list", ANY)),
        ("list(string)", Type("list", STRING)),
        ("map(list(number))", Type("map", Type("list", NUMBER))),
        ("set(any)", Type("set", ANY)),
        ("tuple([string])", ANY),
        ("something(", ANY),
        ("string ? 1 : 2", ANY),
        ("object({ a = string, b = number })", Type("object", attributes={"a": STRING, "b": NUMBER})),
        ("object({ a = string b = number })", Type("object", attributes={"a": STRING, "b": NUMBER})),
        ("object({})", Type("object", attributes={})),
        (
            'object({ "a" = optional(list(string), ["x"]) b = optional(number) })',
            Type("object", attributes={"a": Type("list", STRING), "b": NUMBER}, optional=frozenset({"a", "b"})),
        ),
        (
            "map(object({ a = object({ b = string }), c = number }))",
            Type(
                "map",
                Type("object", attributes={"a": Type("object", attributes={"b": STRING}), "c": NUMBER}),
            ),
        ),
    ],
)
def test_a_constraint_is_read(text: str, expected: Type) -> None:
    assert parse_type(text) == expected


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("x", "string"),
        (1, "string"),
        (True, "string"),
        ("1.5", "number"),
        ("-1e3", "number"),
        ("+5", "number"),
        (".5", "number"),
        ("5.", "number"),
        ("1", "bool"),
        ("0", "bool"),
        ("true", "bool"),
        (False, "bool"),
        (None, "string"),
        ([1, "a"], "list(string)"),
        ({"a": 1}, "map(string)"),
        ({"a": {}, "more": 1}, "object({ a = map(any) })"),
        ({}, "object({ a = optional(string) })"),
        ([{}], "any"),
    ],
)
def test_what_converts_is_no_mismatch(value: object, text: str) -> None:
    assert list(mismatches(value, parse_type(text))) == []


@pytest.mark.parametrize(
    ("value", "text", "expected"),
    [
        ([], "string", Mismatch((), "a list", "string")),
        ("x", "number", Mismatch((), "a string", "number")),
        (True, "number", Mismatch((), "a bool", "number")),
        ("yes", "bool", Mismatch((), "a string", "bool")),
        ("True", "bool", Mismatch((), "a string", "bool")),
        (".", "number", Mismatch((), "a string", "number")),
        ("1_000", "number", Mismatch((), "a string", "number")),
        (1, "bool", Mismatch((), "a number", "bool")),
        ({}, "list(string)", Mismatch((), "an object", "a list")),
        ({}, "set(string)", Mismatch((), "an object", "a set")),
        ([], "map(string)", Mismatch((), "a list", "a map")),
        ([[]], "list(string)", Mismatch((0,), "a list", "string")),
        ({"a": {}}, "map(string)", Mismatch(("a",), "an object", "string")),
        ("x", "object({ a = string })", Mismatch((), "a string", "an object")),
        ({}, "object({ a = string })", Mismatch((), "an object", "one with the attribute a")),
        ({"a": {"b": []}}, "object({ a = object({ b = string }) })", Mismatch(("a", "b"), "a list", "string")),
    ],
)
def test_what_does_not_convert_is_told_where_it_stands(value: object, text: str, expected: Mismatch) -> None:
    assert list(mismatches(value, parse_type(text))) == [expected]
