"""The nodes of a template's syntax tree, by kind: walked once, where Jinja walks the whole tree for each question."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from jinja2 import nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

N = TypeVar("N", bound=nodes.Node)


class SyntaxTree:
    """All nodes below the root of a syntax tree, in the order in which they are written."""

    def __init__(self, root: nodes.Node) -> None:
        self._by_kind: dict[type, list[tuple[int, nodes.Node]]] = {}
        for number, node in enumerate(_below(root)):
            self._by_kind.setdefault(node.__class__, []).append((number, node))

    def all(self, *kinds: type[N]) -> Iterator[N]:
        """Yields the nodes of some kinds, and of kinds that are made from these."""
        found = [each for kind, some in self._by_kind.items() if issubclass(kind, kinds) for each in some]
        found.sort(key=lambda each: each[0])
        for _, node in found:
            assert isinstance(node, kinds)  # noqa: S101 - as their kind says
            yield node

    def references(self) -> Iterator[tuple[nodes.Node, str]]:
        """Yields the other templates that are named, each with the node that names it."""
        for node in self.all(nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport):
            name = getattr(node, "template", None)
            for each in name.items if isinstance(name, nodes.List | nodes.Tuple) else [name]:
                if isinstance(each, nodes.Const):
                    yield from ((node, found) for found in _names(each.value))


def _names(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        yield from (each for each in value if isinstance(each, str))


def _below(root: nodes.Node) -> Iterator[nodes.Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if node is not root:
            yield node
        children = []
        for name in node.fields:
            value = getattr(node, name, None)
            if isinstance(value, nodes.Node):
                children.append(value)
            elif isinstance(value, list):
                children += [item for item in value if isinstance(item, nodes.Node)]
        waiting.extend(reversed(children))
