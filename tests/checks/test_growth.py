"""No rule looks at everything once for each thing: twice as much of anything takes twice as many calls, not four times.

Counted are the calls of each function by itself, so that a small repository shows what only a large one would feel.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from gitops_gen.reports.verdict import verdict_lines
from tests.checks.large_trees import KINDS, REPOSITORY, large_tree

if TYPE_CHECKING:
    from pathlib import Path
    from types import CodeType, FrameType

    from gitops_gen.judge import Verdict

_SMALL, _LARGE = 110, 220
"""Both more names than are compared letter by letter for a hint (near_miss)."""
_GROWTH = 2.5
"""How many times as many calls there may be where there is twice as much: 4 where all are compared with all."""
_FEW = 500
"""Calls that are too few to tell by."""


def _judged(root: Path, files: dict[str, str]) -> Verdict:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return judge(Graph(Files(root), (".",), repositories({REPOSITORY: "."})), jobs=1)


def _calls(root: Path, files: dict[str, str]) -> Counter[CodeType]:
    calls: Counter[CodeType] = Counter()

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            calls[frame.f_code] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        list(verdict_lines(_judged(root, files), root))
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("kind", KINDS)
def test_twice_as_much_takes_twice_as_many_calls(tmp_path: Path, kind: str) -> None:
    _judged(tmp_path / "first", large_tree(kind, 2))  # what is only done once in a process
    small, large = (_calls(tmp_path / str(count), large_tree(kind, count)) for count in (_SMALL, _LARGE))
    assert {
        f"{code.co_filename.rpartition('gitops_gen/')[2]}:{code.co_firstlineno} {code.co_name}": (small[code], count)
        for code, count in large.items()
        if count > _FEW and count > _GROWTH * small[code]
    } == {}


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("broken apps", {"external-secret-store", "secret-reference", "store-service-account"}),
        ("stores of a cluster", {"external-secret-store"}),
        ("clusters of another name", {"destination-declared"}),
        ("projects", {"project-permits"}),
        ("one folder", {"secret-reference"}),
        ("the same objects", {"duplicate-object"}),
    ],
)
def test_what_is_to_be_wrong_is_wrong(tmp_path: Path, kind: str, codes: set[str]) -> None:
    assert codes <= {problem.code for problem in _judged(tmp_path, large_tree(kind, 3)).problems}


@pytest.mark.parametrize("kind", ["roles", "repeated roles", "called roles"])
def test_the_roles_of_terraform_are_read(tmp_path: Path, kind: str) -> None:
    files = {path: text.replace("database", "x") for path, text in large_tree(kind, 3).items()}
    wrong = {path: text.replace(":reader", ":other") for path, text in files.items()}
    assert "trust-subject" not in {problem.code for problem in _judged(tmp_path / "right", files).problems}
    assert "trust-subject" in {problem.code for problem in _judged(tmp_path / "wrong", wrong).problems}
