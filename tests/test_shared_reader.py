"""Texts that are read together: each is read as it would be by itself, and what is alike in them is read once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gitops_gen.evidence.hcl import parse_hcl
from gitops_gen.evidence.hcl_plain import is_plain
from gitops_gen.evidence.parsers import Parsers
from gitops_gen.source import read_documents
from gitops_gen.yaml_reader import shared
from gitops_gen.yaml_reader.builder import build
from gitops_gen.yaml_reader.shared import SharedReader

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.yaml_reader.builder import Builder

PATH = "output/a.yaml"
PROJECT = Path(__file__).parents[1]
RENDERED = [path.read_text() for path in sorted((PROJECT / "output").rglob("*.yaml"))]
VARIABLES = [path.read_text() for path in sorted((PROJECT / "output").rglob("*.tfvars"))]


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that the parser was given since the test began."""
    texts: list[str] = []

    def noting(path: str, text: str) -> Builder:
        texts.append(text)
        return build(path, text)

    monkeypatch.setattr(shared, "build", noting)
    return texts


def read(*texts: str) -> list[tuple[object, ...] | None]:
    reader = SharedReader()
    return [reader.documents(text) for text in texts]


def test_a_document_that_comes_again_is_read_once(parsed: list[str]) -> None:
    assert read("a: 1\n---\nb: x\n---\nc: w\n", "d: 4\n---\nb: x\n---\nc: z\n") == [
        ({"a": 1}, {"b": "x"}, {"c": "w"}),
        ({"d": 4}, {"b": "x"}, {"c": "z"}),
    ]
    assert parsed == ["a: 1\n", "---\nb: x\n", "---\nc: w\n", "d: 4\n", "---\nc: z\n"]


def test_from_the_second_text_of_a_skeleton_on_nothing_is_parsed(parsed: list[str]) -> None:
    texts = [f"a: 1\nb:\n  - \"{word}\"\n  - c: 'x{word}'\n" for word in "stuv"]
    assert read(*texts) == [({"a": 1, "b": [word, {"c": f"x{word}"}]},) for word in "stuv"]
    assert parsed == [texts[0], 'a: 1\nb:\n  - "word0"\n  - c: "word1"\n']


@pytest.mark.parametrize(
    "text",
    [
        'b: # "%"\n  1\n',
        'b: |\n  "%"\n',
        "b: it's '%'\n",
        'b: x "%"\n',
        "b: !!str '%'\nc: [\"%\", x '%']\n",
        'b: {"%", x: 1}\n',
        '? "%"\n: 1\n',
    ],
)
def test_a_word_that_is_no_whole_value_is_read_with_its_text(text: str, parsed: list[str]) -> None:
    texts = [f'a: "%"\n{text}'.replace("%", word) for word in ("s", "t", "u")]
    assert read(*texts) == [values_of(each) for each in texts]
    assert parsed[-1] == texts[-1]


@pytest.mark.parametrize(
    "text",
    [
        "a: 1\na: 2\n",
        "a: no\n",
        "a: y\n",
        "n: 1\n",
        "a: &n {b: 1}\nc: *n\n",
        "a: 'x\n",
        "a: 1\n---\n\ufeffb: 1\n",
        "a: !x y\n",
        "\0",
    ],
)
def test_what_is_wrong_or_odd_is_left_to_the_plain_reader(text: str) -> None:
    assert read(text, f"a: 1\n---\n{text}") == [None, None]


def values_of(text: str) -> tuple[object, ...]:
    return tuple(build(PATH, text).documents)


