"""Nothing is said of trees that are sound: the generated ones, and one that somebody keeps by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.checks import CHECKS
from gitops_gen.evidence.files import RenderedFiles
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from gitops_gen.problems import Severity
from tests.checks.by_hand import BY_HAND
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.generated import Generated

CODES = [check.code for check in CHECKS]


@pytest.mark.parametrize("code", CODES)
def test_no_rule_finds_anything_in_a_small_repository_kept_by_hand(tmp_path: Path, code: str) -> None:
    assert found(tmp_path, BY_HAND, code) == []


def test_no_rule_finds_anything_in_a_generated_fleet(fleet: Generated) -> None:
    files = RenderedFiles(fleet.root, fleet.folder, fleet.files)
    problems = judge(Graph(files, (fleet.folder,), repositories({fleet.url: "."}))).problems
    assert [problem for problem in problems if problem.severity is not Severity.NOTE] == []
