"""The stock templates that are ready to run are those that stand in templates/, and write what the sandbox writes."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from jinja2 import DictLoader

from gitops_gen.artifacts import load_specs, stock_templates
from gitops_gen.data_classes import replaced
from gitops_gen.formats import FORMATS
from gitops_gen.load import load
from gitops_gen.model import GitopsRepo
from gitops_gen.plan import make_plan
from gitops_gen.problems import TemplateError
from gitops_gen.ready.making_templates import (
    MODULE,
    is_by_another_jinja,
    is_of_these_templates,
    is_same,
    ready_module,
)
from gitops_gen.ready.python_code import function_of
from gitops_gen.templating.runtime import MISSING, Context, NotReadyError, Runtime
from gitops_gen.templating.stock import CONDITIONS, PATHS, TEMPLATES
from gitops_gen.templating.swift import SwiftSandbox
from gitops_gen.templating.templates import Templates
from tests.tools import fleets
from tests.tools.random_fleets import random_fleets

if TYPE_CHECKING:
    from gitops_gen.plan import Plan
    from tests.tools.fleets import Files

PROJECT = Path(__file__).parents[1]
WIDE = PROJECT / "tests" / "fleets" / "wide"
STOCK = load_specs(stock_templates().parent)
REPO = GitopsRepo(url="https://github.com/example/shop.git", revision="main", path="output")


def planned(root: Path) -> tuple[Plan, Templates]:
    templates = Templates(root)
    return make_plan(load(root), load_specs(root), templates), templates


# What is shipped.


def test_module_is_what_the_templates_and_the_compiler_make_today() -> None:
    found = MODULE.read_text(encoding="utf-8")
    assert is_of_these_templates(found), "make ready"
    if is_by_another_jinja(found):
        pytest.skip("made with another version of Jinja: what it does is held below, how it is written is not")
    assert is_same(found, ready_module()), "make ready"


def test_every_stock_template_path_and_condition_is_ready() -> None:
    assert set(TEMPLATES) == {spec.template for spec in STOCK}
    assert set(PATHS) == {spec.path for spec in STOCK}
    assert set(CONDITIONS) == {spec.when for spec in STOCK if spec.when is not None}
    assert [spec.format in TEMPLATES[spec.template].formats for spec in STOCK] == [True] * len(STOCK)


def test_what_is_read_is_what_the_syntax_says() -> None:
    templates = Templates(stock_templates().parent)
    assert {name: ready.reads for name, ready in TEMPLATES.items()} == {
        name: templates.jinja.reads(name) for name in TEMPLATES
    }


def test_a_template_is_ready_for_its_own_format_and_no_other() -> None:
    templates = Templates(stock_templates().parent)
    for spec in STOCK:
        for form in FORMATS:
            other = replaced(spec, format=form)
            if form in TEMPLATES[spec.template].formats:
                templates.jinja.check(other)
            else:
                with pytest.raises(TemplateError):
                    templates.jinja.check(other)


# What is written.


def assert_ready_writes_what_the_sandbox_writes(root: Path) -> None:
    plan, templates = planned(root)
    for artifact in plan.artifacts:
        context = artifact.target.context(plan.fleet)
        written = templates.rendered_ready(TEMPLATES[artifact.spec.template], artifact, context)
        assert written == templates.jinja.rendered_carefully(artifact, context), artifact.path
        templates.jinja.rendered_swiftly(artifact, context)
        assert templates._runtime.steps == templates.jinja._sandbox.steps, artifact.path


@pytest.mark.parametrize("root", [PROJECT, WIDE], ids=["six", "wide"])
def test_every_file_is_what_the_sandbox_writes_for_as_many_steps(root: Path) -> None:
    assert_ready_writes_what_the_sandbox_writes(root)


@settings(max_examples=15, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(files=random_fleets())
def test_every_file_of_any_fleet_is_what_the_sandbox_writes(
    files: Files, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert_ready_writes_what_the_sandbox_writes(fleets.write(tmp_path_factory.mktemp("fleet"), files))


# Whose template it is.


def with_template(folder: Path, name: str, change: str) -> Path:
    """A project whose own template is a stock one with a line more."""
    shutil.copytree(PROJECT / "environments", folder / "environments")
    own = folder / "templates" / name
    own.parent.mkdir(parents=True)
    own.write_text((stock_templates() / name).read_text(encoding="utf-8") + change, encoding="utf-8")
    return folder


def test_an_edited_stock_template_is_the_users_own(tmp_path: Path) -> None:
    plan, templates = planned(with_template(tmp_path, "argocd/project.yaml.j2", "# ours\n"))
    [dev] = [each for each in plan.artifacts if each.path == "argocd/projects/dev.yaml"]
    assert templates.render(dev, dev.target.context(plan.fleet)).endswith("\n# ours\n")
    assert templates.reads("argocd/project.yaml.j2") != TEMPLATES["argocd/project.yaml.j2"].reads


def test_an_edited_stock_template_is_checked(tmp_path: Path) -> None:
    root = with_template(tmp_path, "argocd/project.yaml.j2", "x: <%= environment.name %>\n")
    with pytest.raises(TemplateError) as caught:
        planned(root)
    assert [problem.code for problem in caught.value.problems] == ["template-unencoded"]


def test_a_copy_of_a_stock_template_is_a_stock_template(tmp_path: Path) -> None:
    plan, templates = planned(with_template(tmp_path, "argocd/project.yaml.j2", ""))
    for artifact in plan.artifacts:
        templates.render(artifact, artifact.target.context(plan.fleet))
    assert "jinja" not in vars(templates)


def test_a_stock_template_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    root = with_template(tmp_path, "argocd/project.yaml.j2", "")
    (root / "templates/argocd/project.yaml.j2").write_bytes(b"\xff")
    with pytest.raises(TemplateError) as caught:
        planned(root)
    assert [(problem.code, problem.at.path) for problem in caught.value.problems] == [
        ("not-utf8", "templates/argocd/project.yaml.j2")
    ]


def test_what_fails_is_told_by_jinja() -> None:
    plan, templates = planned(PROJECT)
    [dev] = [each for each in plan.artifacts if each.path == "argocd/projects/dev.yaml"]
    context = dev.target.context(plan.fleet)
    del context["environment"]
    with pytest.raises(TemplateError) as caught:
        templates.render(dev, context)
    assert [(each.code, str(each.at)) for each in caught.value.problems] == [
        ("template-undefined", "templates/argocd/project.yaml.j2:4")
    ]


# What the runtime refuses.


def test_an_undefined_name_is_refused() -> None:
    assert Context({"name": None}).resolve_or_missing("name") is None
    assert Context({}).resolve_or_missing("name") is MISSING
    with pytest.raises(NotReadyError, match="name"):
        Runtime().undefined(name="name")


@pytest.mark.parametrize("value", ["text", {"name": "x"}, REPO])
def test_an_attribute_that_is_no_fact_is_refused(value: object) -> None:
    with pytest.raises(NotReadyError):
        Runtime().getattr(value, "name")


def test_a_method_of_the_model_is_called_and_nothing_else() -> None:
    runtime = Runtime()
    assert runtime.call(Context({}), REPO.at, "x", _loop_vars={}) == "output/x"
    assert runtime.steps == 1
    for called in (len, "text".upper, REPO.__repr__, REPO.__class__, GitopsRepo.at):
        with pytest.raises(NotReadyError):
            runtime.call(Context({}), called, "x")
    with pytest.raises(NotReadyError):
        runtime.call(Context({}), REPO.at, path="x")


def test_what_becomes_text_is_text_or_a_number_and_is_paid_for() -> None:
    runtime = Runtime()
    string = runtime.filters["string"]
    assert [string(3), string("x" * 64)] == ["3", "x" * 64]
    assert runtime.steps == 2
    for value in (None, True, ("x",)):
        with pytest.raises(TypeError):
            string(value)


def test_an_item_of_a_tuple_is_read_by_its_number_and_nothing_else() -> None:
    runtime = Runtime()
    assert runtime.getitem(("x",), 0) == "x"
    for value, index in ((("x",), "0"), (["x"], 0), ({"0": "x"}, "0"), ("text", 0)):
        with pytest.raises(NotReadyError):
            runtime.getitem(value, index)


# What is left to Jinja.


def compiled(text: str) -> str | None:
    sandbox = SwiftSandbox(DictLoader({"other": "x"}))
    return function_of(sandbox.compile(text, "main", "main", raw=True), "main")


def test_a_template_becomes_one_function() -> None:
    code = compiled("<% for each in items if each is none %><%= each | yaml %><% endfor %>")
    assert code is not None
    assert code.startswith("def main(context, missing, environment):\n")
    assert "TemplateRuntimeError" not in code


@pytest.mark.parametrize(
    "text",
    [
        "<% include 'other' %>",
        "<% block one %>x<% endblock %>",
        "<% macro one() %>x<% endmacro %><%= one() %>",
        "<% for each in items %><%= loop.index | yaml %><% endfor %>",
        "<% set one %>x<% endset %><%= one | yaml %>",
        "<%= name | upper | yaml %>",
        "<% if name is divisibleby 2 %>x<% endif %>",
        "<%= (1 + count) | yaml %>",
        "<%= ('x' if name) | yaml %>",
    ],
)
def test_a_template_that_asks_for_more_is_left_to_jinja(text: str) -> None:
    assert compiled(text) is None
