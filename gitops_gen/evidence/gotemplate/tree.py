"""The syntax tree of a Go template. Every node knows its offset in the text."""

from __future__ import annotations

from typing import TypeAlias

from gitops_gen.named_tuple import NamedTuple


class Dot(NamedTuple):
    """The cursor, `.`."""

    at: int


class Nil(NamedTuple):
    """The constant nil."""

    at: int


class Constant(NamedTuple):
    """A string or a boolean."""

    at: int
    value: str | bool


class Number(NamedTuple):
    """A number as it is written, and as what it can be taken: as an integer, as a float64, or as both."""

    at: int
    text: str
    integer: int | None
    fraction: float
    is_fraction: bool
    """True if it is a float64 where any type is welcome."""


class Field(NamedTuple):
    """`.a.b`, from the cursor."""

    at: int
    names: tuple[str, ...]


class Variable(NamedTuple):
    """`$`, `$name` or `$name.a.b`."""

    at: int
    name: str
    names: tuple[str, ...] = ()


class Function(NamedTuple):
    """The name of a function."""

    at: int
    name: str


class Chain(NamedTuple):
    """Fields of what is computed: `(index . "a").b`."""

    at: int
    operand: Operand
    names: tuple[str, ...]


class Command(NamedTuple):
    """An operand and its arguments."""

    at: int
    operands: tuple[Operand, ...]


class Pipe(NamedTuple):
    """Commands, each of which gives its value to the next, and the variables that take the last value."""

    at: int
    commands: tuple[Command, ...]
    variables: tuple[str, ...] = ()
    assigns: bool = False
    """True if the variables exist already."""


Operand: TypeAlias = Dot | Nil | Constant | Number | Field | Variable | Function | Chain | Pipe


class Text(NamedTuple):
    """What stands outside of the actions."""

    at: int
    text: str


class Action(NamedTuple):
    """A pipe whose value is written, unless it goes to a variable."""

    at: int
    pipe: Pipe


class If(NamedTuple):
    """if, or with, which makes the value the cursor."""

    at: int
    pipe: Pipe
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...]
    moves_cursor: bool


class Range(NamedTuple):
    """range; `length` is that of the body in the text."""

    at: int
    pipe: Pipe
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...]
    length: int


class Leave(NamedTuple):
    """break, or continue."""

    at: int
    for_good: bool


Node: TypeAlias = Text | Action | If | Range | Leave
