"""Reads files of Terraform: blocks, and the expressions in them.

Source: HCL native syntax specification, "Structural Elements".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.hcl_expressions import Reader
from gitops_gen.evidence.hcl_scanner import NAME, SPACE, SPACE_AND_LINES
from gitops_gen.evidence.hcl_texts import NotHclError
from gitops_gen.evidence.hcl_tree import Block

if TYPE_CHECKING:
    from gitops_gen.evidence.hcl_tree import Expression


def parse(text: str) -> Block:
    """Returns the content of a file. Raises NotHclError, also for what nests deeper than anybody writes."""
    reader = _FileReader(text)
    try:
        body = reader.body("", ())
    except RecursionError:
        raise NotHclError from None
    if reader.position < len(text):
        raise NotHclError
    return body


class _FileReader(Reader):
    """Reads blocks."""

    def body(self, kind: str, labels: tuple[str, ...]) -> Block:
        attributes: dict[str, Expression] = {}
        blocks: list[Block] = []
        while True:
            self.skip(SPACE_AND_LINES)
            name = self.match(NAME)
            if name is None:
                return Block(kind, labels, attributes, tuple(blocks))
            self.skip(SPACE)
            if self.take("="):
                attributes[name] = self.expression()
            else:
                blocks.append(self._block(name))

    def _block(self, kind: str) -> Block:
        start = self.position - len(kind)
        labels: list[str] = []
        while not self.take("{"):
            label = self.match(NAME) or self.plain_text()
            if label is None:
                raise NotHclError
            labels.append(label)
            self.skip(SPACE)
        found = self.body(kind, tuple(labels))
        self.expect("}")
        return Block(kind, found.labels, found.attributes, found.blocks, start, self.position)
