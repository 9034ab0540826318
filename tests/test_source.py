from __future__ import annotations

import io
import math
import os
import re
import subprocess
import sys
import tracemalloc
from datetime import date
from pathlib import Path

import pytest
import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from gitops_gen.problems import Location, ModelError, Problem, Related
from gitops_gen.source import InvalidYamlError, Source, decode, parse_documents, read, read_documents
from gitops_gen.yaml_reader.limits import MAX_ALIASED, MAX_BYTES, MAX_DEPTH, Value

PATH = "environments/dev.yaml"

Steps = tuple[str | int, ...]


def load(text: str) -> Value:
    return Source(PATH, text).data


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(ModelError) as raised:
        load(text)
    return raised.value.problems


def problem(code: str, message: str, line: int, column: int, hint: str, *related: Related) -> Problem:
    return Problem(code, message, Location(PATH, line, column), hint, related=related)


def related(line: int, column: int, message: str) -> Related:
    return Related(Location(PATH, line, column), message)


# --- reading a file


def read_problems(root: Path, path: str = PATH) -> tuple[Problem, ...]:
    with pytest.raises(ModelError) as raised:
        read(root, path)
    return raised.value.problems


def write(root: Path, raw: bytes, path: str = PATH) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(raw)
    return file


def test_a_file_is_its_relative_path_and_its_text(tmp_path: Path) -> None:
    write(tmp_path, b"region: us-east-1\n")

    source = read(tmp_path, PATH)

    assert source == Source(PATH, "region: us-east-1\n")
    assert source.data == {"region": "us-east-1"}


def test_a_missing_file_is_said_without_a_machine_path(tmp_path: Path) -> None:
    assert read_problems(tmp_path) == (
        Problem("unreadable-file", "there is no such file", Location(PATH), "create it, or correct its name"),
    )


def test_a_folder_in_place_of_a_file_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / PATH).mkdir(parents=True)

    assert read_problems(tmp_path) == (
        Problem("unreadable-file", "is a folder, expected a file", Location(PATH), "put a file in its place"),
    )


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "environments").mkdir()
    os.mkfifo(tmp_path / PATH)

    assert read_problems(tmp_path) == (
        Problem("unreadable-file", "is no regular file", Location(PATH), "put a file in its place"),
    )


def test_what_the_system_says_is_passed_on_without_a_machine_path(tmp_path: Path) -> None:
    (tmp_path / "loop.yaml").symlink_to("loop.yaml")
    too_long = f"{'a' * 300}.yaml"
    hint = "make it a file that you can read"

    assert read_problems(tmp_path, "loop.yaml") + read_problems(tmp_path, too_long) == (
        Problem(
            "unreadable-file",
            "cannot be read: Too many levels of symbolic links",
            Location("loop.yaml"),
            hint,
        ),
        Problem("unreadable-file", "cannot be read: File name too long", Location(too_long), hint),
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_unreadable(tmp_path: Path) -> None:
    write(tmp_path, b"a: 1\n").chmod(0)

    assert read_problems(tmp_path) == (
        Problem(
            "unreadable-file",
            "cannot be read: Permission denied",
            Location(PATH),
            "make it a file that you can read",
        ),
    )


def test_a_broken_link_is_called_so(tmp_path: Path) -> None:
    (tmp_path / "environments").mkdir()
    (tmp_path / PATH).symlink_to("gone.yaml")

    assert read_problems(tmp_path) == (
        Problem(
            "unreadable-file",
            "is a symbolic link to nothing",
            Location(PATH),
            "replace the symbolic link with the file",
        ),
    )


OUTSIDE = Problem(
    "symlink-outside",
    "leads outside of the root",
    Location(PATH),
    "replace the symbolic link with the file",
)


def test_a_link_that_leaves_the_root_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "other", b"a: 1\n", "dev.yaml")
    (tmp_path / "root" / "environments").mkdir(parents=True)
    (tmp_path / "root" / PATH).symlink_to(tmp_path / "other" / "dev.yaml")

    assert read_problems(tmp_path / "root") == (OUTSIDE,)


def test_a_linked_folder_that_leaves_the_root_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "other", b"a: 1\n", "dev.yaml")
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "environments").symlink_to(tmp_path / "other")

    assert read_problems(tmp_path / "root") == (OUTSIDE,)


def test_a_folder_whose_name_starts_like_the_root_is_outside(tmp_path: Path) -> None:
    write(tmp_path / "root-2", b"a: 1\n", "dev.yaml")
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "environments").symlink_to(tmp_path / "root-2")

    assert read_problems(tmp_path / "root") == (OUTSIDE,)


def test_a_link_inside_the_root_is_followed(tmp_path: Path) -> None:
    write(tmp_path, b"a: 1\n", "shared/dev.yaml")
    (tmp_path / "environments").symlink_to("shared")
    (tmp_path / "linked-root").symlink_to(tmp_path)

    assert read(tmp_path / "linked-root", PATH).data == {"a": 1}


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    os.truncate(write(tmp_path, b""), 100_000_000)

    tracemalloc.start()
    found = read_problems(tmp_path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert found == (
        Problem(
            "file-too-large",
            "got 100,000,000 bytes, expected at most 33,554,432 (32 MiB)",
            Location(PATH),
            "split it into smaller files",
        ),
    )
    assert peak < 1_000_000


def test_a_file_of_exactly_the_limit_is_read(tmp_path: Path) -> None:
    os.truncate(write(tmp_path, b""), MAX_BYTES)

    assert [found.code for found in read_problems(tmp_path)] == ["binary-file"]


SAVE = "save the file as UTF-8"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"a: 1\nb: caf\xe9\n", problem("not-utf8", "got the byte 0xE9, expected UTF-8", 2, 7, SAVE)),
        (
            "é: ü".encode() + b"\xff",
            problem("not-utf8", "got the byte 0xFF, expected UTF-8", 1, 5, SAVE),
        ),
        (b"a: 1\r\nb: \xff", problem("not-utf8", "got the byte 0xFF, expected UTF-8", 2, 4, SAVE)),
        (b"\xef\xbb\xbfa\xff", problem("not-utf8", "got the byte 0xFF, expected UTF-8", 1, 2, SAVE)),
        ("a: 1\n".encode("utf-16"), problem("not-utf8", "is UTF-16, expected UTF-8", 1, 1, SAVE)),
        ("\ufeffa: 1\n".encode("utf-16-be"), problem("not-utf8", "is UTF-16, expected UTF-8", 1, 1, SAVE)),
        ("a: 1\n".encode("utf-16-le"), problem("binary-file", "got a NUL byte, expected text", 1, 2, SAVE)),
        (
            b"\0GITCRYPT\0\x9a\xff",
            Problem(
                "binary-file", "is encrypted by git-crypt, expected text", Location(PATH), "unlock it: git-crypt unlock"
            ),
        ),
        (b"a: 1\nb: \xc3\xa9\0\n", problem("binary-file", "got a NUL byte, expected text", 2, 5, SAVE)),
        (
            bytes([1, 2, 3, 4, 65]),
            Problem("binary-file", "is mostly control characters, expected text", Location(PATH), SAVE),
        ),
    ],
)
def test_bytes_that_are_no_text_are_refused(raw: bytes, expected: Problem) -> None:
    with pytest.raises(ModelError) as raised:
        decode(PATH, raw)

    assert raised.value.problems == (expected,)


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    write(tmp_path, b"\xef\xbb\xbfa: 1\n")

    source = read(tmp_path, PATH)

    assert source == Source(PATH, "a: 1\n")
    assert source.locate(("a",), key=True) == Location(PATH, 1, 1)


