"""What configurations of Terraform consist of: blocks, attributes and expressions, and where each starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant."""

    value: object
    start: int


@dataclass(frozen=True, slots=True)
class Template:
    """A text with expressions in it."""

    parts: tuple[str | Expression, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Reference:
    """A path such as var.name."""

    steps: tuple[str, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function with its arguments."""

    name: str
    arguments: tuple[Expression, ...]
    start: int


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list."""

    items: tuple[Expression, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Object:
    """An object, with keys that may be templates."""

    items: tuple[tuple[Expression, Expression], ...]
    start: int


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with its operands: of ? the condition, and what each answer to it comes to."""

    operator: str
    operands: tuple[Expression, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Opaque:
    """An expression whose value is not known here."""

    start: int


Expression: TypeAlias = Literal | Template | Reference | Call | ListOf | Object | Operation | Opaque


@dataclass(frozen=True, slots=True)
class Block:
    """A block: its type, its labels, and what is in it. A file is one without a type."""

    type: str
    labels: tuple[str, ...]
    attributes: dict[str, Expression]
    blocks: tuple[Block, ...]
    start: int = field(default=0, compare=False)
    """Where it begins in the text of its file: with its type."""
    end: int = field(default=0, compare=False)
    _of: dict[tuple[str, ...], tuple[Block, ...]] = field(default_factory=dict, compare=False, repr=False)
    """The blocks of each type, and of each type with its first labels, as soon as one is asked for."""

    def of(self, *types: str) -> tuple[Block, ...]:
        """Returns the blocks of a type right in this one, with the first labels that are given."""
        if self.blocks and not self._of:
            found: dict[tuple[str, ...], list[Block]] = {}
            for each in self.blocks:
                for count in range(len(each.labels) + 1):
                    found.setdefault((each.type, *each.labels[:count]), []).append(each)
            self._of.update((key, tuple(blocks)) for key, blocks in found.items())
        return self._of.get(types, ())


def is_constant(expression: Expression) -> bool | None:
    """True for what refers to nothing and calls nothing, False for what does; None where a part is not read here."""
    match expression:
        case Literal():
            return True
        case Template():
            parts = [is_constant(each) for each in expression.parts if not isinstance(each, str)]
        case ListOf():
            parts = [is_constant(each) for each in expression.items]
        case Object():
            parts = [is_constant(each) for item in expression.items for each in item]
        case Operation():
            parts = [is_constant(each) for each in expression.operands]
        case Opaque():
            return None
        case _:
            return False
    return False if False in parts else None if None in parts else True
