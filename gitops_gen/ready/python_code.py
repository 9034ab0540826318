"""The Python that Jinja's compiler writes, as one function that runs without Jinja."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from gitops_gen.templating.runtime import Runtime

if TYPE_CHECKING:
    from collections.abc import Iterator

_FILTERS = frozenset(Runtime().filters)
_ENVIRONMENT = frozenset(name for name in dir(Runtime()) if not name.startswith("_"))
_CONTEXT = frozenset({"resolve_or_missing"})
_BUILTINS = frozenset({"len", "str"})
_PARAMETERS = ("context", "missing", "environment")


def function_of(source: str, name: str) -> str | None:
    """Returns the root function of a compiled template under another name.

    None if it asks for anything that the runtime does not have, or if there is more than that function: blocks.
    """
    module = ast.parse(source)
    root = _root_of(module)
    if root is None:
        return None
    root.name = name
    root.args = ast.arguments([], [ast.arg(each) for each in _PARAMETERS], kwonlyargs=[], kw_defaults=[], defaults=[])
    root.body = [kept for each in root.body for kept in _kept(each)]
    return ast.unparse(ast.fix_missing_locations(root)) if _runs_alone(root) else None


def _root_of(module: ast.Module) -> ast.FunctionDef | None:
    match module.body:
        case [ast.ImportFrom(), ast.Assign(), ast.FunctionDef(name="root") as root, blocks, ast.Assign()]:
            return root if ast.unparse(blocks) == "blocks = {}" else None
    return None


def _kept(statement: ast.stmt) -> Iterator[ast.stmt]:
    """Yields what of a statement is left: without Jinja's provisions for a filter or a test that is not there."""
    match statement:
        case ast.Try(body=[ast.Assign(value=ast.Subscript(value=table, slice=ast.Constant(value=name))) as assigned]):
            if ast.unparse(table) == "environment.filters" and name in _FILTERS:
                yield assigned
        case ast.Assign(targets=[ast.Name(id="cond_expr_undefined")]):
            pass  # where a template needs it, its name has no meaning now
        case _:
            yield statement


def _runs_alone(function: ast.FunctionDef) -> bool:
    """Tells whether a function asks for nothing but its parameters, and of them for what they have."""
    names = [node for node in ast.walk(function) if isinstance(node, ast.Name)]
    given = {*_PARAMETERS, *_BUILTINS, *(node.id for node in names if isinstance(node.ctx, ast.Store))}
    given |= {node.name for node in ast.walk(function) if isinstance(node, ast.FunctionDef)}
    given |= {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    attributes = [node for node in ast.walk(function) if isinstance(node, ast.Attribute)]
    return all(node.id in given for node in names) and all(map(_is_known, attributes))


def _is_known(attribute: ast.Attribute) -> bool:
    match attribute.value:
        case ast.Name(id="environment"):
            return attribute.attr in _ENVIRONMENT
        case ast.Name(id="context"):
            return attribute.attr in _CONTEXT
    return True
