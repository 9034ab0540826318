"""Where a new entry goes, style by style: every proposal only inserts, the one that reads best first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.edit.lines import (
    after_blanks,
    break_above,
    comment_column,
    is_at_line_start,
    is_blank,
    line_end,
    line_start,
    next_line,
    without_comments,
)
from gitops_gen.edit.listing import KEY, UnsafeEditError, after_entry, blocks, has_blank_above
from gitops_gen.edit.spelling import Spelling, spelling_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gitops_gen.edit.listing import Block, Listing
    from gitops_gen.edit.nodes import Node

DEFAULT_INDENT = 2


def insertions(text: str, listing: Listing, entry: Mapping[str, str]) -> Iterator[str]:
    """Yields texts that may be the old one plus the entry. Raises UnsafeEditError where the list is none of ours."""
    value = listing.value
    if value is None:
        return _into_root(text, listing, entry)
    if listing.is_empty_value:
        return _under_key(text, listing, entry)
    if value.kind == "alias":
        raise UnsafeEditError("clusters is an alias: whatever else uses its anchor would change too")
    if value.kind != "list":
        raise UnsafeEditError(f"clusters is written as {text[value.start : value.end]}, and no list can follow that")
    return (
        _into_brackets(text, value, _braces(text, listing, entry)) if value.is_flow else _into_list(text, value, entry)
    )


def _into_root(text: str, listing: Listing, entry: Mapping[str, str]) -> Iterator[str]:
    if listing.root.is_flow:
        spelling = spelling_of(listing.root, text)
        return _into_brackets(text, listing.root, f"{spelling.key(KEY)}: [{_braces(text, listing, entry)}]")
    return _below_root(text, listing, entry)


def _below_root(text: str, listing: Listing, entry: Mapping[str, str]) -> Iterator[str]:
    column = _column(text, listing.root.items[0])
    spelling = spelling_of(listing.root, text)
    lines = [f"{' ' * column}{spelling.key(KEY)}:"]
    lines += _lines(text, listing, entry, column + _indent(text, listing.root))
    end = listing.document.end
    content = next_line(text, len(text[:end].rstrip()))
    blank = any(is_blank(text, next_line(text, value.end)) for _, value in listing.root.pairs[:-1])
    for at in (min(content, end), end):
        if blank:
            yield _with_lines(text, at, ["", *lines])
        yield _with_lines(text, at, lines)


def _under_key(text: str, listing: Listing, entry: Mapping[str, str]) -> Iterator[str]:
    assert listing.key is not None  # noqa: S101 - there is an empty value
    colon = text.index(":", listing.key.end) + 1
    if listing.root.is_flow:
        yield _spliced(text, [(colon, f" [{_braces(text, listing, entry)}]")])
        return
    column = _column(text, listing.key)
    below = next_line(text, colon)
    comment = comment_column(text, below)
    hyphen = comment if comment is not None and comment > column else column + _indent(text, listing.root)
    lines = list(_lines(text, listing, entry, hyphen))
    yield _with_lines(text, after_entry(text, colon, column), lines)
    yield _with_lines(text, below, lines)


def _into_list(text: str, listed: Node, entry: Mapping[str, str]) -> Iterator[str]:
    found = blocks(text, listed)
    last = found[-1]
    lines = [*_lines_like(text, last, entry)]
    separated = len(found) > 1 and has_blank_above(text, last)
    plain = next_line(text, last.node.end)
    for at in (last.tail, plain, after_blanks(text, plain)):
        yield _with_lines(text, at, ["", *lines] if separated else lines)
        yield _with_lines(text, at, lines)


def _lines_like(text: str, last: Block, entry: Mapping[str, str]) -> Iterable[str]:
    spelling = spelling_of(last.node, text)
    hyphen = " " * last.column + "-"
    if last.node.is_flow:
        return [f"{hyphen} {spelling.braces(entry)}"]
    keys = _column(text, last.node.items[0]) if last.node.items else 0
    return spelling.lines(entry, hyphen.ljust(max(keys, len(hyphen) + 1)))


def _lines(text: str, listing: Listing, entry: Mapping[str, str], column: int) -> Iterable[str]:
    spelling = Spelling(key_quote=spelling_of(listing.root, text).key_quote)
    return spelling.lines(entry, f"{' ' * column}- ")


def _braces(text: str, listing: Listing, entry: Mapping[str, str]) -> str:
    listed = listing.value
    if listed is not None and listed.items:
        return spelling_of(listed.items[-1], text).braces(entry)
    return Spelling(key_quote=spelling_of(listing.root, text).key_quote).braces(entry)


def _into_brackets(text: str, container: Node, item: str) -> Iterator[str]:
    """Yields the texts with one more item at the end of a list, or a map, in flow style."""
    close = container.end - 1
    if not container.items:
        yield _spliced(text, [(container.inside, item)])
        return
    end, start = container.items[-1].end, _last_start(container)
    comma = without_comments(text[end:close]).find(",")
    first_of_line = line_start(text, start)
    if text[first_of_line:start].strip():
        yield _spliced(text, [(end, f", {item}")] if comma < 0 else [(end + comma + 1, f" {item},")])
    else:
        yield _spliced(text, _on_a_line(text, text[first_of_line:start] + item, end, comma, close))
    yield _spliced(text, [(close, f", {item}" if comma < 0 else f" {item}")])


def _last_start(container: Node) -> int:
    return (container.items[-2] if container.kind == "map" else container.items[-1]).start


def _on_a_line(text: str, line: str, end: int, comma: int, close: int) -> list[tuple[int, str]]:
    """Returns what to insert so that the item has a line of its own, below the last one and its comment."""
    after = end if comma < 0 else end + comma + 1
    below = min(line_end(text, after), close)
    at = after if below == close else below
    added = f"{break_above(text, after)}{line}"
    return [(end, ","), (at, added)] if comma < 0 else [(at, f"{added},")]


def _column(text: str, node: Node) -> int:
    return node.start - line_start(text, node.start)


def _indent(text: str, root: Node) -> int:
    """Returns how much deeper a block of the file is than the map that it stands in."""
    column = _column(text, root.items[0])
    for _, value in root.pairs:
        if value.kind == "map" and not value.is_flow and value.items:
            deeper = _column(text, value.items[0]) - column
            if deeper > 0:
                return deeper
    return DEFAULT_INDENT


def _with_lines(text: str, at: int, lines: Iterable[str]) -> str:
    """Returns the text with lines at an offset where a line begins, or after a last line that has no end."""
    if is_at_line_start(text, at):
        ending = break_above(text, at)
        return _spliced(text, [(at, "".join(f"{line}{ending}" for line in lines))])
    ending = break_above(text, at)
    return _spliced(text, [(at, "".join(f"{ending}{line}" for line in lines))])


def _spliced(text: str, parts: Iterable[tuple[int, str]]) -> str:
    """Returns the text with the parts inserted, each at its offset in the old text; the parts are in order."""
    pieces, done = [], 0
    for at, part in parts:
        pieces += [text[done:at], part]
        done = at
    return "".join([*pieces, text[done:]])
