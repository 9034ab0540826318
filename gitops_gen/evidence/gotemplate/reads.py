"""Which parameters a Go template reads, told from its text alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.evidence.gotemplate.tree import (
    Action,
    Chain,
    Command,
    Constant,
    Dot,
    Field,
    Function,
    If,
    Node,
    Operand,
    Pipe,
    Range,
    Variable,
)
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Path: TypeAlias = "tuple[str, ...]"


class Read(NamedTuple):
    """A parameter that a template reads: the keys that lead to it, and the offset where it is named.

    An optional one may be missing even under missingkey=error: it is looked up by dig, get, hasKey or index.
    The empty path stands for all parameters at once.
    """

    path: Path
    at: int
    optional: bool = False


def reads_of(nodes: Sequence[Node]) -> tuple[Read, ...]:
    """Returns what is read, in the order of the text. What a range goes over is one read; its elements are none."""
    reader = _Reader()
    reader.nodes(nodes, ())
    return tuple(sorted(set(reader.reads), key=lambda read: (read.at, read.path)))


class _Reader:
    """A walk over the tree that follows the cursor and the variables as long as it is clear where they stand."""

    def __init__(self) -> None:
        self.reads: list[Read] = []
        self._variables: dict[str, Path | None] = {"$": ()}
        self._assigned: set[str] = set()

    def nodes(self, nodes: Iterable[Node], dot: Path | None) -> None:
        for node in nodes:
            match node:
                case Action():
                    self._pipe(node.pipe, dot)
                case If() | Range():
                    self._control(node, dot)

    def _control(self, node: If | Range, dot: Path | None) -> None:
        outside = dict(self._variables)
        found = self._pipe(node.pipe, dot, is_range=isinstance(node, Range))
        inside = dict(self._variables)
        self.nodes(node.body, self._cursor(node, found, dot))
        self._variables = inside
        self.nodes(node.otherwise, dot)
        self._variables = {name: None if name in self._assigned else path for name, path in outside.items()}

    def _cursor(self, node: If | Range, found: Path | None, dot: Path | None) -> Path | None:
        if isinstance(node, Range):
            return None
        return found if node.moves_cursor else dot

    def _pipe(self, pipe: Pipe, dot: Path | None, *, is_range: bool = False) -> Path | None:
        """Reads a pipeline; returns where its value stands, or None if it is computed."""
        found = None
        for index, command in enumerate(pipe.commands):
            following = pipe.commands[index + 1 : index + 2]
            if len(command.operands) == 1 and any(map(_looks_up_what_it_is_fed, following)):
                found = self._place(command.operands[0], dot)
            else:
                found = self._command(command, dot, found, is_first=not index)
        if pipe.assigns:
            self._assigned.update(pipe.variables)
        for name in pipe.variables:
            self._variables[name] = None if is_range else found
        return found

    def _command(self, command: Command, dot: Path | None, final: Path | None, *, is_first: bool) -> Path | None:
        first, arguments = command.operands[0], command.operands[1:]
        if isinstance(first, Function):
            return self._call(command, arguments, dot, final, is_fed=not is_first)
        return self._operand(first, dot)

    def _call(
        self, command: Command, arguments: Sequence[Operand], dot: Path | None, final: Path | None, *, is_fed: bool
    ) -> Path | None:
        name = command.operands[0].name if isinstance(command.operands[0], Function) else ""
        keys = _literal_keys(name, arguments, is_fed=is_fed)
        if keys is None:
            for argument in arguments:
                self._operand(argument, dot)
            return None
        start = final if is_fed else self._place(arguments[keys.container], dot)
        for index, argument in enumerate(arguments):
            if index not in keys.literals and (is_fed or index != keys.container):
                self._operand(argument, dot)
        return self._read(start, keys.path, command.at, optional=True)

    def _operand(self, operand: Operand, dot: Path | None) -> Path | None:
        """Reads an operand; returns where its value stands."""
        match operand:
            case Dot():
                return self._read(dot, (), operand.at)
            case Field():
                return self._read(dot, operand.names, operand.at)
            case Variable():
                return self._read(self._variables.get(operand.name), operand.names, operand.at)
            case Chain():
                return self._read(self._operand(operand.operand, dot), operand.names, operand.at)
            case Pipe():
                return self._pipe(operand, dot)
            case Function():
                return None
        return None

    def _place(self, operand: Operand, dot: Path | None) -> Path | None:
        """Returns where the value of an operand stands, without a read of all of it, as `.` in `index . "a"`."""
        if isinstance(operand, Dot):
            return dot
        if isinstance(operand, Variable) and not operand.names:
            return self._variables.get(operand.name)
        return self._operand(operand, dot)

    def _read(self, start: Path | None, names: Path, at: int, *, optional: bool = False) -> Path | None:
        if start is None:
            return None
        path = start + names
        self.reads.append(Read(path, at, optional))
        return path


def _looks_up_what_it_is_fed(command: Command) -> bool:
    first, *arguments = command.operands
    return isinstance(first, Function) and _literal_keys(first.name, arguments, is_fed=True) is not None


class _Keys(NamedTuple):
    path: Path
    literals: tuple[int, ...]
    container: int


def _literal_keys(name: str, arguments: Sequence[Operand], *, is_fed: bool) -> _Keys | None:
    """Returns the literal keys by which a function looks something up, and which argument is the map."""
    count = len(arguments)
    if name in ("get", "hasKey") and count == 2 and not is_fed:
        return _keys(arguments, range(1, count), 0)
    if name == "index" and count > 1 and not is_fed:
        return _keys(arguments, range(1, count), 0)
    if name == "dig" and count + is_fed > 2:
        return _keys(arguments, range(count - 2 + is_fed), count - 1)
    return None


def _keys(arguments: Sequence[Operand], literals: range, container: int) -> _Keys | None:
    path = []
    for index in literals:
        argument = arguments[index]
        if not isinstance(argument, Constant) or not isinstance(argument.value, str):
            return None
        path.append(argument.value)
    return _Keys(tuple(path), tuple(literals), container)
