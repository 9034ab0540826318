"""Paths and conditions that are read without Jinja say what Jinja says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.aws.regions import REGIONS
from gitops_gen.model import Account
from gitops_gen.problems import Route
from gitops_gen.templating import lookups
from gitops_gen.templating.lookup_syntax import condition_in, path_in
from gitops_gen.templating.sandbox import PathSandbox

if TYPE_CHECKING:
    from collections.abc import Callable

ACCOUNT = Account(id="557702566877", partition=REGIONS["us-east-1"], route=Route("environments/dev.yaml"))
CONTEXT: dict[str, object] = {"account": ACCOUNT, "name": "dev", "count": 0, "values": {"id": "x"}, "many": (1,)}


def path_of(text: str) -> Callable[[dict[str, object]], str] | None:
    found = path_in(PathSandbox(), text)
    return None if found is None else lookups.path_of(found)


def condition_of(text: str) -> Callable[[dict[str, object]], bool] | None:
    found = condition_in(PathSandbox(), text)
    return None if found is None else lookups.condition_of(found)


@pytest.mark.parametrize("text", ["accounts/<%= account.id %>.yaml", "<%= name %>", "plain", "<%= name %>/<%= name %>"])
def test_a_path_of_facts_is_what_jinja_makes_of_it(text: str) -> None:
    path = path_of(text)
    assert path is not None
    assert path(CONTEXT) == PathSandbox().from_string(text).render(CONTEXT)


@pytest.mark.parametrize("text", ["<%= name | upper %>", "<%= name ~ name %>", "<% if name %>x<% endif %>", ""])
def test_a_path_that_computes_is_left_to_jinja(text: str) -> None:
    assert path_of(text) is None


@pytest.mark.parametrize("text", ["<%= account.nothing %>", "<%= nothing %>", "<%= count %>", "<%= values.items %>"])
def test_what_is_no_text_fails(text: str) -> None:
    path = path_of(text)
    assert path is not None
    with pytest.raises(lookups.FAILURES):
        path(CONTEXT)


def test_what_starts_with_an_underscore_is_no_fact() -> None:
    assert path_of("<%= account.__class__.__name__ %>") is None


@pytest.mark.parametrize(
    "text", ["many", "count", "not count", 'name == "dev"', 'account.id == "x"', "not many", "name"]
)
def test_a_condition_on_facts_is_what_jinja_makes_of_it(text: str) -> None:
    condition = condition_of(text)
    assert condition is not None
    assert condition(CONTEXT) == bool(PathSandbox().compile_expression(text)(CONTEXT))


@pytest.mark.parametrize("text", ["name == count", "name and count", "count > 0", "many | length", "name ==", "1 +"])
def test_a_condition_that_computes_is_left_to_jinja(text: str) -> None:
    assert condition_of(text) is None
