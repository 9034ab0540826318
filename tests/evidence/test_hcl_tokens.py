"""Variable files of Terraform as tokens."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.hcl_tokens import calculated_tokens, not_constant, tokens


def test_a_file_is_taken_apart() -> None:
    found = tokens('# a\nkey = ["x", -1.5e3, true] // b\n')
    assert found is not None
    assert [(token.kind, token.text) for token in found] == [
        ("comment", "# a"),
        ("newline", "\n"),
        ("word", "key"),
        ("equal", "="),
        ("open", "["),
        ("string", '"x"'),
        ("comma", ","),
        ("minus", "-"),
        ("number", "1.5e3"),
        ("comma", ","),
        ("word", "true"),
        ("close", "]"),
        ("comment", "// b"),
        ("newline", "\n"),
    ]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("a = <<EOT\n x = {\n EOT\n", ["word", "equal", "heredoc", "newline"]),
        ("a = <<-EOT\nEOT", ["word", "equal", "heredoc"]),
        ('a = "$${x} %%{y} $ %"', ["word", "equal", "string"]),
        ('a = "${x}"', ["word", "equal", "template"]),
        ('a = "%{if x}"', ["word", "equal", "template"]),
        ('a = "\\"${"', ["word", "equal", "template"]),
        ("a /* b */ = 1", ["word", "comment", "equal", "number"]),
    ],
)
def test_texts_and_comments_are_told_apart(text: str, kinds: list[str]) -> None:
    assert [token.kind for token in tokens(text) or ()] == kinds


@pytest.mark.parametrize(
    "text", ["a == 1", "a = x ? 1 : 2", "a => 1", "a = 'x'", 'a = "x', "a = x.*", "a = x + 1", "/* x\n */"]
)
def test_more_than_constants_is_not_taken_apart(text: str) -> None:
    assert tokens(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a = b", ["b"]),
        ("a = [true, b, null]", ["b"]),
        ("a = { b = c, d : e }", ["c", "e"]),
        ('a = "${b}"', ['"${b}"']),
        ("a = f(1)", ["f"]),
        ("a = { b = 1 } # c = d", []),
        ("/* b\n = c */ a = 1", []),
        ("a = b.c/d/1", ["b.c/d/1"]),
        ("a = [1 + z, 2 * 3]", ["z"]),
        ('a = ("b")', []),
        ("a = (b)", ["b"]),
        ('a = "${"b"}-${"c-${"d"}"}"', []),
        ('a = "${"b"}-${c}"', ['"${"b"}-${c}"']),
        ('a = "${true ? "b" : "c"}"', []),
        ('a = "${b["c"]}"', ['"${b["c"]}"']),
        ('a = "b${1 + 1}"', []),
        ('a = "b${1 + c}"', ['"b${1 + c}"']),
        ('a = "%{ if true }b%{ else }c%{ endif }"', []),
        ('a = "%{ if b }c%{ endif ~}"', ['"%{ if b }c%{ endif ~}"']),
        ('a = "\\"%{ if 1 > 0 }$${b}%{ endif }"', []),
        ('a = "%{ for b in ["c"] }${b}%{ endfor }"', []),
        ('a = "${upper("b") + 1}"', ['"${upper("b") + 1}"']),
        ('a = { b = "c" }.b', []),
        ('a = ["b"][0]\nc = [{ d = 1 }][0].d', []),
        ('a = ["b"][c]', ["c"]),
        ("a = <<EOT\n%{ if b }c%{ endif }\nEOT", ["<<EOT\n%{ if b }c%{ endif }\nEOT"]),
        ("a = <<EOT\n$${HOME}\nEOT", []),
        ('a = <<EOT\n${"b"}\nEOT', []),
        ("a = <<EOT\n%{ if true }b%{ endif }\nEOT", []),
        ("a = <<EOT\n${HOME}\nEOT", ["<<EOT\n${HOME}\nEOT"]),
        ('a = [for b in ["c"] : b]\nd = e', ["e"]),
        ('a = { for b in ["c"] : b => [b] }\nd = e', ["e"]),
    ],
)
def test_what_is_no_constant_is_found(text: str, expected: list[str]) -> None:
    assert [token.text for token in not_constant(calculated_tokens(text) or ())] == expected
