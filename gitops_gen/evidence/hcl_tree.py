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


REPEATED = "%{for}"
"""The operator of what a directive repeats in a text: its operand is a loop, whose items follow each other."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with its operands: of ? the condition, and what each answer to it comes to."""

    operator: str
    operands: tuple[Expression, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Access:
    """What is below a value, by steps of which some are expressions."""

    of: Expression
    steps: tuple[str | Expression, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Splat:
    """What is below each item of a list."""

    of: Expression
    steps: tuple[str | Expression, ...]
    start: int


@dataclass(frozen=True, slots=True)
class Spread:
    """A list as the last argument of a function, which is given its items."""

    of: Expression
    start: int


@dataclass(frozen=True, slots=True)
class For:
    """A loop: a list or, with a key, an object, of what an expression comes to for each item."""

    names: tuple[str, ...]
    """What an item is called; before that, its index or its key, if that has a name."""
    of: Expression
    value: Expression
    start: int
    key: Expression | None = None
    condition: Expression | None = None
    is_grouped: bool = False
    """True if the values with one key are a list."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """An expression whose value is not known here."""

    start: int


Expression: TypeAlias = (
    Literal | Template | Reference | Access | Splat | Call | Spread | ListOf | Object | For | Operation | Opaque
)


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


def parts_of(expression: Expression) -> tuple[Expression, ...]:
    """Returns the expressions right in one."""
    match expression:
        case Template():
            return tuple(each for each in expression.parts if not isinstance(each, str))
        case Access() | Splat():
            return expression.of, *(each for each in expression.steps if not isinstance(each, str))
        case Call():
            return expression.arguments
        case Spread():
            return (expression.of,)
        case ListOf():
            return expression.items
        case Object():
            return tuple(each for item in expression.items for each in item)
        case For():
            found = (expression.of, expression.key, expression.value, expression.condition)
            return tuple(each for each in found if each is not None)
        case Operation():
            return expression.operands
        case _:
            return ()


def is_constant(expression: Expression) -> bool | None:
    """True for what refers to nothing and calls nothing, False for what does.

    None where a part is not read here, or gives names of its own, as a loop does.
    """
    match expression:
        case Literal():
            return True
        case Reference() | Call():
            return False
        case Opaque() | For():
            return None
        case _:
            parts = [is_constant(each) for each in parts_of(expression)]
    return False if False in parts else None if None in parts else True
