"""Tests of gitops_gen.hcl_nesting: what is refused before the parser of HCL sees it."""

from __future__ import annotations

import pytest

from gitops_gen.hcl_nesting import DEEPEST, too_deep

DEEP = "brackets stand more than 100 deep inside each other"
SIGNS = "operators stand too deep inside each other"


def nested(opening: str, closing: str, count: int) -> str:
    return f"a = {opening * count}1{closing * count}\n"


@pytest.mark.parametrize(
    ("opening", "closing", "count"),
    [
        ("[", "]", DEEPEST),
        ("(", ")", DEEPEST),
        ("{ b = ", " }", DEEPEST),
        ('"${', '}"', DEEPEST // 2),
        ('"%{ if true }', '%{ endif }"', DEEPEST - 1),
    ],
)
def test_a_hundred_brackets_and_texts_may_stand_inside_each_other(opening: str, closing: str, count: int) -> None:
    assert too_deep(nested(opening, closing, count) + "b = {}\n" * 200) is None


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("[", "]"),
        ("(", ")"),
        ("{ b = ", " }"),
        ('"${', '}"'),
        ('[ "]]${', '}" ]'),
        ("[<<E\n]]\n${", "}\nE\n]"),
        ("[ # ]]\n", "]"),
        ("[ /* ]] */", "]"),
    ],
    ids=["list", "group", "map", "template", "text", "heredoc", "comment", "comment in lines"],
)
def test_more_are_refused_whatever_brackets_texts_and_comments_hold(opening: str, closing: str) -> None:
    assert (too_deep(nested(opening, closing, 5_000)) or ("", 0))[0] == DEEP


def test_the_line_is_told() -> None:
    assert too_deep("a = 1\n" + "[\n" * 200) == (DEEP, 102)


@pytest.mark.parametrize(
    "text",
    [
        'a = "{{{{"\n' * 100,
        "# {{{{\n" * 100,
        "/* {{{{\n */" * 100,
        'a = "$${ %%{ \\"{{"\n' * 100,
        "a = <<-EOT\n  {{{{ $${\n  EOT\n" * 100,
        'a = "?????-"\n' * 500,
        f'# {"-" * 200}\na = "{"-" * 200}"\n',
    ],
)
def test_what_texts_and_comments_hold_nests_nothing(text: str) -> None:
    assert too_deep(text) is None


@pytest.mark.parametrize(
    "text", ["a = " + "true ? 1 : " * 1_001 + "2", "a = " + "! " * 100 + "true", "a = " + "-" * 100]
)
def test_operators_have_a_bound_too(text: str) -> None:
    assert too_deep(text) == (SIGNS, 1)
