"""What goes with an entry, style by style: its lines, the comments that belong to it, and one separation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.edit.lines import (
    after_blanks,
    before_break,
    comment_column,
    is_at_line_start,
    is_blank,
    line_above,
    line_end,
    line_start,
    next_line,
    without_comments,
)
from gitops_gen.edit.listing import UnsafeEditError, blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.edit.listing import Block, Listing
    from gitops_gen.edit.nodes import Node


def deletions(text: str, listing: Listing, index: int) -> Iterator[str]:
    """Yields texts that may be the old one without an entry. Raises UnsafeEditError where the list is none of ours."""
    value = listing.value
    if value is None or value.kind != "list":
        raise UnsafeEditError("clusters is not written as a list")
    if value.is_flow:
        return _from_brackets(text, value, index)
    return _from_list(text, blocks(text, value), index)


def _from_list(text: str, found: tuple[Block, ...], index: int) -> Iterator[str]:
    block = found[index]
    head = block.head if _owns_its_head(found, index) else block.first_line
    start, end = _with_separation(text, head, block.tail, is_first=index == 0, is_last=index == len(found) - 1)
    yield _cut(text, start, end)
    yield _cut(text, block.first_line, block.tail)


def _owns_its_head(found: tuple[Block, ...], index: int) -> bool:
    """False for a comment below `clusters:` that speaks of the list: no other entry has one above it."""
    return index > 0 or any(block.head < block.first_line for block in found[1:])


def _with_separation(text: str, head: int, tail: int, *, is_first: bool, is_last: bool) -> tuple[int, int]:
    """Takes the empty lines that stand between the entry and one of its neighbours."""
    if is_first:
        return head, tail if is_last else after_blanks(text, tail)
    while head > 0 and is_blank(text, above := line_above(text, head)):
        head = above
    return head, tail


def _cut(text: str, start: int, end: int) -> str:
    """Returns the text without some whole lines. The last line ends as it did: with a line break, or without."""
    if end == len(text) and not is_at_line_start(text, end):
        start = before_break(text, start)
    return text[:start] + text[end:]


def _from_brackets(text: str, listed: Node, index: int) -> Iterator[str]:
    items = listed.items
    item, close = items[index], listed.end - 1
    after = items[index + 1].start if index + 1 < len(items) else close
    comma = without_comments(text[item.end : after]).find(",")
    before = items[index - 1].end if index else listed.inside
    if _is_alone(text, item, comma):
        yield _without_lines(text, item, comma, before, is_last=index == len(items) - 1 and index > 0)
    if index + 1 < len(items):
        yield text[: item.start] + text[after:]
    elif index and comma >= 0:
        yield text[: _comma(text, before, item.start) + 1] + text[item.end + comma + 1 :]
    yield text[:before] + text[item.end if index else item.end + comma + 1 :]


def _is_alone(text: str, item: Node, comma: int) -> bool:
    """True if no other part of the list, but for a comma and a comment, stands on the lines of an item."""
    end = item.end + comma + 1
    rest = without_comments(f" {text[end : line_end(text, end)]}")
    return not text[line_start(text, item.start) : item.start].strip() and not rest.strip()


def _without_lines(text: str, item: Node, comma: int, before: int, *, is_last: bool) -> str:
    """Takes the lines of an item and, where the list has no comma at its end, the one that would become its end."""
    start = line_start(text, item.start)
    while start > before and comment_column(text, line_above(text, start)) is not None:
        start = line_above(text, start)
    end = next_line(text, item.end + comma + 1)
    if not is_last or comma >= 0:
        return text[:start] + text[end:]
    dangling = _comma(text, before, item.start)
    return text[:dangling] + text[dangling + 1 : start] + text[end:]


def _comma(text: str, start: int, end: int) -> int:
    """Returns where the comma between two items stands."""
    return start + without_comments(text[start:end]).index(",")
