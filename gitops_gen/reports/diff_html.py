"""A report as one HTML page: nothing is cut short, nothing is loaded, and every text from a file is escaped."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from gitops_gen.diff.subjects import plural
from gitops_gen.reports import diff_words as words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gitops_gen.diff.values import Change, Destructive, FileChange, Group, Report, Row

_STYLE = """
:root { color-scheme: light dark; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 72rem; padding: 0 1rem; }
table { border-collapse: collapse; }
th, td { border: 1px solid #8884; padding: .25rem .75rem; text-align: right; }
th:first-child, td:first-child { text-align: left; }
code, pre { font: 13px/1.45 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: #8881; margin: .25rem 0 1rem; overflow-x: auto; padding: .5rem .75rem; white-space: pre-wrap; }
del, ins { display: block; text-decoration: none; }
del { background: #d3302022; } ins { background: #1a9c3c22; }
.destructive { border-left: 4px solid #d33020; padding-left: 1rem; }
details { margin: .25rem 0; } summary { cursor: pointer; }
"""
_SIGNS = {"-": "del", "+": "ins"}


def diff_html(report: Report) -> str:
    """Returns the whole page."""
    return "\n".join(_page(report))


def _page(report: Report) -> Iterator[str]:
    title = escape(words.headline(report) + (f" against {report.base}" if report.base else ""))
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{title}</h1>"
    for note in (words.tallies(report), *report.notes, words.redacted_note(report)):
        if note:
            yield f"<p>{escape(note)}</p>"
    if report.rows:
        yield from _table(report.rows)
    yield from _section("Destructive", map(_destructive, report.destructive), "destructive")
    yield from _section("Changes", (_group(group, report) for group in report.groups))
    yield from _section("Formatting only", map(_formatting, report.formatting))
    yield from _section("Details", (_change(index, change) for index, change in enumerate(report.changes)))
    yield "</body>\n</html>"


def _section(title: str, parts: Iterable[str], style: str = "") -> Iterator[str]:
    found = list(parts)
    if found:
        yield f'<section class="{style}">' if style else "<section>"
        yield f"<h2>{title}</h2>"
        yield from found
        yield "</section>"


def _table(rows: Sequence[Row]) -> Iterator[str]:
    regions = sorted({region for row in rows for region in row.touched})
    heads = "".join(f"<th>{escape(each)}</th>" for each in ["environment", *regions])
    yield f"<table>\n<tr>{heads}</tr>"
    for row in rows:
        guarded = " (not synced by itself)" if row.is_guarded else ""
        cells = [
            f"{row.touched.get(each, 0)} of {row.clusters[each]}" if each in row.clusters else "" for each in regions
        ]
        yield f"<tr>{''.join(f'<td>{escape(each)}</td>' for each in [row.environment + guarded, *cells])}</tr>"
    yield "</table>"


def _destructive(each: Destructive) -> str:
    what, _, consequence = words.consequence(each)
    names = "".join(f"<li><code>{escape(name)}</code></li>" for name in each.names)
    head = f"<p><strong>{escape(what)}</strong>: {escape(consequence)}</p>"
    return f"{head}\n<details><summary>{plural('place', len(each.names))}</summary><ul>{names}</ul></details>"


def _group(group: Group, report: Report) -> str:
    field, edit, where = words.sentence(group)
    line = f"<code>{escape(f'{field} {edit}'.strip())}</code> {escape(where)}"
    outliers = words.outliers(group)
    line += f" <em>{escape(outliers)}</em>" if outliers else ""
    items = "".join(
        f'<li><a href="#change-{member.change}"><code>{escape(report.changes[member.change].path)}</code></a></li>'
        for member in group.members
    )
    return f"<details><summary>{line}</summary><ul>{items}</ul></details>"


def _formatting(file: FileChange) -> str:
    return f"<p><code>{escape(file.path)}</code>: {words.formatting_of(file)}</p>"


def _change(index: int, change: Change) -> str:
    lines = [line for difference in change.differences for line in words.lines_of(difference)]
    shown = "".join(_signed(sign, text) for sign, text in lines)
    head = f"{escape(words.subject_line(change))} <code>{escape(change.path)}</code>"
    return f'<details open id="change-{index}"><summary>{head}</summary><pre>{shown}</pre></details>'


def _signed(sign: str, text: str) -> str:
    tag = _SIGNS.get(sign)
    line = escape(f"{sign} {text}")
    return f"<{tag}>{line}</{tag}>" if tag else f"{line}\n"
