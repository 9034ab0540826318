"""Texts that are read back: one of each skeleton is parsed, and none is let through that the parser would refuse."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitops_gen.data_classes import replaced
from gitops_gen.formats import FORMATS, ParseError
from gitops_gen.templating.readback import ReadBack

YAML, HCL = FORMATS["yaml"], FORMATS["hcl"]


class Counting:
    """A format whose parser keeps what it was given."""

    def __init__(self, name: str) -> None:
        self.texts: list[str] = []
        self.form = replaced(FORMATS[name], parse=self._parse)
        self._real = FORMATS[name].parse

    def _parse(self, text: str) -> object:
        self.texts.append(text)
        return self._real(text)


def parsed(name: str, *texts: str) -> list[str]:
    """Returns which of some texts, read back in turn, the parser was given."""
    form, back = Counting(name), ReadBack()
    found = []
    for text in texts:
        before = len(form.texts)
        back.check(form.form, text)
        if text in form.texts[before:]:
            found.append(text)
    return found


def test_texts_that_differ_between_quotes_are_parsed_once() -> None:
    first, second = 'a: "x"\nb:\n  - "y"\n', 'a: "other"\nb:\n  - ""\n'
    assert parsed("yaml", first, second) == [first]
    assert parsed("hcl", 'a = "x"\n', 'a = "y"\n') == ['a = "x"\n']


@pytest.mark.parametrize(
    ("name", "first", "second"),
    [
        ("yaml", "a: 1\n", "a: 2\n"),
        ("yaml", '"a": 1\n', '"b": 1\n'),
        ("yaml", 'a: # "x"\n', 'a: # "y"\n'),
        ("yaml", 'a: |\n  "x"\n', 'a: |\n  "y"\n'),
        ("yaml", "a: it's 'x'\n", "a: it's 'y'\n"),
        ("yaml", 'a: &n "x"\nb: *n\n', 'a: &n "y"\nb: *n\n'),
        ("yaml", 'a: x "y"\n', 'a: x "z"\n'),
        ("hcl", 'a = { "x" = 1 }\n', 'a = { "y" = 1 }\n'),
        ("hcl", '# "x"\na = 1\n', '# "y"\na = 1\n'),
    ],
)
def test_what_is_no_whole_value_is_parsed_each_time(name: str, first: str, second: str) -> None:
    assert parsed(name, first, second) == [first, second]


@pytest.mark.parametrize(
    ("form", "sound", "broken"),
    [
        (YAML, 'a: "x"\n', 'a: "\0"\n'),
        (YAML, 'a: "x"\n', 'a: "\\q"\n'),
        (YAML, 'a: "x"\nb: 1\n', 'a: "x"\na: 1\n'),
        (YAML, '{"a b": "x"}\n', '{"a b": "x"\n'),
        (YAML, 'a: !!str "x"\n', 'a: !!int "x"\n'),
        (HCL, 'a = "x"\n', 'a = "${"\n'),
    ],
)
def test_a_broken_text_is_refused_after_a_sound_one(form: object, sound: str, broken: str) -> None:
    back = ReadBack()
    back.check(form, sound)  # type: ignore[arg-type]
    with pytest.raises(ParseError):
        back.check(form, broken)  # type: ignore[arg-type]


_PIECES = st.sampled_from(
    ['"', "'", '"x"', "'x'", "\\", "a", ":", ": ", "\n", "\n  ", "- ", "#", " #", "{", "}", "[", "]", ", ", "&n ", "*n"]
    + ["!!int ", "!!str ", "? ", "|\n  ", "1", "=", " = ", "$", "${", "%{", "\0", "x", " "]
)
_SHAPES = st.lists(_PIECES, max_size=14).map("".join)
_WORDS = st.text(st.sampled_from("ab:#{}[],-*&!|> =?1"), max_size=5)


@pytest.mark.parametrize("name", ["yaml", "hcl"])
@settings(max_examples=400, deadline=None)
@given(data=st.data())
def test_the_parser_says_the_same_of_every_text(name: str, data: st.DataObject) -> None:
    form, back = FORMATS[name], ReadBack()
    shape = data.draw(_SHAPES)
    words = data.draw(st.lists(_WORDS, min_size=4, max_size=4))
    texts = [shape, *(shape.replace('"x"', f'"{word}"').replace("'x'", f"'{word}'") for word in words)]
    assert [says(lambda text=text: back.check(form, text)) for text in texts] == [
        says(lambda text=text: form.parse(text)) for text in texts
    ]


def says(parse: object) -> str | None:
    try:
        parse()  # type: ignore[operator]
    except ParseError as error:
        return error.reason
    return None
