"""Which paths and conditions only look facts up: told from their syntax, as Jinja reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import TemplateSyntaxError, nodes
from jinja2.parser import Parser

from gitops_gen.templating.lookups import Condition

if TYPE_CHECKING:
    from jinja2 import Environment

    from gitops_gen.templating.lookups import Names, Path


def path_in(environment: Environment, text: str) -> Path | None:
    """Returns the parts of a path, or None if it takes more than look-ups."""
    body = environment.parse(text).body
    if len(body) != 1 or not isinstance(body[0], nodes.Output):
        return None
    parts = [node.data if isinstance(node, nodes.TemplateData) else _names(node) for node in body[0].nodes]
    known = [part for part in parts if part is not None]
    return tuple(known) if len(known) == len(parts) else None


def condition_in(environment: Environment, text: str) -> Condition | None:
    """Returns what a condition looks up, or None if it takes more than look-ups."""
    try:
        return _condition(_parsed(environment, text))
    except TemplateSyntaxError:
        return None


def condition_tree(environment: Environment, text: str) -> nodes.Node:
    """Returns a tree that has a condition below its root. Raises TemplateSyntaxError."""
    return nodes.Output([_parsed(environment, text)])


def _parsed(environment: Environment, text: str) -> nodes.Expr:
    return Parser(environment, text, state="variable").parse_expression()


def _condition(node: nodes.Expr) -> Condition | None:
    if isinstance(node, nodes.Not):
        denied = _condition(node.node)
        return None if denied is None else denied._replace(is_denied=not denied.is_denied)
    if not isinstance(node, nodes.Compare):
        names = _names(node)
        return None if names is None else Condition(names)
    names, operands = _names(node.expr), node.ops
    if names is None or len(operands) != 1 or operands[0].op != "eq" or not isinstance(operands[0].expr, nodes.Const):
        return None
    return Condition(names, (operands[0].expr.value,))


def _names(node: nodes.Node) -> Names | None:
    """Returns the name of the context that is read, and attributes; what starts with an underscore is no fact."""
    names: list[str] = []
    while isinstance(node, nodes.Getattr):
        names.append(node.attr)
        node = node.node
    if not isinstance(node, nodes.Name) or any(name.startswith("_") or "." in name for name in names):
        return None
    return (node.name, *reversed(names))
