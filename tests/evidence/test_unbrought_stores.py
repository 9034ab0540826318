"""Stores that no Application brings are told: nobody can judge the chain behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from tests.checks.by_hand import BY_HAND, STORE
from tests.checks.trees import MARK, URL, shown

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

APPLIED = {"by-hand/store.yaml": STORE}


def told(root: Path, files: Mapping[str, str]) -> list[str]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    problems = judge(Graph(Files(root), (".",), repositories({URL: "."}))).problems
    return [shown(each) for each in problems if each.code == "cannot-say"]


def test_a_store_that_nobody_brings_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, APPLIED) == [
        (
            "by-hand/store.yaml:4:9: note: SecretStore store is brought by no Application that is seen here, so "
            "neither the ServiceAccount that it signs in as nor what that may read is judged\n"
            "hint: write an Application that takes its folder; one for this check alone will do"
        )
    ]


@pytest.mark.parametrize(
    "files",
    [
        BY_HAND,
        {"by-hand/store.yaml": MARK + STORE},
        {"by-hand/store.yaml": STORE.partition("      auth")[0]},
        {"tests/fixtures/store.yaml": STORE},
        {"archived/store.yaml": STORE},
        {"web/Chart.yaml": "name: web\n", "web/templates/store.yaml": STORE},
        {**APPLIED, "by-hand/kustomization.yaml": "resources: [store.yaml]\n"},
        {**APPLIED, "by-hand/kustomization.yaml": "resources: [other.yaml]\n"},
        {**APPLIED, "all/kustomization.yaml": "resources: [../by-hand/store.yaml]\n"},
        {"by-hand/store.yaml": STORE + "  # ...\n"},
    ],
    ids=[
        "brought",
        "ours",
        "as the operator",
        "of tests",
        "old",
        "a template",
        "built",
        "left out",
        "named",
        "excerpt",
    ],
)
def test_one_that_something_brings_or_nobody_uses_is_not(tmp_path: Path, files: dict[str, str]) -> None:
    assert [each for each in told(tmp_path, files) if "is brought by no" in each] == []