def test_carriage_returns_stay_in_the_text_and_out_of_the_values_and_the_columns(tmp_path: Path) -> None:
    write(tmp_path, b"a: x\r\nb:\r\n  - y\r\n  - |\r\n    one\r\n    two\r\n")

    source = read(tmp_path, PATH)

    assert source.text.count("\r\n") == 6
    assert source.data == {"a": "x", "b": ["y", "one\ntwo\n"]}
    assert source.locate(("b", 1)) == Location(PATH, 4, 5)


def test_columns_count_characters() -> None:
    source = Source(PATH, '{"é": "😀", "b": x}\n')

    assert source.locate(("b",)) == Location(PATH, 1, 17)
    assert source.locate(("b",), key=True) == Location(PATH, 1, 12)


# --- the number of documents


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "null\n", "~\n", "--- # nothing\n...\n"])
def test_a_file_without_a_value_is_empty(text: str) -> None:
    assert problems(text) == (
        Problem("empty-file", "holds no value", Location(PATH), "write its content, or delete it"),
    )


@pytest.mark.parametrize(("text", "value"), [("{}", {}), ("[]", []), ("false", False), ("0", 0), ("''", "")])
def test_an_empty_value_is_no_empty_file(text: str, value: Value) -> None:
    assert load(text) == value


@pytest.mark.parametrize("text", ["---\na: 1\n---\nb: 2\n---\nc: 3\n", "a: 1\n\n---\n"])
def test_a_second_document_is_refused_where_it_starts(text: str) -> None:
    assert problems(text) == (
        problem(
            "several-documents",
            "a second document starts here, expected one in a file",
            3,
            1,
            "move it to a file of its own, or delete it with its ---",
        ),
    )


def test_one_document_may_have_its_marks() -> None:
    assert load("%YAML 1.1\n---\na: 1\n...\n") == {"a": 1}


# --- scalars


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *((text, None) for text in ("", "~", "null", "Null", "NULL")),
        *((text, True) for text in ("true", "True", "TRUE")),
        *((text, False) for text in ("false", "False", "FALSE")),
        ("0", 0),
        ("-0", 0),
        ("+12", 12),
        ("-7", -7),
        ("0x1F", 31),
        ("9007199254740992", 2**53),
        ("-9007199254740992", -(2**53)),
        ("0x20000000000000", 2**53),
        ("0x00000000000000000000000000000001", 1),
        ("1.5", 1.5),
        ("-.5", -0.5),
        ("1.", 1.0),
        ("0.0", 0.0),
        ("1.0e+3", 1000.0),
        ("1.2E-3", 0.0012),
        *(
            (text, text)
            for text in (
                "us-east-1",
                "1.2.3",
                "10.0.0.0/16",
                "y",
                "N",
                "nULL",
                "tRUE",
                "oN",
                "=",
                "<<",
                "-",
                "+",
                ".",
                "...x",
                "1:30",
                "12:30:45",
                "190:20:30.15",
                "2026-01-31",
                "2026-01-31T10:00:00Z",
                "0x",
                "0xG",
                "0b2",
                "0o8",
                "1e",
                "_1",
                "1_a",
                "infinity",
                ".info",
                "NaN",
                "1h0m0s",
                "१२",
            )
        ),
    ],
)
def test_a_plain_scalar_means_what_yaml_1_2_says(text: str, value: Value) -> None:
    found = load(f"a: {text}\n" if text != "-" else "a: [-x, x]\n")
    expected = {"a": value} if text != "-" else {"a": ["-x", "x"]}

    assert found == expected
    assert isinstance(found, dict)
    assert type(found["a"]) is type(expected["a"])


AMBIGUOUS = "ambiguous-scalar"
BOOLEAN = "is ambiguous: some YAML readers take it for true or false, some for a string"
NUMBER = "is ambiguous: some YAML readers take it for a number, some for a string"
WHOLE = "expected a whole number up to 9007199254740992: Helm and Argo CD read numbers as 64-bit floats"
PADDED = "is ambiguous: YAML readers drop the leading zero or read it as octal"


@pytest.mark.parametrize("text", ["yes", "Yes", "YES", "on", "On", "ON"])
def test_a_former_true_is_ambiguous(text: str) -> None:
    hint = f'write true, or quote it: "{text}"'

    assert problems(f"a: {text}\n") == (problem(AMBIGUOUS, f"{text} {BOOLEAN}", 1, 4, hint),)


@pytest.mark.parametrize("text", ["no", "No", "NO", "off", "Off", "OFF"])
def test_a_former_false_is_ambiguous(text: str) -> None:
    hint = f'write false, or quote it: "{text}"'

    assert problems(f"a: {text}\n") == (problem(AMBIGUOUS, f"{text} {BOOLEAN}", 1, 4, hint),)


@pytest.mark.parametrize("text", ["012345678901", "0123", "089", "00", "-01", "01.5", "012e3"])
def test_a_leading_zero_is_ambiguous(text: str) -> None:
    hint = f'quote it: "{text}"'

    assert problems(f"account_id: {text}\n") == (problem(AMBIGUOUS, f"{text} {PADDED}", 1, 13, hint),)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("0o17", "15"),
        ("0b1", "1"),
        ("-0x1F", "-31"),
        ("0XFF", "255"),
        ("1_000", "1000"),
        ("1_", "1"),
        ("2026_01_31", "20260131"),
        ("1_0.5", "10.5"),
        ("1e3", "1000.0"),
        ("1.5e3", "1500.0"),
        ("1234e56", "1.234e+59"),
        ("2e+20", "2.0e+20"),
    ],
)
def test_a_number_that_only_some_readers_know_is_ambiguous(text: str, plain: str) -> None:
    hint = f'write {plain}, or quote it: "{text}"'

    assert problems(f"a: {text}\n") == (problem(AMBIGUOUS, f"{text} {NUMBER}", 1, 4, hint),)


@pytest.mark.parametrize("text", ["9007199254740993", "-9007199254740993", "0x20000000000001", "1" + "0" * 30])
def test_a_whole_number_that_a_float_cannot_hold_is_out_of_range(text: str) -> None:
    message = (
        f"got {text}, expected a whole number up to 9007199254740992: Helm and Argo CD read numbers as 64-bit floats"
    )

    assert problems(f"a: {text}\n") == (problem("number-out-of-range", message, 1, 4, f'quote it: "{text}"'),)


@pytest.mark.parametrize("text", [".inf", "-.Inf", "+.INF", ".nan", ".NaN", ".NAN", "1e999", "-1.0e400"])
def test_a_number_that_json_cannot_hold_is_out_of_range(text: str) -> None:
    message = f"got {text}, expected a finite number"

    assert problems(f"a: {text}\n") == (problem("number-out-of-range", message, 1, 4, f'quote it: "{text}"'),)


