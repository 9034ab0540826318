"""Measures gitops-gen and what it is compared with.

    python -m benchmarks.run [--sizes "6 1000 1000x5"] [--times N] [--format text|json] [--output FILE]

Each round measures everything once, floors and commands side by side, so that what else the machine does hits both.
docs/benchmarks.md says what each figure is.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

from benchmarks import report
from benchmarks.fleets import Shape
from benchmarks.measure import without_samples
from benchmarks.results import Measured, Report, this_machine, today, write_report
from benchmarks.subjects import fleet_subjects, start_subjects

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.measure import Run, Written
    from benchmarks.subjects import Subject

SIZES = ("6", "100", "1000", "10000", "1000x5")
TIMES = 5
LARGE = 2000
"""Clusters from which on a fleet is measured FEW times, unless the number is stated."""

FEW = 3
SMALL = 500
"""Clusters below which a round is as short as what needs no fleet, and is taken as often."""
OFTEN = 4
"""How many rounds of what is short there are for each of a fleet: noise is a larger part of it."""


Runs: TypeAlias = "dict[str, list[tuple[Run, Written]]]"
"""The runs of each figure."""


def main() -> None:
    """Measures and prints. The file has what is measured so far after each fleet, since a large one takes long."""
    arguments = _arguments()
    for measured in _measured(arguments.sizes, arguments.times):
        if arguments.output:
            arguments.output.write_text(write_report(measured), encoding="utf-8")
    print(write_report(measured) if arguments.format == "json" else "\n".join(report.text(measured)))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description="Measure gitops-gen.")
    parser.add_argument("--sizes", type=_shapes, default=_shapes(" ".join(SIZES)), help='clusters: "6 1000 1000x5"')
    parser.add_argument(
        "--times",
        type=_positive,
        help=f"rounds; {TIMES} unless stated, {FEW} for large fleets, {OFTEN * TIMES} for small ones",
    )
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--output", type=Path, help="write the figures as JSON to this file too")
    return parser.parse_args()


def _shapes(text: str) -> tuple[Shape, ...]:
    return tuple(Shape.read(each) for each in text.split())


def _positive(text: str) -> int:
    if int(text) < 1:
        raise ValueError(f"got {text}, expected at least one round")
    return int(text)


def _measured(shapes: Sequence[Shape], times: int | None) -> Iterator[Report]:
    """Yields the report without any fleet, then with one more each time."""
    with TemporaryDirectory() as folder:
        start = _rounds("start", list(start_subjects(Path(folder))), OFTEN * (times or TIMES))
    found = Report(today(), this_machine(), Measured.of(None, start), ())
    yield found
    for shape in shapes:
        found = replace(found, fleets=(*found.fleets, Measured.of(shape, _fleet(shape, times))))
        yield found


def _fleet(shape: Shape, times: int | None) -> Runs:
    _say(f"{shape}: making it")
    with TemporaryDirectory() as folder:
        return _rounds(str(shape), list(fleet_subjects(Path(folder), shape)), times or _times(shape))


def _times(shape: Shape) -> int:
    """Returns how often a fleet is measured, unless that is stated."""
    if shape.clusters >= LARGE:
        return FEW
    return OFTEN * TIMES if shape.clusters < SMALL else TIMES


def _rounds(what: str, subjects: Sequence[Subject], rounds: int) -> Runs:
    """Returns the rounds of all subjects, with the memory of one more, of which the times do not count."""
    runs: Runs = {name: [] for name, _ in subjects}
    for turn in range(1, rounds + 1):
        for name, measure in subjects:
            started = time.perf_counter()
            with without_samples():
                runs[name].append(measure(turn))
            _say(f"{what}: round {turn} of {rounds}: {name}: {time.perf_counter() - started:.2f} s")
    for name, measure in subjects:
        sampled, _ = measure(rounds + 1)
        (first, files), *others = runs[name]
        runs[name] = [(replace(first, memory=max(first.memory, sampled.memory)), files), *others]
        _say(f"{what}: memory: {name}")
    return runs


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
