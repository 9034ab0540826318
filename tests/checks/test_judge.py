"""The rules are shared by processes, and the verdict is that of one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from gitops_gen.checks import CHECKS
from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence import helm
from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import CANNOT_SAY, judge
from gitops_gen.problems import Location
from tests.checks.article import problems_by_stage
from tests.checks.by_hand import BY_HAND
from tests.checks.test_chart_rendering import tree
from tests.checks.trees import URL, found, shown
from tests.tools.helm import requires_helm

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CODES = [check.code for check in CHECKS]


def graph(root: Path) -> Graph:
    return Graph(Files(root), (".",), repositories({URL: "."}))


@pytest.mark.parametrize("jobs", [2, 3, len(CHECKS) + 1])
def test_so_many_processes_come_to_the_same_verdict(tmp_path: Path, jobs: int) -> None:
    problems_by_stage(tmp_path)

    alone = judge(graph(tmp_path), jobs=1)

    assert len(alone.problems) > 10
    assert judge(graph(tmp_path), jobs=jobs) == alone


@pytest.mark.parametrize("reader", [0, -1], ids=["the first process", "the last process"])
def test_a_file_that_cannot_be_read_is_told_once_whoever_meets_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: int
) -> None:
    (tmp_path / "odd.txt").write_bytes(b"a: \xff\n")
    found(tmp_path, BY_HAND, CODES[0])
    evidence = graph(tmp_path)

    def read(graph: Graph) -> Iterator[Finding]:
        assert graph.files.get("odd.txt") is None
        yield from ()

    checks = [Check(code, lambda _: iter(()), "") for code in CODES]
    checks[reader] = Check(CODES[reader], read, "")
    monkeypatch.setattr("gitops_gen.judge.CHECKS", tuple(checks))

    told = [(each.code, each.at) for each in judge(evidence, jobs=2).problems if each.code != CANNOT_SAY]

    assert told == [("not-utf8", Location("odd.txt", 1, 4))]


@pytest.mark.parametrize(("files", "processes"), [(1_999, 1), (2_000, 2)])
def test_a_second_process_is_made_for_so_many_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, files: int, processes: int
) -> None:
    found(tmp_path, BY_HAND, CODES[0])
    evidence = graph(tmp_path)
    evidence.paths = ("x.yaml",) * files
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 1})

    def tell(_: Graph) -> Iterator[Finding]:
        yield Finding(f"process {os.getpid()}", Place("x.yaml"), "")

    monkeypatch.setattr("gitops_gen.judge.CHECKS", tuple(Check(code, tell, "") for code in CODES))

    told = {each.message for each in judge(evidence).problems if each.code != CANNOT_SAY}

    assert len(told) == processes


def test_where_no_rule_is_left_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "odd.yaml").write_bytes(b"a: \xff\n")

    (problem,) = judge(graph(tmp_path), select=[CODES[0]], ignore=[CODES[0]], jobs=2).problems

    assert (problem.code, problem.at) == ("not-utf8", Location("odd.yaml", 1, 4))


@requires_helm
def test_no_rule_needs_the_engine_which_does_not_run_in_a_second_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found(tmp_path, tree("        valuesObject: {account: web-eso}\n"), CODES[0])
    evidence = graph(tmp_path)
    assert evidence.rendered
    for name in ("render", "read_values", "read_parameter", "missing_dependencies"):
        monkeypatch.setattr(helm, name, None)

    assert "store-service-account" in {problem.code for problem in judge(evidence, jobs=1).problems}


def test_a_form_is_told_as_not_known(tmp_path: Path) -> None:
    found(tmp_path, {"forms/map.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: <team>-limits}\n"}, CODES[0])
    assert [shown(each) for each in judge(graph(tmp_path)).problems] == [
        (
            "forms/map.yaml:3:18: note: ConfigMap <team>-limits has a placeholder for its name, so somebody fills it "
            "in first: what it says then is not known\n"
            "hint: verify what is made of it"
        ),
    ]
