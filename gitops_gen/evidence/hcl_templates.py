"""Texts of HCL as trees: what is filled in, and what directives choose and repeat.

Source: HCL native syntax specification, "Template Directives".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.hcl_texts import DIRECTIVE
from gitops_gen.evidence.hcl_tree import REPEATED, Expression, For, Literal, Opaque, Operation, Template
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gitops_gen.evidence.hcl_texts import Piece


class Expressions(NamedTuple):
    """How what stands in braces is read."""

    read: Callable[[str], Expression]
    source: Callable[[str], tuple[tuple[str, ...], Expression | None]]
    """Returns what a loop calls its items, and what they are of."""


def template_of(found: Iterator[Piece], start: int, expressions: Expressions) -> Expression:
    """Returns what a text of some pieces is; one with directives that are not read is opaque."""
    reader = _Pieces(found, expressions)
    parts = reader.parts()
    if parts is None or reader.last:
        return Opaque(start)
    if all(isinstance(each, str) for each in parts):
        return Literal("".join(map(str, parts)), start)
    return Template(tuple(parts), start)


class _Pieces:
    """Reads the pieces of a text, those in directives as what these come to."""

    def __init__(self, found: Iterator[Piece], expressions: Expressions) -> None:
        self._found = found
        self._expressions = expressions
        self.last = ""
        """The directive that ended the parts that were read last; empty for the end of the text."""

    def parts(self) -> list[str | Expression] | None:
        """Returns the parts up to the next directive that ends what another one began; None for what is not read."""
        parts: list[str | Expression] = []
        for piece in self._found:
            word, _, rest = piece.text.partition(" ")
            if not piece.opened:
                parts += [piece.text] if piece.text else []
            elif piece.opened != DIRECTIVE:
                parts.append(self._expressions.read(piece.text))
            elif word in ("if", "for"):
                part = self._if(rest) if word == "if" else self._for(rest)
                if part is None:
                    return None
                parts.append(part)
            else:
                self.last = word
                return parts
        self.last = ""
        return parts

    def _if(self, condition: str) -> Expression | None:
        of = self._expressions.read(condition)
        answer = self.parts()
        other = self.parts() if self.last == "else" else []
        if answer is None or other is None or self.last != "endif":
            return None
        return Operation("?", (of, _text(answer), _text(other)), of.start)

    def _for(self, source: str) -> Expression | None:
        names, of = self._expressions.source(source)
        parts = self.parts()
        if of is None or parts is None or self.last != "endfor":
            return None
        return Operation(REPEATED, (For(names, of, _text(parts), of.start),), of.start)


def _text(parts: list[str | Expression]) -> Expression:
    """Returns a text; the empty part says that it is one, even if there is one expression in it."""
    return Template(("", *parts), 0)
