"""What the encoders write, read back by the readers that others use, and what they refuse."""

from __future__ import annotations

import math
import unicodedata
from typing import TYPE_CHECKING

import pygohcl
import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from jinja2 import StrictUndefined, UndefinedError
from ruamel.yaml import YAML

from gitops_gen.formats import (
    FORMATS,
    EncodingError,
    ParseError,
    encode_bare,
    encode_hcl,
    encode_markdown,
    encode_yaml,
)
from gitops_gen.source import parse_documents

if TYPE_CHECKING:
    from collections.abc import Callable

    from gitops_gen.model import Value

TRAPS = (
    "", " ", "  a  ", "no", "NO", "n", "y", "Yes", "on", "OFF", "true", "null", "Null", "~", "0123", "012345678901",
    "557702566877", "0o17", "0x1F", "0b1", "1e3", "1_000", "12:30", "1:30", "2024-01-01", "2024-01-01T00:00:00Z", ".5",
    "1.", "-1", "+1", ".inf", "-.INF", ".nan", "=", "<<", "-", "- a", "?", "? a", ":", ": ", "a: b", "a:", "#", "a #b",
    "---", "...", "--- a", "%", "%YAML 1.1", "&a", "*a", "!", "!!str a", "|", ">", "@", "`", "{", "}", "[", "]", "{}",
    "[]", ",", "'", "''", '"', '""', "\\", "\\n", "'\"", "a'b\"c", '{"a": "b"}', "{{ .a }}", "$", "${", "$${", "$$${",
    "${a}", "%{", "%%{", "%{ if a }", "\t", "a\tb", "\n", "a\n", "a\nb\n\n", "\r", "\r\n", "\0", "\x07", "\x1b", "\x7f",
    "\x85", "\xa0", "\xad", "\u2028", "\u2029", "\u200b", "\u202e", "\ufeff", "\ufeffa", "\ufffe", "\uffff", "\ue000",
    "é", "e\u0301", "日本", "\U0001f600", "\U0001fae8", "\U0010ffff", "a" * 5000, "a b " * 2000, "\n" * 500,
)  # fmt: skip

