"""Tests of pages that have to fit: whole blocks, by priority, and what is left out is counted."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitops_gen.diff import compare
from gitops_gen.reports.markdown import COMMENT, Block, Limit, blocks, code, fence, fitted
from tests.tools.edited_fleets import atlas

WHERE = "All of it: `gitops-gen diff --format html`"
VERDICT = Block("Verdict", 0, "**3 differences**")
ITEMS = ("- one in 12 ExternalSecrets", "- two in 12 ExternalSecrets", "- three in 12 ExternalSecrets")
CHANGES = Block("Changes", 20, "### Changes\n", ITEMS, noun="change")
DETAILS = Block(
    "Details",
    30,
    "<details><summary>Details</summary>\n",
    tuple(f"```diff\n+ {number}\n```" for number in range(9)),
    "\n</details>",
    "resource",
)
ALL = (VERDICT, CHANGES, DETAILS)


def test_what_fits_is_left_as_it_is() -> None:
    assert fitted(ALL, COMMENT, where=WHERE) == f"{VERDICT.text}\n\n{CHANGES.text}\n\n{DETAILS.text}\n"


def test_the_last_items_of_the_least_important_block_go_first_and_are_counted() -> None:
    assert fitted(ALL, Limit(300, 1000), where=WHERE) == (
        f"**3 differences**\n\n{CHANGES.text}\n\n"
        "<details><summary>Details</summary>\n\n```diff\n+ 0\n```\n```diff\n+ 1\n```\n\n</details>\n\n"
        "_Left out here: 7 resources of Details. All of it: `gitops-gen diff --format html`_\n"
    )


def test_a_block_that_does_not_fit_at_all_is_counted() -> None:
    assert fitted(ALL, Limit(200, 1000), where=WHERE) == (
        f"**3 differences**\n\n{CHANGES.first(2)}\n\n"
        "_Left out here: 1 change of Changes; Details (9 resources). All of it: `gitops-gen diff --format html`_\n"
    )


def test_blocks_of_others_stand_where_they_are_put_and_are_kept_by_their_priority() -> None:
    finding = Block("Findings", 5, "### Verify\n", ("- an error",), noun="finding")

    page = fitted((VERDICT, CHANGES, finding), Limit(135, 1000), where="x")

    assert page == (
        f"**3 differences**\n\n{CHANGES.first(1)}\n\n### Verify\n\n- an error\n\n"
        "_Left out here: 2 changes of Changes. x_\n"
    )


def test_bytes_count_as_well_as_characters() -> None:
    block = Block("Text", 0, "", tuple("é" * 10 for _ in range(100)))

    assert len(fitted((block,), Limit(2000, 400), where="x").encode()) <= 400


@settings(max_examples=60, deadline=None, derandomize=True)
@given(st.integers(0, 40_000), st.integers(0, 80_000))
def test_a_page_never_exceeds_its_limit_and_closes_what_it_opens(characters: int, size: int) -> None:
    page = fitted(PAGE, Limit(characters, size), where=WHERE)

    assert len(page) <= characters
    assert len(page.encode()) <= size
    if min(characters, size) > 400:
        assert page.count("<details>") == page.count("</details>")
        assert len(re.findall("^```", page, re.MULTILINE)) % 2 == 0
        assert ("Left out here" in page) == (page != WHOLE)


PAGE = blocks(compare({}, atlas()))
WHOLE = fitted(PAGE, COMMENT, where=WHERE)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("@org/team", "`@org/team`"),
        ("a `b` c", "``a `b` c``"),
        ("`a`", "`` `a` ``"),
        ("``", "``` `` ```"),
        ("a\n\n# b", "`a # b`"),
        ("", "` `"),
    ],
)
def test_a_code_span_takes_any_text(text: str, shown: str) -> None:
    assert code(text) == shown


def test_a_fence_is_longer_than_any_in_its_text() -> None:
    assert fence("a\n````\nb") == "`````diff\na\n````\nb\n`````"


def test_no_text_of_a_file_is_markdown() -> None:
    path = "environments/dev/clusters/c1/runbook.md"
    text = f"@org/team see #1 {'and so on ' * 9}\n```\n</details>\n"

    page = fitted(blocks(compare({path: ""}, {path: text})), COMMENT, where="x")

    bare = re.sub(r"(`+).+?\1", "", re.sub(r"^(`{3,})diff\n.*?^\1$", "", page, flags=re.DOTALL | re.MULTILINE))
    assert not any(each in bare for each in ("@org", "#1", "```"))
    assert bare.count("</details>") == 1