def test_a_very_long_number_is_shortened_in_the_message() -> None:
    found = problems(f"a: {'9' * 100_000}\n")

    assert found == (
        problem(
            "number-out-of-range",
            f"got {'9' * 57}..., expected a whole number up to 9007199254740992: "
            "Helm and Argo CD read numbers as 64-bit floats",
            1,
            4,
            "quote it",
        ),
    )


@pytest.mark.parametrize("text", ["no", "0123", "1_000", "0o17", "9007199254740993", ".inf", "null", "true", "1"])
@pytest.mark.parametrize("style", ['"{}"', "'{}'", "|-\n  {}", ">-\n  {}"])
def test_what_is_quoted_is_always_a_string(text: str, style: str) -> None:
    assert load(f"a: {style.format(text)}\n") == {"a": text}
    assert load(f"? {style.format(text)}\n: 1\n") == {text: 1}


def test_all_ambiguous_scalars_and_duplicates_are_said_in_one_go() -> None:
    text = "a: no\nb:\n  - 0123\n  - c: 1\n    c: 1_000\na: !x 1\n"

    assert [(found.code, found.at.line, found.at.column) for found in problems(text)] == [
        ("ambiguous-scalar", 1, 4),
        ("ambiguous-scalar", 3, 5),
        ("duplicate-key", 5, 5),
        ("ambiguous-scalar", 5, 8),
        ("duplicate-key", 6, 1),
        ("unsupported-tag", 6, 4),
    ]


# --- keys


def test_a_duplicate_key_points_at_the_second_one() -> None:
    text = "clusters:\n  - region: a\n    name: x\n    region: b\n"

    assert problems(text) == (
        problem(
            "duplicate-key",
            "the key region is already there",
            4,
            5,
            "remove one of the two",
            related(2, 5, "the first one"),
        ),
    )


def test_the_third_of_a_key_refers_to_the_first() -> None:
    assert [(found.at.line, found.related) for found in problems("a: 1\na: 2\n'a': 3\n")] == [
        (2, (related(1, 1, "the first one"),)),
        (3, (related(1, 1, "the first one"),)),
    ]


def test_a_duplicate_inside_of_a_duplicate_refers_to_its_own_block() -> None:
    text = "a:\n  x: 1\n  x: 2\na:\n  x: 3\n  x: 4\n"

    assert [(found.at.line, found.related[0].at.line) for found in problems(text)] == [(3, 2), (4, 1), (6, 5)]


def test_keys_differ_by_case() -> None:
    assert load("Region: 1\nregion: 2\nnO: 3\n") == {"Region": 1, "region": 2, "nO": 3}
    assert [found.at.line for found in problems("nO: 1\nno: 2\n")] == [2]


def test_the_same_key_in_another_map_is_no_duplicate() -> None:
    assert load("a: {x: 1}\nb: {x: 2}\nc: [{x: 3}, {x: 4}]\n") == {
        "a": {"x": 1},
        "b": {"x": 2},
        "c": [{"x": 3}, {"x": 4}],
    }


@pytest.mark.parametrize(
    ("text", "is_what"),
    [
        ("0x10", "a number"),
        ("+80", "a number"),
        ("1.10", "a number"),
        (".inf", "a number"),
        ("99999999999999999999", "a number"),
        ("true", "a boolean"),
        ("null", "null"),
        ("~", "null"),
    ],
)
def test_an_unquoted_key_that_is_no_string_is_refused(text: str, is_what: str) -> None:
    message = f"the key {text} is {is_what}, expected a string"

    assert problems(f"a:\n  {text}: x\n") == (problem("key-not-a-string", message, 2, 3, f'quote it: "{text}"'),)


def test_a_whole_number_as_a_key_is_refused_and_is_what_it_is_to_argo_cd() -> None:
    told = problem("number-as-key", "the key 8080 is a number, expected a string", 2, 3, 'quote it: "8080"')

    assert problems("a:\n  8080: x\n") == (told,)
    documents = read_documents(PATH, "a:\n  8080: x\n")
    assert (documents.values, documents.problems, documents.misread) == (({"a": {"8080": "x"}},), (told,), ())


def test_an_empty_key_is_refused() -> None:
    assert problems("?\n: x\n") == (
        problem("key-not-a-string", "the key is empty, expected a string", 1, 2, "write the key before the colon"),
    )


@pytest.mark.parametrize("text", ["no", "0123", "1_000"])
def test_an_ambiguous_key_is_to_be_quoted(text: str) -> None:
    (found,) = problems(f"a:\n  {text}: x\n")

    assert (found.code, found.at, found.hint) == (AMBIGUOUS, Location(PATH, 2, 3), f'quote it: "{text}"')


@pytest.mark.parametrize(("text", "is_what"), [("? [a, b]\n: 1\n", "a list"), ("? {a: b}\n: 1\n", "a map")])
def test_a_collection_as_a_key_is_refused_and_the_rest_is_still_read(text: str, is_what: str) -> None:
    hint = 'use a string; if it is a template, quote all of it: "{{ name }}"'

    assert problems(f"{text}z: no\n") == (
        problem("collection-as-key", f"the key is {is_what}, expected a string", 1, 3, hint),
        problem(AMBIGUOUS, f"no {BOOLEAN}", 3, 4, 'write false, or quote it: "no"'),
    )


def test_an_unquoted_template_is_told_to_quote_all_of_it() -> None:
    assert [found.hint for found in problems("image: {{ tag }}\n")] == [
        'use a string; if it is a template, quote all of it: "{{ name }}"'
    ]


def test_two_keys_that_are_no_strings_are_no_duplicates() -> None:
    assert [found.code for found in problems("1: a\n2: b\n")] == ["number-as-key", "number-as-key"]


# --- tags


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!!str 0123", "0123"),
        ("!!str", ""),
        ('!!int "5"', 5),
        ("!!float 1", 1.0),
        ("!!float 1.5", 1.5),
        ("!!bool true", True),
        ("!!null ''", None),
        ("!!map {b: 1}", {"b": 1}),
        ("!!seq [1]", [1]),
    ],
)
def test_core_tags_are_read(text: str, value: Value) -> None:
    found = load(f"a: {text}\n")

    assert found == {"a": value}
    assert isinstance(found, dict)
    assert type(found["a"]) is type(value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("!vault x", "the tag !vault is not supported"),
        ("!!binary eA==", "the tag !!binary is not supported"),
        ("!!python/object:os.system x", "the tag !!python/object:os.system is not supported"),
        ("!<tag:example.com,2026:x> y", "the tag tag:example.com,2026:x is not supported"),
        ("! x", "the tag ! is not supported"),
        ("!env [x]", "the tag !env is not supported"),
        ("!!set {x}", "the tag !!set is not supported"),
        ("!!int x", "the tag !!int does not fit x"),
        ("!!bool 1", "the tag !!bool does not fit 1"),
        ("!!null x", "the tag !!null does not fit x"),
        ("!!int ''", "the tag !!int does not fit an empty value"),
        ("!!float x", "the tag !!float does not fit x"),
        ("!!map x", "the tag !!map does not fit a scalar"),
        ("!!seq {}", "the tag !!seq does not fit a map"),
        ("!!str []", "the tag !!str does not fit a list"),
    ],
)
def test_other_tags_are_refused(text: str, message: str) -> None:
    assert problems(f"a: {text}\n") == (problem("unsupported-tag", message, 1, 4, "remove the tag"),)


