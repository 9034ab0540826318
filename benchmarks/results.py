"""What was measured: medians with their spread, for each fleet, and the machine and day that they hold for."""

from __future__ import annotations

import json
import os
import platform
import statistics
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from benchmarks.fleets import Shape
from benchmarks.names import FLOORS
from benchmarks.targets import outcomes
from gitops_gen import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.measure import Run, Written


@dataclass(frozen=True, slots=True)
class Spread:
    """Some figures of one kind: the one in the middle, the smallest and the largest."""

    median: float
    low: float
    high: float

    @classmethod
    def of(cls, figures: Sequence[float]) -> Spread:
        """Returns the spread of some figures."""
        return cls(*(round(each, 4) for each in (statistics.median(figures), min(figures), max(figures))))


@dataclass(frozen=True, slots=True)
class Figure:
    """What one command took, on one fleet. Times in seconds, memory in bytes."""

    name: str
    runs: int
    wall: Spread
    cpu: Spread
    memory: int
    """The largest peak of all runs."""
    files: int
    """Files that were made or replaced, in the last run."""
    bytes: int
    elsewhere: int
    """How many of the files do not carry the name of the cluster that was edited."""
    ratios: dict[str, float]
    """How many times the wall time of each floor it took, median by median."""

    @classmethod
    def of(cls, name: str, runs: Sequence[tuple[Run, Written]]) -> Figure:
        """Returns what some runs of one command come to, before it is held against any floor."""
        written = runs[-1][1]
        return cls(
            name=name,
            runs=len(runs),
            wall=Spread.of([run.wall for run, _ in runs]),
            cpu=Spread.of([run.cpu for run, _ in runs]),
            memory=max(run.memory for run, _ in runs),
            files=written.files,
            bytes=written.bytes,
            elsewhere=written.elsewhere,
            ratios={},
        )


@dataclass(frozen=True, slots=True)
class Measured:
    """The figures of one fleet, in the order in which they were measured; no shape: those that need no fleet."""

    shape: Shape | None
    figures: tuple[Figure, ...]

    @classmethod
    def of(cls, shape: Shape | None, runs: Mapping[str, Sequence[tuple[Run, Written]]]) -> Measured:
        """Returns what the runs of each command come to, held against those of the floors that are among them."""
        figures = [Figure.of(name, found) for name, found in runs.items()]
        floors = {figure.name: figure.wall.median for figure in figures if figure.name in FLOORS}
        return cls(shape, tuple(replace(each, ratios=_ratios(each, floors)) for each in figures))

    def get(self, name: str) -> Figure | None:
        """Returns a figure by its name."""
        return next((each for each in self.figures if each.name == name), None)


def _ratios(figure: Figure, floors: Mapping[str, float]) -> dict[str, float]:
    return {name: round(figure.wall.median / floor, 3) for name, floor in floors.items() if name != figure.name}


@dataclass(frozen=True, slots=True)
class Machine:
    """Where it was measured."""

    processor: str
    cpus: int
    system: str
    python: str
    version: str
    """The version of gitops-gen."""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one call measured."""

    date: str
    machine: Machine
    start: Measured
    fleets: tuple[Measured, ...]

    def fleet(self, clusters: int) -> Measured | None:
        """Returns the fleet of so many clusters and one app."""
        return next((each for each in self.fleets if each.shape == Shape(clusters)), None)


_REPORT = TypeAdapter(Report)


def write_report(report: Report) -> str:
    """Returns a report as JSON, with what it says of each target."""
    document = {**_REPORT.dump_python(report, mode="json"), "targets": [asdict(each) for each in outcomes(report)]}
    return json.dumps(document, indent=2) + "\n"


def read_report(text: str) -> Report:
    """Returns the report that was written as JSON."""
    return _REPORT.validate_json(text)


def today() -> str:
    """Returns the day, in UTC."""
    return datetime.now(UTC).date().isoformat()


def this_machine() -> Machine:
    """Returns what is told of the machine that this runs on."""
    return Machine(
        processor=_processor(),
        cpus=len(os.sched_getaffinity(0)),
        system=f"{platform.system()} {platform.release()}",
        python=platform.python_version(),
        version=__version__,
    )


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    found = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return found[0] if found else platform.machine()
