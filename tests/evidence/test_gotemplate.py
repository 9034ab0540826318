"""Tests of gitops_gen.evidence.gotemplate: what a template renders, situation by situation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.gotemplate import CannotSayError, GoTemplateError, parse
from gitops_gen.evidence.gotemplate.functions import FUNCTIONS
from gitops_gen.evidence.gotemplate.functions.names import normalize
from gitops_gen.evidence.gotemplate.values import StringMap, Strings
from tests.evidence.go_templates import Case, disagreements
from tests.evidence.parameters import PARAMETERS
from tests.tools import helm

if TYPE_CHECKING:
    from collections.abc import Mapping

LABELS = """\
account: 557702566877
empty: ""
flag: "true"
list:
- a
- b: 1
  c: []
number: "1"
text: |-
  a
  b
word: plain"""

RENDERED = {
    # Texts, spaces and comments.
    "text without an action": ("a } b", "a } b"),
    "field": ("{{ .cluster }}", "myapp-production-use1"),
    "field without spaces, in text": ("-{{.environment}}-", "-production-"),
    "spaces are trimmed on both sides": ("a \n {{- .environment -}} \t b", "aproductionb"),
    "minus without a space is a number": ("a {{-3}} b", "a -3 b"),
    "comment": ("a{{/* {{ .x }} */}}b {{- /* c */ -}} c", "abc"),
    "braces in a string": ('{{ "{{" }}{{ `}}` }}', "{{}}"),
    "action over several lines": ("{{\n.cluster |\n quote }}", '"myapp-production-use1"'),
    "carriage return in a raw string": ("{{ `a\r\nb` }}", "a\nb"),
    # Literals.
    "escapes": (r'{{ "\"\\\n\t\x41\101\u00e9" }}', '"\\\n\tAA\u00e9'),
    "raw string": (r"{{ `\n` }}", r"\n"),
    "numbers": (
        "{{ 0x1f }} {{ 0b101 }} {{ 017 }} {{ 1_000 }} {{ 1e3 }} {{ .5 }} {{ -3 }} {{ 'a' }}",
        "31 5 15 1000 1000 0.5 -3 97",
    ),
    # Numbers of JSON are float64.
    "account id that is a number": ("{{ .account }}", "5.57702566877e+11"),
    "account id that is a number, as an integer": (
        "{{ int64 .account }} {{ .account | toJson }}",
        "557702566877 557702566877",
    ),
    "small, whole and large numbers": ("{{ .one }} {{ .half }} {{ .million }} {{ .tiny }}", "1 0.5 1e+06 1e-07"),
    "whole number by its place in a list": ("{{ .numbers }}", "[3 1 2]"),
    # Values of other kinds.
    "list, map, boolean": ("{{ .list }} {{ .map }} {{ .yes }}", "[a b c] map[a:1 b:2 c:map[d:deep e:<nil>]] true"),
    "null and missing": ("{{ .null }}|{{ .missing }}", "<no value>|<no value>"),
    "null and missing as arguments": ("{{ print .null }}|{{ print .missing }}", "<nil>|<nil>"),
    "field of what is missing": ("{{ .missing.x }}", "<no value>"),
    # Control.
    "if, else if, else": ("{{ if .no }}1{{ else if .yes }}2{{ else }}3{{ end }}", "2"),
    "what counts as true": (
        "{{ range .kinds }}{{ if . }}T{{ else }}F{{ end }}{{ end }}",
        "FTFTFTFTFTF",
    ),
    "with moves the cursor": ("{{ with .map }}{{ .a }}{{ $.environment }}{{ end }}", "1production"),
    "with and else with": ("{{ with .no }}1{{ else with .map.c }}{{ .d }}{{ else }}3{{ end }}", "deep"),
    "range over a list": ("{{ range $i, $e := .list }}{{ $i }}{{ $e }}{{ end }}", "0a1b2c"),
    "range over a map goes by its keys": ("{{ range $k, $v := .map }}{{ $k }} {{ end }}", "a b c "),
    "range over an integer": ("{{ range 3 }}{{ . }}{{ end }}", "012"),
    "range over nothing": ("{{ range .none }}x{{ else }}y{{ end }}{{ range .null }}x{{ else }}z{{ end }}", "yz"),
    "break and continue": (
        '{{ range .list }}{{ if eq . "a" }}{{ continue }}{{ end }}{{ . }}{{ break }}{{ end }}',
        "b",
    ),
    "break in the inner of two": ("{{ range 2 }}{{ range 9 }}{{ break }}{{ end }}{{ . }}{{ end }}", "01"),
    # Variables.
    "variable keeps its value behind an if": (
        "{{ $x := 1 }}{{ if .yes }}{{ $x = 2 }}{{ $x := 3 }}{{ end }}{{ $x }}",
        "2",
    ),
    "root declared anew": ("{{ with $ := .map }}{{ $.a }}{{ end }}{{ $.environment }}", "1production"),
    "variable from the other branch is not there": (
        "{{ $x := 5 }}{{ if .no }}{{ $x := 1 }}{{ else }}{{ $x }}{{ end }}",
        "5",
    ),
    "range into variables that exist": (
        "{{ $i := 0 }}{{ $e := 0 }}{{ range $i, $e = .list }}{{ end }}{{ $i }}{{ $e }}",
        "2c",
    ),
    # Pipelines.
    "pipeline": ("{{ .cluster | trunc 5 | upper | quote }}", '"MYAPP"'),
    "parentheses and fields of them": ('{{ (index .map "c").d }}{{ (.map).a }}', "deep1"),
    "and, or stop early": ("{{ and .no (index .list 9) }}{{ or .yes (fail `x`) }}", "falsetrue"),
    # Labels and optional keys.
    "label with odd letters": ('{{ index .metadata.labels "a.b/c" }}', "odd"),
    "optional key": ('{{ dig "metadata" "labels" "x" "none" . }}{{ dig "x" "y" "" . }}', "none"),
    "default": ('{{ default "d" .missing }}{{ .empty | default "e" }}{{ default 5 .one }}', "de1"),
    # Comparisons.
    "equal to one of several": ('{{ eq .environment "staging" "production" }}', "true"),
    "equal numbers of one kind": ("{{ eq .one 1.0 }}{{ eq (len .list) 3 }}{{ lt .half .one }}", "truetruetrue"),
    "null is equal to nil only": ('{{ eq .null nil }}{{ eq .null "" }}', "truefalse"),
    # printf.
    "printf": (
        '{{ printf "%s %d %05d %-6s|%6.2f %q %v %t" "a" 1 42 "b" 1.5 "c" .list true }}',
        'a 1 00042 b     |  1.50 "c" [a b c] true',
    ),
    "printf of a number of JSON as an integer": ('{{ printf "%d" .one }}', "%!d(float64=1)"),
    "printf with too few and too many": (
        '{{ printf "%d" }} {{ printf "" 1 nil }}',
        "%!d(MISSING) %!(EXTRA int=1, <nil>)",
    ),
    "printf of a whole number": ('{{ printf "%.0f" .account }}', "557702566877"),
    # JSON and YAML.
    "toJson": (
        "{{ toJson .map }}{{ toJson .quote }}",
        '{"a":1,"b":2,"c":{"d":"deep","e":null}}"it\'s \\"\\u003c\\u0026\\u003e"',
    ),
    "toYaml": (
        "{{ toYaml .labels }}",
        LABELS,
    ),
    "toYaml of what is a number to Go, and what is none": (
        '{{ toYaml (list ".0_0" ".5e1_0" "1e308" "._0" ".0_" ".5e_1" "1e309" ".5e999") }}',
        '- ".0_0"\n- ".5e1_0"\n- "1e308"\n- ._0\n- .0_\n- .5e_1\n- 1e309\n- .5e999',
    ),
    "toYaml under a key": ("labels:{{ toYaml .map.c | nindent 2 }}", "labels:\n  d: deep\n  e: null"),
    "fromYaml and back": ('{{ (fromYaml "a: {b: [1, x]}").a.b }}', "[1 x]"),
    "fromYaml of what readers disagree on": (
        '{{ fromYamlArray "[yes, Off, 0440, -010, +012, 089, 08.5, 0o17, 0b11, 1_000, 0x_F, 1e3, 1.5e3]" | join " " }}',
        "true false 288 -8 10 89 8.5 15 3 1000 15 1000 1500",
    ),
    "fromYamlArray": ('{{ index (fromYamlArray "- x\\n- z") 1 }}', "z"),
    "fromJson of a list, of nothing": ('{{ fromJson "[1]" }}{{ fromJson "" }}', "[1]<no value>"),
    # Names, as Argo CD makes them.
    "normalize": ('{{ normalize "Feature/ABC_1.x-" }}', "feature-abc-1.x"),
    "slugify cuts at a word": ('{{ slugify 10 true "feature/some.long-name" }}', "feature"),
    "slugify cuts anywhere": ('{{ slugify 10 false "feature/some.long-name" }}', "feature-so"),
    "slugify without options": ('{{ slugify "Feature/A..B" }}', "feature-a-b"),
    "slugify of one long word": ('{{ slugify 3 "abcdef" }}', "abc"),
    # Some of sprig.
    "keys in an order": (
        "{{ keys .map | sortAlpha | join `,` }} {{ len (keys .map) }} {{ has `a` (keys .map) }}",
        "a,b,c 3 true",
    ),
    "types that only look alike": (
        "{{ typeOf .one }} {{ typeOf 1 }} {{ typeOf (add 1) }} {{ has 1 .numbers }}",
        "float64 int int64 false",
    ),
    "bytes, not letters": ("{{ len .umlaut }} {{ trunc 1 .umlaut }} {{ upper .umlaut }}", "3 a A\u00c4"),
    "regular expressions": (
        '{{ regexReplaceAll "-(prod)[a-z]+" .cluster "_${1}$x" }} {{ regexMatch "^my.*1$" .cluster }}',
        "myapp_prod-use1 true",
    ),
    "version": ('{{ semverCompare "^1.2.0" "1.9.9" }}{{ semverCompare ">=1.0.0, <1.5.0" "1.9.9" }}', "truefalse"),
    "hash": ("{{ sha256sum `a` | trunc 8 }}", "ca978112"),
}

NOT_HELM = frozenset(
    {
        "field of what is missing",
        "fromJson of a list, of nothing",
        "normalize",
        "slugify cuts at a word",
        "slugify cuts anywhere",
        "slugify without options",
        "slugify of one long word",
    }
)
"""The situations in which Helm's own functions, or what it does with a missing key, are different."""

