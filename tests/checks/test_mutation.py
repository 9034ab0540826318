"""What the mutations of a file are."""

from __future__ import annotations

from tests.checks.mutation import Mutation, digit_mutations, hcl_mutations, yaml_mutations


def changes(mutations: list[Mutation]) -> list[tuple[int, str, str, str]]:
    return [(each.line, ".".join(map(str, each.steps)), each.before, each.after) for each in mutations]


YAML = """\
# a comment
kind: "Thing"
flag: true
list:
  - {name: a, quoted: 'x'}
  - {name: b, quoted: 'x'}
text: |
  one
  two
"""


def test_every_scalar_of_yaml_is_lengthened_flipped_and_replaced_by_its_sibling() -> None:
    assert changes(list(yaml_mutations("x.yaml", YAML))) == [
        (2, "kind", "Thing", "Thingx"),
        (3, "flag", "true", "truex"),
        (3, "flag", "true", "false"),
        (5, "list.0.name", "a", "ax"),
        (5, "list.0.name", "a", "b"),
        (5, "list.0.quoted", "x", "xx"),
        (6, "list.1.name", "b", "bx"),
        (6, "list.1.name", "b", "a"),
        (6, "list.1.quoted", "x", "xx"),
        (7, "text", "one\ntwo\n", "one\ntwox\n"),
    ]


def test_a_mutation_changes_its_place_in_the_text_and_nothing_else() -> None:
    texts = [each.text for each in yaml_mutations("x.yaml", YAML)]
    assert texts[0] == YAML.replace('"Thing"', '"Thingx"')
    assert texts[4] == YAML.replace("{name: a,", "{name: b,")
    assert texts[-1] == YAML.replace("  two\n", "  twox\n")


def test_without_a_list_the_sibling_is_in_another_file() -> None:
    other = "kind: Thing\nflag: false\n"
    assert changes(list(yaml_mutations("x.yaml", "kind: Thing\nflag: on\n", [other]))) == [
        (1, "kind", "Thing", "Thingx"),
        (2, "flag", "on", "onx"),
        (2, "flag", "on", "false"),
    ]


def test_each_document_of_a_file_has_steps_of_its_own() -> None:
    assert changes(list(yaml_mutations("x.yaml", "a: 1\n---\na: 2\n"))) == [(1, "a", "1", "1x"), (3, "1.a", "2", "2x")]


HCL = """\
# a comment
name    = "a"
roles = {
  "web" = {
    role = "r"
    arns = [
      "x",
      "y",
    ]
    none = []
  }
}
"""


def test_every_string_of_a_variable_file_is_lengthened_and_replaced() -> None:
    other = HCL.replace('"a"', '"b"').replace('"r"', '"s"')
    found = list(hcl_mutations("x.tfvars", HCL, [other]))
    assert changes(found) == [
        (2, "name", "a", "ax"),
        (2, "name", "a", "b"),
        (5, "roles.web.role", "r", "rx"),
        (5, "roles.web.role", "r", "s"),
        (7, "roles.web.arns.0", "x", "xx"),
        (7, "roles.web.arns.0", "x", "y"),
        (8, "roles.web.arns.1", "y", "yx"),
        (8, "roles.web.arns.1", "y", "x"),
    ]
    assert found[4].text == HCL.replace('"x"', '"xx"')


def test_the_last_digit_becomes_another() -> None:
    assert changes(list(digit_mutations("x.yaml", 'a: "1.29"\nb: x\nc: -2\n'))) == [
        (1, "a", "1.29", "1.20"),
        (3, "c", "-2", "-3"),
    ]
    assert changes(list(digit_mutations("x.tfvars", 'a = "use1"\nb = "x"\n'))) == [(1, "a", "use1", "use2")]
