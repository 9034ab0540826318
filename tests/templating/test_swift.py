"""The sandbox that is compiled for speed writes what the sandbox writes, for every stock template and for odd ones."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import DictLoader

from gitops_gen.artifacts import load_specs
from gitops_gen.formats import FORMATS
from gitops_gen.load import load
from gitops_gen.plan import make_plan
from gitops_gen.templating.sandbox import Sandbox
from gitops_gen.templating.swift import SwiftSandbox
from gitops_gen.templating.templates import Templates

PROJECT = Path(__file__).parents[2]
WIDE = PROJECT / "tests" / "fleets" / "wide"


@pytest.mark.parametrize("root", [PROJECT, WIDE], ids=["six", "wide"])
def test_every_file_is_what_the_sandbox_itself_writes(root: Path) -> None:
    fleet, templates = load(root), Templates(root)
    for planned in make_plan(fleet, load_specs(root), templates).artifacts:
        context = planned.target.context(fleet)
        careful = templates.jinja.rendered_carefully(planned, context)
        assert templates.jinja.rendered_swiftly(planned, context) == careful, planned.path


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "<%= name | yaml %><%= name | bare %>: <%= items | yaml %>",
        "<% for each in items if each is none %>x<% else %>none<% endfor %>",
        "<% for each in items %><%= loop.index | yaml %><%= each | yaml %>,<% endfor %>",
        "<% macro shown(value) %>[<%= value | yaml %>]<% endmacro %><%= shown(name) %><%= shown(value=name) %>",
        "<% set given = name %><% if given == name and given in items %><%= given | yaml %><% endif %>",
        "<% block one %><%= name | yaml %><% endblock %><%= map.key | yaml %><%= map['key'] | yaml %>",
        "<% if name is not none %><%= (name is none) | yaml %><% endif %><%= (name ~ name) | yaml %>",
        "<%= map.nothing | default('x') | yaml %><%= items[1:] | yaml %><%= (items == items) | yaml %>",
        "<% for each in [] %><% endfor %>" * 300 + "end",
    ],
)
def test_an_odd_template_is_what_the_sandbox_itself_writes(text: str) -> None:
    context = {"name": "dev", "items": ["dev", "x"], "map": {"key": "value"}}
    written = []
    for kind in (Sandbox, SwiftSandbox):
        sandbox = kind(DictLoader({"t": text}))
        sandbox.begin("yaml")
        written.append(sandbox.get_template("t").render(context))
    assert written[0] == written[1]


def test_a_text_that_is_long_is_charged_to_the_budget() -> None:
    sandbox = SwiftSandbox(DictLoader({}))
    sandbox.begin("yaml")
    encode = sandbox.filters["yaml"]
    encode("x" * 1000)
    assert sandbox.steps == 0
    encode("x" * 6398)
    assert sandbox.steps == 100


def test_an_encoded_text_is_the_same_each_time() -> None:
    sandbox = SwiftSandbox(DictLoader({}))
    sandbox.begin("yaml")
    for form in FORMATS.values():
        encode = sandbox.filters[form.name]
        assert [encode("a-b"), encode("a-b")] == [form.encode("a-b")] * 2
    assert [sandbox.filters["bare"]("1h0m0s", True), sandbox.filters["bare"]("no")] == ["1h0m0s", "no"]
