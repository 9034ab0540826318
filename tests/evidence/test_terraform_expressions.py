"""Expressions of Terraform come to what Terraform itself makes of them, or to what is not known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from gitops_gen.evidence.hcl_files import parse
from gitops_gen.evidence.terraform_conversion import converted
from gitops_gen.evidence.terraform_sizes import is_of_size
from gitops_gen.evidence.terraform_unknowns import HOLE, UNKNOWN, is_exact
from gitops_gen.evidence.terraform_values import Scope
from tests.tools.terraform import Configuration, requires_terraform

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LOCALS = """\
locals {
  text  = "prod-eu"
  empty = ""
  none  = null
  yes   = true
  three = 3
  list  = ["b", "a", "c", "a"]
  set   = toset(["b", "a", "b"])
  map   = { b = "two", a = "one" }
  apps = {
    shop = { namespace = "shop", enabled = true, accounts = ["web", "job"] }
    blog = { namespace = "press", enabled = false, accounts = ["web"] }
  }
}
"""

WORKED_OUT = (
    '"${local.text}-x"',
    '"${local.three}${local.yes}"',
    '"${local.list}"',
    '"x${~ " y " ~}  z"',
    '"a%{ if local.yes }b%{ else }c%{ endif }d"',
    '"%{ for x in local.list ~} ${x} %{ endfor }"',
    '"%{ for i, x in local.list }${i}${x}%{ if x == "a" }!%{ endif }%{ endfor }"',
    "[for x in local.list : upper(x)]",
    '[for i, x in local.list : "${i}-${x}" if x != "a"]',
    "[for x in local.set : x]",
    '[for k, v in local.map : "${k}=${v}"]',
    "[for v in local.map : v]",
    "{ for k, v in local.apps : k => v.namespace if v.enabled }",
    "{ for x in local.list : x => upper(x)... }",
    '[for x in flatten([for k, v in local.apps : [for a in v.accounts : { of = k, to = a }]]) : "${x.of}-${x.to}"]',
    "{ (local.yes) = 1, (local.three) = 2 }",
    "local.list[0]",
    "local.list[local.three - 1]",
    'local.map["a"]',
    'local.map[local.yes ? "a" : "b"]',
    'local.apps["shop"].accounts[1]',
    "local.apps[keys(local.apps)[0]].namespace",
    "[local.map, { a = 1 }][0].b",
    "values(local.apps)[*].namespace",
    "values(local.apps).*.accounts[0]",
    "local.none[*]",
    "local.map[*].a",
    "1 + 2 * 3",
    "(1 + 2) * 3",
    "-local.three",
    "7 / 7",
    "7 % 4",
    "local.three > 2 && local.three <= 3",
    "!local.yes || local.three != 3",
    'local.yes ? 1 : "one"',
    'lookup(local.map, "a", "none")',
    'lookup(local.map, "z", "none")',
    "element(local.list, 5)",
    "slice(local.list, 1, 3)",
    "reverse(local.list)",
    'one(toset([for x in local.list : x if x == "c"]))',
    'flatten([local.list, [["d"], local.set]])',
    'compact([local.text, "", null])',
    "distinct(local.list)",
    "sort(local.list)",
    "keys(local.map)",
    "values(local.map)",
    "length(local.set)",
    "length(local.text)",
    "length(local.apps)",
    'contains(local.list, "c")',
    'contains(local.set, "z")',
    'index(local.list, "a")',
    'zipmap(["x", "y"], tolist(local.set))',
    "range(3)",
    "range(1, 3)",
    'setproduct(["b", "a"], ["x"])',
    'setunion(local.set, ["z"])',
    'setsubtract(local.list, ["a"])',
    'setintersection(local.list, ["a", "z"])',
    'merge(local.map, { a = "three" }, null)',
    "merge([for k, v in local.apps : { (v.namespace) = k }]...)",
    'concat(local.list, ["z"])',
    "toset(local.list)",
    "tolist(local.set)",
    "tostring(local.three)",
    "tostring(local.none)",
    'join("-", local.list)',
    'join(",", ["x"], [1, true])',
    'format("%s/%d/%v/%%", local.yes, 3, local.text)',
    'formatlist("arn:%s:%s", "aws", local.list)',
    'split("-", local.text)',
    'replace(local.text, "-", "_")',
    'trimprefix(local.text, "prod-")',
    'trimsuffix(local.text, "-eu")',
    'trimspace("  a ")',
    'trim("--a-", "-")',
    "substr(local.text, 0, 4)",
    "substr(local.text, -2, -1)",
    'startswith(local.text, "prod")',
    'endswith(local.text, "prod")',
    'strcontains(local.text, "d-e")',
    'coalesce(local.none, local.empty, "x")',
    'try(local.apps.shop.missing, "default")',
    'try(local.apps["nobody"].namespace, local.none.x, local.text)',
    'try(local.list[9], "default")',
    "can(local.apps.shop.missing)",
    "can(local.apps.shop.enabled)",
    'jsondecode("{\\"a\\": [1]}").a',
)
"""Expressions that are worked out."""

NOT_WORKED_OUT = (
    '5 == "5" ? "same" : "other"',
    'zipmap(["x", "y"], local.set)',
    "local.map.z",
    "local.list[9]",
    "local.set[0]",
    "7 / 2",
    "1.5 + 1",
    "-7 % 4",
    'regex("[a-z]+", local.text)',
    'replace(local.text, "/[a-z]+/", "x")',
    "title(local.text)",
    'format("%05d", 3)',
    'length("\\u00e9")',
    "element([], 0)",
    'zipmap(["a"], [])',
    "setproduct(local.set, local.list)",
    "[for x in local.text : x]",
    "{ for x in local.list : x => 1 }",
    "range(20000)",
    'split("", local.text)',
)
"""Expressions that nobody works out here, or that Terraform refuses."""


REFUSED = "refused"
"""What stands for an expression that Terraform refuses."""


def ours(text: str, variables: dict[str, object] | None = None) -> object:
    body = parse(f"{LOCALS}x = {text}\n")
    return Scope(variables or {}, body).value(body.attributes["x"])


def terraforms(texts: Sequence[str], folder: Path) -> list[object]:
    """Returns what Terraform makes of expressions; REFUSED for one that it refuses."""
    source = folder / "source"
    source.mkdir(parents=True)
    outputs = (f'output "x{number}" {{ value = try({text}, "{REFUSED}") }}\n' for number, text in enumerate(texts))
    (source / "main.tf").write_text("".join((LOCALS, *outputs)), encoding="utf-8")
    plan = Configuration.copied(source, folder / "run").plan("")
    assert plan.diagnostics == ()
    return [plan.outputs.get(f"x{number}") for number in range(len(texts))]


@requires_terraform
def test_what_is_worked_out_is_what_terraform_makes_of_it(tmp_path: Path) -> None:
    expected = dict(zip(WORKED_OUT, terraforms(WORKED_OUT, tmp_path), strict=True))
    assert {text: ours(text) for text in WORKED_OUT} == expected
    assert REFUSED not in expected.values()


@pytest.mark.parametrize("text", NOT_WORKED_OUT)
def test_what_is_not_worked_out_is_not_known(text: str) -> None:
    assert ours(text) is UNKNOWN


TYPED = (
    ("string", "5"),
    ("string", "1.50"),
    ("string", "true"),
    ("string", "null"),
    ("number", '"12"'),
    ("bool", '"true"'),
    ("any", "[1, true]"),
    ("list(string)", '["b", 1, true]'),
    ("list(any)", '["b", "a"]'),
    ("set(string)", '["b", "a", "b", 1]'),
    ("map(string)", '{ b = 1, a = "x" }'),
    ("map(list(string))", "{ a = [1, 2] }"),
    ("object({ name = string, port = optional(number, 80), tags = optional(map(string), {}) })", "{ name = 1, x = 2 }"),
    ("map(object({ on = optional(bool, true), of = optional(string) }))", '{ a = {}, b = { on = "false", of = "x" } }'),
    ('object({ of = optional(object({ name = optional(string, "x") }), {}) })', "{}"),
    ('list(object({ name = string, secrets = optional(set(string), ["b", "a"]) }))', '[{ name = "a" }]'),
    ("tuple([string, number])", '["a", 1]'),
)
"""Types of variables, each with what is given to one."""


@requires_terraform
def test_a_variable_has_the_value_that_its_type_makes_of_what_is_given(tmp_path: Path) -> None:
    text = "".join(
        f'variable "x{number}" {{\n  type = {of}\n  default = {stated}\n}}\n'
        f'output "x{number}" {{\n  value = var.x{number}\n}}\n'
        for number, (of, stated) in enumerate(TYPED)
    )
    (tmp_path / "source").mkdir()
    (tmp_path / "source/main.tf").write_text(text, encoding="utf-8")
    plan = Configuration.copied(tmp_path / "source", tmp_path / "run").plan("")
    assert plan.diagnostics == ()
    nothing = Scope({}, parse(""))
    blocks = parse(text).of("variable")
    found = {
        each.labels[0]: converted(nothing.value(each.attributes["default"]), each.attributes["type"], nothing.value)
        for each in blocks
    }
    assert found == {f"x{number}": plan.outputs.get(f"x{number}") for number in range(len(TYPED))}


WORDS = ("prod", "dev", "a", "b-c", "")
TEXTS = st.sampled_from((*(f'"{each}"' for each in WORDS), "local.text", "local.empty"))


def _texts(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=1, max_size=3)
    lists = _lists(inner)
    return st.one_of(
        several.map(lambda found: '"' + "-".join(f"${{{each}}}" for each in found) + '"'),
        st.tuples(inner, inner).map(lambda pair: f'({pair[0]} == {pair[1]} ? "same" : {pair[1]})'),
        st.tuples(inner, inner).map(lambda pair: f'replace({pair[0]}, "-", {pair[1]})'),
        st.tuples(inner, inner).map(lambda pair: f"trimprefix({pair[0]}, {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"trimsuffix({pair[0]}, {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f'format("%s/%s", {pair[0]}, {pair[1]})'),
        st.tuples(inner, inner).map(lambda pair: f"coalesce({pair[0]}, {pair[1]}, local.text)"),
        st.tuples(inner, inner).map(lambda pair: f"lookup({{ prod = {pair[0]} }}, {pair[1]}, {pair[1]})"),
        st.tuples(inner, inner).map(lambda pair: f"{{ dev = {pair[0]}, prod = {pair[1]} }}[{pair[1]}]"),
        st.tuples(inner, inner).map(lambda pair: f"try({{ prod = {pair[0]} }}[{pair[1]}], {pair[1]})"),
        inner.map(lambda each: f"upper({each})"),
        inner.map(lambda each: f'"%{{ if {each} == local.text }}x%{{ else }}${{{each}}}%{{ endif }}"'),
        lists.map(lambda each: f'join(",", {each})'),
        lists.map(lambda each: f"element({each}, 1)"),
        lists.map(lambda each: f"{each}[0]"),
        lists.map(lambda each: f'"%{{ for x in {each} }}${{x}};%{{ endfor }}"'),
        lists.map(lambda each: f"tostring(length({each}))"),
    )


def _lists(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    plain = st.lists(inner, max_size=3).map(lambda found: f"tolist([{', '.join(found)}])")
    return st.one_of(
        plain,
        plain.map(lambda each: f"sort({each})"),
        plain.map(lambda each: f"distinct({each})"),
        plain.map(lambda each: f"compact({each})"),
        plain.map(lambda each: f"tolist(toset({each}))"),
        plain.map(lambda each: f"[for x in toset({each}) : x]"),
        plain.map(lambda each: f'[for i, x in {each} : "${{i}}${{x}}" if x != "a"]'),
        plain.map(lambda each: f"keys({{ for x in toset({each}) : x => 1 }})"),
        plain.map(lambda each: f'formatlist("%s!", {each})'),
        plain.map(lambda each: f"flatten([{each}, [{each}]])"),
        st.tuples(plain, plain).map(lambda pair: f"concat({pair[0]}, {pair[1]})"),
        st.tuples(plain, plain)
        .map(lambda pair: f"setsubtract({pair[0]}, {pair[1]})")
        .map(lambda each: f"sort({each})"),
        st.tuples(plain, inner).map(lambda pair: f"(contains({pair[0]}, {pair[1]}) ? {pair[0]} : tolist([{pair[1]}]))"),
        inner.map(lambda each: f'split("-", {each})'),
    )


EXPRESSIONS = st.recursive(TEXTS, _texts, max_leaves=6)


@requires_terraform
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow], phases=[Phase.generate])
@given(texts=st.lists(EXPRESSIONS, min_size=30, max_size=60))
def test_of_any_expressions_what_is_known_is_what_terraform_makes(
    texts: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    expected = terraforms(texts, tmp_path_factory.mktemp("terraform") / "x")
    found = {text: (ours(text), told) for text, told in zip(texts, expected, strict=True)}
    known = {text: pair for text, pair in found.items() if is_exact(pair[0]) and pair[1] != REFUSED}
    assert {text: pair for text, pair in known.items() if pair[0] != pair[1]} == {}


UNSURE = st.recursive(st.one_of(TEXTS, st.just("var.far")), _texts, max_leaves=6)


@settings(max_examples=600, deadline=None)
@given(text=UNSURE, far=st.sampled_from(WORDS))
def test_what_is_said_where_a_part_is_not_known_holds_for_whatever_that_is(text: str, far: str) -> None:
    with_it, without = ours(text, {"far": far}), ours(text, {"far": UNKNOWN})
    assert with_it is UNKNOWN or _may_be(without, with_it), (text, far, with_it, without)


def _may_be(unsure: object, value: object) -> bool:
    """Returns whether a value is one of those that another one, of which parts are not known, stands for."""
    match unsure, value:
        case str(), str():
            return re.fullmatch(re.escape(unsure).replace(re.escape(HOLE), ".*"), value, re.DOTALL) is not None
        case list(), list():
            return len(unsure) == len(value) and all(map(_may_be, unsure, value))
        case dict(), dict():
            return unsure.keys() == value.keys() and all(_may_be(unsure[key], value[key]) for key in unsure)
        case _:
            return unsure is UNKNOWN or unsure == value


def test_a_loop_in_a_loop_ends() -> None:
    rounds = "[for a in range(5000) : [for b in range(5000) : [for c in range(5000) : a]]]"
    assert ours(rounds) is UNKNOWN


def test_locals_that_double_each_other_stay_small() -> None:
    doubled = "".join(f"  l{number + 1} = [local.l{number}, local.l{number}]\n" for number in range(60))
    texts = "".join(f'  t{number + 1} = "${{local.t{number}}}${{local.t{number}}}"\n' for number in range(60))
    body = parse(f'locals {{\n  l0 = []\n{doubled}  t0 = "ab"\n{texts}}}\nx = local.l60\ny = local.t60\n')
    scope = Scope({}, body)
    assert all(is_of_size(scope.value(body.attributes[name]), 100_000) for name in ("x", "y"))
    assert len(str(scope.value(body.attributes["y"]))) <= 200_000