def test_a_tag_does_not_hide_an_ambiguous_number() -> None:
    assert problems("a: !!int 0123\n") == (problem(AMBIGUOUS, f"0123 {PADDED}", 1, 4, 'quote it: "0123"'),)


def test_a_tagged_key_is_judged_by_its_value() -> None:
    assert load("!!str 1: x\n") == {"1": "x"}
    assert [found.code for found in problems("!!int 1: x\n")] == ["number-as-key"]


# --- anchors, aliases, merges


def test_aliases_stand_for_the_values_of_their_anchors() -> None:
    text = "a: &a [1, {x: &x y}]\nb: *a\n*x : *x\nc: &a 2\nd: *a\n"

    assert load(text) == {"a": [1, {"x": "y"}], "b": [1, {"x": "y"}], "y": "y", "c": 2, "d": 2}


def test_an_anchored_key_can_be_used_again() -> None:
    assert load("&k name: 1\nb:\n  *k : 2\n") == {"name": 1, "b": {"name": 2}}


def test_an_alias_without_an_anchor_is_refused() -> None:
    message = "the alias *x has no anchor &x before it"
    hint = 'write &x where its value is; or quote it: "*x"'

    assert problems("a: *x\nb: &x 1\n*x2 : 1\n") == (
        problem("invalid-yaml", message, 1, 4, hint),
        problem("invalid-yaml", message.replace("x ", "x2 "), 3, 1, hint.replace("x", "x2").replace("x2", "x2")),
    )


def test_an_alias_of_another_document_is_unknown() -> None:
    with pytest.raises(InvalidYamlError) as raised:
        parse_documents("a: &x 1\n---\nb: *x\n")

    assert [(found.code, found.at) for found in raised.value.problems] == [("invalid-yaml", Location("", 3, 4))]


def test_an_alias_of_a_list_is_no_key() -> None:
    message = "the key *x is a list, expected a string"

    assert problems("a: &x [1]\n*x : 1\n*x : 2\n") == (
        problem("collection-as-key", message, 2, 1, 'quote it: "*x"'),
        problem("collection-as-key", message, 3, 1, 'quote it: "*x"'),
    )


@pytest.mark.parametrize(
    ("text", "column"),
    [("a: &x [*x]\n", 8), ("a: &x {b: *x}\n", 11), ("a: &x {<<: *x}\n", 12), ("a: &x {*x : 1}\n", 8)],
)
def test_an_anchor_that_contains_itself_is_refused(text: str, column: int) -> None:
    message = "the alias *x stands inside the value of its own anchor"

    assert problems(text) == (problem("alias-bomb", message, 1, column, "write out what is meant"),)


def aliased(times: int) -> str:
    """A list of 1,000 values, itself one of them, and a line for each alias of it."""
    return f"a: &a [{','.join(['x'] * 999)}]\nb:\n" + "- *a\n" * times


def test_aliases_up_to_the_budget_are_read() -> None:
    found = load(aliased(MAX_ALIASED // 1000))

    assert isinstance(found, dict)
    assert found["b"] == [["x"] * 999] * 100


def test_the_alias_that_exceeds_the_budget_is_refused() -> None:
    message = "the aliases up to here stand for more than 100,000 keys and values"

    assert problems(aliased(MAX_ALIASED // 1000 + 1)) == (
        problem("alias-bomb", message, 103, 3, "write out what is meant"),
    )


@pytest.mark.parametrize(
    "line",
    ["a{0}: &a{0} [*a{1}, *a{1}]", "a{0}: &a{0} {{x: *a{1}, y: *a{1}}}", "a{0}: &a{0} {{<<: [*a{1}, *a{1}]}}"],
)
def test_aliases_of_aliases_are_counted_without_being_written_out(line: str) -> None:
    lines = ["a0: &a0 {x: 1}", *(line.format(number, number - 1) for number in range(1, 200))]

    (found,) = problems("\n".join(lines))

    assert (found.code, found.at.line) == ("alias-bomb", 15)


def test_many_plain_values_are_no_alias_bomb() -> None:
    assert load("- x\n" * (MAX_ALIASED + 1)) == ["x"] * (MAX_ALIASED + 1)


MERGES = """\
base: &base
  region: us-east-1
  sync: {prune: true}
other: &other {region: eu-west-1, stage: 2}
one:
  <<: *base
  region: us-west-2
late:
  region: us-west-2
  <<: *base
several:
  <<: [*base, *other]
  name: x
inline:
  <<: {a: 1}
nested: &nested
  <<: *base
  stage: 1
again:
  <<: [*nested, *other]
quoted:
  "<<": *other
value: <<
"""


def test_merges_lay_maps_below_the_written_keys() -> None:
    base = {"region": "us-east-1", "sync": {"prune": True}}
    other = {"region": "eu-west-1", "stage": 2}

    assert load(MERGES) == {
        "base": base,
        "other": other,
        "one": {"region": "us-west-2", "sync": {"prune": True}},
        "late": {"region": "us-west-2", "sync": {"prune": True}},
        "several": {**base, "stage": 2, "name": "x"},
        "inline": {"a": 1},
        "nested": {**base, "stage": 1},
        "again": {**base, "stage": 1},
        "quoted": {"<<": other},
        "value": "<<",
    }


@pytest.mark.parametrize("key", ["!!merge <<", '!!merge "<<"', "&k !!merge <<", "!<tag:yaml.org,2002:merge> <<"])
def test_a_merge_may_have_the_tag_for_one(key: str) -> None:
    text = f"a: &a {{x: 1}}\nb:\n  {key}: *a\n  y: 2\n"

    assert load(text) == {"a": {"x": 1}, "b": {"x": 1, "y": 2}}
    assert Source(PATH, text).locate(("b", "x")).line == 1


def test_the_tag_of_a_merge_is_for_its_key() -> None:
    (found,) = problems("a: &a {x: 1}\nb:\n  !!merge web: *a\n")

    assert (found.code, found.message) == ("unsupported-tag", "the tag !!merge is not supported")


def test_merged_keys_come_first_as_they_are_written_first() -> None:
    found = load("a: &a {x: 1, y: 2}\nb:\n  <<: *a\n  z: 3\n  x: 4\n")

    assert isinstance(found, dict)
    assert isinstance(found["b"], dict)
    assert list(found["b"].items()) == [("x", 4), ("y", 2), ("z", 3)]


def test_a_key_that_is_written_twice_beside_a_merge_is_a_duplicate() -> None:
    (found,) = problems("a: &a {x: 1}\nb:\n  x: 1\n  <<: *a\n  x: 2\n")

    assert (found.code, found.at.line, found.related) == ("duplicate-key", 5, (related(3, 3, "the first one"),))


def test_two_merges_in_one_map_are_duplicates() -> None:
    assert problems("a: &a {x: 1}\nb:\n  <<: *a\n  <<: *a\n") == (
        problem(
            "duplicate-key",
            "the key << is already there",
            4,
            3,
            "merge them together, as <<: [*one, *two]",
            related(3, 3, "the first one"),
        ),
    )


@pytest.mark.parametrize(
    ("value", "got"), [("5", "a number"), ("x", "a string"), ("", "null"), ("[{a: 1}, b]", "a string")]
)
def test_only_maps_can_be_merged(value: str, got: str) -> None:
    assert problems(f"a:\n  b: {{c: {{<<: {{}}}}}}\n  <<: {value}\n") == (
        problem(
            "invalid-yaml",
            f"<< got {got}, expected a map or a list of maps",
            3,
            3,
            "merge an alias of a map, as <<: *name",
        ),
    )


def test_a_wrong_merge_inside_of_a_merge_is_said_where_it_stands() -> None:
    assert [found.at for found in problems("a:\n  <<:\n    b: {<<: 5}\n")] == [Location(PATH, 3, 9)]


# --- depth


def nested(depth: int, opening: str, closing: str = "") -> str:
    return opening * depth + "x" + closing * depth


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ("{a: ", "}"), ("- ", "")])
def test_nesting_up_to_the_limit_is_read(opening: str, closing: str) -> None:
    value = load(nested(MAX_DEPTH, opening, closing))
    depth = 0
    while not isinstance(value, str):
        assert isinstance(value, dict | list)
        value = value["a"] if isinstance(value, dict) else value[0]
        depth += 1

    assert depth == MAX_DEPTH


@pytest.mark.parametrize(
    ("opening", "closing", "column"), [("[", "]", 101), ("[", "", 101), ("{a: ", "}", 401), ("- ", "", 201)]
)
@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 100_000])
def test_deeper_nesting_is_refused_where_it_gets_too_deep(opening: str, closing: str, column: int, depth: int) -> None:
    assert problems(nested(depth, opening, closing)) == (
        problem(
            "nesting-too-deep",
            "maps and lists stand more than 100 deep inside each other",
            1,
            column,
            "make the structure flatter",
        ),
    )


