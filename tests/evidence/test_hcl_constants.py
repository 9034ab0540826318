"""Variable files of constants are read as the parser of HCL reads them, or not at all."""

from __future__ import annotations

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from gitops_gen.evidence.hcl import parse_hcl
from gitops_gen.evidence.hcl_constants import constants
from tests.tools.generated import real, wide

GENERATED = [text for tree in (real(), wide()) for path, text in tree.files.items() if path.endswith(".tfvars")]

PLAIN = """\
# A comment.
b   = "x y"
a_1 = -15

list = [
  "one",
  true,
  3,
]
map = {
  "key" = null
  none  = []
  inner = {
    empty = {}
  }
}
"""
LINES = (
    *("a = 1", 'b = "x"', "c = [", '  "y",', "  1,", "  true,", "]", "d = {", "  e = null", '  "f g" = -5', "}", "# c"),
    *("", "  h = []", "  i = {}", "for = 1", "  for = 1", '"q" = 2', "a-b = 3", "null = 1", "true = 2", "x = 007"),
    *("y = 999999999999999", "y = 9999999999999999999999", "z = 1.50", '  "u"', "v = []", "  if = 2", "  },", "  ],"),
    *("k = -0", "  {", "  [", '  ["a"],', '  "p" = {', "  r = [", '    "s",', "  ]", "  }", "  3 = 4", '  "3" = 4'),
    *('  "true" = 1', "  e = 2", "c = 2", "else = 1", "_u = 1", "é = 1", 'n = "\0"', '  "\0",', 's = "\\u0061"'),
    *(
        't = "${a}"',
        't = "100%"',
        'w = "$"',
        "m = [1, 2]",
        "o = a",
        'p = -"x"',
        "block {",
        "q = 1 # c",
        "\tt = 1",
        "a=1",
    ),
)


def test_a_plain_file_is_read_with_its_names_in_order() -> None:
    assert constants(PLAIN) == parse_hcl("", PLAIN)[0]
    assert list(constants(PLAIN) or {}) == ["a_1", "b", "list", "map"]


@pytest.mark.parametrize("text", GENERATED)
def test_a_generated_file_needs_no_parser(text: str) -> None:
    assert repr(constants(text)) == repr(parse_hcl("", text)[0])


@pytest.mark.parametrize("depth", [99, 100, 101, 5000])
def test_what_is_too_deep_is_left_to_be_told(depth: int) -> None:
    text = "\n".join([*(f"{'  ' * level}a = {{" for level in range(depth)), *("}" for _ in range(depth))])
    assert (constants(text) is None) is (depth > 99)
    assert (parse_hcl("", text)[1] is None) is (depth <= 100)


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=8).map("\n".join))
def test_no_file_is_read_as_the_parser_does_not(text: str) -> None:
    found = constants(text)
    if found is not None:
        variables, problem = parse_hcl("", text)
        assert (repr(found), problem) == (repr(variables), None)
