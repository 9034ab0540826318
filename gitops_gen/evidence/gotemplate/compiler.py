"""From a syntax tree to functions that evaluate it: it is walked once, and rendered many times.

Source: the documentation of Go's text/template, and its exec.go at Go 1.25. The types of arguments, what is missing
and what is nil are told apart as there: a key that is missing is nothing, a null in the data is a nil interface.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from gitops_gen.evidence.gotemplate.errors import GoTemplateError, located
from gitops_gen.evidence.gotemplate.pipelines import pipeline
from gitops_gen.evidence.gotemplate.run import STEP_WORK, Run
from gitops_gen.evidence.gotemplate.tree import Action, If, Leave, Node, Range, Text
from gitops_gen.evidence.gotemplate.values import (
    NOTHING,
    Int,
    in_order,
    is_integer,
    is_list,
    is_map,
    is_true,
    ordered,
    weigh,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

Execute: TypeAlias = "Callable[[object, Run], _Signal | None]"
"""Writes; the result is a break or a continue that is under way."""


class _Signal:
    """A break or a continue on its way to its range."""


_BREAK: Final = _Signal()
_CONTINUE: Final = _Signal()


def compile_nodes(nodes: Sequence[Node]) -> Execute:
    """Returns the function that writes what the nodes say."""
    steps = tuple(map(_node, nodes))
    if len(steps) == 1:
        return steps[0]

    def execute(dot: object, run: Run) -> _Signal | None:
        for step in steps:
            signal = step(dot, run)
            if signal is not None:
                return signal
        return None

    return execute


def _node(node: Node) -> Execute:
    match node:
        case Text():
            return _text(node.text)
        case Action():
            return _action(node)
        case If():
            return _branch(node)
        case Range():
            return _Range(node)
        case Leave():
            signal = _BREAK if node.for_good else _CONTINUE
            return lambda _dot, _run: signal


def _text(text: str) -> Execute:
    def execute(_dot: object, run: Run) -> None:
        run.write(text)

    return execute


def _action(node: Action) -> Execute:
    evaluate, at = pipeline(node.pipe), node.at
    if node.pipe.variables:

        def declare(dot: object, run: Run) -> None:
            evaluate(dot, run)

        return declare

    def execute(dot: object, run: Run) -> None:
        value = evaluate(dot, run)
        run.write(value if type(value) is str else _printed(value, run, at))

    return execute


def _printed(value: object, run: Run, at: int) -> str:
    if value is NOTHING:
        return "<no value>"
    from gitops_gen.evidence.gotemplate import fmt

    with located(at):
        run.charge(weigh(value))
        return fmt.text(value)


def _branch(node: If) -> Execute:
    condition = pipeline(node.pipe)
    body, otherwise = compile_nodes(node.body), compile_nodes(node.otherwise)
    moves_cursor = node.moves_cursor

    def execute(dot: object, run: Run) -> _Signal | None:
        known = len(run.variables)
        value = condition(dot, run)
        signal = body(value if moves_cursor else dot, run) if is_true(value) else otherwise(dot, run)
        del run.variables[known:]
        return signal

    return execute


class _Range:
    """range: what it goes over, what each turn sets, and the else."""

    def __init__(self, node: Range) -> None:
        self._pipe = node.pipe
        self._values = pipeline(node.pipe)
        self._body = compile_nodes(node.body)
        self._otherwise = compile_nodes(node.otherwise)
        self._at = node.at
        self._work = STEP_WORK + node.length

    def __call__(self, dot: object, run: Run) -> _Signal | None:
        known = len(run.variables)
        with located(self._at):
            turns = self._turns(self._values(dot, run))
        signal = self._otherwise(dot, run) if turns is None else self._run(turns, run)
        del run.variables[known:]
        return signal

    def _run(self, turns: Iterator[tuple[object, object]], run: Run) -> _Signal | None:
        """Takes the turns. A break and a continue end here, so none is under way behind it."""
        known = len(run.variables)
        for index, element in turns:
            with located(self._at):
                run.charge(self._work)
                self._set(index, element, run)
            signal = self._body(element, run)
            del run.variables[known:]
            if signal is _BREAK:
                break
        return None

    def _turns(self, value: object) -> Iterator[tuple[object, object]] | None:
        """Returns the turns with their index and element, or None if there is none."""
        if is_list(value):
            return ((Int(index), each) for index, each in enumerate(ordered(value))) if value else None
        if is_map(value):
            return iter(in_order(value)) if value else None
        if value is NOTHING:
            return None
        if not isinstance(value, int) or not is_integer(value):
            from gitops_gen.evidence.gotemplate import fmt

            raise GoTemplateError(f"range can't iterate over {fmt.text(value)}")
        if len(self._pipe.variables) > 1:
            raise GoTemplateError(f"can't use {value} to iterate over more than one variable")
        kind = type(value)
        return ((NOTHING, kind(number)) for number in range(value)) if value > 0 else None

    def _set(self, index: object, element: object, run: Run) -> None:
        names = self._pipe.variables
        values = (index, element) if len(names) > 1 else (element,)
        start = len(run.variables) - len(names)
        for place, (name, value) in enumerate(zip(names, values, strict=False)):
            if self._pipe.assigns:
                run.assign(name, value)
            else:
                run.variables[start + place] = (name, value)
