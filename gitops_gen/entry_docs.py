"""What the docstrings below the fields of the entries say. Read from the source, and only where somebody asks.

pydantic can do so itself (`use_attribute_docstrings`), but at each start, of which nearly none needs it.
"""

from __future__ import annotations

import ast
import inspect
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.entries import Entry


def field_docs(entry: type[Entry]) -> Mapping[str, str]:
    """Returns the docstring of each field that an entry has one for, those that it inherits among them."""
    found: dict[str, str] = {}
    for each in reversed(entry.__mro__):
        if each.__module__.startswith("gitops_gen."):
            found |= _docs_in(each.__module__).get(each.__name__, {})
    return found


@cache
def _docs_in(module: str) -> Mapping[str, Mapping[str, str]]:
    tree = ast.parse(inspect.getsource(import_module(module)))
    return {node.name: dict(_docs_of(node)) for node in tree.body if isinstance(node, ast.ClassDef)}


def _docs_of(node: ast.ClassDef) -> Iterator[tuple[str, str]]:
    for field, doc in zip(node.body, node.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(doc, ast.Expr):
            text = doc.value.value if isinstance(doc.value, ast.Constant) else None
            if isinstance(text, str):
                yield field.target.id, inspect.cleandoc(text)
