"""From a syntax tree to functions that evaluate it: it is walked once, and rendered many times.

Source: the documentation of Go's text/template, and its exec.go at Go 1.25. The types of arguments, what is missing
and what is nil are told apart as there: a key that is missing is nothing, a null in the data is a nil interface.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from gitops_gen.evidence.gotemplate import fmt
from gitops_gen.evidence.gotemplate.errors import CannotSayError, GoTemplateError, located
from gitops_gen.evidence.gotemplate.functions import FUNCTIONS
from gitops_gen.evidence.gotemplate.run import STEP_WORK, Run
from gitops_gen.evidence.gotemplate.tree import (
    Action,
    Chain,
    Command,
    Constant,
    Dot,
    Field,
    Function,
    If,
    Leave,
    Nil,
    Node,
    Number,
    Operand,
    Pipe,
    Range,
    Text,
    Variable,
)
from gitops_gen.evidence.gotemplate.values import (
    NOTHING,
    Int,
    NilMap,
    check_length,
    in_order,
    is_float,
    is_integer,
    is_list,
    is_map,
    is_true,
    ordered,
    type_name,
    weigh,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gitops_gen.evidence.gotemplate.functions.table import Signature

Evaluate: TypeAlias = "Callable[[object, Run], object]"
"""From the cursor and the run to a value."""
Execute: TypeAlias = "Callable[[object, Run], _Signal | None]"
"""Writes; the result is a break or a continue that is under way."""


class _Signal:
    """A break or a continue on its way to its range."""


_BREAK: Final = _Signal()
_CONTINUE: Final = _Signal()
_MISSING: Final = object()
"""Stands for the final argument of a command that no other command feeds."""


class Fed(Protocol):
    """A command: it takes the value of the command before it."""

    def __call__(self, dot: object, run: Run, final: object = ..., /) -> object: ...


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
    evaluate, at = _pipe(node.pipe), node.at
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
    with located(at):
        run.charge(weigh(value))
        return fmt.text(value)


def _branch(node: If) -> Execute:
    condition = _pipe(node.pipe)
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
        self._values = _pipe(node.pipe)
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


# Pipelines and commands.


def _pipe(pipe: Pipe) -> Evaluate:
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
        return _call(first, arguments)
    evaluate = _value(first)
    if arguments:
        return _refusing(f"can't give argument to non-function {_named(first)}", first.at)

    def fed(dot: object, run: Run, final: object = _MISSING) -> object:
        if final is not _MISSING:
            raise GoTemplateError(f"can't give argument to non-function {_named(first)}", first.at)
        return evaluate(dot, run)

    return fed


def _named(operand: Operand) -> str:
    match operand:
        case Field():
            return "".join(f".{name}" for name in operand.names)
        case Variable():
            return operand.name + "".join(f".{name}" for name in operand.names)
        case Constant():
            return fmt.quote(operand.value) if isinstance(operand.value, str) else str(operand.value).lower()
        case Number():
            return operand.text
    return "a value"


def _refusing(reason: str, at: int) -> Fed:
    def fed(_dot: object, _run: Run, _final: object = _MISSING) -> object:
        raise GoTemplateError(reason, at)

    return fed


# Values.


def _value(operand: Operand) -> Evaluate:
    """Returns what evaluates an operand where any type is welcome."""
    match operand:
        case Dot():
            return lambda dot, _run: dot
        case Constant():
            return _constant(operand.value)
        case Number():
            return _constant(_ideal(operand))
        case Field():
            return _fields(lambda dot, _run: dot, operand.names, operand.at)
        case Variable():
            return _variable(operand)
        case Chain():
            return _chain(operand)
        case Pipe():
            return _pipe(operand)
        case Function():
            return _call(operand, ())
        case Nil():
            return _refusing("nil is not a command", operand.at)


def _constant(value: object) -> Evaluate:
    return lambda _dot, _run: value


def _ideal(number: Number) -> object:
    """Returns a number where any type is welcome."""
    return number.fraction if number.is_fraction else Int(number.integer or 0)


def _variable(variable: Variable) -> Evaluate:
    name, at = variable.name, variable.at

    def evaluate(_dot: object, run: Run) -> object:
        with located(at):
            return run.variable(name)

    return _fields(evaluate, variable.names, at) if variable.names else evaluate


def _chain(chain: Chain) -> Evaluate:
    if isinstance(chain.operand, Nil):
        return _refusing("indirection through explicit nil", chain.at)
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


# Calls.


def _call(function: Function, arguments: Sequence[Operand]) -> Fed:
    """Returns what calls a function, with the value of the command before it as the last argument."""
    signature = FUNCTIONS[function.name]
    if signature.call is None:
        return _unsupported(signature.reason, function.at)
    if function.name in ("and", "or"):
        return _short_circuit(function, arguments)
    plain = _Call(function, signature, signature.call, arguments, is_fed=False)
    fed = _Call(function, signature, signature.call, arguments, is_fed=True)

    def call(dot: object, run: Run, final: object = _MISSING) -> object:
        return plain(dot, run) if final is _MISSING else fed(dot, run, final)

    return call


def _unsupported(reason: str, at: int) -> Fed:
    def fed(_dot: object, _run: Run, _final: object = _MISSING) -> object:
        raise CannotSayError(reason, at)

    return fed


class _Call:
    """A call whose number of arguments is known, so that the type of each is."""

    def __init__(
        self,
        function: Function,
        signature: Signature,
        call: Callable[..., object],
        arguments: Sequence[Operand],
        *,
        is_fed: bool,
    ) -> None:
        self._at = function.at
        self._function = call
        self._walks = signature.walks
        count = len(arguments) + is_fed
        self._refusal = signature.refuse_count(function.name, count)
        types = [signature.type_of(index) for index in range(count)] if self._refusal is None else []
        self._arguments = tuple(map(_argument, arguments, types))
        self._final_type = types[-1] if types else "any"

    def __call__(self, dot: object, run: Run, final: object = _MISSING) -> object:
        if self._refusal is not None:
            raise GoTemplateError(self._refusal, self._at)
        arguments = [evaluate(dot, run) for evaluate in self._arguments]
        with located(self._at):
            if final is not _MISSING:
                arguments.append(_fitting(final, self._final_type))
            return self._result(arguments, run)

    def _result(self, arguments: list[object], run: Run) -> object:
        run.charge_texts(arguments)
        if self._walks:
            run.charge(sum(map(weigh, arguments)))
        result = self._function(*arguments)
        if isinstance(result, str):
            check_length(len(result))
        elif self._walks:
            run.charge(weigh(result))
        return result


def _short_circuit(function: Function, arguments: Sequence[Operand]) -> Fed:
    """Returns and, or or: the first argument that decides; those behind it are not looked at."""
    evaluates = tuple(_argument(operand, "any") for operand in arguments)
    stops_at = function.name == "or"

    def call(dot: object, run: Run, final: object = _MISSING) -> object:
        if not evaluates and final is _MISSING:
            raise GoTemplateError(f"wrong number of args for {function.name}: want at least 1 got 0", function.at)
        value: object = NOTHING
        for evaluate in evaluates:
            value = evaluate(dot, run)
            if is_true(value) == stops_at:
                return value
        return value if final is _MISSING else final

    return call


def _argument(operand: Operand, kind: str) -> Evaluate:
    """Returns what evaluates an argument of a parameter of this type; a literal takes the type, if it can."""
    match operand:
        case Nil():
            return _nil_argument(operand, kind)
        case Constant() | Number():
            return _literal(operand, kind)
    evaluate = _value(operand)
    if kind == "any":
        return _without_nothing(evaluate)
    at = operand.at

    def typed(dot: object, run: Run) -> object:
        value = evaluate(dot, run)
        with located(at):
            return _fitting(value, kind)

    return typed


def _without_nothing(evaluate: Evaluate) -> Evaluate:
    def any_value(dot: object, run: Run) -> object:
        value = evaluate(dot, run)
        return None if value is NOTHING else value

    return any_value


def _nil_argument(nil: Nil, kind: str) -> Evaluate:
    if kind in _NILLABLE:
        return lambda _dot, _run: _NILLABLE[kind]()
    return _refusing(f"cannot assign nil to {kind}", nil.at)


_NILLABLE: dict[str, Callable[[], object]] = {"any": lambda: None, "map": NilMap}


def _literal(operand: Constant | Number, kind: str) -> Evaluate:
    value = _literal_value(operand, kind)
    if value is None:
        expected = {"int": "integer", "float64": "float", "map": "map[string]interface {}"}.get(kind, kind)
        return _refusing(f"expected {expected}; found {_named(operand)}", operand.at)
    return _constant(value)


def _literal_value(operand: Constant | Number, kind: str) -> object:
    if isinstance(operand, Constant):
        return operand.value if kind in ("any", type_name(operand.value)) else None
    if kind == "int":
        return None if operand.integer is None else Int(operand.integer)
    if kind == "float64":
        return operand.fraction
    return _ideal(operand) if kind == "any" else None


_TYPES: dict[str, Callable[[object], bool]] = {
    "string": lambda value: type(value) is str,
    "int": lambda value: type(value) is Int,
    "bool": lambda value: type(value) is bool,
    "float64": is_float,
    "map": lambda value: type(value) in (dict, NilMap),
}
_GO_TYPES = {"map": "map[string]interface {}"}


def _fitting(value: object, kind: str) -> object:
    """Returns a value as an argument of this type. Raises GoTemplateError if it is of another one."""
    if kind == "any":
        return None if value is NOTHING else value
    if _TYPES[kind](value):
        return value
    expected = _GO_TYPES.get(kind, kind)
    if value is not NOTHING:
        raise GoTemplateError(f"wrong type for value; expected {expected}; got {type_name(value)}")
    if kind in _NILLABLE:
        return _NILLABLE[kind]()
    raise GoTemplateError(f"invalid value; expected {expected}")