TEXTS = st.text() | st.sampled_from(TRAPS) | st.text(alphabet="${}%\"'\\ :#-\n\tno0e1.", max_size=12)
NUMBERS = st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False)
SCALARS: st.SearchStrategy[Value] = st.none() | st.booleans() | NUMBERS | TEXTS
KEYS = st.text(max_size=20) | st.sampled_from([trap for trap in TRAPS if len(trap) < 100])
NESTED: st.SearchStrategy[Value] = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def typed(value: object) -> object:
    """The value with the type of every part, since 1 == 1.0 == True, and the sign of a zero."""
    if isinstance(value, dict):
        return {key: typed(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [typed(item) for item in value]
    return (type(value).__name__, repr(value))


def read_1_1(text: str) -> object:
    loaded: object = yaml.load(text, yaml.CSafeLoader)
    return loaded


def read_1_2(text: str) -> object:
    loaded: object = YAML(typ="safe", pure=True).load(text)
    return loaded


def read_strictly(text: str) -> object:
    (document,) = parse_documents(text)
    return document


READERS = pytest.mark.parametrize("read", [read_1_1, read_1_2, read_strictly])


@READERS
@settings(deadline=None)
@given(NESTED)
def test_any_value_reads_back_the_same_from_yaml(read: Callable[[str], object], value: Value) -> None:
    assert typed(read(encode_yaml(value) + "\n")) == typed(value)


@READERS
@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_reads_back_as_the_same_text_wherever_it_stands(read: Callable[[str], object], trap: str) -> None:
    value = {"value": trap, "list": [trap, [trap]], "map": {trap[:300]: trap}}
    assert read(encode_yaml(value) + "\n") == value
    assert read(f"key: {encode_yaml(trap)} # comment\nother: 1\n") == {"key": trap, "other": 1}
    assert read(f"- {encode_yaml(trap)}\n- 1\n") == [trap, 1]


@READERS
@settings(deadline=None)
@given(NESTED, st.integers(0, 12))
def test_a_value_stands_in_its_place_with_the_indent_that_it_is_told(
    read: Callable[[str], object], value: Value, indent: int
) -> None:
    pad = " " * indent
    inline = isinstance(value, str | int | float) or not value
    head = f"{pad}key: " if inline else f"{pad}key:\n{pad}  "
    text = f"{pad}before: 1\n{head}{encode_yaml(value, indent=indent + 2)}\n{pad}after: 2\n"
    assert typed(read(text)) == typed({"before": 1, "key": value, "after": 2})


@READERS
@settings(deadline=None)
@given(NESTED, st.integers(0, 12))
def test_a_value_stands_after_a_hyphen(read: Callable[[str], object], value: Value, indent: int) -> None:
    pad = " " * indent
    text = f"{pad}- {encode_yaml(value, indent=indent + 2)}\n{pad}- 2\n"
    assert typed(read(text)) == typed([value, 2])


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-3, "-3"),
        (1.0, "1.0"),
        (1e16, "1.0e+16"),
        (1.5e-07, "1.5e-07"),
        (-0.0, "-0.0"),
        ("", '""'),
        ("no", '"no"'),
        ('{"a": 1}', "'{\"a\": 1}'"),
        ("it's \"quoted\"", '"it\'s \\"quoted\\""'),
        ("a\\b", '"a\\\\b"'),
        ("a\n\tb\r", '"a\\n\\tb\\r"'),
        ("\0\x85\u2028\ufeff\U0010ffff", '"\\u0000\\u0085\\u2028\\ufeff\\U0010ffff"'),
        ("naïve 日本 \U0001fae8", '"naïve 日本 \U0001fae8"'),
        ({}, "{}"),
        ([], "[]"),
        ((), "[]"),
        ((1, "a"), '- 1\n- "a"'),
        ({"a": {}, "b": []}, "a: {}\nb: []"),
        ({"no": 1, "Y": 1, "": 1, "a b": 1, "a.b/c-d": 1, "1": 1, "-": 1},
         '"no": 1\n"Y": 1\n"": 1\n"a b": 1\na.b/c-d: 1\n"1": 1\n"-": 1'),
        ({"a": [{"b": 1, "c": [2, 3]}, [4, {"d": 5}]]},
         "a:\n  - b: 1\n    c:\n      - 2\n      - 3\n  - - 4\n    - d: 5"),
    ],
)  # fmt: skip
def test_yaml_is_written_in_block_style_with_every_text_quoted(value: Value, text: str) -> None:
    assert encode_yaml(value) == text


def test_the_first_line_stands_where_the_filter_stands() -> None:
    assert encode_yaml({"a": [1], "b": 2}, indent=4) == "a:\n      - 1\n    b: 2"


@pytest.mark.parametrize("word", ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "=", "<<", "1", ""])
def test_a_key_that_some_reader_takes_for_another_value_is_quoted(word: str) -> None:
    # PyYAML reads y and n as text; Go's YAML 1.1 reader, which Kubernetes uses, does not.
    for key in (word, word.upper(), word.capitalize()):
        assert encode_yaml({key: 1}) == f'"{key}": 1'


@given(
    st.characters(categories=["Cc", "Co", "Zl", "Zp", "Zs"], exclude_characters=" ")
    | st.sampled_from("\xad\u061c\u180e\u200b\u200d\u200f\u202a\u202e\u2066\u2069\ufeff\ufff9\U000e0041")
)
def test_what_no_eye_can_see_is_escaped(character: str) -> None:
    for encode in (encode_yaml, encode_hcl):
        written = encode(f"a{character}b")
        assert written.isascii()
        assert "\n" not in written


def test_what_is_seen_stands_as_it_is_in_every_version_of_python() -> None:
    assert encode_yaml("\u0378 \U0001fae8 \u1c89") == '"\u0378 \U0001fae8 \u1c89"'


@pytest.mark.parametrize("key", ["a" * 1024, '"' * 1022, "é" * 1022, " " * 1022])
def test_a_key_may_be_as_long_as_a_reader_looks_for_its_colon(key: str) -> None:
    text = encode_yaml({"a": {key: 1}}) + "\n"
    for read in (read_1_1, read_1_2, read_strictly):
        assert read(text) == {"a": {key: 1}}


@pytest.mark.parametrize("key", ["a" * 1025, '"' * 1023, "é" * 1023, "\n" * 512])
def test_a_longer_key_is_refused(key: str) -> None:
    with pytest.raises(EncodingError, match=r"^got a key of 102[56] characters, expected at most 1024$"):
        encode_yaml({key: 1})


class Thing:
    """A value of no format, whose repr would tell where it lies in memory."""


