"""The rule that every substitution of a template ends in an encoder, held against its syntax tree before it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jinja2 import TemplateAssertionError, nodes

from gitops_gen.templating.encoders import ENCODERS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.templating.syntax_tree import SyntaxTree


class RefusedError(TemplateAssertionError):
    """A template is refused before anything is rendered. The hint, if there is one, is the next step."""

    def __init__(self, message: str, lineno: int, name: str | None, filename: str | None, hint: str = "") -> None:
        super().__init__(message, lineno, name, filename)
        self.hint = hint


class UnencodedError(RefusedError):
    """A substitution does not end in an encoder."""

    lines: tuple[int, ...] = ()
    """The lines of all such substitutions of the template, in order; empty where the error is another one."""


def encoders_of(tree: SyntaxTree) -> Iterator[tuple[str, int]]:
    """Yields the encoder and the line of every substitution that has one."""
    for output in tree.all(nodes.Output):
        for node in output.nodes:
            if isinstance(node, nodes.Filter) and node.name in ENCODERS:
                yield node.name, node.lineno


def check_substitutions(tree: SyntaxTree, name: str | None, filename: str | None) -> None:
    """Raises UnencodedError if a template may write what went through no encoder, or through more than that."""
    macros = _macros(tree)
    values = [each for output in tree.all(nodes.Output) for each in output.nodes]
    lines = [each.lineno for each in values if not (isinstance(each, nodes.TemplateData) or _is_encoded(each, macros))]
    lines += [each.lineno for each in tree.all(nodes.CallBlock) if not _is_encoded(each.call, macros)]
    if lines:
        raise _unencoded(sorted(lines), name, filename)
    for block in tree.all(nodes.FilterBlock, nodes.ScopedEvalContextModifier):
        hint = "change the value itself, before its encoder"
        raise UnencodedError("a block changes what is encoded already", block.lineno, name, filename, hint)
    for node in tree.all(nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport):
        if not isinstance(getattr(node, "template", None), nodes.Const):
            message = "the name of another template must be written as text"
            raise UnencodedError(message, node.lineno, name, filename, 'write it in quotes: <% include "name" %>')


def _macros(tree: SyntaxTree) -> set[str]:
    """Returns the names that are a macro's and nothing else's: macros, callers and blocks write what is encoded."""
    macros = {node.name for node in tree.all(nodes.Macro)} | {"caller", "super"}
    for node in tree.all(nodes.FromImport):
        macros.update(each if isinstance(each, str) else each[1] for each in node.names)
    return macros - {node.name for node in tree.all(nodes.Name) if node.ctx != "load"}


def _is_encoded(node: nodes.Node, macros: set[str]) -> bool:
    if isinstance(node, nodes.Filter):
        return node.name in ENCODERS
    return isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in macros


def _unencoded(lines: Sequence[int], name: str | None, filename: str | None) -> UnencodedError:
    encoders = ", ".join(f"| {encoder}" for encoder in sorted(ENCODERS))
    error = UnencodedError(f"a value is written without an encoder at its end: {encoders}", lines[0], name, filename)
    error.lines = tuple(lines)
    return error
