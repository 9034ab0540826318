"""The harness of the benchmarks is right: what it counts, what it compares, what it says. How long anything takes is
nobody's promise here."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from benchmarks import bare_loop, contexts, names, report
from benchmarks.fleets import EDITED_CLUSTER, Shape, edit_cluster, edit_template, write_fleet
from benchmarks.interpreters import has_engine, without_engine
from benchmarks.measure import Run, UnexpectedCodeError, Written, look_at, python, run, without_samples, written
from benchmarks.results import Figure, Machine, Measured, Report, Spread, read_report, write_report
from benchmarks.run import _rounds
from benchmarks.targets import MIB, Outcome, outcomes
from gitops_gen.pipeline import open_project, render, write
from gitops_gen.problems import Severity
from gitops_gen.proof import verify

PROJECT = Path(__file__).parents[1]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(PROJECT)}


def measured(*code: str, codes: tuple[int, ...] = (0,)) -> Run:
    return run(python("-c", "\n".join(code)), cwd=PROJECT, environment=ENVIRONMENT, codes=codes)


# The fleets.


@pytest.mark.parametrize(("shape", "releases"), [(Shape(6), 12), (Shape(7, 5), 42)])
def test_a_fleet_has_the_operator_and_its_apps_on_every_cluster(tmp_path: Path, shape: Shape, releases: int) -> None:
    write_fleet(tmp_path, shape)
    fleet = open_project(tmp_path).plan.fleet
    assert len(fleet.clusters) == shape.clusters
    assert len(fleet.releases) == releases
    assert [environment.name for environment in fleet.environments] == ["dev", "staging", "production"]
    assert {len(app.paths) for app in (release.secrets for release in fleet.releases)} == {0, 8}
    assert all(cluster.is_declared for cluster in fleet.clusters)


def test_what_is_measured_is_a_fleet_that_nothing_is_wrong_with(tmp_path: Path) -> None:
    write_fleet(tmp_path, Shape(6, 2))
    write(tmp_path)
    assert [each.message for each in verify(tmp_path).problems if each.severity is not Severity.NOTE] == []


def test_clusters_are_spread_over_six_regions(tmp_path: Path) -> None:
    write_fleet(tmp_path, Shape(18))
    places = {(each.environment.name, each.region.name) for each in open_project(tmp_path).plan.fleet.clusters}
    assert len(places) == 18


@pytest.mark.parametrize(("text", "shape"), [("1000", Shape(1000)), ("1000x5", Shape(1000, 5)), ("6x", Shape(6))])
def test_a_shape_is_read_as_it_is_written(text: str, shape: Shape) -> None:
    assert Shape.read(text) == shape


@pytest.mark.parametrize(
    ("text", "why"),
    [("", "invalid literal"), ("many", "invalid literal"), ("2", "at least 3 clusters"), ("6x0", "and one app")],
)
def test_a_fleet_that_cannot_be_made_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        Shape.read(text)


def test_an_edited_cluster_changes_its_own_files_only_at_each_turn(tmp_path: Path) -> None:
    write_fleet(tmp_path, Shape(6))
    write(tmp_path)
    for turn in (1, 2):
        edit_cluster(tmp_path, turn)
        assert [change.path for change in write(tmp_path).changes] == [
            f"argocd/clusters/dev/{EDITED_CLUSTER}.yaml",
            f"environments/dev/clusters/{EDITED_CLUSTER}/{EDITED_CLUSTER}.tfvars",
        ]


def test_an_edited_template_changes_a_file_of_each_cluster_at_each_turn(tmp_path: Path) -> None:
    write_fleet(tmp_path, Shape(6))
    write(tmp_path)
    for turn in (1, 2):
        edit_template(tmp_path, turn)
        changes = write(tmp_path).changes
        assert len(changes) == 6
        assert all(change.path.endswith(".tfvars") for change in changes)


# What a run is said to have taken.


def test_processor_time_of_started_processes_is_counted() -> None:
    burn = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    done = measured(f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}], check=True)")
    assert done.cpu >= 0.3
    assert done.wall >= 0.3


@pytest.mark.skipif(sys.platform != "linux", reason="nobody but Linux tells who is left behind")
@pytest.mark.parametrize("meanwhile", ["", "import time; time.sleep(1)"], ids=["at work", "over"])
def test_processor_time_of_processes_that_are_left_behind_is_counted(meanwhile: str) -> None:
    burn = "import time; end = time.process_time() + 0.3\nwhile time.process_time() < end: pass"
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    done = measured(f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {burn!r}])", meanwhile)
    assert 0.3 <= done.cpu < 0.6
    assert other.poll() is None
    other.communicate(b"\n")
    assert other.returncode == 0


def test_memory_of_a_process_is_its_peak() -> None:
    wait = "import time; time.sleep(0.2)"
    small, large = measured(wait), measured("text = 'x' * 200_000_000", wait, "del text")
    assert 1 * MIB < small.memory < 40 * MIB
    # The kernel counts pages by batches on each core: of 191 MiB, one or two may not be told.
    assert 185 * MIB < large.memory < 260 * MIB


HOLD = "import time; text = 'x' * 100_000_000; time.sleep(1)"
TOGETHER = (
    "import subprocess, sys",
    f"started = [subprocess.Popen([sys.executable, '-c', {HOLD!r}]) for _ in range(2)]",
    "[each.wait() for each in started]",
)


def test_memory_of_processes_that_run_together_is_added() -> None:
    assert measured(*TOGETHER).memory > 190 * MIB


def test_what_is_timed_is_not_looked_at_meanwhile() -> None:
    with without_samples():
        alone = measured(*TOGETHER)
    assert alone.memory < 150 * MIB
    assert measured(*TOGETHER).memory > 190 * MIB


def test_one_more_round_tells_the_memory_and_no_time() -> None:
    turns: list[int] = []

    def measure(turn: int) -> tuple[Run, Written]:
        turns.append(turn)
        return Run(float(turn), float(turn), turn * MIB, 0), Written(turn, 0, 0)

    runs = _rounds("a fleet", [("one", measure)], 2)["one"]
    assert turns == [1, 2, 3]
    assert [(each.wall, each.memory) for each, _ in runs] == [(1.0, 3 * MIB), (2.0, 2 * MIB)]
    assert [files.files for _, files in runs] == [1, 2]


def test_a_run_keeps_what_was_printed_however_much_it_is() -> None:
    assert measured("print('x' * 1_000_000)").out == b"x" * 1_000_000 + b"\n"


def test_a_run_that_fails_is_no_figure() -> None:
    with pytest.raises(UnexpectedCodeError, match=re.escape("exit code 3\nwhy\n")):
        measured("import sys; print('why', file=sys.stderr); sys.exit(3)")
    assert measured("import sys; sys.exit(3)", codes=(0, 3)).code == 3


def test_only_what_was_made_or_replaced_counts_as_written(tmp_path: Path) -> None:
    for name in ("same", "edited", "replaced", "gone"):
        (tmp_path / name).write_text("text")
    before = look_at(tmp_path)
    (tmp_path / "edited").write_text("longer text")
    (tmp_path / "other").write_text("text")
    (tmp_path / "other").replace(tmp_path / "replaced")
    (tmp_path / "gone").unlink()
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "edited-too").write_text("new")
    assert written(before, look_at(tmp_path), "edited") == Written(files=3, bytes=18, elsewhere=1)
    assert look_at(tmp_path / "no such folder") == {}


# The bare loop.


def test_the_bare_loop_makes_the_files_that_generate_makes_but_for_the_mark(tmp_path: Path) -> None:
    write_fleet(tmp_path, Shape(6))
    bare_loop.write(contexts.work_of(tmp_path), tmp_path / "bare")
    found = {path: Path(path).read_text(encoding="utf-8") for path in look_at(tmp_path / "bare")}
    made = {str(tmp_path / "bare" / each.path): each.text.partition("\n")[2] for each in render(tmp_path)}
    assert {path: text.rstrip() for path, text in found.items()} == {path: text.rstrip() for path, text in made.items()}


# What is made of the runs.


def figure(name: str, wall: float, **facts: int) -> Figure:
    spread = Spread(wall, wall, wall)
    known = {"memory": 10 * MIB, "files": 0, "bytes": 0, "elsewhere": 0, **facts}
    return Figure(name=name, runs=1, wall=spread, cpu=spread, ratios={}, **known)


def a_report(*fleets: Measured) -> Report:
    start = Measured(None, (figure(names.NOTHING, 0.02), figure(names.HELP, 0.1), figure(names.VERSION, 0.06)))
    return Report("2026-01-31", Machine("a processor", 2, "Linux 6", "3.11.7", "1.2.3"), start, fleets)


SIX = Measured(Shape(6), (figure(names.IMPORTS, 0.2), figure(names.COLD, 0.25), figure(names.VERIFY_AGAIN, 0.26)))


def thousand(**facts: int) -> Measured:
    return Measured(
        Shape(1000),
        (
            figure(names.NOTHING, 0.02),
            figure(names.BARE, 1.0),
            figure(names.COLD, 1.4, memory=70 * MIB),
            figure(names.COLD_TWO, 1.2, memory=90 * MIB),
            figure(names.UNCHANGED, 0.12),
            figure(names.ONE_CLUSTER, 0.34, **{"files": 2, **facts}),
            figure(names.VERIFY, 1.5),
            figure(names.VERIFY_AGAIN, 1.4),
        ),
    )


TEN_THOUSAND = Measured(Shape(10_000), (figure(names.BARE, 10), figure(names.COLD, 15.5)))


def test_runs_come_to_their_median_and_spread_and_to_ratios() -> None:
    nothing = [(Run(wall, 0.01, 1, 0), Written(0, 0, 0)) for wall in (0.01, 0.03, 0.02)]
    cold = [(Run(wall, wall / 2, memory, 0), Written(5, 50, 5)) for wall, memory in ((1, 7), (4, 9), (2, 8))]
    found = Measured.of(Shape(6), {names.NOTHING: nothing, names.COLD: cold})
    assert found.get(names.NOTHING) == Figure(
        names.NOTHING, 3, Spread(0.02, 0.01, 0.03), Spread(0.01, 0.01, 0.01), 1, 0, 0, 0, {}
    )
    assert found.get(names.COLD) == Figure(
        names.COLD, 3, Spread(2, 1, 4), Spread(1, 0.5, 2), 9, 5, 50, 5, {names.NOTHING: 100}
    )
    assert found.get(names.VERIFY) is None


def test_each_target_is_said_to_be_met_or_not() -> None:
    assert list(outcomes(a_report(SIX, thousand(), TEN_THOUSAND))) == [
        Outcome("--help", "at most 80 ms over python -c pass", "80 ms", is_met=True),
        Outcome("--version", "at most 30 ms over python -c pass", "40 ms", is_met=False),
        Outcome("generate, cold, 6 clusters", "at most 1.25 x imports and one model", "1.25 x", is_met=True),
        Outcome("verify, again, 6 clusters", "at most 1 x generate, cold", "1.04 x", is_met=False),
        Outcome("generate, cold, 1,000 clusters", "at most 1.5 x bare loop", "1.40 x", is_met=True),
        Outcome("generate, cold, 2 jobs, 1,000 clusters", "at most 1 x bare loop", "1.20 x", is_met=False),
        Outcome("peak memory of generate, cold, 1,000 clusters", "at most 80 MiB", "90 MiB", is_met=False),
        Outcome(
            "generate, nothing changed, 1,000 clusters", "at most 100 ms over python -c pass", "100 ms", is_met=True
        ),
        Outcome("generate, nothing changed, 1,000 clusters", "no file written", "0", is_met=True),
        Outcome(
            "generate, one cluster changed, 1,000 clusters", "at most 330 ms over python -c pass", "320 ms", is_met=True
        ),
        Outcome(
            "generate, one cluster changed, 1,000 clusters",
            "only that cluster's files written",
            "2 written, 0 of them of others",
            is_met=True,
        ),
        Outcome("verify, 1,000 clusters", "at most 1 x generate, cold", "1.07 x", is_met=False),
        Outcome("verify, again, 1,000 clusters", "at most 1 x generate, cold", "1.00 x", is_met=True),
        Outcome("generate, cold, 10,000 clusters", "at most 1.5 x bare loop", "1.55 x", is_met=False),
        Outcome("peak memory of generate, cold, 10,000 clusters", "at most 200 MiB", "10 MiB", is_met=True),
        Outcome(
            "time per cluster, 10,000 clusters, generate, cold", "at most 1.1 x that at 1,000", "1.11 x", is_met=False
        ),
    ]


@pytest.mark.parametrize("facts", [{"elsewhere": 1}, {"files": 0}])
def test_one_cluster_changed_must_write_its_files_and_no_others(facts: dict[str, int]) -> None:
    found = [each for each in outcomes(a_report(thousand(**facts))) if each.limit.startswith("only")]
    assert [each.is_met for each in found] == [False]


def test_fleets_that_were_not_measured_promise_nothing() -> None:
    assert [each.what for each in outcomes(a_report())] == ["--help", "--version"]


def test_a_report_is_read_back_as_it_was_written() -> None:
    found = a_report(SIX, thousand(), TEN_THOUSAND)
    assert read_report(write_report(found)) == found


def test_a_report_as_text() -> None:
    run_of = [(Run(0.25, 0.2, 46 * MIB, 0), Written(47, 123_456, 47))]
    floor = [(Run(0.2, 0.1, 33 * MIB, 0), Written(0, 0, 0))]
    found = a_report(Measured.of(Shape(6), {names.IMPORTS: floor, names.COLD: run_of}))
    lines = list(report.text(found))
    assert lines[0] == "2026-01-31, gitops-gen 1.2.3, Python 3.11.7, 2 CPUs (a processor), Linux 6"
    assert lines[8] == "6 clusters"
    assert lines[9].split("  ")[-5:] == ["files", " MB", "x nothing", "x imports", "x bare loop"]
    assert lines[10] == "imports and one model  200 ms (200 ms to 200 ms)  100 ms  33 MiB"
    assert lines[11] == (
        "generate, cold         250 ms (250 ms to 250 ms)  200 ms  46 MiB     47  0.1                  1.25"
    )
    assert lines[-1] == "generate, cold, 6 clusters  at most 1.25 x imports and one model    1.25 x      met"


def test_interpreter_has_all_packages_but_the_engine(tmp_path: Path) -> None:
    code = "import click, yaml, importlib.util; print(click.__file__, importlib.util.find_spec('helm_python'))"
    interpreter = without_engine(tmp_path / "made")
    done = subprocess.run([interpreter, "-c", code], text=True, capture_output=True, check=True)
    assert done.stdout == f"{tmp_path / 'made'}{click.__file__.removeprefix(sys.prefix)} None\n"


# The whole.


def test_the_benchmark_measures_everything_on_a_small_fleet(tmp_path: Path) -> None:
    kept = tmp_path / "figures.json"
    command = [sys.executable, "-m", "benchmarks.run", "--sizes", "6", "--times", "1", "--format", "json"]
    done = subprocess.run(
        [*command, "--output", str(kept)], cwd=PROJECT, env=ENVIRONMENT, text=True, capture_output=True, check=True
    )
    assert done.stdout.strip() == kept.read_text().strip()
    found = read_report(done.stdout)
    (fleet,) = found.fleets
    assert fleet.shape == Shape(6)
    figures = {each.name: each for each in fleet.figures}
    always = {names.NOTHING, names.IMPORTS, names.BARE, names.COLD, names.UNCHANGED, names.ONE_CLUSTER}
    always |= {names.ONE_TEMPLATE, names.VERIFY, names.VERIFY_AGAIN}
    always |= {names.VERIFY_WITHOUT_ENGINE} if has_engine() else set()
    assert always <= figures.keys() <= always | {names.COLD_TWO, names.DIFF}
    files = {name: each.files for name, each in figures.items() if each.files}
    cold = {names.COLD_TWO: 47} if names.COLD_TWO in figures else {}
    assert files == {names.BARE: 47, names.COLD: 47, names.ONE_CLUSTER: 2, names.ONE_TEMPLATE: 6, **cold}
    assert all(each.wall.low > 0 and each.cpu.low > 0 and each.memory > MIB for each in fleet.figures)
    assert [each["what"] for each in json.loads(done.stdout)["targets"]][:1] == ["--help"]
    assert "6 clusters: round 1 of 1: generate, cold: " in done.stderr
