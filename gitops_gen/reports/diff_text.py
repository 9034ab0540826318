"""A report as a person reads it in a terminal. Colour is put on here and taken off by the stream."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.diff.subjects import plural
from gitops_gen.reports import diff_words as words
from gitops_gen.reports.diff_details import details
from gitops_gen.terminal import style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gitops_gen.diff.values import Change, Destructive, Group, Report, Row

FINDINGS, GROUPS, FILES, LINES = 20, 40, 10, 120
"""What each section shows before the rest is counted: findings, groups, files, lines of details."""
CONTENT = 16
"""Lines of one resource."""
_WIDEST_TABLE = 100
_SIGNS = {"-": "red", "+": "green"}


def diff_lines(report: Report, *, everything: str) -> Iterator[str]:
    """Yields the report: verdict, what is destructive, groups, formatting, details.

    `everything` is the command that shows all of it, and is told where a section is cut short.
    """
    yield style(words.headline(report), bold=True) + (f" against {report.base}" if report.base else "")
    if report.is_empty:
        return
    for note in (words.tallies(report), *report.notes, words.redacted_note(report)):
        if note:
            yield note
    is_cut = False
    for title, lines, most, noun in _sections(report):
        found = list(lines)
        if not found:
            continue
        yield ""
        if title:
            yield style(f"{title}:", bold=True)
        for part in found[:most]:
            yield from (f"  {line}" if line else "" for line in part)
        if len(found) > most:
            is_cut = True
            yield f"  ... and {plural(noun, len(found) - most)} more"
    if is_cut:
        yield ""
        yield f"all of it: {everything}"


def _sections(report: Report) -> Iterator[tuple[str, Iterable[Sequence[str]], int, str]]:
    """Yields the sections: title, parts, how many of them are shown, and what a part is."""
    yield "", ([line] for line in table(report.rows)), len(report.rows) + 1, "environment"
    yield "Destructive", map(_destructive, report.destructive), FINDINGS, "finding"
    yield "Changes", map(_group, report.groups), GROUPS, "change"
    files = report.formatting
    title = f"Formatting only, in {plural('file', len(files))} ({words.formatting(files)})"
    yield title, ([each.path] for each in files), FILES, "file"
    yield "Details", ([line] for line in _details(report)), LINES, "line"


def table(rows: Sequence[Row]) -> Iterator[str]:
    """Yields the environments with how many of their clusters are touched, by region."""
    regions = sorted({region for row in rows for region in row.touched})
    cells = [["", *regions, ""], *(_cells(row, regions) for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(regions) + 2)]
    if sum(widths) + 2 * len(widths) > _WIDEST_TABLE:
        yield from (_listed(row) for row in rows)
        return
    for line in cells:
        name, *counts, note = (cell.rjust(width) for cell, width in zip(line, widths, strict=True))
        yield "  ".join([name.strip().ljust(widths[0]), *counts, note.strip()]).rstrip()


def _cells(row: Row, regions: Sequence[str]) -> list[str]:
    counts = (f"{row.touched.get(each, 0)}/{row.clusters[each]}" if each in row.clusters else "" for each in regions)
    return [row.environment, *counts, "not synced by itself" if row.is_guarded else ""]


def _listed(row: Row) -> str:
    counts = (f"{region} {count}/{row.clusters[region]}" for region, count in row.touched.items())
    return f"{row.environment}: {', '.join(counts)}"


def _destructive(each: Destructive) -> list[str]:
    what, who, consequence = words.consequence(each)
    return [f"{style(what, fg='red', bold=True)}: {who}", f"  {consequence}"]


def _group(group: Group) -> list[str]:
    field, edit, where = words.sentence(group)
    line = f"{field} {style(edit, fg='cyan')} {where}".lstrip()
    outliers = words.outliers(group)
    return [line, f"  {style(outliers, fg='yellow')}"] if outliers else [line]


def _details(report: Report) -> Iterator[str]:
    for change in details(report):
        yield style(words.subject_line(change), bold=True)
        yield f"  {change.path}"
        lines = list(_lines(change))
        yield from (f"  {line}" for line in lines[:CONTENT])
        if len(lines) > CONTENT:
            yield f"    ... and {plural('line', len(lines) - CONTENT)} more"


def _lines(change: Change) -> Iterator[str]:
    for difference in change.differences:
        for sign, text in words.lines_of(difference):
            yield style(f"{sign} {text}", fg=_SIGNS[sign]) if sign in _SIGNS else f"{sign} {text}"
