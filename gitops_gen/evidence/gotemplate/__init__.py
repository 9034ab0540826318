"""Go's text/template as Argo CD renders an ApplicationSet with it, offline.

    template = parse("{{ .cluster }}-{{ .region | trunc 3 }}")
    template.render({"cluster": "a", "region": "eu-central-1"}, missing_key_error=True)

What Go refuses is a GoTemplateError; what cannot be said here is a CannotSayError, and never a guess. The work of a
rendering is bounded by what it counts, not by a clock, so that it ends the same on every machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.data_classes import entity
from gitops_gen.evidence.gotemplate import compiler, parser
from gitops_gen.evidence.gotemplate.errors import CannotSayError, GoTemplateError
from gitops_gen.evidence.gotemplate.functions import FUNCTIONS
from gitops_gen.evidence.gotemplate.reads import Read, reads_of
from gitops_gen.evidence.gotemplate.run import Run
from gitops_gen.evidence.gotemplate.tree import Action, Field, Text
from gitops_gen.evidence.gotemplate.values import TEXT_LIMIT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.evidence.gotemplate.compiler import Execute
    from gitops_gen.evidence.gotemplate.tree import Node

__all__ = ["CannotSayError", "GoTemplateError", "Read", "Template", "parse"]


@entity
class Template:
    """A template that was parsed, to be rendered many times."""

    text: str
    _nodes: tuple[Node, ...]
    _execute: Execute | None
    """None for a text without actions."""

    def render(self, parameters: Mapping[str, object], *, missing_key_error: bool) -> str:
        """Returns the text with these parameters, which are JSON: a number is a float64, whole or not.

        `missing_key_error` is Go's missingkey=error; without it a missing key shows as `<no value>`.
        Raises GoTemplateError, CannotSayError.
        """
        if self._execute is None:
            return self.text
        joined = self._joined(parameters)
        if joined is not None:
            return joined
        root = parameters if type(parameters) is dict else dict(parameters)
        run = Run(root, is_strict=missing_key_error)
        try:
            self._execute(root, run)
        except RecursionError:
            raise CannotSayError("the template or a parameter is nested too deep") from None
        return run.result()

    def _joined(self, parameters: Mapping[str, object]) -> str | None:
        """Returns the text if it is made of nothing but texts, as nearly all are; None says nothing."""
        written: list[str] = []
        for part in self._parts:
            value = part if isinstance(part, str) else parameters.get(part.names[0])
            if type(value) is not str:
                return None
            written.append(value)
        text = "".join(written)
        return text if text and len(text) <= TEXT_LIMIT and text.isascii() else None

    @cached_property
    def _parts(self) -> tuple[str | Field, ...]:
        """The texts and parameters that make the template; empty if there is more to it."""
        parts = tuple(map(_part, self._nodes))
        return tuple(part for part in parts if part is not None) if None not in parts else ()

    @property
    def is_of_parameters(self) -> bool:
        """True if it is nothing but texts and parameters that are written as they are."""
        return bool(self._parts)

    def fields(self) -> tuple[Read, ...]:
        """Returns the parameters that the template reads, with the offset where each is named."""
        return self._reads

    @cached_property
    def _reads(self) -> tuple[Read, ...]:
        return reads_of(self._nodes)


def _part(node: Node) -> str | Field | None:
    """Returns a text, or a parameter that is written as it is; None for any other part of a template."""
    if isinstance(node, Text):
        return node.text
    pipe = node.pipe if isinstance(node, Action) else None
    if pipe is None or pipe.variables or len(pipe.commands) != 1 or len(pipe.commands[0].operands) != 1:
        return None
    operand = pipe.commands[0].operands[0]
    return operand if isinstance(operand, Field) and len(operand.names) == 1 else None


def parse(text: str) -> Template:
    """Returns the template.

    Raises GoTemplateError for what Go does not parse, CannotSayError for what is not supported.
    """
    if "{{" not in text:
        return Template(text, (), None)
    if len(text) > TEXT_LIMIT:
        raise CannotSayError(f"the template is longer than {TEXT_LIMIT:,} characters")
    try:
        nodes = parser.parse(text, FUNCTIONS.keys())
        return Template(text, nodes, compiler.compile_nodes(nodes))
    except RecursionError:
        raise CannotSayError("the template is nested too deep") from None
