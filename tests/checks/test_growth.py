"""No rule looks at everything once for each thing: twice as much of anything takes twice as many calls, not four times.

Counted are the calls of each function by itself, so that a small repository shows what only a large one would feel.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest

from benchmarks.fleets import Shape, write_fleet
from gitops_gen.evidence.files import Files, RenderedFiles
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from gitops_gen.pipeline import render
from gitops_gen.problems import Location, Problem
from gitops_gen.reports.verdict import verdict_lines
from gitops_gen.waivers import Waiver, apply_waivers
from tests.checks.large_trees import KINDS, REPOSITORY, large_tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import CodeType, FrameType

    from gitops_gen.judge import Verdict

_SMALL, _LARGE = 110, 220
"""Both more names than are compared letter by letter for a hint (near_miss)."""
_GROWTH = 2.5
"""How many times as many calls there may be where there is twice as much: 4 where all are compared with all."""
_FEW = 500
"""Calls that are too few to tell by."""


@pytest.fixture(autouse=True)
def _one_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is read in one way has not become one that is read in another because it has twice as much."""
    monkeypatch.setattr("gitops_gen.yaml_reader.block_style._LONGEST", sys.maxsize)


def _judged(root: Path, files: dict[str, str]) -> Verdict:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return judge(Graph(Files(root), (".",), repositories({REPOSITORY: "."})), jobs=1)


def _generated(root: Path, count: int, pattern: str, wrong: str) -> Verdict:
    """Judges what is generated for so many clusters, with something wrong on each of them."""
    write_fleet(root, Shape(count))
    files = {each.path: re.sub(pattern, wrong, each.text) for each in render(root)}
    url = "https://github.com/example/bench-gitops.git"
    return judge(Graph(RenderedFiles(root, "output", files), ("output",), repositories({url: "."})), jobs=1)


def _calls(root: Path, verdict: Callable[[], Verdict]) -> Counter[CodeType]:
    return _counted(lambda: list(verdict_lines(verdict(), root)))


def _counted(work: Callable[[], object]) -> Counter[CodeType]:
    """Returns how often each function is called."""
    calls: Counter[CodeType] = Counter()

    def count(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            calls[frame.f_code] += 1

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(before)
    return calls


def _grown(small: Counter[CodeType], large: Counter[CodeType]) -> dict[str, tuple[int, int]]:
    """Returns the functions that are called far more often for twice as much, each with how often."""
    return {
        f"{code.co_filename.rpartition('gitops_gen/')[2]}:{code.co_firstlineno} {code.co_name}": (small[code], count)
        for code, count in large.items()
        if count > _FEW and count > _GROWTH * small[code]
    }


@pytest.mark.parametrize("kind", KINDS)
def test_twice_as_much_takes_twice_as_many_calls(tmp_path: Path, kind: str) -> None:
    def calls(count: int) -> Counter[CodeType]:
        root = tmp_path / str(count)
        return _calls(root, lambda: _judged(root, large_tree(kind, count)))

    calls(2)  # what is only done once in a process
    assert _grown(calls(_SMALL), calls(_LARGE)) == {}


@pytest.mark.parametrize(
    ("pattern", "wrong", "code"),
    [
        ("^$", "", "cannot-say"),
        (r"(?<=:role/)", "x", "role-declared"),
        (r"account_id( +)= \"\d", r'account_id\1= "9', "oidc-provider"),
        (r"(?<=  name: \")bench", "bnech", "cluster-registration"),
        (r"(?<=\n  namespace: \")app", "apq", "project-permits"),
        (r"(?<=secretStoreRef:\n    name: )", "x", "external-secret-store"),
    ],
)
def test_twice_as_many_generated_clusters_take_twice_as_many_calls(
    tmp_path: Path, pattern: str, wrong: str, code: str
) -> None:
    def calls(count: int) -> Counter[CodeType]:
        root = tmp_path / str(count)
        return _calls(root, lambda: _generated(root, count, pattern, wrong))

    verdict = _generated(tmp_path / "first", 6, pattern, wrong)
    assert code in {problem.code for problem in verdict.problems}
    assert _grown(calls(_SMALL), calls(_LARGE)) == {}


def test_twice_as_many_waivers_take_twice_as_many_calls() -> None:
    def calls(count: int) -> Counter[CodeType]:
        places = [Location(f"{number}.yaml") for number in range(count)]
        problems = [Problem("invalid-yaml", "it is wrong", at) for at in places]
        waivers = [Waiver("invalid-yaml", at.path, "it is meant", date.max, at) for at in places]
        return _counted(lambda: apply_waivers(problems, waivers, date.min))

    assert _grown(calls(1_000), calls(2_000)) == {}


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


@pytest.mark.parametrize("kind", ["roles", "repeated roles", "called roles", "variable files"])
def test_the_roles_of_terraform_are_read(tmp_path: Path, kind: str) -> None:
    files = {path: text.replace("database", "x") for path, text in large_tree(kind, 3).items()}
    wrong = {path: text.replace(":reader", ":other") for path, text in files.items()}
    assert "trust-subject" not in {problem.code for problem in _judged(tmp_path / "right", files).problems}
    assert "trust-subject" in {problem.code for problem in _judged(tmp_path / "wrong", wrong).problems}
