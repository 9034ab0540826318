"""Pipelines: their commands, the operands of these, and what fields a value has.

What is missing and what is nil are told apart as by Go: a key that is missing is nothing, a null in the data is a nil
interface.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.gotemplate.calls import function_call
from gitops_gen.evidence.gotemplate.errors import GoTemplateError, located
from gitops_gen.evidence.gotemplate.evaluation import MISSING, constant, ideal, named, refusing
from gitops_gen.evidence.gotemplate.tree import (
    Chain,
    Command,
    Constant,
    Dot,
    Field,
    Function,
    Nil,
    Number,
    Operand,
    Pipe,
    Variable,
)
from gitops_gen.evidence.gotemplate.values import NOTHING, is_map, type_name

if TYPE_CHECKING:
    from gitops_gen.evidence.gotemplate.evaluation import Evaluate, Fed
    from gitops_gen.evidence.gotemplate.run import Run


def pipeline(pipe: Pipe) -> Evaluate:
    """Returns what evaluates a pipeline; its value is nothing where it is null."""
    first = _settled(_command(pipe.commands[0]))
    rest = tuple(map(_command, pipe.commands[1:]))
    evaluate = _chained(first, rest) if rest else first
    return _declaring(evaluate, pipe) if pipe.variables else evaluate


def _settled(command: Fed) -> Evaluate:
    def evaluate(dot: object, run: Run) -> object:
        value = command(dot, run)
        return NOTHING if value is None else value

    return evaluate


def _chained(first: Evaluate, rest: tuple[Fed, ...]) -> Evaluate:
    def evaluate(dot: object, run: Run) -> object:
        value = first(dot, run)
        for command in rest:
            value = command(dot, run, value)
            if value is None:
                value = NOTHING
        return value

    return evaluate


def _declaring(evaluate: Evaluate, pipe: Pipe) -> Evaluate:
    def declare(dot: object, run: Run) -> object:
        value = evaluate(dot, run)
        for name in pipe.variables:
            if pipe.assigns:
                with located(pipe.at):
                    run.assign(name, value)
            else:
                run.variables.append((name, value))
        return value

    return declare


def _command(command: Command) -> Fed:
    first, arguments = command.operands[0], command.operands[1:]
    if isinstance(first, Function):
        return function_call(first, arguments, _value)
    evaluate = _value(first)
    if arguments:
        return refusing(f"can't give argument to non-function {named(first)}", first.at)

    def fed(dot: object, run: Run, final: object = MISSING) -> object:
        if final is not MISSING:
            raise GoTemplateError(f"can't give argument to non-function {named(first)}", first.at)
        return evaluate(dot, run)

    return fed


def _value(operand: Operand) -> Evaluate:
    """Returns what evaluates an operand where any type is welcome."""
    match operand:
        case Dot():
            return lambda dot, _run: dot
        case Constant():
            return constant(operand.value)
        case Number():
            return constant(ideal(operand))
        case Field():
            return _fields(lambda dot, _run: dot, operand.names, operand.at)
        case Variable():
            return _variable(operand)
        case Chain():
            return _chain(operand)
        case Pipe():
            return pipeline(operand)
        case Function():
            return function_call(operand, (), _value)
        case Nil():
            return refusing("nil is not a command", operand.at)


def _variable(variable: Variable) -> Evaluate:
    name, at = variable.name, variable.at

    def evaluate(_dot: object, run: Run) -> object:
        with located(at):
            return run.variable(name)

    return _fields(evaluate, variable.names, at) if variable.names else evaluate


def _chain(chain: Chain) -> Evaluate:
    if isinstance(chain.operand, Nil):
        return refusing("indirection through explicit nil", chain.at)
    return _fields(_value(chain.operand), chain.names, chain.at)


def _fields(receiver: Evaluate, names: tuple[str, ...], at: int) -> Evaluate:
    """Returns what follows a chain of fields. A map is asked for its key first: that is nearly always the case."""

    def evaluate(dot: object, run: Run) -> object:
        value = receiver(dot, run)
        for name in names:
            value = value[name] if type(value) is dict and name in value else _rare_field(value, name, run, at)
        return value

    return evaluate


def _rare_field(value: object, name: str, run: Run, at: int) -> object:
    if value is NOTHING:
        if run.is_strict:
            raise GoTemplateError(f'nil data; no entry for key "{name}"', at)
        return NOTHING
    if value is None:
        raise GoTemplateError(f"nil pointer evaluating interface {{}}.{name}", at)
    if not is_map(value):
        raise GoTemplateError(f"can't evaluate field {name} in type {type_name(value)}", at)
    if name in value:
        return value[name]
    if run.is_strict:
        raise GoTemplateError(f'map has no entry for key "{name}"', at)
    return NOTHING