REFUSED = {
    # Syntax.
    "action that is not closed": ("a {{ .x", "unclosed action", 7),
    "function that is not there": ('{{ foo "x" }}', 'function "foo" not defined', 3),
    "function that Argo CD takes away": ('{{ env "HOME" }}', 'function "env" not defined', 3),
    "variable that is not there": ("{{ $x }}", 'undefined variable "$x"', 3),
    "if without an end": ("{{ if .yes }}", "unexpected EOF", 13),
    "end of nothing": ("a{{ end }}", "unexpected {{end}}", 4),
    "break outside of a range": ("{{ break }}", "{{break}} outside {{range}}", 3),
    "empty action": ("{{ }}", "missing value for command", 3),
    "string that is not closed": ('{{ "a }}', "unterminated quoted string", 3),
    "string behind a bar": ('{{ .x | "a" }}', "non executable command in pipeline stage 2", 8),
    "parenthesis that is not closed": ("{{ (.x }}", "unclosed left paren", 7),
    "dash in a key": ("{{ .my-label }}", "bad character U+002D", 6),
    # Evaluation.
    "text as a map": ("{{ .cluster.name }}", "can't evaluate field name in type string", 3),
    "field of null": ("{{ .null.x }}", "nil pointer evaluating interface {}.x", 3),
    "whole number against one of JSON": (
        "{{ eq .one 1 }}",
        "error calling eq: incompatible types for comparison: float64 and int",
        3,
    ),
    "number against text": (
        '{{ eq .one "1" }}',
        "error calling eq: incompatible types for comparison: float64 and string",
        3,
    ),
    "order of a missing value": ("{{ lt .missing 1 }}", "error calling lt: invalid type for comparison", 3),
    "index out of range": ("{{ index .list 3 }}", "error calling index: index out of range: 3", 3),
    "number of JSON as an index": (
        "{{ index .list .one }}",
        "error calling index: cannot index slice/array with type float64",
        3,
    ),
    "argument of the wrong type": ("{{ upper .one }}", "wrong type for value; expected string; got float64", 9),
    "missing argument": ("{{ upper .missing }}", "invalid value; expected string", 9),
    "too few arguments": ("{{ trunc 3 }}", "wrong number of args for trunc: want 2 got 1", 3),
    "range over a text": ("{{ range .cluster }}{{ end }}", "range can't iterate over myapp-production-use1", 3),
    "argument for what is no function": ('{{ .cluster "x" }}', "can't give argument to non-function .cluster", 3),
    "fail": ('{{ if .yes }}{{ fail "stop" }}{{ end }}', "error calling fail: stop", 16),
    "division by zero": ("{{ div 1 0 }}", "error calling div: runtime error: integer divide by zero", 3),
    "dig into a text": (
        '{{ dig "cluster" "x" "" . }}',
        'error calling dig: string, not a map, where "x" is looked up',
        3,
    ),
}

