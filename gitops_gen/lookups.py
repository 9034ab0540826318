"""Paths and conditions that only look facts up, as nearly all do: read from a context without a template engine.

A fleet of ten thousand clusters asks for a hundred thousand of them. What is more than a look-up, or fails as one, is
left to Jinja, which also has the words for what is wrong.
"""

from __future__ import annotations

from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, TypeAlias

from jinja2 import TemplateSyntaxError, nodes
from jinja2.parser import Parser

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import Environment

    Context: TypeAlias = Mapping[str, object]
    LookUp: TypeAlias = Callable[[Context], object]

FAILURES = (KeyError, AttributeError, TypeError)
"""What a look-up raises that only Jinja can judge."""


def path_of(environment: Environment, text: str) -> Callable[[Context], str] | None:
    """Returns what makes a path from a context, or None if it takes more than look-ups.

    What is returned raises one of FAILURES where a fact is missing or no text.
    """
    body = environment.parse(text).body
    if len(body) != 1 or not isinstance(body[0], nodes.Output):
        return None
    parts = [_part(node) for node in body[0].nodes]
    known = [part for part in parts if part is not None]
    return (lambda context: "".join([part(context) for part in known])) if len(known) == len(parts) else None  # type: ignore[misc]


def condition_of(environment: Environment, text: str) -> Callable[[Context], bool] | None:
    """Returns what a condition says of a context, or None if it takes more than look-ups.

    What is returned raises one of FAILURES where a fact is missing.
    """
    try:
        found = _condition(_parsed(environment, text))
    except TemplateSyntaxError:
        return None
    return None if found is None else lambda context: bool(found(context))


def parsed_condition(environment: Environment, text: str) -> nodes.Node:
    """Returns a tree that has a condition below its root. Raises TemplateSyntaxError."""
    return nodes.Output([_parsed(environment, text)])


def _parsed(environment: Environment, text: str) -> nodes.Expr:
    return Parser(environment, text, state="variable").parse_expression()


def _condition(node: nodes.Expr) -> LookUp | None:
    if isinstance(node, nodes.Not):
        denied = _condition(node.node)
        return None if denied is None else lambda context: not denied(context)
    if isinstance(node, nodes.Compare) and len(node.ops) == 1 and node.ops[0].op == "eq":
        left, right = _look_up(node.expr), node.ops[0].expr
        if left is None or not isinstance(right, nodes.Const):
            return None
        expected = right.value
        return lambda context: left(context) == expected
    return _look_up(node)


def _part(node: nodes.Expr) -> LookUp | None:
    if isinstance(node, nodes.TemplateData):
        text = node.data
        return lambda _: text
    return _look_up(node)


def _look_up(node: nodes.Node) -> LookUp | None:
    """Returns what reads a name of the context and attributes of it; what starts with an underscore is no fact."""
    names: list[str] = []
    while isinstance(node, nodes.Getattr):
        names.append(node.attr)
        node = node.node
    if not isinstance(node, nodes.Name) or any(name.startswith("_") or "." in name for name in names):
        return None
    read = itemgetter(node.name)
    if not names:
        return read
    follow = attrgetter(".".join(reversed(names)))
    return lambda context: follow(read(context))
