"""A report for a pull request: Markdown in blocks, each whole in itself, and as many of them as fit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.diff.subjects import plural
from gitops_gen.reports import diff_words as words
from gitops_gen.reports.diff_details import details

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from gitops_gen.diff.values import Change, Destructive, Group, Report, Row

VERDICT, DESTRUCTIVE, GROUPS, DETAILS, FORMATTING = 0, 10, 20, 30, 40
"""The priorities of the blocks of a report; others may stand between them."""

LINES = 60
"""Lines of one resource that are shown before the rest is counted."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How much a page may have; what a service counts is one or the other."""

    characters: int
    bytes: int

    def admits(self, text: str) -> bool:
        """Tells whether a text is within both."""
        return len(text) <= self.characters and len(text.encode()) <= self.bytes


COMMENT = Limit(65_536, 262_144)
"""What GitHub takes as the body of a comment or a pull request."""


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a page that is whole in itself: every fence and every <details> in it is closed.

    It is made shorter by leaving out items, from the last one on, never inside of one.
    """

    title: str
    """What the page calls it where it is left out."""
    priority: int
    """What is lower is kept first."""
    head: str
    items: tuple[str, ...] = ()
    tail: str = ""
    noun: str = "line"
    """What an item is, in the singular."""

    @property
    def text(self) -> str:
        """The whole block, without a newline at its end."""
        return self.first(len(self.items))

    def first(self, count: int) -> str:
        """Returns the block with its first items only; what is left out is not said here."""
        return "\n".join(part for part in (self.head, *self.items[:count], self.tail) if part)


def fitted(blocks: Sequence[Block], limit: Limit, *, where: str) -> str:
    """Returns a page with as many of the blocks as the limit admits, in their order.

    Blocks of a lower priority are kept first, whole if they fit, with fewer items otherwise. What is left out is
    counted, and `where` says where to find it. A limit too small even for that gets the counts alone, cut off.
    """
    page = _Page(blocks, where)
    kept = {index: len(block.items) for index, block in enumerate(blocks)}
    if limit.admits(page.text(kept)):
        return page.text(kept)
    chosen: dict[int, int] = {}
    for index in sorted(kept, key=lambda index: (blocks[index].priority, index)):
        most = page.most(chosen, index, limit)
        if most is not None:
            chosen[index] = most
    found = page.text(chosen)
    while not limit.admits(found):
        found = found[: len(found) * 9 // 10]
    return found


class _Page:
    """Blocks on one page, some of them shorter or left out, with what says so."""

    def __init__(self, blocks: Sequence[Block], where: str) -> None:
        self._blocks = blocks
        self._where = where

    def text(self, kept: dict[int, int]) -> str:
        """Returns the page; `kept` has the items of each block that is on it, by its position."""
        parts = [block.first(kept[index]) for index, block in enumerate(self._blocks) if index in kept]
        missing = [each for index, block in enumerate(self._blocks) if (each := _missing(block, kept.get(index)))]
        if missing:
            parts.append(f"_Left out here: {'; '.join(missing)}. {self._where}_")
        return "\n\n".join(part for part in parts if part) + "\n"

    def most(self, kept: dict[int, int], index: int, limit: Limit) -> int | None:
        """Returns how many items of a block fit beside the others; None if the block does not fit at all."""
        items = len(self._blocks[index].items)
        if limit.admits(self.text({**kept, index: items})):
            return items
        low, high = 0, items
        while low < high:
            middle = (low + high) // 2
            if limit.admits(self.text({**kept, index: middle + 1})):
                low = middle + 1
            else:
                high = middle
        return low or None


def _missing(block: Block, kept: int | None) -> str:
    total = len(block.items)
    if kept is None:
        return f"{block.title} ({plural(block.noun, total)})" if total else block.title
    return f"{plural(block.noun, total - kept)} of {block.title}" if kept < total else ""


def blocks(report: Report) -> tuple[Block, ...]:
    """Returns the page of a report: verdict, what is destructive, groups, formatting, details."""
    return tuple(_blocks(report))


def _blocks(report: Report) -> Iterator[Block]:
    yield _verdict(report)
    if report.rows:
        yield _matrix(report.rows)
    if report.destructive:
        items = tuple(map(_destructive, report.destructive))
        yield Block("Destructive", DESTRUCTIVE, "### Destructive\n", items, noun="finding")
    if report.groups:
        yield Block("Changes", GROUPS, "### Changes\n", tuple(map(_group, report.groups)), noun="change")
    files = report.formatting
    if files:
        items = tuple(f"- {code(each.path)}: {words.formatting_of(each)}" for each in files)
        yield _folded("Formatting only", FORMATTING, words.formatting(files), items, "file")
    items = tuple(map(_change, details(report)))
    if items:
        yield _folded("Details", DETAILS, plural("resource", len(items)), items, "resource")


def _folded(title: str, priority: int, count: str, items: tuple[str, ...], noun: str) -> Block:
    head = f"<details><summary>{title}: {count}</summary>\n"
    return Block(title, priority, head, items, "\n</details>", noun)


def _verdict(report: Report) -> Block:
    notes = (words.tallies(report), *map(code, report.notes), words.redacted_note(report))
    head = f"**{words.headline(report)}**" + (f" against {code(report.base)}" if report.base else "")
    return Block("Verdict", VERDICT, "\n\n".join([head, *(note for note in notes if note)]))


def _matrix(rows: Sequence[Row]) -> Block:
    regions = sorted({region for row in rows for region in row.touched})
    head = ["environment", *map(_cell, regions), ""]
    lines = tuple(_line(_cells(row, regions)) for row in rows)
    return Block("Clusters", VERDICT, f"{_line(head)}\n{_line(['---'] * len(head))}", lines, noun="environment")


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(row: Row, regions: Sequence[str]) -> list[str]:
    counts = (f"{row.touched.get(each, 0)} of {row.clusters[each]}" if each in row.clusters else "" for each in regions)
    return [_cell(row.environment), *counts, "not synced by itself" if row.is_guarded else ""]


def _destructive(each: Destructive) -> str:
    what, who, consequence = words.consequence(each)
    return f"- {code(what)}: {consequence}\n  - {code(who)}"


def _group(group: Group) -> str:
    field, edit, where = words.sentence(group)
    line = f"- {code(f'{field} {edit}'.strip())} {_code_free(where)}"
    outliers = words.outliers(group)
    return f"{line}\n  - {code(outliers)}" if outliers else line


def _change(change: Change) -> str:
    lines = [f"{sign} {text}" for difference in change.differences for sign, text in words.lines_of(difference)]
    if len(lines) > LINES:
        lines = [*lines[:LINES], f"  ... and {plural('line', len(lines) - LINES)} more"]
    fenced = "\n".join(lines)
    return f"{code(words.subject_line(change))}\n{code(change.path)}\n\n{fence(fenced)}\n"


def _cell(text: str) -> str:
    return code(text).replace("|", "\\|")


def _code_free(text: str) -> str:
    """Returns a text of names and numbers as it is, if nothing in it is Markdown, or else as a code span."""
    return text if re.fullmatch(r"[A-Za-z0-9 .,:/-]*", text) else code(text)


def code(text: str) -> str:
    """Returns a text as a code span, in which nothing is Markdown: no mention, no link, no emphasis."""
    line = " ".join(text.split()) or " "
    ticks = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{space}{line}{space}{ticks}"


def fence(text: str, language: str = "diff") -> str:
    """Returns a text as a fenced block, whatever fences are in it."""
    ticks = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{ticks}{language}\n{text}\n{ticks}"
