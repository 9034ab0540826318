"""The table of docs/verify.md: which mistakes of the article are found, by which rule, where, and when."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

import pytest

from gitops_gen.judge import CANNOT_SAY, known_codes
from tests.checks.article import ARTICLE, PUBLISHED, STAGES, problems_by_stage
from tests.tools.helm import requires_helm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitops_gen.problems import Problem

PAGE = Path(__file__).parents[2] / "docs/verify.md"
ROW = re.compile(
    r"^\| (?P<bug>B\d\d) \| (?P<what>.+) \| (?P<rules>.+) \| (?P<where>.*?) ?\| (?P<when>.+) \|$", re.MULTILINE
)


class Row(NamedTuple):
    """A mistake: the rules that find it, in which file, and after what is mended."""

    bug: str
    rules: tuple[str, ...]
    where: str
    when: str


def rows() -> list[Row]:
    found = ROW.finditer(PAGE.read_text(encoding="utf-8"))
    return [
        Row(each["bug"], tuple(re.findall(r"`([a-z-]+)`", each["rules"])), each["where"].strip("`"), each["when"])
        for each in found
    ]


FOUND = [each for each in rows() if each.rules]


@cache
def problems() -> dict[str, Sequence[Problem]]:
    with TemporaryDirectory() as folder:
        return problems_by_stage(Path(folder))


def test_every_mistake_of_the_article_has_one_row() -> None:
    assert [each.bug for each in rows()] == [f"B{number:02}" for number in range(1, 43)]


@requires_helm
@pytest.mark.parametrize("row", FOUND, ids=[each.bug for each in FOUND])
def test_the_mistake_is_found_by_the_rule_in_the_file(row: Row) -> None:
    at_stage = {(each.code, each.at.path) for each in problems()[row.when]}
    assert {(rule, row.where) for rule in row.rules} <= at_stage


@requires_helm
def test_no_mistake_is_found_that_is_in_no_row() -> None:
    stated = {(rule, row.where) for row in FOUND for rule in row.rules}
    found = {(each.code, each.at.path) for each in problems()[PUBLISHED] if each.code != CANNOT_SAY}
    assert found - stated == {
        # The same as B01, from the other end; as B04, B11 and B21, in the other ApplicationSet.
        ("role-unused", "terraform/_modules/eso-irsa/main.tf"),
        ("applicationset-go-template", "infrastructure/eso/applicationset.yaml"),
        ("deletion-guard", "argocd/myapp.yaml"),
        # B13 speaks of it: the region of an element is used nowhere.
        ("applicationset-parameters", "argocd/myapp.yaml"),
        ("applicationset-parameters", "infrastructure/eso/applicationset.yaml"),
    }


@requires_helm
def test_a_mistake_is_gone_once_it_is_mended() -> None:
    mended = {"service-account-role", "role-declared", "trust-subject", "external-secret-api-version"}
    assert mended & {each.code for each in problems()[list(STAGES)[-1]]} == set()


def test_the_page_names_rules_that_are_there() -> None:
    assert {rule for row in FOUND for rule in row.rules} <= {*known_codes(), CANNOT_SAY}
    assert all((ARTICLE / row.where).is_file() for row in FOUND)
