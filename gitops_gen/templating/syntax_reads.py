"""What a template reads of its context, told from its syntax."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from jinja2 import nodes

from gitops_gen.templating.reads import Reads, digest_of_texts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gitops_gen.templating.syntax_tree import SyntaxTree

_BY_NAME = frozenset(
    {"attr", "map", "selectattr", "rejectattr", "groupby", "sort", "sum", "min", "max", "unique", "join"}
)
"""Filters that take the name of an attribute."""


def reads_of(name: str, load: Callable[[str], tuple[str, SyntaxTree]]) -> Reads:
    """Returns what a template reads. `load` returns the text and the syntax tree of one by its name."""
    texts: list[str] = []
    names: set[str] = set()
    of_fleet: set[str] | None = set()
    attributes: set[str] | None = set()
    for text, tree in _with_included(name, load):
        texts.append(text)
        names.update(node.name for node in tree.all(nodes.Name))
        facts = _facts_of("fleet", tree)
        of_fleet = None if of_fleet is None or facts is None else of_fleet | facts
        found = attributes_of(tree)
        attributes = None if attributes is None or found is None else attributes | found
    read = None if of_fleet is None else tuple(sorted(of_fleet))
    followed = None if attributes is None else tuple(sorted(attributes))
    return Reads(digest_of_texts(texts), tuple(sorted(names)), read, followed)


def _with_included(name: str, load: Callable[[str], tuple[str, SyntaxTree]]) -> Iterator[tuple[str, SyntaxTree]]:
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        text, tree = load(current)
        yield text, tree
        waiting.extend(name for _, name in tree.references())


def _facts_of(name: str, tree: SyntaxTree) -> set[str] | None:
    """Returns the attributes that are read of a name; None if the name also stands without one."""
    read = [
        node.attr for node in tree.all(nodes.Getattr) if isinstance(node.node, nodes.Name) and node.node.name == name
    ]
    used = sum(node.name == name for node in tree.all(nodes.Name))
    return set(read) if used == len(read) else None


def attributes_of(tree: SyntaxTree) -> set[str] | None:
    """Returns the names of all attributes that may be read; None if one is read whose name nobody can tell."""
    found = {node.attr for node in tree.all(nodes.Getattr)}
    for value in _named(tree):
        if isinstance(value, nodes.Slice):
            continue
        if not isinstance(value, nodes.Const):
            return None
        found.update(re.split(r"[.,]", str(value.value)))
    return found


def _named(tree: SyntaxTree) -> Iterator[nodes.Expr]:
    """Yields what stands where the name of an attribute is expected, or may be."""
    for node in tree.all(nodes.Getitem):
        yield node.arg
    for filtered in tree.all(nodes.Filter):
        if filtered.name in _BY_NAME:
            yield from filtered.args
            yield from (pair.value for pair in filtered.kwargs)
