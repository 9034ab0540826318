"""Several processes come to what one comes to, and a worker that fails is not lost."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pygohcl
import pytest

from gitops_gen.evidence.hcl import parse_hcl
from gitops_gen.formats import FORMATS
from gitops_gen.go_programs import HCL_PARSER, LeftBehindError, check_callable
from gitops_gen.pipeline import generate, open_project
from gitops_gen.problems import Location, ModelError, Problem
from gitops_gen.workers import (
    WorkerError,
    default_jobs,
    from_both_ends,
    in_parallel,
    parts_of,
)
from tests.tools.generated import real

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from gitops_gen.plan import PlannedArtifact

T = TypeVar("T")

PROJECT = Path(__file__).parents[1]
WIDE = Path(__file__).parent / "fleets" / "wide"


@pytest.mark.parametrize("number", [1, 2, 3, 7, 100])
def test_the_parts_are_all_of_it_in_order(number: int) -> None:
    items = list(range(10))
    parts = parts_of(items, number)
    assert [item for part in parts for item in part] == items
    assert len(parts) <= number
    assert all(parts)


def test_nothing_has_no_parts() -> None:
    assert parts_of([], 2) == ()


def test_what_comes_back_is_in_the_order_of_the_parts() -> None:
    parent = os.getpid()
    found = in_parallel(["a", "b", "c"], lambda part: (part * 2, os.getpid() == parent))
    assert found == (("aa", False), ("bb", False), ("cc", True))


def test_a_problem_in_a_worker_is_raised_as_it_is() -> None:
    problem = Problem("code", "message", Location("path", 1))

    def work(part: str) -> str:
        if part == "bad":
            raise ModelError(problem)
        return part

    with pytest.raises(ModelError) as caught:
        in_parallel(["good", "bad", "good"], work)
    assert caught.value.problems == (problem,)


def divided(part: int) -> float:
    return 1 / part


def test_a_bug_in_a_worker_comes_with_its_traceback() -> None:
    with pytest.raises(WorkerError, match=r"in divided\n[^$]*ZeroDivisionError"):
        in_parallel([0, 1], divided)


def test_a_worker_that_is_killed_is_noticed() -> None:
    parent = os.getpid()

    def work(_: int) -> None:
        if os.getpid() != parent:
            os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(WorkerError, match="killed"):
        in_parallel([0, 1], work)


def test_what_a_worker_has_lost_is_asked_by_the_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, HCL_PARSER, pygohcl)

    def work(part: int) -> tuple[int, int]:
        if part == 1:
            check_callable(HCL_PARSER)
        return part, os.getpid()

    first, second, third = in_parallel([0, 1, 2], work)

    assert first[0] == 0
    assert first[1] != os.getpid()
    assert (second, third) == ((1, os.getpid()), (2, os.getpid()))


@pytest.mark.parametrize(
    "call", [lambda: parse_hcl("x.tfvars", 'a = "b"\n'), lambda: FORMATS["hcl"].parse('a = "b"\n')]
)
def test_whoever_calls_a_go_program_asks_whether_it_is_lost(
    monkeypatch: pytest.MonkeyPatch, call: Callable[[], object]
) -> None:
    monkeypatch.setattr("gitops_gen.go_programs._left_behind", {HCL_PARSER})
    with pytest.raises(LeftBehindError):
        call()


def test_a_worker_may_load_itself_what_was_not_loaded_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, HCL_PARSER, raising=False)

    def work(_: int) -> int:
        sys.modules[HCL_PARSER] = pygohcl
        check_callable(HCL_PARSER)
        return os.getpid()

    assert len(set(in_parallel([0, 1], work))) == 2


@pytest.mark.parametrize("slow", ["the parent", "the worker", "neither"])
def test_two_processes_take_items_from_both_ends_until_they_meet(slow: str) -> None:
    parent = os.getpid()

    def work(items: Iterable[int]) -> list[int]:
        found = []
        for item in items:
            found.append(item)
            if slow == ("the parent" if os.getpid() == parent else "the worker"):
                time.sleep(0.2)
        return found

    first, last = from_both_ends([*range(8)], work)

    assert [*first, *reversed(last)] == [*range(8)]
    if slow == "the parent":
        assert len(first) > len(last)
    if slow == "the worker":
        assert len(first) < len(last)


@pytest.mark.parametrize("items", [[], [1]])
def test_few_items_are_taken_once_from_both_ends(items: list[int]) -> None:
    first, last = from_both_ends(items, list)
    assert [*first, *last] == items


def test_what_the_worker_at_one_end_has_lost_is_asked_by_the_parent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, HCL_PARSER, pygohcl)
    parent = os.getpid()

    def work(items: Iterable[int]) -> list[tuple[int, int]]:
        found = []
        for item in items:
            if os.getpid() != parent and item == 2:
                check_callable(HCL_PARSER)
            elif os.getpid() == parent:
                time.sleep(0.05)
            found.append((item, os.getpid()))
        return found

    first, last = from_both_ends([*range(8)], work)

    assert [*first, *reversed(last)] == [(item, parent) for item in range(8)]


def test_a_worker_at_one_end_that_fails_is_noticed() -> None:
    parent = os.getpid()

    def work(items: Iterable[int]) -> list[float]:
        found = []
        for _ in items:
            found.append(1 / (0 if os.getpid() != parent else 1))
            time.sleep(0.2)
        return found

    with pytest.raises(WorkerError, match="ZeroDivisionError"):
        from_both_ends([1, 2, 3], work)


def test_what_is_left_by_a_worker_at_one_end_that_is_killed_is_done_by_the_parent() -> None:
    parent = os.getpid()

    def work(items: Iterable[int]) -> list[int]:
        found = []
        for item in items:
            if os.getpid() != parent and item == 2:
                os.kill(os.getpid(), signal.SIGKILL)
            found.append(item)
            time.sleep(0.02)
        return found

    first, last = from_both_ends([*range(8)], work)

    assert [*first, *reversed(last)] == [*range(8)]


def test_where_the_parent_fails_the_worker_at_the_other_end_takes_no_more() -> None:
    parent = os.getpid()
    read, write = os.pipe()

    def work(items: Iterable[int]) -> None:
        for _ in items:
            if os.getpid() == parent:
                raise KeyboardInterrupt
            os.write(write, b".")
            time.sleep(0.1)

    with pytest.raises(KeyboardInterrupt):
        from_both_ends([*range(8)], work)
    os.close(write)
    assert len(os.read(read, 8)) < 3
    os.close(read)


def test_where_the_system_allows_no_other_process_the_parent_does_it_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fork", refused)

    assert in_parallel([[1], [2], [3]], list) == ([1], [2], [3])
    first, last = from_both_ends([1, 2, 3], list)
    assert [*first, *reversed(last)] == [1, 2, 3]


def refused() -> int:
    raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")


def test_few_files_are_made_by_one_process() -> None:
    assert default_jobs(19_999) == 1
    assert default_jobs(20_000) == len(os.sched_getaffinity(0))


def files_below(root: Path) -> dict[str, str]:
    folder = root / "output"
    return {str(path.relative_to(folder)): path.read_text() for path in folder.rglob("*") if path.is_file()}


def generated(root: Path, jobs: int) -> subprocess.CompletedProcess[str]:
    """What a process of its own says that makes the files: this one may have loaded the parser of HCL."""
    command = [sys.executable, "-m", "gitops_gen", "-C", str(root), "generate", "--jobs", str(jobs)]
    return subprocess.run(command, env={**os.environ, "PYTHONPATH": str(PROJECT)}, capture_output=True, text=True)


def test_once_the_parser_of_hcl_is_loaded_one_process_makes_the_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, HCL_PARSER, pygohcl)
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("a process was forked"))
    shutil.copytree(WIDE / "environments", tmp_path / "environments")
    outcome = generate(open_project(tmp_path), jobs=2)
    assert len(outcome.changes) == outcome.files


@pytest.mark.parametrize("jobs", [2, 3, 50])
def test_the_output_is_the_same_for_any_number_of_jobs(tmp_path: Path, jobs: int) -> None:
    tree = real()
    for name in ("environments", "templates"):
        shutil.copytree(tree.root / name, tmp_path / name)
    assert generated(tmp_path, jobs).returncode == 0
    assert files_below(tmp_path) == tree.files
    said = f"output/ is up to date: nothing to write; {len(tree.files)} files\n"
    assert generated(tmp_path, jobs).stdout == said


@pytest.mark.parametrize("jobs", [2, 3, 50])
def test_each_process_makes_its_share_of_what_each_template_makes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    given: list[Sequence[Sequence[PlannedArtifact]]] = []

    def noted(parts: Sequence[Sequence[PlannedArtifact]], work: Callable[[Sequence[PlannedArtifact]], T]) -> list[T]:
        given.append(parts)
        return [work(part) for part in parts]

    monkeypatch.delitem(sys.modules, HCL_PARSER, raising=False)
    monkeypatch.setattr("gitops_gen.staging.in_parallel", noted)
    shutil.copytree(WIDE / "environments", tmp_path / "environments")
    project = open_project(tmp_path)
    generate(project, jobs=jobs)

    ((*shares,),) = given
    assert sorted(artifact.path for share in shares for artifact in share) == sorted(
        artifact.path for artifact in project.plan.artifacts
    )
    for template, files in Counter(artifact.spec.name for artifact in project.plan.artifacts).items():
        counts = [sum(artifact.spec.name == template for artifact in share) for share in shares]
        assert [count for count in counts if count] == [len(part) for part in parts_of(range(files), jobs)]


def test_a_failure_is_told_the_same_for_any_number_of_jobs(tmp_path: Path) -> None:
    shutil.copytree(WIDE / "environments", tmp_path / "environments")
    path = tmp_path / "templates/terraform/cluster.tfvars.j2"
    path.parent.mkdir(parents=True)
    path.write_text("a = <%= cluster.nothing | hcl %>\n")
    told = []
    for jobs in (1, 2, 5):
        done = generated(tmp_path, jobs)
        told.append((done.returncode, done.stdout, done.stderr))
        assert not (tmp_path / "output").exists()
    assert told[0] == told[1] == told[2]
    assert "template-undefined: Cluster has no attribute 'nothing'" in told[0][2]
