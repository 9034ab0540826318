"""Configurations of Terraform as trees."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.hcl_files import parse
from gitops_gen.evidence.hcl_texts import NotHclError
from gitops_gen.evidence.hcl_tree import (
    Access,
    Block,
    Call,
    Expression,
    For,
    ListOf,
    Literal,
    Object,
    Opaque,
    Operation,
    Reference,
    Splat,
    Spread,
    Template,
)


def expression(text: str) -> Expression:
    return parse(f"x = {text}\ny = 1\n").attributes["x"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"a"', Literal("a", 4)),
        ("12", Literal(12, 4)),
        ("1.5", Literal(1.5, 4)),
        ("true", Literal(True, 4)),
        ("null", Literal(None, 4)),
        ('"a\\n\\"b\\\\"', Literal('a\n"b\\', 4)),
        ('"\\u00e9\\U0001f600u0041"', Literal("\u00e9\U0001f600u0041", 4)),
        ('"$${x} %%{y}"', Literal("${x} %{y}", 4)),
        ('"${var.a}-b"', Template((Reference(("var", "a"), 0), "-b"), 4)),
        ('"${f("}")}"', Template((Call("f", (Literal("}", 2),), 0),), 4)),
        ("var.a.b", Reference(("var", "a", "b"), 4)),
        ('a["b"].c', Reference(("a", "b", "c"), 4)),
        ("a[0].b", Reference(("a", "0", "b"), 4)),
        ("a.b[each.key].c", Reference(("a", "b", "each.key", "c"), 4)),
        ("a.b[count.index].c", Reference(("a", "b", "count.index", "c"), 4)),
        ("a[each.value.x].c", Access(Reference(("a",), 4), (Reference(("each", "value", "x"), 6), "c"), 4)),
        ("[1, 2]", ListOf((Literal(1, 5), Literal(2, 8)), 4)),
        ("[\n  1,\n  2,\n]", ListOf((Literal(1, 8), Literal(2, 13)), 4)),
        ("{ a = 1 }", Object(((Literal("a", 6), Literal(1, 10)),), 4)),
        (
            '{\n  a = 1 # why\n  "b" : 2\n}',
            Object(((Literal("a", 8), Literal(1, 12)), (Literal("b", 22), Literal(2, 28))), 4),
        ),
        ("f(1, var.a)", Call("f", (Literal(1, 6), Reference(("var", "a"), 9)), 4)),
        ("<<-EOT\n  a ${var.b}\n  EOT", Template(("  a ", Reference(("var", "b"), 0), "\n"), 4)),
        ("a == b", Operation("==", (Reference(("a",), 4), Reference(("b",), 9)), 4)),
        ("!a", Operation("!", (Reference(("a",), 5),), 4)),
        ("(a)", Reference(("a",), 5)),
        (
            "a && b || c",
            Operation(
                "||", (Operation("&&", (Reference(("a",), 4), Reference(("b",), 9)), 4), Reference(("c",), 14)), 4
            ),
        ),
        ("a ? 1 : 0", Operation("?", (Reference(("a",), 4), Literal(1, 8), Literal(0, 12)), 4)),
        (
            "a ? 1 + 2 : 0",
            Operation(
                "?",
                (Reference(("a",), 4), Operation("+", (Literal(1, 8), Literal(2, 12)), 8), Literal(0, 16)),
                4,
            ),
        ),
        ("a > 1", Operation(">", (Reference(("a",), 4), Literal(1, 8)), 4)),
        ("-1", Operation("-", (Literal(1, 5),), 4)),
        ("a[*].b", Splat(Reference(("a",), 4), ("b",), 4)),
        ("a.*.b[0]", Access(Splat(Reference(("a",), 4), ("b",), 4), ("0",), 4)),
        ("f(a...)", Call("f", (Spread(Reference(("a",), 6), 6),), 4)),
        ("[for x in y : x]", For(("x",), Reference(("y",), 14), Reference(("x",), 18), 4)),
        (
            "{for k, v in y : k => v... if v}",
            For(
                ("k", "v"),
                Reference(("y",), 17),
                Reference(("v",), 26),
                4,
                Reference(("k",), 21),
                Reference(("v",), 34),
                is_grouped=True,
            ),
        ),
        (
            '"%{ if a }b%{ endif }"',
            Template((Operation("?", (Reference(("a",), 0), Template(("", "b"), 0), Template(("",), 0)), 0),), 4),
        ),
        ('"%{ if a }b"', Opaque(4)),
        ('"%{ for a }b%{ endfor }"', Opaque(4)),
        ('"%{ endif }"', Opaque(4)),
        ("[for x : y]", Opaque(4)),
        ("{for x in y : x}", Opaque(4)),
        ("a &", Opaque(4)),
        ('a & "}" & b', Opaque(4)),
    ],
)
def test_expressions(text: str, expected: Expression) -> None:
    assert expression(text) == expected


def test_what_is_behind_an_opaque_expression_is_read() -> None:
    assert parse("x = a & [1,\n 2] & {}\ny = 1\n").attributes == {"x": Opaque(4), "y": Literal(1, 25)}


def test_blocks_have_their_labels_and_what_is_in_them() -> None:
    found = parse('/* all */\nresource "a" b {\n  // one\n  c = 1\n  d { e = 2 }\n}\nlocals {}\n')
    assert found.of("resource", "a") == (
        Block("resource", ("a", "b"), {"c": Literal(1, 42)}, (Block("d", (), {"e": Literal(2, 54)}, ()),)),
    )
    assert found.of("locals") == (Block("locals", (), {}, ()),)
    assert found.of("resource", "z") == ()


@pytest.mark.parametrize("text", ["a = {", 'a = "', "a {", "a = [1", "= 1", "a = }", 'a = "${b"', "{{ x }}"])
def test_what_is_no_hcl_is_refused(text: str) -> None:
    with pytest.raises(NotHclError):
        parse(text)


@pytest.mark.parametrize(("start", "end"), [("f(", ")"), ("(", ")"), ("[", "]"), ("!(", ") ? 1 : 0"), ('"${', '}"')])
def test_what_nests_too_deep_is_not_read(start: str, end: str) -> None:
    with pytest.raises(NotHclError):
        parse(f"x = {start * 1000}a{end * 1000}\n")