def test_a_duplicate_before_too_deep_nesting_is_still_said() -> None:
    assert [found.code for found in problems(f"a: 1\na: {'[' * 100_000}")] == ["duplicate-key", "nesting-too-deep"]


# --- syntax

INDENT = "indent with spaces, as deep as the lines that belong together"
COLON = "quote the value if the colon is part of it; else check the indentation and the line above"
ESCAPE = "write \\\\ for a backslash, or use single quotes"
ODD_SPACE = "got U+00A0, which looks like a space and is none"
CONFLICT = "resolve it, and delete the lines with <<<<<<<, ======= and >>>>>>>"
QUOTE = "close it, or quote with the other kind of quote"
OPENS = "it opens here"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\n\tb: 1\n", ("a tab stands where YAML wants spaces", 2, 1, "use spaces")),
        ("a:\n  b: 1\n\tc: 2\n", ("a tab stands where YAML wants spaces", 3, 1, "use spaces")),
        ("a: |\n\tb\n", ("a tab stands where YAML wants spaces", 2, 1, "use spaces")),
        ("a:\n  b: 1\n c: 2\n", ("expected a key, as deep as the ones above it", 3, 2, INDENT)),
        ("a: 1\n- b\n", ("expected a key, as deep as the ones above it", 2, 1, INDENT)),
        ("- a\nb: 1\n", ("expected a list entry, which starts with -", 2, 1, INDENT)),
        ("  a: 1\nb: 2\n", ("expected the end of the document", 2, 1, INDENT)),
        ("a: 1\n  b: 2\n", ("a colon cannot stand here", 2, 4, COLON)),
        ("a: b: c\n", ("a colon cannot stand here", 1, 5, COLON)),
        ("a:1\nb: 2\n", ("no space follows the colon, so this is no key", 1, 2, "write it as key: value")),
        ("a: 1\nb:2\nc: 3\n", ("no space follows the colon, so this is no key", 2, 2, "write it as key: value")),
        (
            "a:\n  - b:1\n    # b\n\n    c: 2\n",
            ("no space follows the colon, so this is no key", 2, 6, "write it as key: value"),
        ),
        ("a: b\nhttp://c\nd: 1\n", ("got a line without a colon, expected a key", 2, 1, "write it as key: value")),
        ("a:\n\u00a0 - b: 1\n    c: 2\n", (ODD_SPACE, 2, 1, "write a plain space in its place")),
        ("a: 1\nb:\u00a02\nc: 3\n", (ODD_SPACE, 2, 3, "write a plain space in its place")),
        ("a: - b\n", ("a list entry cannot start here", 1, 4, "start the list on the next line")),
        ("a: 1\nb\nc: 2\n", ("got a line without a colon, expected a key", 2, 1, "write it as key: value")),
        ('a: "x\nb: 1\n', ("the quote that opens here is not closed", 1, 4, QUOTE)),
        ("a: 'x\n---\nb'\n", ("the quote that opens here is not closed", 1, 4, QUOTE)),
        (
            "a: 'it's'\n",
            ("expected the end of the value", 1, 8, "quote the whole value, and escape the quotes inside of it"),
        ),
        (
            "a: [1, 2\nb: 3\n",
            ("expected a comma or ] in the list", 2, 2, "close the list with ]", related(1, 4, OPENS)),
        ),
        (
            "a: {b: 1\nc: 2\n",
            ("expected a comma or } in the map", 2, 2, "close the map with }", related(1, 4, OPENS)),
        ),
        ("a: [1, 2\n", ("the text ends inside of brackets", 2, 1, "close them with ] or }", related(1, 4, OPENS))),
        ("a: [[\n", ("the text ends inside of brackets", 2, 1, "close them with ] or }", related(1, 5, OPENS))),
        (
            "a: {b: [1]}\nb: [\n  [x],\n",
            ("the text ends inside of brackets", 4, 1, "close them with ] or }", related(2, 4, OPENS)),
        ),
        ("a: [1,,2]\n", ("expected a value", 1, 7, "write the value, or quote it")),
        ("a: ]\n", ("expected a value", 1, 4, "write the value, or quote it")),
        ("a: @x\n", ("the character @ cannot start a value", 1, 4, "quote the whole value")),
        ("a: `x`\n", ("the character ` cannot start a value", 1, 4, "quote the whole value")),
        ("{% if x %}\n", ("the character % cannot start a value", 1, 2, "quote the whole value")),
        ("é: 1\r\nü: @x\r\n", ("the character @ cannot start a value", 2, 4, "quote the whole value")),
        (
            "a: *.example.com\n",
            ("* and & start the name of an alias or an anchor, and this is none", 1, 5, "quote the whole value"),
        ),
        (
            'a: "\\d"\n',
            ("the double-quoted text has an escape that YAML does not know", 1, 5, ESCAPE),
        ),
        (
            "a: |x\n  b\n",
            ("nothing can stand in the line of a | or >", 1, 5, "start the text on the next line"),
        ),
        ("a: !x!y z\n", ("the tag is not supported", 1, 4, "remove the tag")),
        ("%YAML 2.0\n---\na: 1\n", ("the %YAML directive asks for an unknown version", 1, 1, "remove the directive")),
        ("%FOO x\na: 1\n", ("found unknown directive name", 1, 5, "correct the YAML here")),
        ("a: 1\n<<<<<<< HEAD\nb: 1\n=======\n", ("a merge conflict is not resolved", 2, 1, CONFLICT)),
        (
            "a: 1\nb: x\x07\n",
            (
                "got the character U+0007, which YAML does not allow",
                2,
                5,
                'delete it, or write "\\u0007" in double quotes',
            ),
        ),
        ("a: \ud800\n", ("got the character U+D800, which YAML does not allow", 1, 4, "delete it")),
    ],
)
def test_a_syntax_error_is_said_in_our_words(
    text: str, expected: tuple[str, int, int, str, *tuple[Related, ...]]
) -> None:
    assert problems(text) == (problem("invalid-yaml", *expected),)