_ODD = st.sampled_from(
    ['"', "'", '"x"', "'x'", "\\", "a", ":", ": ", "\n", "\n  ", "\n- ", "- ", "#", " #", "{", "}", "[", "]", ", "]
    + ["&n ", "*n", "<<: ", "!!int ", "!!str ", "? ", "|\n  ", "|+\n ", ">-\n ", "1", "x", " ", "\t", "\0", "no", "y"]
    + ["\n---\n", "---\n", "\n--- ", "\n...\n", "%YAML 1.1\n", "\r", "\r\n---\n", "\u2028", "\ufeff", "\x85", "é"]
)
_LINES = st.sampled_from(
    ['a: "x"\n', "b: 'x'\n", '- "x"\n', "c:\n", '  - "x"\n', '  d: "x"\n', "---\n", "...\n", "e: |\n", "f: |+\n", "\n"]
    + ['  "x"\n', "# x\n", "g: {h: 'x'}\n", '["x", "x"]\n', '"x"\n', "i: &n x\n", "j: *n\n", "k: >\n", "l: x 'x'\n"]
)
_SHAPES = st.one_of(st.lists(_ODD, max_size=16).map("".join), st.lists(_LINES, max_size=10).map("".join))
_WORDS = st.text(st.sampled_from("ab:#{}[],-*&!|> =?1%\\'\"\n"), max_size=5)


@settings(max_examples=800, deadline=None)
@example("a: |+\n\n", ["---\n", "x"])
@example('a: "x"\n---\n---\nb: "x"\n', ["y", "z"])
@given(shape=_SHAPES, words=st.lists(_WORDS, min_size=2, max_size=4))
def test_any_text_is_read_as_by_itself(shape: str, words: list[str]) -> None:
    texts = [shape, *(shape.replace('"x"', f'"{word}"').replace("'x'", f"'{word}'") for word in words)]
    assert_same([*texts, *texts, "".join(texts), f"{shape}\n---\n{shape}"])


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_slip_in_a_rendered_text_is_read_as_by_itself(data: st.DataObject) -> None:
    texts = data.draw(st.lists(st.sampled_from(RENDERED), min_size=2, max_size=4))
    edited = []
    for text in texts:
        at = data.draw(st.integers(0, len(text)))
        edited.append(text[:at] + data.draw(_ODD) + text[at + data.draw(st.integers(0, 3)) :])
    assert_same([*texts, *edited])


def assert_same(texts: Sequence[str]) -> None:
    reader = SharedReader()
    for text in texts:
        alone, together = read_documents(PATH, text), read_documents(PATH, text, reader)
        assert repr(together.values) == repr(alone.values)
        assert together.problems == alone.problems
        assert together.doubts == alone.doubts
        for document, value in enumerate(alone.values):
            for steps in steps_in(value):
                assert together.locate(document, steps) == alone.locate(document, steps)


def steps_in(value: object, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield steps
    if isinstance(value, dict | list):
        for step, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from steps_in(inner, (*steps, step))


_HCL = st.lists(
    st.sampled_from(
        ['a = "x"\n', 'b = ["x", "x"]\n', "c = {\n", '  d = "x"\n', "}\n", "e = [\n", '  "x",\n', "]\n", '# "x"\n']
        + ['"x" = "x"\n', 'f = "\\"x"\n', 'g = "x" == "x"\n', "h = 1\n", "i = <<E\n", "E\n", 'j = true ? "x" : "x"\n']
        + ["k = {}\n", '  "x" = {\n', "  }\n", 'l = "x" # "x"\n', 'm = "$${x}"\n', 'n  = "x"\n', "\n", 'o = "${"x"}"\n']
        + ['p = [for s in ["x", "b"] : s if s != "\\u0061"]\n', 'q = {for s in ["x"] : s => s}\n', 'r = -"x"\n']
    ),
    max_size=9,
).map("".join)


@settings(max_examples=300, deadline=None)
@given(shape=_HCL, words=st.lists(_WORDS, min_size=2, max_size=4))
def test_any_variable_file_is_read_as_by_itself(shape: str, words: list[str]) -> None:
    assert_same_variables([shape, *(shape.replace('"x"', f'"{word}"') for word in words)])


def test_rendered_variable_files_are_read_as_by_themselves() -> None:
    assert len(VARIABLES) > 2
    assert_same_variables([*VARIABLES, *(text.replace(' = "', ' =  "', 1) for text in VARIABLES)])


def assert_same_variables(texts: Sequence[str]) -> None:
    parsers = Parsers()
    for text in (*texts, *texts):
        found = parsers.variables(text)
        if found is not None:
            assert (repr(found), is_plain(text)) == (repr(parse_hcl(PATH, text)[0]), True)
            assert parse_hcl(PATH, text)[1] is None