EXPECTED = "expected text, a finite number, true, false, null, a map or a list"


@pytest.mark.parametrize("encode", [encode_yaml, encode_hcl])
@pytest.mark.parametrize(
    ("value", "message"),
    [
        (math.nan, f"got nan, {EXPECTED}"),
        (math.inf, f"got inf, {EXPECTED}"),
        (-math.inf, f"got -inf, {EXPECTED}"),
        (2**53 + 1, "got a whole number beyond 9007199254740992, expected a string in its place"),
        (-(2**53) - 1, "got a whole number beyond 9007199254740992, expected a string in its place"),
        ("a\ud800", "got a lone surrogate (U+D800), expected text"),
        ("\udfff", "got a lone surrogate (U+DFFF), expected text"),
        ({"\udc00": 1}, "got a lone surrogate (U+DC00), expected text"),
        ({1: 1}, "got 1, expected a key that is text"),
        ({None: 1}, "got None, expected a key that is text"),
        ({True: 1}, "got True, expected a key that is text"),
        ({("a",): 1}, "got a tuple, expected a key that is text"),
        (b"text", f"got a bytes, {EXPECTED}"),
        ({1, 2}, f"got a set, {EXPECTED}"),
        (1j, f"got a complex, {EXPECTED}"),
        (Thing(), f"got a Thing, {EXPECTED}"),
    ],
)
def test_what_has_no_safe_spelling_is_refused_wherever_it_stands(
    encode: Callable[[object], str], value: object, message: str
) -> None:
    for wrapped in (value, [value], {"a": {"b": [0, value]}}):
        with pytest.raises(EncodingError) as caught:
            encode(wrapped)
        assert str(caught.value) == message


@pytest.mark.parametrize("encode", [encode_yaml, encode_hcl, encode_markdown, encode_bare])
def test_an_undefined_value_says_its_own_name(encode: Callable[[object], str]) -> None:
    with pytest.raises(UndefinedError, match=r"^'clusterr' is undefined$"):
        encode(StrictUndefined(name="clusterr"))


def read_hcl(text: str) -> object:
    loaded: object = pygohcl.loads(f"value = {text}\n")["value"]
    return loaded


def as_hcl_means_it(value: object) -> object:
    """HCL has one kind of number, and text in Unicode's normal form C."""
    if isinstance(value, dict):
        return {unicodedata.normalize("NFC", key): as_hcl_means_it(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_hcl_means_it(item) for item in value]
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def has_twins(value: Value) -> bool:
    """True if two keys of a map are the same to HCL."""
    if isinstance(value, dict):
        names = {unicodedata.normalize("NFC", key) for key in value}
        return len(names) < len(value) or any(map(has_twins, value.values()))
    return isinstance(value, list) and any(map(has_twins, value))


@settings(deadline=None)
@given(NESTED.filter(lambda value: not has_twins(value)))
@example({"a": ["${b}", {"%{c}": "$${d}"}]})
def test_any_value_reads_back_the_same_from_hcl(value: Value) -> None:
    assert as_hcl_means_it(read_hcl(encode_hcl(value))) == as_hcl_means_it(value)


@pytest.mark.parametrize("trap", TRAPS)
def test_a_trap_reads_back_as_the_same_text_from_hcl(trap: str) -> None:
    assert read_hcl(encode_hcl(trap)) == unicodedata.normalize("NFC", trap)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", '"a"'),
        ("012345678901", '"012345678901"'),
        ("${a} %{b} $c %d $${e}", '"$${a} %%{b} $c %d $$${e}"'),
        (None, "null"),
        (True, "true"),
        (1.0, "1.0"),
        ([], "[]"),
        ({}, "{}"),
        (("a", 1), '["a", 1]'),
        ({"a": 1, "b c": {"d": []}}, '{ "a" = 1, "b c" = { "d" = [] } }'),
    ],
)
def test_hcl_stands_on_one_line(value: Value, text: str) -> None:
    assert encode_hcl(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("plain text", "plain text"),
        (3, "3"),
        ("  many \n\n lines\t", "many lines"),
        ("# head", "\\# head"),
        ("- item", "\\- item"),
        ("1. item", "1\\. item"),
        ("12) item", "12\\) item"),
        ("=== ", "\\==="),
        ("v2.9.0", "v2.9.0"),
        ("a_b*c`d`~e~", "a\\_b\\*c\\`d\\`\\~e\\~"),
        ("[text](link) ![image]", "\\[text\\]\\(link\\) \\!\\[image\\]"),
        ("<tag> &amp; | $math$", "\\<tag\\> \\&amp; \\| \\$math\\$"),
        ("back\\slash {brace} a+b", "back\\\\slash \\{brace\\} a\\+b"),
        ("", ""),
    ],
)  # fmt: skip
def test_markdown_is_text_on_one_line(value: object, text: str) -> None:
    assert encode_markdown(value) == text


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (None, "got None, expected a string or a whole number"),
        (True, "got True, expected a string or a whole number"),
        (1.5, "got 1.5, expected a string or a whole number"),
        (["a"], "got a list, expected a string or a whole number"),
        ("a\ud800", "got a lone surrogate (U+D800), expected text"),
    ],
)
def test_markdown_refuses_what_is_no_text(value: object, message: str) -> None:
    with pytest.raises(EncodingError) as caught:
        encode_markdown(value)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "value",
    ["", "a", "myapp-production-use1", "arn:aws:iam::111122223333:role/a+b=c.d@e_f-g", "a/b?c", "012345678901", 7],
)
def test_a_derived_value_stands_bare(value: object) -> None:
    assert encode_bare(value) == str(value)


