"""How a template becomes Python: whatever may grow or take long passes through the sandbox, which counts it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from jinja2 import Template, nodes
from jinja2.compiler import CodeGenerator
from jinja2.visitor import NodeTransformer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping

    from jinja2 import Environment
    from jinja2.compiler import Frame
    from jinja2.runtime import Context

    from gitops_gen.templating.sandbox import Sandbox
    from gitops_gen.templating.syntax_tree import SyntaxTree


def meter(root: nodes.Template, tree: SyntaxTree) -> nodes.Template:
    """Marks in a syntax tree what `MeteredGenerator` passes through the sandbox, and returns its root."""
    for value in _lone_bare_values(tree):
        value.args = [nodes.Const(True)]
    metered: nodes.Template = _Meter().visit(root)
    return metered


def lone_bare_values(tree: SyntaxTree) -> tuple[int, ...]:
    """Returns the lines of the bare values that are a whole scalar by themselves."""
    return tuple(value.lineno for value in _lone_bare_values(tree))


class MeteredGenerator(CodeGenerator):
    """Jinja's own, but that what is marked, `~`, macros and blocks go through the sandbox."""

    def buffer(self, frame: Frame) -> None:
        frame.buffer = self.temporary_identifier()
        self.writeline(f"{frame.buffer} = environment.buffer()")

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802
        # Jinja remembers no line for text; what the text becomes may be wrong.
        self.newline(node.nodes[0])
        super().visit_Output(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802
        self.write("environment.concat_bounded((")
        for part in node.nodes:
            self.visit(part, frame)
            self.write(", ")
        self.write("))")

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:  # noqa: N802
        if node.name not in _METHODS:
            super().visit_Filter(node, frame)
            return
        assert node.node is not None  # noqa: S101
        self.write(f"environment.{_METHODS[node.name]}(")
        self.visit(node.node, frame)
        self.write(")")


class NestedTemplate(Template):
    """A template that tells the sandbox when its text begins and ends.

    `outermost_parts` is for the one that a rendering starts with, which stands inside no other.
    """

    outermost_parts: Callable[[Context], Iterator[str]]

    @classmethod
    def _from_namespace(
        cls,
        environment: Environment,
        namespace: MutableMapping[str, object],
        globals: MutableMapping[str, object],  # noqa: A002
    ) -> Template:
        template = cast("NestedTemplate", super()._from_namespace(environment, namespace, globals))
        sandbox = cast("Sandbox", environment)
        render = template.outermost_parts = template.root_render_func
        template.root_render_func = lambda context: sandbox.nested(render(context))
        return template


WEIGHED, MACRO = "weighed here", "macro here"
_METHODS = {WEIGHED: "weighed", MACRO: "macro"}
"""Filters that no template can name, and the methods of the sandbox that they stand for."""


class _Meter(NodeTransformer):
    def visit_List(self, node: nodes.List) -> nodes.Node:  # noqa: N802
        return _through(WEIGHED, self.generic_visit(node))

    def visit_Dict(self, node: nodes.Dict) -> nodes.Node:  # noqa: N802
        return _through(WEIGHED, self.generic_visit(node))

    def visit_Tuple(self, node: nodes.Tuple) -> nodes.Node:  # noqa: N802
        inside = self.generic_visit(node)
        return _through(WEIGHED, inside) if node.ctx == "load" else inside

    def visit_Getitem(self, node: nodes.Getitem) -> nodes.Node:  # noqa: N802
        inside = self.generic_visit(node)
        return _through(WEIGHED, inside) if isinstance(node.arg, nodes.Slice) else inside

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.expr = _through(WEIGHED, node.expr)
        for operand in node.ops:
            operand.expr = _through(WEIGHED, operand.expr)
        return node

    def visit_Output(self, node: nodes.Output) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        for child in node.nodes:
            if isinstance(child, nodes.Call):
                child.node = _through(MACRO, child.node)
        return node

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:  # noqa: N802
        self.generic_visit(node)
        node.call.node = _through(MACRO, node.call.node)
        return node


def _through(name: str, node: nodes.Node) -> nodes.Expr:
    assert isinstance(node, nodes.Expr)  # noqa: S101
    return node if isinstance(node, nodes.Const) else nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def _lone_bare_values(tree: SyntaxTree) -> Iterator[nodes.Filter]:
    for output in tree.all(nodes.Output):
        texts = ["\n", *(node.data if isinstance(node, nodes.TemplateData) else "x" for node in output.nodes), "\n"]
        for node, before, after in zip(output.nodes, texts, texts[2:], strict=False):
            is_lone = _STARTS_VALUE.search(before) and _ENDS_VALUE.match(after)
            if is_lone and isinstance(node, nodes.Filter) and node.name == "bare":
                yield node


# What stands before and behind a value that is a whole scalar of YAML, or a whole expression of HCL.
_STARTS_VALUE = re.compile(r"(?:\n|[:=-] +| [\[{,] *|^[\[{,] *)[ ]*\Z")
_ENDS_VALUE = re.compile(r" *(?:\n|[],}]| #)")
