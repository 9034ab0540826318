"""A report for a pull request: Markdown in blocks, each whole in itself, and as many of them as fit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.diff.fields import field_of
from gitops_gen.diff.subjects import plural
from gitops_gen.diff.values import Kind
from gitops_gen.problems import some_of
from gitops_gen.reports.values import shown, verb_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.diff.values import Change, Destructive, Difference, Group, Report, Row


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
    if report.destructive:
        head = "### Destructive\n"
        yield Block("Destructive", 10, head, tuple(map(_destructive, report.destructive)), noun="finding")
    if report.groups:
        yield Block("Changes", 20, "### Changes\n", tuple(map(_group, report.groups)), noun="change")
    formatting = report.formatting
    if formatting:
        items = tuple(f"- {code(each.path)}: {', '.join(each.formatting)}" for each in formatting)
        head = f"<details><summary>Formatting only: {plural('file', len(items))}</summary>\n"
        yield Block("Formatting only", 40, head, items, "\n</details>", "file")
    if report.changes:
        head = f"<details><summary>Details: {plural('resource', len(report.changes))}</summary>\n"
        yield Block("Details", 30, head, tuple(map(_change, report.changes)), "\n</details>", "resource")


def _verdict(report: Report) -> Block:
    count = report.summary
    if report.is_empty:
        text = "The output is what the model says: no difference."
    else:
        clusters = f"{count.clusters:,} of {plural('cluster', count.all_clusters)}"
        text = f"**{plural('difference', count.differences)}** on {clusters}"
    return Block("Verdict", 0, "\n\n".join([text, *report.notes, *([_table(report.rows)] if report.rows else [])]))


def _table(rows: Sequence[Row]) -> str:
    regions = sorted({region for row in rows for region in row.touched})
    lines = [
        "| environment | " + " | ".join(code(each) for each in regions) + " |",
        "| --- " * (len(regions) + 1) + "|",
    ]
    for row in rows:
        cells = (
            f"{row.touched.get(each, 0)} of {row.clusters.get(each, 0)}" if each in row.clusters else ""
            for each in regions
        )
        lines.append(f"| {code(row.environment)} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _destructive(each: Destructive) -> str:
    return f"- **{each.what}**: {each.consequence} ({some_of(each.names)})"


def _group(group: Group) -> str:
    counts = ", ".join(f"{name or 'elsewhere'} {count:,}" for name, count in group.environments)
    edit = verb_of(group.kind, group.old, group.new)
    field = f"{code(group.field)} " if group.field else ""
    return f"- {field}{code(edit)} in {plural(group.subject, len(group.members))}: {counts}"


def _change(change: Change) -> str:
    lines = [f"{change.kind} {code(str(change.resource))} in {code(change.path)}", "", fence("\n".join(_lines(change)))]
    return "\n".join(lines)


def _lines(change: Change) -> Iterator[str]:
    for each in change.differences:
        yield from _difference(each)


def _difference(difference: Difference) -> Iterator[str]:
    field = field_of(difference.steps)
    if difference.kind is not Kind.ADDED:
        yield f"- {field}: {shown(difference.old)}"
    if difference.kind is not Kind.REMOVED:
        yield f"+ {field}: {shown(difference.new)}"


def code(text: str) -> str:
    """Returns a text as a code span, in which nothing is Markdown: no mention, no link, no emphasis."""
    line = " ".join(text.split()) or " "
    ticks = "`" * (1 + max(map(len, re.findall("`+", line)), default=0))
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{ticks}{space}{line}{space}{ticks}".replace("|", "\\|")


def fence(text: str, language: str = "diff") -> str:
    """Returns a text as a fenced block, whatever fences are in it."""
    ticks = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{ticks}{language}\n{text}\n{ticks}"