def test_what_was_found_before_a_syntax_error_is_said_with_it() -> None:
    text = "a: no\nb: 1\nb: 2\nc: 'x\n"

    assert [(found.code, str(found.at)) for found in problems(text)] == [
        ("ambiguous-scalar", f"{PATH}:1:4"),
        ("duplicate-key", f"{PATH}:3:1"),
        ("invalid-yaml", f"{PATH}:4:4"),
    ]


def test_the_data_of_a_bad_file_is_refused_every_time() -> None:
    source = Source(PATH, "a: no\n")

    for _ in range(2):
        with pytest.raises(ModelError):
            _ = source.data


# --- locating

CLUSTERS = """\
stage: 3
clusters:
  - region: us-east-1
    account_id: "444455556666"
    tags: {team: a, cost: 1.10}
  - region: us-west-2
    empty:
"""


@pytest.mark.parametrize(
    ("steps", "value", "key"),
    [
        ((), (1, 1), (1, 1)),
        (("stage",), (1, 8), (1, 1)),
        (("clusters",), (3, 3), (2, 1)),
        (("clusters", 0), (3, 5), (3, 5)),
        (("clusters", 0, "account_id"), (4, 17), (4, 5)),
        (("clusters", 0, "tags"), (5, 11), (5, 5)),
        (("clusters", 0, "tags", "cost"), (5, 27), (5, 21)),
        (("clusters", 1, "region"), (6, 13), (6, 5)),
        (("clusters", 1, "empty"), (7, 11), (7, 5)),
    ],
)
def test_a_value_and_its_key_are_located(steps: Steps, value: tuple[int, int], key: tuple[int, int]) -> None:
    source = Source(PATH, CLUSTERS)

    assert source.locate(steps) == Location(PATH, *value)
    assert source.locate(steps, key=True) == Location(PATH, *key)


@pytest.mark.parametrize(
    ("steps", "at"),
    [
        (("nothing",), (1, 1)),
        (("nothing", "inside", 3), (1, 1)),
        (("clusters", 2), (2, 1)),
        (("clusters", "region"), (2, 1)),
        (("clusters", -1), (2, 1)),
        (("clusters", 1, "oidc_id"), (6, 5)),
        (("clusters", 0, "tags", "x"), (5, 5)),
        (("stage", "x"), (1, 1)),
        (("clusters", 1, "region", 0), (6, 5)),
    ],
)
@pytest.mark.parametrize("key", [True, False])
def test_what_is_not_there_is_located_at_the_nearest_parent(steps: Steps, at: tuple[int, int], key: bool) -> None:
    assert Source(PATH, CLUSTERS).locate(steps, key=key) == Location(PATH, *at)


def test_the_document_starts_where_its_value_does() -> None:
    assert Source(PATH, "# comment\n---\n\na: 1\n").locate(()) == Location(PATH, 4, 1)


BLOCKS = """\
a: |  # how it is kept

    # of two
    x: {y: 1}
    z:
      - one
b:
  - |2-
      w: 1
c: >
  x: 1
d: |
  x: [1
e: 'x: 1'
f: &f |+
  x: 1
g: *f
"""


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("steps", "key", "at"),
    [
        (("a",), False, (1, 4)),
        (("a", "x", "y"), False, (4, 12)),
        (("a", "x", "y"), True, (4, 9)),
        (("a", "z", 0), False, (6, 9)),
        (("a", "z", 1), False, (5, 5)),
        (("a", "other"), False, (1, 1)),
        (("b", 0, "w"), False, (9, 10)),
        (("c", "x"), False, (10, 1)),
        (("d", "x", 0), False, (13, 7)),
        (("d", "y"), False, (12, 1)),
        (("e", "x"), False, (14, 1)),
        (("f", "x"), False, (16, 6)),
        (("g", "x"), False, (17, 1)),
    ],
)
def test_steps_may_lead_on_into_the_text_of_a_literal_block(
    steps: Steps, key: bool, at: tuple[int, int], ends: str
) -> None:
    assert Source(PATH, BLOCKS.replace("\n", ends)).locate(steps, key=key) == Location(PATH, *at)


def test_a_line_end_that_only_yaml_knows_is_no_line_of_a_block() -> None:
    text = "a: |\n  x: 1\x85  y: 2\nb: |\n  z: 1\n"
    assert Source(PATH, text).locate(("b", "z")).path == PATH


def test_an_alias_is_located_where_it_stands_and_its_inside_where_it_is_written() -> None:
    source = Source(PATH, "a: &a\n  x: 1\n  y: [2]\nb: *a\nc:\n  - *a\n")

    assert source.locate(("a",)) == Location(PATH, 1, 4)
    assert source.locate(("b",)) == Location(PATH, 4, 4)
    assert source.locate(("b",), key=True) == Location(PATH, 4, 1)
    assert source.locate(("b", "y", 0)) == Location(PATH, 3, 7)
    assert source.locate(("c", 0)) == Location(PATH, 6, 5)
    assert source.locate(("c", 0, "x"), key=True) == Location(PATH, 2, 3)
    assert source.locate(("b", "nothing")) == Location(PATH, 4, 1)


@pytest.mark.parametrize(
    ("steps", "at"),
    [
        (("one", "region"), (7, 11)),
        (("one", "sync"), (3, 9)),
        (("one", "sync", "prune"), (3, 17)),
        (("one", "nothing"), (5, 1)),
        (("late", "sync"), (3, 9)),
        (("several", "region"), (2, 11)),
        (("several", "stage"), (4, 42)),
        (("inline", "a"), (15, 11)),
        (("again", "stage"), (18, 10)),
        (("again", "region"), (2, 11)),
        (("quoted", "<<"), (22, 9)),
    ],
)
def test_a_merged_value_is_located_where_it_is_written(steps: Steps, at: tuple[int, int]) -> None:
    assert Source(PATH, MERGES).locate(steps) == Location(PATH, *at)


def test_of_a_duplicate_the_first_is_located() -> None:
    assert Source(PATH, "a: 1\na: 2\n").locate(("a",)) == Location(PATH, 1, 4)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "'unclosed", "a: \ud800", "\x07"])
def test_a_text_without_a_value_is_located_as_the_file(text: str) -> None:
    assert Source(PATH, text).locate(("a", 0)) == Location(PATH)


