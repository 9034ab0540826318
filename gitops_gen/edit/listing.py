"""The list of clusters in an environment's file: how it is written, and where each of its entries begins and ends."""

from __future__ import annotations

from dataclasses import dataclass

from gitops_gen.edit.lines import comment_column, is_blank, line_above, line_start, next_line, without_comments
from gitops_gen.edit.nodes import Document, Node, UnreadableError, read_document

KEY = "clusters"


class UnsafeEditError(Exception):
    """An edit might change more than it is meant to. The text says why."""


@dataclass(frozen=True, slots=True)
class Listing:
    """The map of the file, and in it the list of clusters: its key and its value, or neither."""

    document: Document
    key: Node | None
    value: Node | None

    @property
    def root(self) -> Node:
        """The map that the file holds."""
        return self.document.root

    @property
    def is_empty_value(self) -> bool:
        """True for `clusters:` with nothing behind it."""
        return self.value is not None and self.value.kind == "scalar" and self.value.start == self.value.end


@dataclass(frozen=True, slots=True)
class Block:
    """An entry of a list in block style, by lines: its own and those of the comments that belong to it."""

    node: Node
    column: int
    """The column of the hyphen, from 0."""
    head: int
    """Where the comments directly above it begin, or else its own first line."""
    first_line: int
    tail: int
    """Where the line after it begins, and after comments that are indented as its keys are."""


def find_listing(text: str) -> Listing:
    """Returns how the clusters are written. Raises UnsafeEditError where that is nothing that can be edited."""
    try:
        document = read_document(text)
    except UnreadableError as error:
        raise UnsafeEditError(f"ruamel.yaml does not read the file: {error}") from error
    root = document.root
    if root.kind != "map":
        raise UnsafeEditError("the file holds no map")
    for key, value in root.pairs:
        if key.kind == "scalar" and key.text == KEY:
            return Listing(document, key, value)
    return Listing(document, None, None)


def blocks(text: str, listed: Node) -> tuple[Block, ...]:
    """Returns the entries of a list in block style, by lines. Raises UnsafeEditError."""
    found: list[Block] = []
    after = listed.start
    for node in listed.items:
        found.append(_block(text, node, after, is_first=not found))
        after = node.end
    return tuple(found)


def has_blank_above(text: str, block: Block) -> bool:
    """True if an empty line stands between an entry, with its comments, and what is above."""
    return block.head > 0 and is_blank(text, line_above(text, block.head))


def after_entry(text: str, end: int, column: int) -> int:
    """Returns where the line after an entry begins: after comments deeper than its hyphen, which are its own."""
    at = next_line(text, end)
    while (comment := comment_column(text, at)) is not None and comment > column:
        at = next_line(text, at)
    return at


def _block(text: str, node: Node, after: int, *, is_first: bool) -> Block:
    hyphen = after + without_comments(text[after : node.start]).rfind("-")
    first_line = line_start(text, hyphen)
    if hyphen < after or text[first_line:hyphen].strip():
        raise UnsafeEditError("an entry does not begin on a line of its own")
    column = hyphen - first_line
    head = _head(text, first_line, None if is_first else column)
    return Block(node, column, head, first_line, after_entry(text, node.end, column))


def _head(text: str, first_line: int, deepest: int | None) -> int:
    """Returns where the comments directly above an entry begin. Deeper ones are those of the entry above."""
    start = first_line
    while start > 0:
        above = line_above(text, start)
        comment = comment_column(text, above)
        if comment is None or (deepest is not None and comment > deepest):
            break
        start = above
    return start
