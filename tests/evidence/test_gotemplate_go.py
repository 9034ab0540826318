"""Go itself against gitops_gen.evidence.gotemplate: templates written by hand, and made at random."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitops_gen.evidence.gotemplate import CannotSayError, GoTemplateError, parse
from gitops_gen.evidence.gotemplate.functions import FUNCTIONS
from tests.evidence.go_templates import Case, disagreements
from tests.evidence.parameters import PARAMETERS
from tests.tools import helm

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

pytestmark = helm.requires_helm

WRITTEN = (Path(__file__).parent / "templates.txt").read_text(encoding="utf-8").splitlines()
OF_HELM = frozenset({"fromYaml", "fromYamlArray", "fromJson", "mustFromJson", "normalize", "slugify", "fail"})
"""The functions that Helm has not, or of which it has its own."""
CALLED = sorted(name for name, signature in FUNCTIONS.items() if signature.call and name not in OF_HELM)

PATHS = sorted(f".{name}" for name in PARAMETERS) + [".map.a", ".map.c.d", ".metadata.labels.env", "$.cluster", "."]
LITERALS = {
    "string": ['"a"', '"-"', '"%s %d"', '"a-b-c"', '"\u00e9"', '"1.5"', '"[a-z]+"', '"10"', "`x y`", r'"a\nb"'],
    "int": ["0", "1", "2", "3", "-1", "5", "'a'"],
    "float64": ["1.5", "0.0", "-2.5", "1e6", "100000.0"],
    "bool": ["true", "false", ".yes", ".no"],
    "map": [".map", ".metadata.labels", ".bare", ".", '(dict "a" 1)'],
}  # fmt: skip
FITTING = {
    "string": [".cluster", ".unicode", ".multi", ".spaces", ".version", ".quote", "(print .one)", "(quote .list)"],
    "int": ["(len .list)", "(int .one)"],
}

few = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
"""Each example is a batch of templates: they cost one call of the engine, and one more for each that is refused."""


def test_templates_written_by_hand() -> None:
    assert disagreements([Case(template, PARAMETERS) for template in WRITTEN]) == []


# Pipelines of any functions over any values.


def argument(kind: str, depth: int) -> SearchStrategy[str]:
    fitting = st.sampled_from(LITERALS.get(kind, []) + FITTING.get(kind, []) or PATHS)
    anything = st.sampled_from([*PATHS, "nil", *LITERALS["string"], *LITERALS["int"], *LITERALS["float64"]])
    if depth:
        anything |= pipeline(depth - 1).map("({})".format)
    return anything if kind == "any" else st.one_of(fitting, fitting, fitting, fitting, anything)


@st.composite
def call(draw: DrawFn, depth: int, *, is_fed: bool) -> str:
    name = draw(st.sampled_from(CALLED))
    signature = FUNCTIONS[name]
    kinds = list(signature.types)
    kinds += [signature.further] * draw(st.integers(0, 3)) if signature.further else []
    arguments = [draw(argument(kind, depth)) for kind in kinds[: -1 if is_fed else None]]
    return " ".join([name, *arguments])


@st.composite
def pipeline(draw: DrawFn, depth: int) -> str:
    first = draw(call(depth, is_fed=False) | st.sampled_from(PATHS))
    return " | ".join([first, *draw(st.lists(call(depth, is_fed=True), max_size=2))])


FRAMES = (
    "{{{{ {} }}}}",
    "{{{{ {} }}}}",
    "{{{{ if {} }}}}a{{{{ else }}}}b{{{{ end }}}}",
    "{{{{ range $i, $e := {} }}}}{{{{ $i }}}}={{{{ $e }}}},{{{{ else }}}}none{{{{ end }}}}",
    "{{{{ with {} }}}}{{{{ . }}}}{{{{ else }}}}none{{{{ end }}}}",
)


@st.composite
def template(draw: DrawFn) -> Case:
    return Case(draw(st.sampled_from(FRAMES)).format(draw(pipeline(2))), PARAMETERS)


@few
@given(st.lists(template(), min_size=30, max_size=50))
def test_pipelines_of_any_functions(cases: list[Case]) -> None:
    assert disagreements(cases) == []


# Any values under what shows all of them.

WORDS = [
    *("yes", "no", "on", "y", "null", "~", "true", "1", "0x1f", "1e3", "1_000", "0o7", "08", "1.", ".5", "+.inf"),
    *("2001-01-01", "2001-1-1T1:1:1Z", "2001-12-14 21:59:43.10", "2001-02-30", "12:30:45", "1:2", ".nan", "0b11"),
    *("-", "?", "? a", "'x'", "!a", "&a", "*a", "@x", "%x", "`x", "- a", "a: b", "a #b", "a: ", "[a", "{a}", ">a"),
    *("---", "...", "<<", "=", " x", "x ", "x\n", "\nx", "x\n\n", "x \ny", "\n", "a\n b\n  c", "\t"),
    *("1__0", "a'b", '"', "12345678901234567890"),
    *("\u00e9", "\u2603", "\U0001f600"),
]  # fmt: skip
LETTERS = "ab yn:#-?'\"\n\t{}[],&*!|>%@`~.0123456789_eExoT+<=\\/\u00e9"
texts = st.sampled_from(WORDS) | st.text(LETTERS, max_size=14) | st.text("ab  cd 'x\"", min_size=70, max_size=180)
numbers = st.sampled_from(
    [0, 1, -5, 1.5, 1e21, 1e20, 1e-7, 123456789.125, 100000, 1000000, 0.1, 557702566877, 2**53, 1e300]
)
keys = st.text("ab01_-.XY", max_size=4) | st.sampled_from([word for word in WORDS if "\n" not in word])
values = st.recursive(
    texts | numbers | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=8,
)
SHOWING = (
    "{{ toYaml .v }}",
    "{{ toYaml .v }}",
    "{{ toJson .v }}{{ toPrettyJson .v }}{{ toRawJson .v }}",
    "{{ .v }}{{ print .v .w }}{{ quote .v }}{{ squote .v }}",
    '{{ printf "%v %s %d %q" .v .v .v .v }}',
    '{{ join "," .v }}{{ sortAlpha .v }}{{ toStrings .v }}',
    "{{ range $k, $e := .v }}{{ $k }}:{{ $e }};{{ else }}none{{ end }}",
    "{{ int .v }} {{ float64 .v }} {{ add .v 1 }} {{ ceil .v }} {{ round .v 2 }}",
    "{{ kindOf .v }} {{ typeOf .v }} {{ empty .v }} {{ not .v }}",
    "{{ eq .v .w }}",
    "{{ lt .v .w }}",
    "{{ len .v }}",
    "{{ deepEqual .v .w }}{{ has .v (list .v .w) }}{{ uniq (list .v .w .v) }}",
    '{{ index .v "a" }}',
    "{{ index .v 0 }}",
)


@few
@given(st.lists(st.tuples(st.sampled_from(SHOWING), values, values), min_size=30, max_size=60))
def test_any_values_under_what_shows_them(drawn: list[tuple[str, object, object]]) -> None:
    assert disagreements([Case(showing, {"v": v, "w": w}) for showing, v, w in drawn]) == []


# printf.

directives = st.builds(
    "%{}{}{}{}{}".format,
    st.text("-+# 0", max_size=2),
    st.sampled_from(["", "", "5", "10", "2", "*"]),
    st.sampled_from(["", "", "", ".2", ".0", ".", ".5", ".*"]),
    st.sampled_from(["", "", "", "[1]", "[2]"]),
    st.sampled_from("vvdsqtfxXeEgGcUobOTzF%"),
)
printed = st.lists(st.sampled_from(["x", " ", "%%"]) | directives, min_size=1, max_size=3).map("".join)
arguments = st.sampled_from(
    [
        *("1", "-42", "0", "65", "1.5", "0.0", "-1e21", "1e-7", "123456.0", "1000000.0", "true", "nil", ".half"),
        *('"abc"', '"\u00e9"', '""', r'"a\n"', "(add 1 2)", '(list 1 "a" nil 2.5 true)', '(splitList "," "a,b")'),
        *("(until 3)", ".map", ".mixed"),
    ]
)


prints = st.builds("{{{{ printf `{}` {} }}}}".format, printed, st.lists(arguments, max_size=4).map(" ".join))


@few
@given(st.lists(prints, min_size=30, max_size=60))
def test_printf(templates: list[str]) -> None:
    assert disagreements([Case(each, PARAMETERS) for each in templates]) == []


# Regular expressions.

atoms = st.sampled_from(
    ["a", "b", "1", "-", ".", "[a-c]", "[^a]", r"\d", r"\w", r"\s", r"\.", r"[\d-]", r"\b", "^", "$", "[a-z0-9]", r"\S"]
)
repeats = st.sampled_from(["*", "+", "?", "*?", "+?", "??", "{2}", "{1,2}", "{1,}"])
patterns = st.recursive(
    atoms | st.builds("{}{}".format, atoms, repeats),
    lambda inner: st.one_of(
        st.builds("{}{}".format, inner, inner),
        st.builds("{}|{}".format, inner, inner),
        st.builds("{}{})".format, st.sampled_from(["(", "(?:", "(?P<n>"]), inner),
    ),
    max_leaves=6,
)
MATCHING = (
    "{{ regexMatch .p .t }}{{ regexFind .p .t }}",
    "{{ regexFindAll .p .t -1 | toJson }}{{ regexFindAll .p .t 2 | toJson }}",
    "{{ regexReplaceAll .p .t .r }}{{ regexReplaceAllLiteral .p .t .r }}",
    "{{ regexSplit .p .t -1 | toJson }}{{ regexSplit .p .t 2 | toJson }}",
    "{{ regexQuoteMeta .p }}",
)
matched = st.fixed_dictionaries(
    {
        "p": patterns,
        "t": st.text("ab1- .x\u00e9\n", max_size=10),
        "r": st.sampled_from(["-", "$1", "${1}x", "$0$$", "$1x", "$", "${n}", "$n-", "${", "$2"]),
    }
)


@few
@given(st.lists(st.tuples(st.sampled_from(MATCHING), matched), min_size=30, max_size=60))
def test_regular_expressions(drawn: list[tuple[str, dict[str, str]]]) -> None:
    assert disagreements([Case(matching, parameters) for matching, parameters in drawn]) == []


# Texts, numbers and versions.

TEXTS = (
    "{{ int .n }} {{ int64 .n }} {{ atoi .n }} {{ mul .n 3 }} {{ max .n 3 }}",
    "{{ float64 .n }}",
    "{{ toDecimal .n }}",
    "{{ base .p }}|{{ dir .p }}|{{ clean .p }}|{{ ext .p }}|{{ isAbs .p }}",
    "{{ trunc .i .u | quote }}",
    "{{ substr .i .j .u | quote }}",
    "{{ upper .u }}{{ lower .u }}{{ title .u }}{{ untitle .u }}{{ nospace .u | quote }}{{ trim .u }}{{ quote .u }}",
    "{{ splitn .q .i .p }}{{ split .q .p }}{{ splitList .q .p | toJson }}",
    "{{ replace .q .n .p }}{{ trimAll .q .p }}{{ trimPrefix .q .p }}{{ trimSuffix .q .p }}",
    "{{ indent 2 .u }}{{ nindent 1 .u }}{{ cat .n .u nil }}{{ initials .p }}{{ plural .p .q .i }}",
    "{{ b64enc .u }}{{ sha256sum .u }}{{ urlquery .u }}{{ html .u }}{{ len .u }}",
    "{{ seq .i .j }}{{ untilStep .i .j .k }}{{ until .i }}",
    "{{ mod .i .j }}{{ div .i .j }}",
    "{{ index .u .i }}",
    "{{ semverCompare .c .s }}",
)
INTEGERS = ("i", "j", "k")
versions = st.lists(st.sampled_from(["0", "0", "1", "2", "10"]), min_size=3, max_size=3).map(".".join)
operators = st.sampled_from(["", "=", "!=", ">", "<", ">=", "<=", "~", "^", "> "])
constraints = st.lists(st.builds("{}{}".format, operators, versions), min_size=1, max_size=2)
spelled = st.fixed_dictionaries(
    {
        "n": st.text("0123456789.-+ex_ a", max_size=6) | st.sampled_from(WORDS),
        "p": st.text("a/b.. /", max_size=10),
        "q": st.sampled_from(["", "/", ".", "a", "ab"]),
        "u": st.text("aB c\u00e91_-\u00df\u0130\u01c6\u2603\t\u03a3'\"\u00a0", max_size=8),
        "c": constraints.map(", ".join) | constraints.map(" || ".join),
        "s": versions,
        **{name: st.integers(-5, 6) for name in INTEGERS},
    }
)


def _spelled(text: str, parameters: dict[str, object]) -> Case:
    """The integers stand in the template: as parameters they would be float64."""
    for name in INTEGERS:
        text = text.replace(f" .{name} ", f" {parameters[name]} ").replace(f" .{name} ", f" {parameters[name]} ")
    return Case(text, parameters)


@few
@given(st.lists(st.tuples(st.sampled_from(TEXTS), spelled), min_size=30, max_size=60))
def test_texts_numbers_and_versions(drawn: list[tuple[str, dict[str, object]]]) -> None:
    assert disagreements([_spelled(text, parameters) for text, parameters in drawn]) == []


@pytest.mark.parametrize("operator", ["", "=", "!=", ">", "<", ">=", "<=", "~", "^"])
def test_every_small_version_against_every_other(operator: str) -> None:
    small = [".".join(numbers) for numbers in product("012", repeat=3)]
    pairs: list[dict[str, object]] = [{"c": operator + bound, "v": version} for bound in small for version in small]
    assert disagreements([Case("{{ semverCompare .c .v }}", pair) for pair in pairs]) == []


# Syntax.

SEEDS = (
    "{{ .a }}",
    "{{- .a -}}",
    "{{ if .a }}x{{ else }}y{{ end }}",
    "{{ range $i, $e := .l }}{{ $i }}{{ $e }}{{ end }}",
    "a {{/* c */}} b",
    '{{ printf "%s" .a | quote }}',
    "{{ with $x := .m }}{{ $x.k }}{{ .k }}{{ end }}",
    "{{ $x := 1 }}{{ $x = add $x 2 }}{{ $x }}",
    "{{ (index .l 0) }}{{ (.m).k }}",
    r'{{ "a\n" }}{{ `raw` }}{{ 1.5e3 }}{{ 0x1F }}',
    '{{ range .l }}{{ if eq . "a" }}{{ continue }}{{ end }}{{ . }}{{ break }}{{ end }}',
)
PIECES = (
    *("{{", "}}", " ", "-", " -", "- ", "(", ")", "|", ".", "$", "$x", ":=", "=", ",", '"', "`", "'a'", "1", "0x1"),
    *("end", "else", "if", "/*", "*/", "nil", "true", "\n", ".a", "..", "%", "x", "_", "1_0", "\\", "len", "with"),
    *("1e", "+", "{", "}"),
)
SMALL: dict[str, object] = {"a": "A", "l": ["a", "b"], "m": {"k": "v"}}


@st.composite
def damaged(draw: DrawFn) -> str:
    text = draw(st.sampled_from(SEEDS)) + draw(st.sampled_from(("", *SEEDS)))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        end = start + draw(st.integers(0, 3))
        text = text[:start] + draw(st.sampled_from(("", *PIECES))) + text[end:]
    return text


def _is_comparable(text: str) -> bool:
    """A field of what is missing is refused by Helm, as it is a null there."""
    try:
        parse(text).render(SMALL, missing_key_error=True)
    except GoTemplateError as error:
        return "no entry for key" not in error.reason
    except CannotSayError:
        return False
    return True


@few
@given(st.lists(damaged().filter(_is_comparable), min_size=30, max_size=60))
def test_damaged_templates(templates: list[str]) -> None:
    assert disagreements([Case(each, SMALL) for each in templates]) == []
