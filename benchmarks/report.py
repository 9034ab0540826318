"""A report as people read it: as text on a terminal, and as the tables of docs/benchmarks.md."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks.names import FLOORS
from benchmarks.targets import MIB, Outcome, outcomes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from benchmarks.results import Machine, Measured, Report, Spread

_HEAD = ("", "wall", "cpu", "memory", "files", "MB", "x nothing", "x imports", "x bare loop")
_TARGET_HEAD = ("what", "target", "measured", "")


def text(report: Report) -> Iterator[str]:
    """Yields the lines for a terminal."""
    yield _where(report)
    for measured in (report.start, *report.fleets):
        yield ""
        yield _title(measured)
        yield from _aligned([_HEAD, *map(tuple, _rows(measured))])
    yield ""
    yield from _aligned([_TARGET_HEAD, *map(_target, outcomes(report))])


def markdown(report: Report) -> Iterator[str]:
    """Yields the lines of the part of the page that is made from figures."""
    yield f"Measured on {_where(report)}."
    for measured in (report.start, *report.fleets):
        yield ""
        yield f"### {_title(measured)}"
        yield ""
        yield from _table(_HEAD, _rows(measured))
    yield ""
    yield "### Targets"
    yield ""
    yield from _table(_TARGET_HEAD, map(_target, outcomes(report)))


def _where(report: Report) -> str:
    machine: Machine = report.machine
    return (
        f"{report.date}, gitops-gen {machine.version}, Python {machine.python}, {machine.cpus} CPUs "
        f"({machine.processor}), {machine.system}"
    )


def _title(measured: Measured) -> str:
    return str(measured.shape) if measured.shape else "Start"


def _rows(measured: Measured) -> Iterator[Sequence[str]]:
    for figure in measured.figures:
        yield (
            figure.name,
            _spread(figure.wall),
            _seconds(figure.cpu.median),
            f"{figure.memory / MIB:.0f} MiB",
            f"{figure.files:,}" if figure.files else "",
            f"{figure.bytes / 1e6:.1f}" if figure.files else "",
            *(f"{figure.ratios[name]:.2f}" if name in figure.ratios else "" for name in FLOORS),
        )


def _spread(spread: Spread) -> str:
    return f"{_seconds(spread.median)} ({_seconds(spread.low)} to {_seconds(spread.high)})"


def _seconds(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.2f} s"


def _target(outcome: Outcome) -> tuple[str, ...]:
    return outcome.what, outcome.limit, outcome.measured, "met" if outcome.is_met else "not met"


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for first, *others in rows:
        cells = (cell.rjust(width) for cell, width in zip(others, widths[1:], strict=True))
        yield "  ".join((first.ljust(widths[0]), *cells)).rstrip()


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    for cells in (head, ["---"] * len(head), *rows):
        yield f"| {' | '.join(cells)} |"
