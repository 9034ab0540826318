"""The sandbox compiled for speed: the same templates, bounds and texts, but errors that do not say where.

What fails here, for whatever reason, is rendered once more by the sandbox itself, which tells the line and decides.
"""

from __future__ import annotations

from keyword import iskeyword
from typing import TYPE_CHECKING

from jinja2 import nodes

from gitops_gen.templating.budget import STEP_SIZE
from gitops_gen.templating.encoders import swift_encoders
from gitops_gen.templating.metering import MACRO, WEIGHED, MeteredGenerator
from gitops_gen.templating.readable import FACTS, LIGHT
from gitops_gen.templating.sandbox import Sandbox

if TYPE_CHECKING:
    from jinja2 import BaseLoader
    from jinja2.compiler import Frame


class SwiftGenerator(MeteredGenerator):
    """As its base, but what stands between two statements is one text, and facts of the model are read directly."""

    def write_commons(self) -> None:
        super().write_commons()
        self.writeline("facts, light = environment.facts.get, environment.light")

    def visit_Output(self, node: nodes.Output, frame: Frame) -> None:  # noqa: N802
        if frame.buffer is not None or frame.require_output_check:
            super().visit_Output(node, frame)
            return
        self.writeline("yield concat((", node)
        for child in node.nodes:
            self._text(child, frame)
            self.write(", ")
        self.write("))")

    def visit_Getattr(self, node: nodes.Getattr, frame: Frame) -> None:  # noqa: N802
        if not node.attr.isidentifier() or iskeyword(node.attr) or node.attr.startswith("_"):
            super().visit_Getattr(node, frame)
            return
        read = self.temporary_identifier()
        self.write(f"({read}.{node.attr} if {node.attr!r} in facts(({read} := ")
        self.visit(node.node, frame)
        self.write(f").__class__, ()) else environment.getattr({read}, {node.attr!r}))")

    def visit_Filter(self, node: nodes.Filter, frame: Frame) -> None:  # noqa: N802
        if node.name != WEIGHED or node.node is None:
            super().visit_Filter(node, frame)
            return
        value, kind = self.temporary_identifier(), self.temporary_identifier()
        self.write(f"({value} if ({kind} := ({value} := ")
        self.visit(node.node, frame)
        self.write(f").__class__) in light or {kind} is str and len({value}) < {STEP_SIZE} ")
        self.write(f"else environment.weighed({value}))")

    def visit_Test(self, node: nodes.Test, frame: Frame) -> None:  # noqa: N802
        if node.name != "none" or node.args or node.kwargs:
            super().visit_Test(node, frame)
            return
        self.write("(")
        self.visit(node.node, frame)
        self.write(" is None)")

    def _text(self, node: nodes.Expr, frame: Frame) -> None:
        if isinstance(node, nodes.TemplateData):
            self.write(repr(node.data))
        elif isinstance(node, nodes.Filter) and node.name not in (WEIGHED, MACRO):
            self.visit(node, frame)  # an encoder, or the template would have been refused: what it returns is text
        else:
            self.write("str(")
            self.visit(node, frame)
            self.write(")")


class SwiftSandbox(Sandbox):
    """As its base, some times faster."""

    facts = FACTS
    light = LIGHT

    def __init__(self, loader: BaseLoader) -> None:
        super().__init__(loader)
        self.code_generator_class = SwiftGenerator
        self.filters |= swift_encoders(self)
