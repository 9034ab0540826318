"""The syntax tree of a Go template. Every node knows its offset in the text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Dot:
    """The cursor, `.`."""

    at: int


@dataclass(frozen=True, slots=True)
class Nil:
    """The constant nil."""

    at: int


@dataclass(frozen=True, slots=True)
class Constant:
    """A string or a boolean."""

    at: int
    value: str | bool


@dataclass(frozen=True, slots=True)
class Number:
    """A number as it is written, and as what it can be taken: as an integer, as a float64, or as both."""

    at: int
    text: str
    integer: int | None
    fraction: float
    is_fraction: bool
    """True if it is a float64 where any type is welcome."""


@dataclass(frozen=True, slots=True)
class Field:
    """`.a.b`, from the cursor."""

    at: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Variable:
    """`$`, `$name` or `$name.a.b`."""

    at: int
    name: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Function:
    """The name of a function."""

    at: int
    name: str


@dataclass(frozen=True, slots=True)
class Chain:
    """Fields of what is computed: `(index . "a").b`."""

    at: int
    operand: Operand
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Command:
    """An operand and its arguments."""

    at: int
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Pipe:
    """Commands, each of which gives its value to the next, and the variables that take the last value."""

    at: int
    commands: tuple[Command, ...]
    variables: tuple[str, ...] = ()
    assigns: bool = False
    """True if the variables exist already."""


Operand: TypeAlias = Dot | Nil | Constant | Number | Field | Variable | Function | Chain | Pipe


@dataclass(frozen=True, slots=True)
class Text:
    """What stands outside of the actions."""

    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Action:
    """A pipe whose value is written, unless it goes to a variable."""

    at: int
    pipe: Pipe


@dataclass(frozen=True, slots=True)
class If:
    """if, or with, which makes the value the cursor."""

    at: int
    pipe: Pipe
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...]
    moves_cursor: bool


@dataclass(frozen=True, slots=True)
class Range:
    """range; `length` is that of the body in the text."""

    at: int
    pipe: Pipe
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...]
    length: int


@dataclass(frozen=True, slots=True)
class Leave:
    """break, or continue."""

    at: int
    for_good: bool


Node: TypeAlias = Text | Action | If | Range | Leave