STRICT = {
    "missing key": ("{{ .missing }}", 'map has no entry for key "missing"', 3),
    "missing key further down": ("a {{ .map.c.x }}", 'map has no entry for key "x"', 5),
    "missing key in an if": ("{{ if .missing }}{{ end }}", 'map has no entry for key "missing"', 6),
    "missing key as an argument": ('{{ default "x" .missing }}', 'map has no entry for key "missing"', 15),
    "missing key of a variable": ("{{ $x := .map }}{{ $x.y }}", 'map has no entry for key "y"', 19),
    "field of a null that a variable holds": ("{{ $x := .null }}{{ $x.y }}", 'nil data; no entry for key "y"', 20),
}

STILL_FINE = {
    "key that is there and null": ("{{ .null }}", "<no value>"),
    "missing key that is not reached": ("{{ if .no }}{{ .missing }}{{ end }}{{ or .yes .missing }}", "true"),
    "missing key by index": ('{{ index . "missing" }}', "<no value>"),
    "missing key by dig, get and hasKey": (
        '{{ dig "missing" "d" . }}{{ get . "missing" }}{{ hasKey . "missing" }}',
        "dfalse",
    ),
}

YES_IS_AMBIGUOUS = "yes is ambiguous: some YAML readers take it for true or false, some for a string"
CANNOT_SAY = {
    "function that is not supported": ('{{ merge .map (dict "a" 1) }}', "the function merge is not evaluated here", 3),
    "function that changes": ("{{ now }}", "the function now gives something else each time", 3),
    "named template": ('{{ define "x" }}{{ end }}', "{{define}} is not evaluated here", 3),
    "keys in no order": (
        "{{ keys .map }}",
        "the keys and values of a map come in another order each time; sortAlpha orders them",
        3,
    ),
    "values in no order": (
        '{{ values .map | join "," }}',
        "the keys and values of a map come in another order each time; sortAlpha orders them",
        17,
    ),
    "letter cut in two": ("{{ trunc 2 .umlaut }}", "a text is not valid UTF-8 any more", 3),
    "regular expression of an unknown form": (
        '{{ regexMatch "[[:alpha:]]" .cluster }}',
        "the regular expression [[:alpha:]] has a form that is not supported",
        3,
    ),
    "version that is not whole": (
        '{{ semverCompare ">=1.x" "1.2.3" }}',
        "the version constraint >=1.x is of an unusual form",
        3,
    ),
    "complex number": ("{{ 1i }}", "a number is complex", 3),
    "yaml that is read differently elsewhere": (
        '{{ fromYaml "yes: a" }}',
        f"fromYaml has a text that may be no YAML: {YES_IS_AMBIGUOUS}",
        3,
    ),
}


