"""Variable files of Terraform in JSON."""

from __future__ import annotations

from textwrap import dedent

import pytest

from gitops_gen.evidence.files import File
from gitops_gen.evidence.places import Place
from gitops_gen.problems import Location

PATH = "one.auto.tfvars.json"

TEXT = dedent("""\
    {
      "//": "of the first cluster",
      "cluster_name": "one",
      "nodes": 3,
    \t"text": "${var.x} and %{ if }",
      "roles": {
        "web": {"//": "kept", "arns": ["a", "b"]}
      }
    }
    """)


def file(text: str) -> File:
    return File(PATH, text)


def test_a_text_is_what_it_is_and_a_comment_stands_beside_the_variables() -> None:
    """As terraform plan with 1.11.4 shows it."""
    assert (file(TEXT).variables, file(TEXT).hcl_problem) == (
        {
            "cluster_name": "one",
            "nodes": 3,
            "text": "${var.x} and %{ if }",
            "roles": {"web": {"//": "kept", "arns": ["a", "b"]}},
        },
        None,
    )
    assert file(TEXT).is_tfvars


@pytest.mark.parametrize(
    ("steps", "key", "at"),
    [
        (("nodes",), False, (4, 12)),
        (("nodes",), True, (4, 3)),
        (("text",), False, (5, 10)),
        (("roles", "web", "arns", 1), False, (7, 41)),
        (("roles", "gone"), False, (6, 3)),
    ],
)
def test_a_value_is_known_to_the_column(steps: tuple[str | int, ...], *, key: bool, at: tuple[int, int]) -> None:
    assert file(TEXT).locate(Place(PATH, 0, steps), key=key) == Location(PATH, *at)


@pytest.mark.parametrize(
    ("text", "message", "at"),
    [
        ('{"a": }', "it is no JSON: Expecting value", (1, 7)),
        ('{"a": 012}', "it is no JSON: Expecting ',' delimiter", (1, 8)),
        ("{\n'a': 1}", "it is no JSON: Expecting property name enclosed in double quotes", (2, 1)),
        ('{"a": NaN}', "it is no JSON: NaN is no number", (0, 0)),
        ("", "it is no JSON: Expecting value", (1, 1)),
        ('[{"a": 1}]', "it is no JSON object", (1, 1)),
        ('{"a": 1,\n "a": 2}', "the key a is already there", (2, 2)),
        ('{"a": {"b": 1, "b": 2}}', "the key b is already there", (1, 16)),
        ("[" * 2000, "brackets stand more than 100 deep inside each other", (1, 0)),
    ],
)
def test_what_terraform_refuses_is_told_where_it_stands(text: str, message: str, at: tuple[int, int]) -> None:
    problem = file(text).hcl_problem
    assert problem is not None
    assert (problem.code, problem.message, problem.at) == ("invalid-hcl", message, Location(PATH, *at))
    assert file(text).variables == {}