def test_a_broken_text_is_located_up_to_where_it_breaks() -> None:
    source = Source(PATH, "a: 1\nb: &x {<<: *x, c: *x}\nd: 'x\n")

    assert source.locate(("a",)) == Location(PATH, 1, 4)
    assert source.locate(("b", "nothing")) == Location(PATH, 2, 1)
    assert source.locate(("d",)) == Location(PATH, 1, 1)


def test_too_deep_a_text_is_located_up_to_the_limit() -> None:
    assert Source(PATH, "[" * 100_000).locate((0,) * 200) == Location(PATH, 1, MAX_DEPTH)


@pytest.mark.parametrize(
    ("steps", "text"),
    [
        (("clusters", 0, "tags", "cost"), "1.10"),
        (("clusters", 0, "account_id"), "444455556666"),
        (("clusters", 1, "empty"), ""),
        (("clusters", 0), ""),
        (("nothing", "inside"), ""),
    ],
)
def test_a_scalar_is_given_as_it_is_written(steps: Steps, text: str) -> None:
    assert Source(PATH, CLUSTERS).written(steps) == text


# --- several documents


def test_rendered_documents_are_read_in_order() -> None:
    text = "# mark\nkind: A\nspec: {n: 1}\n---\nkind: B\n---\n---\n- x\n"

    assert parse_documents(text) == ({"kind": "A", "spec": {"n": 1}}, {"kind": "B"}, None, ["x"])


def test_a_text_without_documents_has_none() -> None:
    assert parse_documents("# mark\n") == ()


def test_rendered_documents_are_held_to_the_same_rules() -> None:
    with pytest.raises(InvalidYamlError) as raised:
        parse_documents("kind: A\n---\nkind: B\nkind: C\nid: 0123\n", "output/x.yaml")

    assert raised.value.problems == (
        Problem(
            "duplicate-key",
            "the key kind is already there",
            Location("output/x.yaml", 4, 1),
            "remove one of the two",
            related=(Related(Location("output/x.yaml", 3, 1), "the first one"),),
        ),
        Problem(AMBIGUOUS, f"0123 {PADDED}", Location("output/x.yaml", 5, 5), 'quote it: "0123"'),
    )


def test_a_byte_order_mark_at_the_start_of_a_later_document_is_no_content() -> None:
    read = decode(PATH, "\ufeffa: 1\nb: 2\n---\r\n\ufeffc: 3\nd: 4\n".encode())
    assert parse_documents(read.text) == ({"a": 1, "b": 2}, {"c": 3, "d": 4})


def test_a_byte_order_mark_before_rendered_documents_is_no_content() -> None:
    assert parse_documents("\ufeffa: 1\n") == ({"a": 1},)
    assert [(found.message, found.at.column) for found in problems("\ufeffa: @\n")] == [
        ("the character @ cannot start a value", 4)
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("password: 0123456", (f"*** {PADDED}", "quote it")),
        ("db: {apiToken: 1_000_777}", (f"*** {NUMBER}", "quote it")),
        ("pwd: [a, 1e33]", (f"*** {NUMBER}", "quote it")),
        ("- name: DB_PASSWORD\n  value: 1e33", (f"*** {NUMBER}", "quote it")),
        ("passwd: *hunter2", ("the alias **** has no anchor &*** before it", "quote it")),
        ("passwd: !!int hunter2", ("the tag !!int does not fit ***", "remove the tag")),
        ("passwd: !hunter2 x", ("the tag *** is not supported", "remove the tag")),
        ("passwd: " + "9" * 80, (f"got ***, {WHOLE}", "quote it")),
        # The key itself, and what stands under another one, is shown.
        ("password: x\nyes: x", (f"yes {BOOLEAN}", 'quote it: "yes"')),
        ("password: {tries: 1e3}", (f"1e3 {NUMBER}", 'write 1000.0, or quote it: "1e3"')),
        ("passwordLength: 010", (f"010 {PADDED}", 'quote it: "010"')),
    ],
)
def test_no_message_shows_what_stands_under_the_key_of_a_secret(text: str, told: tuple[str, str]) -> None:
    (problem,) = read_documents(PATH, text).problems
    assert (problem.message, problem.hint) == told


def test_a_password_of_one_letter_is_not_shown() -> None:
    (doubt,) = read_documents(PATH, "password: y").doubts
    assert (doubt.message, doubt.hint) == (f"*** {BOOLEAN}", "quote it")


def test_documents_of_somebody_else_are_read_as_far_as_they_go() -> None:
    documents = read_documents(PATH, "a: 1\na: no\n8080: x\n? [c]\n: 1\n---\n- x\n- b: 1\n  c: 'y\n")

    assert documents.values == ({"a": False, "8080": "x"}, ["x", {"b": 1}])
    assert [(found.code, found.at.line) for found in documents.problems] == [
        ("duplicate-key", 2),
        ("ambiguous-scalar", 2),
        ("number-as-key", 3),
        ("collection-as-key", 4),
        ("invalid-yaml", 9),
    ]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("Off", False),
        ("0440", 288),
        ("-010", -8),
        ("089", 89),
        ("012345678901", 12345678901),
        ("0o17", 15),
        ("0b11", 3),
        ("1_000", 1000),
        ("1e3", 1000),
        ("1.5e0", 1.5),
        ("1234e56", 1234e56),
        ("1e999", "1e999"),
        ("'0440'", "0440"),
        ("y", True),
        ("N", False),
        ("'y'", "y"),
        ("!!str n", "n"),
        ("!!str yes", "yes"),
    ],
)
def test_what_readers_disagree_on_is_in_documents_what_it_is_to_argo_cd(text: str, value: object) -> None:
    """By sigs.k8s.io/yaml v1.6, whose JSON Argo CD, Helm and kubectl read."""
    (document,) = read_documents(PATH, f"a: {text}\n").values

    assert isinstance(document, dict)
    assert (type(document["a"]), document["a"]) == (type(value), value)


def test_documents_without_a_problem_are_what_strict_reading_says() -> None:
    text = f"{MERGES}---\n---\n{CLUSTERS}"
    documents = read_documents(PATH, text)

    assert documents.problems == ()
    assert documents.values == parse_documents(text)


def test_values_are_located_in_each_document() -> None:
    documents = read_documents(PATH, "a: 1\n---\na: &x {b: 2}\nc: *x\n")

    assert documents.locate(0, ("a",)) == Location(PATH, 1, 4)
    assert documents.locate(1, ("a", "b")) == Location(PATH, 3, 11)
    assert documents.locate(1, ("a", "b"), key=True) == Location(PATH, 3, 8)
    assert documents.locate(1, ("c", "nothing")) == Location(PATH, 4, 1)
    assert documents.locate(2, ("a",)) == Location(PATH)


def test_no_key_that_the_reader_made_up_is_left_in_a_value() -> None:
    inner = "    ? {e: f}\n    : 1\n    <<: {g: 1}\n    h:\n      i: 1\n      j: 'x\n"
    text = f"a:\n  <<: {{b: 1}}\n  ? [c]\n  : 1\n  d:\n{inner}"

    assert read_documents(PATH, text).values == ({"a": {"d": {"h": {"i": 1}}}},)
    assert read_documents(PATH, "? [c]\n: 1\nd: *d\n").values == ({"d": {}},)