@pytest.mark.parametrize(("template", "expected"), RENDERED.values(), ids=RENDERED)
def test_template_is_rendered(template: str, expected: str) -> None:
    assert parse(template).render(PARAMETERS, missing_key_error=False) == expected


@helm.requires_helm
def test_the_expected_texts_are_what_go_renders() -> None:
    cases = [Case(template, PARAMETERS) for name, (template, _) in RENDERED.items() if name not in NOT_HELM]
    assert disagreements(cases) == []


@pytest.mark.parametrize(("template", "reason", "offset"), REFUSED.values(), ids=REFUSED)
def test_what_go_refuses_is_refused_with_its_reason(template: str, reason: str, offset: int) -> None:
    assert _refusal(template, strict=False) == (reason, offset)


@helm.requires_helm
def test_what_is_refused_here_is_refused_by_go() -> None:
    assert disagreements([Case(template, PARAMETERS) for template, _, _ in REFUSED.values()]) == []


@pytest.mark.parametrize(("template", "reason", "offset"), STRICT.values(), ids=STRICT)
def test_missing_key_is_an_error_if_asked_for(template: str, reason: str, offset: int) -> None:
    assert _refusal(template, strict=True) == (reason, offset)
    parse(template).render(PARAMETERS, missing_key_error=False)


@pytest.mark.parametrize(("template", "expected"), STILL_FINE.values(), ids=STILL_FINE)
def test_what_may_be_missing_even_then(template: str, expected: str) -> None:
    assert parse(template).render(PARAMETERS, missing_key_error=True) == expected


