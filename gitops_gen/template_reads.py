"""What a template reads of its context, told from its text: a file is made anew when that changes, and only then."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING

from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gitops_gen.syntax_tree import SyntaxTree

_BY_NAME = frozenset(
    {"attr", "map", "selectattr", "rejectattr", "groupby", "sort", "sum", "min", "max", "unique", "join"}
)
"""Filters that take the name of an attribute."""


@dataclass(frozen=True, slots=True)
class Reads:
    """What a template and those that it includes read."""

    texts: bytes
    """A digest of their texts."""
    names: tuple[str, ...]
    """The names that are read, sorted: those of the context, and some that the template gives itself."""
    of_fleet: tuple[str, ...] | None
    """The facts of `fleet` that are read, sorted; None if it may be any of them."""
    attributes: frozenset[str] | None
    """The names of all attributes that may be read, of whatever; None if it may be any."""

    @property
    def routes(self) -> bool:
        """True if it may read where something is written in the model, which moves when lines are added above."""
        return self.attributes is None or "route" in self.attributes


def reads_of(name: str, load: Callable[[str], tuple[str, SyntaxTree]]) -> Reads:
    """Returns what a template reads. `load` returns the text and the syntax tree of one by its name."""
    digest = blake2b(digest_size=16)
    names: set[str] = set()
    of_fleet: set[str] | None = set()
    attributes: frozenset[str] | None = frozenset()
    for text, tree in _with_included(name, load):
        digest.update(blake2b(text.encode(), digest_size=16).digest())
        names.update(node.name for node in tree.all(nodes.Name))
        facts = _facts_of("fleet", tree)
        of_fleet = None if of_fleet is None or facts is None else of_fleet | facts
        found = attributes_of(tree)
        attributes = None if attributes is None or found is None else attributes | found
    read = None if of_fleet is None else tuple(sorted(of_fleet))
    return Reads(digest.digest(), tuple(sorted(names)), read, attributes)


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


def attributes_of(tree: SyntaxTree) -> frozenset[str] | None:
    """Returns the names of all attributes that may be read; None if one is read whose name nobody can tell."""
    found = {node.attr for node in tree.all(nodes.Getattr)}
    for value in _named(tree):
        if isinstance(value, nodes.Slice):
            continue
        if not isinstance(value, nodes.Const):
            return None
        found.update(str(value.value).split("."))
    return frozenset(found)


def _named(tree: SyntaxTree) -> Iterator[nodes.Expr]:
    """Yields what stands where the name of an attribute is expected, or may be."""
    for node in tree.all(nodes.Getitem):
        yield node.arg
    for filtered in tree.all(nodes.Filter):
        if filtered.name in _BY_NAME:
            yield from filtered.args
            yield from (pair.value for pair in filtered.kwargs)