@pytest.mark.parametrize(
    "value",
    ["a b", "a\n", "a#b", 'a"b', "a'b", "a{b", "a,b", "a*b", "${a}", "é", "a\\b", "a|b", "a&b", None, True, 1.5, ["a"]],
)
def test_anything_else_may_not_stand_bare(value: object) -> None:
    shown = "a list" if isinstance(value, list) else repr(value)
    expected = "only letters, digits and ._:/@+=?- in a value that stands bare"
    with pytest.raises(EncodingError) as caught:
        encode_bare(value)
    assert str(caught.value) == f"got {shown}, expected {expected}"


def test_a_comma_may_stand_bare_in_markdown_only() -> None:
    assert encode_bare("role/a,b", "markdown") == "role/a,b"
    for form in ("yaml", "hcl"):
        with pytest.raises(EncodingError):
            encode_bare("role/a,b", form)


def test_a_long_value_is_not_repeated_in_a_message() -> None:
    with pytest.raises(EncodingError, match=r"^got a str, expected only letters"):
        encode_bare("a b" * 100)


@pytest.mark.parametrize(("name", "comment"), [("yaml", "# text"), ("hcl", "# text"), ("markdown", "<!-- text -->")])
def test_every_format_has_its_comment_and_reads_it_back(name: str, comment: str) -> None:
    form = FORMATS[name]
    assert form.comment("text") == comment
    form.parse(f"{comment}\n")


def test_there_are_three_formats() -> None:
    assert [(name, form.name, form.encode) for name, form in FORMATS.items()] == [
        ("yaml", "yaml", encode_yaml),
        ("hcl", "hcl", encode_hcl),
        ("markdown", "markdown", encode_markdown),
    ]


@pytest.mark.parametrize("text", ["a: 1\n", "a: 1\n---\nb: 2\n", "# nothing\n", "- a\n"])
def test_yaml_is_read_back_document_by_document(text: str) -> None:
    FORMATS["yaml"].parse(text)


@pytest.mark.parametrize(
    ("name", "text", "reason", "line", "column"),
    [
        ("yaml", "a: 1\nb: ]\n", "invalid-yaml", 2, 4),
        ("yaml", "a: 1\na: 2\n", "duplicate-key: the key a is already there", 2, 1),
        ("yaml", "a: 1\n---\nb: no\n", "ambiguous-scalar: no is ambiguous", 3, 4),
        ("hcl", 'a = "b"\nc = \n', "Invalid expression", 2, 5),
        ("hcl", "a = 1\na = 2\n", "Attribute redefined", 2, 1),
        ("hcl", 'a = "${"\n', "", 1, 0),
    ],
)
def test_what_a_format_cannot_read_says_where(name: str, text: str, reason: str, line: int, column: int) -> None:
    with pytest.raises(ParseError) as caught:
        FORMATS[name].parse(text)
    assert caught.value.reason.startswith(reason)
    assert caught.value.line == line
    assert column in (0, caught.value.column)


def test_markdown_takes_any_text() -> None:
    FORMATS["markdown"].parse("# [<\0")