@pytest.mark.parametrize(("template", "reason", "offset"), CANNOT_SAY.values(), ids=CANNOT_SAY)
def test_what_cannot_be_said_is_not_guessed(template: str, reason: str, offset: int) -> None:
    with pytest.raises(CannotSayError) as caught:
        parse(template).render(PARAMETERS, missing_key_error=False)
    assert (caught.value.reason, caught.value.offset, str(caught.value)) == (reason, offset, reason)


def test_function_that_is_not_supported_matters_only_where_it_is_called() -> None:
    assert parse("{{ if .no }}{{ now }}{{ end }}ok").render(PARAMETERS, missing_key_error=True) == "ok"


def test_one_template_is_rendered_with_many_parameters() -> None:
    template = parse("{{ $x := .a }}{{ range .b }}{{ $x = add $x . }}{{ end }}{{ $x }}")
    parameters: list[Mapping[str, object]] = [{"a": 1, "b": [1, 2]}, {"a": "5", "b": []}, {"a": 0, "b": [7]}]
    assert [template.render(each, missing_key_error=True) for each in parameters] == ["4", "5", "7"]


def test_parameters_are_not_changed() -> None:
    parameters: dict[str, object] = {"list": ["a"], "map": {"a": {"b": 1}}}
    template = '{{ append .list "b" }}{{ omit .map "a" }}{{ reverse .list }}{{ rest .list }}{{ dict "x" .map }}'
    parse(template).render(parameters, missing_key_error=True)
    assert parameters == {"list": ["a"], "map": {"a": {"b": 1}}}


def test_typed_parameters_of_a_generator_are_no_maps_of_anything() -> None:
    parameters = {"values": StringMap(a="x"), "path": {"segments": Strings(["apps", "web"])}}
    template = parse('{{ .values.a }}{{ index .path.segments 1 }}{{ typeOf .values }}{{ index .values "none" }}')
    assert template.render(parameters, missing_key_error=True) == "xwebmap[string]string"
    with pytest.raises(GoTemplateError, match=r"got map\[string\]string"):
        parse('{{ get .values "a" }}').render(parameters, missing_key_error=True)


def test_value_that_is_no_json_cannot_be_said() -> None:
    with pytest.raises(CannotSayError, match="a parameter of the type bytes is no JSON"):
        parse("{{ .a }}").render({"a": b"x"}, missing_key_error=True)


def test_name_is_normalized_to_at_most_253_letters() -> None:
    assert normalize("A" * 252 + "/b") == "a" * 252


NAMES_OF_ARGO_CD = {"normalize", "slugify", "tpl"}
NAMES_OF_HELM = {"getHostByName"}


@helm.requires_helm
def test_every_function_that_is_known_is_one_of_go_or_sprig() -> None:
    # Each name stands where it is parsed and not called; Go refuses a template with a name that it does not know.
    names = sorted(FUNCTIONS.keys() - NAMES_OF_ARGO_CD)
    assert disagreements([Case(f"{{{{ if false }}}}{{{{ {name} }}}}{{{{ end }}}}", {}) for name in names]) == []


def _refusal(template: str, *, strict: bool) -> tuple[str, int | None]:
    with pytest.raises(GoTemplateError) as caught:
        parse(template).render(PARAMETERS, missing_key_error=strict)
    return caught.value.reason, caught.value.offset


@pytest.mark.parametrize(
    "keys",
    [
        ("01a_", "1a1", "0a0."),
        ("10a", "1b", "9"),
        tuple(f"cluster-{number}" for number in range(301)),
    ],
)
def test_keys_that_go_sorts_otherwise_each_time_are_not_guessed(keys: tuple[str, ...]) -> None:
    with pytest.raises(CannotSayError, match="the keys of a map have no certain order in YAML"):
        parse("{{ toYaml .v }}").render({"v": dict.fromkeys(keys, 1)}, missing_key_error=True)


@pytest.mark.parametrize(
    "keys",
    [
        ("", "-", "9", "10", "a1", "a9", "a10"),
        tuple(f"cluster-{number}" for number in range(300)),
        tuple(f"{a}{b}" for a in "abcdefghijklmnopqrst" for b in "abcdefghijklmnopqrst"),
    ],
)
def test_keys_with_a_certain_order_are_written_in_it(keys: tuple[str, ...]) -> None:
    text = parse("{{ toYaml .v }}").render({"v": dict.fromkeys(reversed(keys), 1)}, missing_key_error=True)
    assert [line.removesuffix(": 1").strip("\"'") for line in text.splitlines()] == list(keys)
