"""What the mutations of the structure of a file are."""

from __future__ import annotations

import yaml

from tests.checks.mutation import Kind, Mutation
from tests.checks.structure import hcl_structure, yaml_structure

YAML = """\
# a comment
kind: "Thing"
list:
  - name: a
    flag: true
  - name: "2"
text: |
  one
none: null
"""

DOCUMENTS = """\
# a comment
kind: One
---
kind: Two
"""

HCL = """\
# a comment
id   = "012"
name = "x"

roles = {
  "web" = {
    arns = [
      "a",
      "b",
    ]
  }
}
"""


def of_kind(kind: Kind, mutations: list[Mutation]) -> list[tuple[str, str, str]]:
    return [(".".join(map(str, each.steps)), each.before, each.after) for each in mutations if each.kind is kind]


def left(kind: Kind, mutations: list[Mutation]) -> list[object]:
    """Returns what is read of each text with a mutation of a kind."""
    return [list(yaml.safe_load_all(each.text)) for each in mutations if each.kind is kind and each.text is not None]


def test_every_key_of_yaml_is_taken_away_with_its_value() -> None:
    small = "a:\n  b: 1\n  c: |\n    x\nd: [x]\n"
    assert left(Kind.KEY_REMOVED, list(yaml_structure("x.yaml", small))) == [
        [{"d": ["x"]}],
        [{"a": {"c": "x\n"}, "d": ["x"]}],
        [{"a": {"b": 1}, "d": ["x"]}],
        [{"a": {"b": 1, "c": "x\n"}}],
    ]


def test_the_only_key_leaves_an_empty_map_and_the_only_item_an_empty_list() -> None:
    found = list(yaml_structure("x.yaml", "a:\n  - b: 1\n"))
    assert left(Kind.KEY_REMOVED, found) == [[{}], [{"a": [{}]}]]
    assert left(Kind.ITEM_REMOVED, found) == [[{"a": []}]]


def test_every_key_of_yaml_is_misspelt_and_none_becomes_its_neighbour() -> None:
    assert of_kind(Kind.KEY_MISSPELT, list(yaml_structure("x.yaml", "name: 1\nab: 2\nnme: 3\nkind: 4\n"))) == [
        ("name", "name", "nae"),
        ("ab", "ab", "abx"),
        ("nme", "nme", "ne"),
        ("kind", "kind", "kid"),
    ]
    assert of_kind(Kind.KEY_MISSPELT, list(yaml_structure("x.yaml", "name: 1\nnae: 2\n")))[0] == (
        "name",
        "name",
        "namex",
    )


def test_every_item_of_a_list_is_taken_away() -> None:
    assert left(Kind.ITEM_REMOVED, list(yaml_structure("x.yaml", "a:\n  - b: 1\n    c: 2\n  - - x\n    - y\n"))) == [
        [{"a": [["x", "y"]]}],
        [{"a": [{"b": 1, "c": 2}]}],
        [{"a": [{"b": 1, "c": 2}, ["y"]]}],
        [{"a": [{"b": 1, "c": 2}, ["x"]]}],
    ]


def test_every_value_becomes_one_of_another_type_and_null() -> None:
    found = list(yaml_structure("x.yaml", YAML))
    assert of_kind(Kind.TYPE_CHANGED, found) == [
        ("kind", "Thing", "1"),
        ("list.0.name", "a", "1"),
        ("list.0.flag", "true", '"true"'),
        ("list.1.name", "2", "2"),
        ("text", "one\n", "1"),
    ]
    assert [each[0] for each in of_kind(Kind.MADE_NULL, found)] == [
        "kind",
        "list.0.name",
        "list.0.flag",
        "list.1.name",
        "text",
    ]
    assert left(Kind.TYPE_CHANGED, found)[3:] == [
        [{"kind": "Thing", "list": [{"name": "a", "flag": True}, {"name": 2}], "text": "one\n", "none": None}],
        [{"kind": "Thing", "list": [{"name": "a", "flag": True}, {"name": "2"}], "text": 1, "none": None}],
    ]


def test_every_document_of_several_is_taken_away() -> None:
    found = [each for each in yaml_structure("x.yaml", DOCUMENTS) if each.kind is Kind.DOCUMENT_REMOVED]
    assert [(each.before, each.text) for each in found] == [
        ("One", "# a comment\nkind: Two\n"),
        ("Two", "# a comment\nkind: One\n"),
    ]
    assert of_kind(Kind.DOCUMENT_REMOVED, list(yaml_structure("x.yaml", YAML))) == []


def test_the_file_is_taken_away() -> None:
    for found in (list(yaml_structure("x.yaml", YAML)), list(hcl_structure("x.tfvars", HCL))):
        assert [(each.path, each.text) for each in found if each.kind is Kind.FILE_REMOVED] == [(found[0].path, None)]


def test_attributes_of_hcl_are_taken_away_and_misspelt() -> None:
    found = list(hcl_structure("x.tfvars", HCL))
    assert of_kind(Kind.KEY_REMOVED, found) == [
        ("id", "id", ""),
        ("name", "name", ""),
        ("roles", "roles", ""),
        ("roles.web", "web", ""),
        ("roles.web.arns", "arns", ""),
    ]
    assert [after for _, _, after in of_kind(Kind.KEY_MISSPELT, found)] == ["idx", "nae", "roes", "wb", "ars"]
    texts = [each.text for each in found if each.kind is Kind.KEY_REMOVED]
    assert texts[3:] == [
        HCL[: HCL.index('  "web"')] + "}\n",
        HCL[: HCL.index("    arns")] + "  }\n}\n",
    ]


def test_what_is_left_of_hcl_is_written_as_terraform_fmt_does() -> None:
    found = list(hcl_structure("x.tfvars", 'id   = "012"\nname = "x"\n'))
    assert [each.text for each in found if each.kind is Kind.KEY_REMOVED] == ['name = "x"\n', 'id = "012"\n']


def test_strings_of_hcl_become_numbers_and_null_and_items_are_taken_away() -> None:
    found = list(hcl_structure("x.tfvars", HCL))
    assert of_kind(Kind.TYPE_CHANGED, found) == [
        ("id", "012", "012"),
        ("name", "x", "1"),
        ("roles.web.arns.0", "a", "1"),
        ("roles.web.arns.1", "b", "1"),
    ]
    assert of_kind(Kind.ITEM_REMOVED, found) == [("roles.web.arns.0", "a", ""), ("roles.web.arns.1", "b", "")]
    assert len(of_kind(Kind.MADE_NULL, found)) == len(of_kind(Kind.TYPE_CHANGED, found))