def test_reading_leaves_the_garbage_collector_as_it_was() -> None:
    program = (
        "import gc; from gitops_gen.source import parse_documents as p\n"
        "p('a: 1'); on = gc.isenabled(); gc.disable(); p('a: 1'); print(on, gc.isenabled())"
    )

    assert run(program) == "True False\n"


def test_yaml_is_not_imported_before_it_is_needed() -> None:
    assert run("import sys, gitops_gen.source; print('yaml' in sys.modules)") == "False\n"


def run(program: str) -> str:
    command = [sys.executable, "-c", program]
    root = Path(__file__).parents[1]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout


# --- against other readers


class QuotingDumper(yaml.SafeDumper):
    """Writes every string in double quotes and never an alias."""

    def ignore_aliases(self, _: object) -> bool:
        return True


QuotingDumper.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    texts,
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=25,
)
documents = st.lists(values, min_size=1, max_size=4) | st.dictionaries(texts, values, min_size=1, max_size=4)


def dump(value: object, *, flow: bool) -> str:
    return yaml.dump(value, Dumper=QuotingDumper, default_flow_style=flow, allow_unicode=True, sort_keys=False)


def paths(value: Value, steps: Steps = ()) -> list[tuple[Steps, Value]]:
    inner: list[tuple[str | int, Value]] = []
    if isinstance(value, dict):
        inner.extend(value.items())
    elif isinstance(value, list):
        inner.extend(enumerate(value))
    return [(steps, value), *(path for step, child in inner for path in paths(child, (*steps, step)))]


def text_at(text: str, at: Location) -> str:
    return "\n".join([text.split("\n")[at.line - 1][at.column - 1 :], *text.split("\n")[at.line :]])


SCALAR = re.compile(r'"(?:\\.|[^"\\])*"|[^\s,\]}]+', re.DOTALL)


def scalar_at(text: str, at: Location) -> object:
    found = SCALAR.match(text_at(text, at))
    assert found is not None
    return yaml.safe_load(found[0])


@given(documents, st.booleans())
@settings(deadline=None, max_examples=150)
def test_what_was_dumped_is_read_and_located(value: Value, flow: bool) -> None:
    text = dump(value, flow=flow)
    source = Source(PATH, text)

    assert source.data == value
    for steps, inner in paths(value):
        if not isinstance(inner, dict | list):
            assert scalar_at(text, source.locate(steps)) == inner
        elif flow or not inner:
            assert text_at(text, source.locate(steps))[0] == ("{" if isinstance(inner, dict) else "[")
        elif isinstance(inner, dict):
            first_key = source.locate((*steps, next(iter(inner))), key=True)
            assert source.locate(steps) == first_key or text_at(text, source.locate(steps))[0] == "?"
        else:
            assert text_at(text, source.locate(steps))[0] == "-"
        if steps and isinstance(steps[-1], str):
            assert scalar_at(text, source.locate(steps, key=True)) == steps[-1]


numbers = st.text("0123456789_xXoObBeE+-.:af", min_size=1, max_size=8)
words = st.sampled_from(
    ["null", "NULL", "nULL", "~", "true", "True", "tRUE", "FALSE", "yes", "no", "NO", "on", "Off", "y", "N", ".inf"]
    + ["-.Inf", ".nan", "=", "<<", "2026-01-31", "0", "-0", "0.", ".0", "1.e1", "0x0", "0o7", "0b1", "1:30", "1_0"]
)


@given(numbers | words)
@example("1e3")
@example("012")
@example("08")
@settings(deadline=None, max_examples=400)
def test_a_plain_scalar_is_what_all_readers_agree_on_or_what_yaml_1_2_says(text: str) -> None:
    is_scalar, former, current = readings(text)
    assume(is_scalar and "refused" not in (former, current))
    assume(not re.fullmatch(r"[-+]?\.[0-9]+[eE][0-9]+", text))  # ruamel.yaml misses these floats of YAML 1.2

    found, codes = outcome(text)

    assert codes <= {"ambiguous-scalar", "number-out-of-range"}
    if codes:
        assert is_risky(text, former, current)
    elif same(former, current) and not isinstance(current, date):
        assert same(found, current)
    else:
        assert same(found, text) or same(found, current)


def outcome(text: str) -> tuple[Value, set[str]]:
    """What we make of a plain scalar, or the codes of what is wrong with it."""
    try:
        (document,) = parse_documents(f"- {text}\n")
    except InvalidYamlError as error:
        return None, {each.code for each in error.problems}
    assert isinstance(document, list)
    return document[0], set()


def readings(text: str) -> tuple[bool, object, object]:
    """Whether the text is one plain scalar, and what PyYAML (YAML 1.1) and ruamel.yaml (YAML 1.2) make of it."""
    document = f"- {text}\n"
    try:
        texts_only = yaml.load(document, yaml.CBaseLoader)  # noqa: S506  (it makes nothing but strings)
        is_scalar = texts_only == [text]
        return is_scalar, *(read_one(document) for read_one in (read_former, read_current))
    except yaml.YAMLError:
        return False, None, None


def read_former(document: str) -> object:
    try:
        return yaml.safe_load(document)[0]
    except ValueError:
        return "refused"


def read_current(document: str) -> object:
    try:
        return YAML(typ="safe", pure=True).load(io.StringIO(document))[0]
    except (ValueError, YAMLError):
        return "refused"


def same(one: object, other: object) -> bool:
    return type(one) is type(other) and one == other


def is_risky(text: str, former: object, current: object) -> bool:
    """Readers differ, a leading zero is dropped, or the number does not survive a 64-bit float.

    go-yaml, which Argo CD and Helm use, knows more prefixes of numbers than the two readers here.
    """
    padded = re.match(r"[-+]?0[0-9xXoObB]", text) is not None
    number = current if isinstance(current, int | float) else former
    lossy = isinstance(number, int | float) and (not math.isfinite(number) or abs(number) > 2**53)
    return not same(former, current) or padded or lossy or "_" in text


@pytest.mark.parametrize(
    "text",
    [
        # Of a list of merged maps the first wins (https://yaml.org/type/merge.html); for ruamel.yaml 0.19, the last.
        re.sub(r"  <<: \[.*\n", "  a: 1\n", MERGES.removesuffix("value: <<\n")),
        CLUSTERS,
        "a: >\n  folded\n  text\n\n  more\nb: |+\n  kept\n\nc: |2-\n    indented\n",
        "a: 'it''s'\nb: \"\\u00e9\\n\\x41\\\n  x\"\nc: plain\n  over lines\n",
        "? a\n: - b\n  - ? c\n    : d\n",
        "- - - a\n    - b\n  -\n    c: d\n",
        '{a: [b, "c", {d: e}], "f":g, h: }\n',
        "a: &x !!str 1\n*x : [*x, *x]\n",
        "a: http://x/y#z\nb: x # comment\nc: '#'\nd: -x\n",
    ],
)
def test_structures_are_read_as_all_readers_do(text: str) -> None:
    expected = yaml.safe_load(text)

    assert YAML(typ="safe", pure=True).load(text) == expected
    assert load(text) == expected
