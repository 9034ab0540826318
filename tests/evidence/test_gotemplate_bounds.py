"""Bounds of gitops_gen.evidence.gotemplate: no template makes it crash, hang, or fill the memory."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitops_gen.evidence.gotemplate import CannotSayError, GoTemplateError, Template, parse
from gitops_gen.evidence.gotemplate.functions import FUNCTIONS

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=2), inner, max_size=4),
    max_leaves=12,
)
parameters = st.dictionaries(st.sampled_from("abc"), json_values)
pieces = st.sampled_from(
    [
        *("{{", "}}", "{{-", "-}}", " ", "if", "else", "end", "range", "with", "break", "continue", "define"),
        *(".a", ".b.c", "$", "$x", ":=", "=", ",", "|", "(", ")", "nil", "true", "1", "2.5", "'a'", '"s"', "`r`"),
        *("/*", "*/", "\n", "\u00e9"),
        *sorted(FUNCTIONS),
    ]
)  # fmt: skip
templates = st.lists(pieces, max_size=25).map(" ".join) | st.text(max_size=30)
words = st.lists(st.sampled_from([".a", ".b", ".c", "1", '"-"', "nil"]), max_size=4).map(" ".join)
calls = st.builds("{{{{ {} {} }}}}".format, st.sampled_from(sorted(FUNCTIONS)), words)


@settings(max_examples=300, deadline=None)
@given(templates | calls, parameters, st.booleans())
def test_any_text_is_rendered_refused_or_cannot_be_said(
    text: str,
    given_parameters: dict[str, object],
    strict: bool,
) -> None:
    try:
        template = parse(text)
        template.fields()
        rendered = template.render(given_parameters, missing_key_error=strict)
    except (GoTemplateError, CannotSayError) as error:
        assert error.reason  # noqa: PT017 - it is one of the three things that may happen
    else:
        rendered.encode()


DEEP: list[object] = []
for _ in range(3_000):
    DEEP = [DEEP]
LARGE: dict[str, object] = {
    "big": "ab \u00e9" * 25_000,
    "deep": DEEP,
    "digits": "9" * 100_000,
    "brackets": "[" * 100_000,
    "many": list(range(60_000)),
}

TOO_MUCH = {
    "loop in a loop": "{{ range 100000 }}{{ range 100000 }}{{ end }}{{ end }}",
    "loop over very many": "{{ range 1000000000 }}{{ end }}",
    "text that doubles": "{{ $s := `aaaa` }}{{ range 100 }}{{ $s = print $s $s }}{{ end }}",
    "list that doubles": "{{ $s := list 1 }}{{ range 100 }}{{ $s = list $s $s }}{{ end }}",
    "list in lists": "{{ $s := list 1 }}{{ range 100000 }}{{ $s = list $s }}{{ end }}",
    "repeat": "{{ repeat 1000000000 `a` }}",
    "indent": "{{ indent 1000000 `a\nb` }}",
    "printf with a width": "{{ printf `%1000000d` 1 }}",
    "replace": "{{ replace `` .big .big }}",
    "join": "{{ join .big (until 50000) }}",
    "long text again and again": "{{ range 1000 }}{{ $.big }}{{ end }}",
    "long text as YAML": "{{ range 1000 }}{{ $x := toYaml $.big }}{{ end }}",
    "hash of a long text": "{{ range 1000 }}{{ $x := sha256sum $.big }}{{ end }}",
    "regular expression that backtracks": "{{ regexMatch `a*a*a*a*a*b` (repeat 400 `a`) }}",
    "nested repetition": "{{ regexMatch `(a+)+b` (repeat 40 `a`) }}",
    "replacement of a regular expression": "{{ regexReplaceAll `` .big .big }}",
    "very many list elements that are compared": "{{ uniq (until 40000) }}",
    "very long list": "{{ $x := append .many 1 }}",
    "deep value as JSON": "{{ toJson .deep }}",
    "deep value as YAML": "{{ toYaml .deep }}",
    "deep value": "{{ .deep }}",
    "deep JSON": "{{ mustFromJson .brackets }}",
    "long number": "{{ atoi .digits }}",
    "nested parentheses": "{{" + "(" * 20_000 + "1" + ")" * 20_000 + "}}",
    "nested ifs": "{{ if 1 }}" * 3_000 + "{{ end }}" * 3_000,
    "long chain of else if": "{{ if 0 }}" + "{{ else if 0 }}" * 3_000 + "{{ end }}",
    "long template": "{{ .x }}" * 200_000,
}


@pytest.mark.parametrize("text", TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_is_too_much_cannot_be_said(text: str) -> None:
    with pytest.raises(CannotSayError):
        parse(text).render(LARGE, missing_key_error=True)


def test_rendering_has_a_budget_of_its_own() -> None:
    template = parse("{{ range 30000 }}{{ end }}")
    assert [template.render({}, missing_key_error=True) for _ in range(5)] == [""] * 5


simple = st.lists(
    st.sampled_from(["{{ .a }}", "{{.b}}", "{{- .c }}", "x ", "\u00e9", "{{ .a.b }}", "{{ $.c }}"]), max_size=5
)


@settings(max_examples=200, deadline=None)
@given(simple.map("".join) | templates, parameters, st.booleans())
def test_texts_that_are_only_joined_come_out_as_by_the_whole_engine(
    text: str, given_parameters: dict[str, object], strict: bool
) -> None:
    answers = []
    for joined in (Template._joined, lambda *_: None):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Template, "_joined", joined)
            answers.append(_answer(text, given_parameters, strict=strict))
    assert answers[0] == answers[1]


def _answer(text: str, given_parameters: dict[str, object], *, strict: bool) -> str:
    try:
        return parse(text).render(given_parameters, missing_key_error=strict)
    except (GoTemplateError, CannotSayError) as error:
        return f"{type(error).__name__}: {error.reason}"
