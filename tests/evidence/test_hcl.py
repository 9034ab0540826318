"""Tests of gitops_gen.evidence.hcl."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.hcl import locate_hcl, parse_hcl, parse_variables
from gitops_gen.evidence.terraform_unknowns import UNKNOWN
from gitops_gen.problems import Location, Problem

TEXT = """\
# a comment { with a bracket
account_id = "012345678901" # behind a value
roles = {
  "my.app" = {
    name = "a{b"
    arns = [
      # not an item
      "one",
      "two",
    ]
    none = []
  }
  other = { name = "x" }
}
last = 1
"""


def test_values_are_read_by_the_real_parser() -> None:
    assert parse_hcl("a.tfvars", TEXT) == (
        {
            "account_id": "012345678901",
            "roles": {"my.app": {"name": "a{b", "arns": ["one", "two"], "none": []}, "other": {"name": "x"}},
            "last": 1,
        },
        None,
    )


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('("a")', "a"),
        ('["a", ("b")]', ["a", "b"]),
        ('{ ("a") = "b" }', {"a": "b"}),
        ('{ a = true ? "b" : "c", d = 1e2, e = "\\u00e9" }', {"a": "b", "d": 100, "e": "\u00e9"}),
        ('"${"a"}-${"b"}"', "a-b"),
        ('"$${a}"', "${a}"),
        ('"${["a"]}"', ["a"]),
        ("1 + 1", 2),
        ('["a"][0]', "a"),
        ('[["a"], ["b"]]', [["a"], ["b"]]),
        ('{ a = "b" }.a', "b"),
        ('"a" == "a"', True),
        ('"a${1 + 1}"', "a2"),
        ('"%{ if true }a%{ endif }"', "a"),
        ("<<EOT\n%{ if true }a%{ endif }\nEOT", UNKNOWN),
        ('[for a in ["b"] : a]', ["b"]),
        ('{ a = [1 + 1, "b"] }', {"a": [2, "b"]}),
        ("1 + null", UNKNOWN),
        ('("a") /* b\n c */', "a"),
        ('["${\n"a"}", 1]', ["a", 1]),
    ],
)
def test_what_is_calculated_is_what_terraform_makes_of_it(text: str, value: object) -> None:
    """By terraform plan 1.11.4, and UNKNOWN for what is not worked out."""
    assert parse_variables("a.tfvars", f"x = {text}\n") == ({"x": value}, None)


def test_a_file_that_is_no_hcl_says_where() -> None:
    assert parse_hcl("a.tfvars", 'a = "x\n') == (
        {},
        Problem(
            "invalid-hcl",
            "Invalid multi-line string",
            Location("a.tfvars", 1, 7),
            "correct it; terraform fmt names the place too",
        ),
    )


@pytest.mark.parametrize(
    ("steps", "line", "column"),
    [
        ((), 1, 1),
        (("account_id",), 2, 14),
        (("roles",), 3, 9),
        (("roles", "my.app"), 4, 14),
        (("roles", "my.app", "name"), 5, 12),
        (("roles", "my.app", "arns"), 6, 12),
        (("roles", "my.app", "arns", 0), 8, 7),
        (("roles", "my.app", "arns", 1), 9, 7),
        (("roles", "my.app", "none"), 11, 12),
        (("roles", "other"), 13, 11),
        (("roles", "other", "name"), 13, 11),
        (("roles", "nobody"), 3, 9),
        (("last",), 15, 8),
        (("missing",), 1, 1),
    ],
)
def test_a_value_is_found_by_its_line(steps: tuple[str | int, ...], line: int, column: int) -> None:
    assert locate_hcl("a.tfvars", TEXT, steps) == Location("a.tfvars", line, column)


@pytest.mark.parametrize(
    ("steps", "line", "column"),
    [(("account_id",), 2, 1), (("roles", "my.app"), 4, 3), (("roles", "my.app", "arns", 0), 8, 7)],
)
def test_a_key_is_found_by_its_line(steps: tuple[str | int, ...], line: int, column: int) -> None:
    assert locate_hcl("a.tfvars", TEXT, steps, key=True) == Location("a.tfvars", line, column)


def test_a_number_that_no_reader_can_hold_is_a_problem_and_no_crash() -> None:
    values, problem = parse_hcl("a.tfvars", "x = 1e999999999\n")

    assert values == {}
    assert problem is not None
    assert (problem.code, problem.message) == ("invalid-hcl", "a number is too large")


def test_a_file_that_nests_too_deep_is_refused_before_it_ends_the_process() -> None:
    assert parse_hcl("a.tf", "a = 1\nb = " + "[" * 100_000) == (
        {},
        Problem(
            "invalid-hcl",
            "brackets stand more than 100 deep inside each other",
            Location("a.tf", 2),
            "take it apart: nobody can read it either",
        ),
    )
