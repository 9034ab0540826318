"""What is promised, and whether the figures keep it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks import names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.results import Figure, Measured, Report

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Outcome:
    """One promise: what it is about, the limit, what was measured, and whether that is within the limit."""

    what: str
    limit: str
    measured: str
    is_met: bool


def outcomes(report: Report) -> Iterator[Outcome]:
    """Yields every promise that the report has figures for."""
    yield from _over_nothing(report.start, "", names.HELP, 0.080)
    yield from _over_nothing(report.start, "", names.VERSION, 0.030)
    yield from _ratio(report.fleet(6), names.COLD, names.IMPORTS, 1.25)
    for small in (report.fleet(6), report.fleet(100)):
        yield from _judged(small)
    for fleet, memory, unchanged, one_cluster in (
        (report.fleet(1000), 80, 0.100, 0.330),
        (report.fleet(10_000), 200, 0.400, 1.200),
    ):
        yield from _ratio(fleet, names.COLD, names.BARE, 1.5)
        yield from _ratio(fleet, names.COLD_TWO, names.BARE, 1.0)
        yield from _memory(fleet, memory)
        yield from _over_nothing(fleet, _clusters(fleet), names.UNCHANGED, unchanged)
        yield from _nothing_written(fleet)
        yield from _over_nothing(fleet, _clusters(fleet), names.ONE_CLUSTER, one_cluster)
        yield from _nothing_elsewhere(fleet)
        yield from _judged(fleet)
    yield from _flat(report.fleet(1000), report.fleet(10_000))


def _pair(fleet: Measured | None, first: str, second: str) -> Iterator[tuple[Figure, Figure]]:
    """Yields two figures of a fleet, if both were measured."""
    found = (fleet.get(first), fleet.get(second)) if fleet else (None, None)
    if found[0] is not None and found[1] is not None:
        yield found[0], found[1]


def _over_nothing(fleet: Measured | None, where: str, name: str, limit: float) -> Iterator[Outcome]:
    for figure, floor in _pair(fleet, name, names.NOTHING):
        over = figure.wall.median - floor.wall.median
        limit_text = f"at most {limit * 1000:,.0f} ms over {names.NOTHING}"
        yield Outcome(f"{name}{where}", limit_text, f"{over * 1000:,.0f} ms", over <= limit)


def _ratio(fleet: Measured | None, name: str, floor: str, limit: float) -> Iterator[Outcome]:
    for figure, other in _pair(fleet, name, floor):
        ratio = figure.wall.median / other.wall.median
        yield Outcome(f"{name}{_clusters(fleet)}", f"at most {limit:g} x {floor}", f"{ratio:.2f} x", ratio <= limit)


def _judged(fleet: Measured | None) -> Iterator[Outcome]:
    for name in (names.VERIFY, names.VERIFY_AGAIN, names.VERIFY_WITHOUT_ENGINE):
        yield from _ratio(fleet, name, names.COLD, 1.0)


def _memory(fleet: Measured | None, limit: int) -> Iterator[Outcome]:
    found = [figure for name in (names.COLD, names.COLD_TWO) if fleet and (figure := fleet.get(name))]
    if found:
        peak = max(figure.memory for figure in found) / MIB
        what = f"peak memory of generate, cold{_clusters(fleet)}"
        yield Outcome(what, f"at most {limit} MiB", f"{peak:.0f} MiB", peak <= limit)


def _nothing_written(fleet: Measured | None) -> Iterator[Outcome]:
    figure = fleet.get(names.UNCHANGED) if fleet else None
    if figure:
        yield Outcome(f"{figure.name}{_clusters(fleet)}", "no file written", f"{figure.files}", figure.files == 0)


def _nothing_elsewhere(fleet: Measured | None) -> Iterator[Outcome]:
    figure = fleet.get(names.ONE_CLUSTER) if fleet else None
    if figure:
        measured = f"{figure.files} written, {figure.elsewhere} of them of others"
        is_met = figure.files > 0 and figure.elsewhere == 0
        yield Outcome(f"{figure.name}{_clusters(fleet)}", "only that cluster's files written", measured, is_met)


def _flat(small: Measured | None, large: Measured | None) -> Iterator[Outcome]:
    few, many = (fleet.get(names.COLD) if fleet else None for fleet in (small, large))
    if few and many and small and large and small.shape and large.shape:
        ratio = many.wall.median / large.shape.clusters / (few.wall.median / small.shape.clusters)
        what = f"time per cluster{_clusters(large)}, {names.COLD}"
        yield Outcome(what, "at most 1.1 x that at 1,000", f"{ratio:.2f} x", ratio <= 1.1)


def _clusters(fleet: Measured | None) -> str:
    return f", {fleet.shape}" if fleet and fleet.shape else ""
