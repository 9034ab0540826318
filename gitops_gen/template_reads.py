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
    routes: bool
    """True if it may read where something is written in the model, which moves when lines are added above."""


def reads_of(name: str, load: Callable[[str], tuple[str, SyntaxTree]]) -> Reads:
    """Returns what a template reads. `load` returns the text and the syntax tree of one by its name."""
    digest = blake2b(digest_size=16)
    names: set[str] = set()
    of_fleet: set[str] | None = set()
    routes = False
    for text, tree in _with_included(name, load):
        digest.update(blake2b(text.encode(), digest_size=16).digest())
        names.update(node.name for node in tree.all(nodes.Name))
        facts = _facts_of("fleet", tree)
        of_fleet = None if of_fleet is None or facts is None else of_fleet | facts
        routes = routes or _may_read_routes(tree)
    read = None if of_fleet is None else tuple(sorted(of_fleet))
    return Reads(digest.digest(), tuple(sorted(names)), read, routes)


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


def _may_read_routes(tree: SyntaxTree) -> bool:
    """Tells whether `route` is read, or an attribute whose name nobody can tell from the text."""
    if any(node.attr == "route" for node in tree.all(nodes.Getattr)):
        return True
    if any(not isinstance(node.arg, nodes.Const | nodes.Slice) for node in tree.all(nodes.Getitem)):
        return True
    return any(_names_a_route(node) for node in tree.all(nodes.Getitem, nodes.Filter))


def _names_a_route(node: nodes.Node) -> bool:
    if isinstance(node, nodes.Filter):
        values = [*node.args, *(pair.value for pair in node.kwargs)] if node.name in _BY_NAME else []
    else:
        values = [node.arg] if isinstance(node, nodes.Getitem) else []
    return any(not isinstance(value, nodes.Const | nodes.Slice) or _is_route(value) for value in values)


def _is_route(value: nodes.Expr) -> bool:
    return isinstance(value, nodes.Const) and any(part == "route" for part in str(value.value).split("."))
