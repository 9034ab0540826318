"""Calls of functions: how many arguments they take, what these cost, and what is not evaluated."""

from __future__ import annotations

from itertools import repeat
from typing import TYPE_CHECKING

from gitops_gen.evidence.gotemplate.arguments import argument, fitting
from gitops_gen.evidence.gotemplate.errors import CannotSayError, GoTemplateError, located
from gitops_gen.evidence.gotemplate.evaluation import MISSING
from gitops_gen.evidence.gotemplate.functions import FUNCTIONS
from gitops_gen.evidence.gotemplate.values import NOTHING, check_length, is_true, weigh

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gitops_gen.evidence.gotemplate.evaluation import Evaluate, Fed, ValueOf
    from gitops_gen.evidence.gotemplate.functions.table import Signature
    from gitops_gen.evidence.gotemplate.run import Run
    from gitops_gen.evidence.gotemplate.tree import Function, Operand


def function_call(function: Function, arguments: Sequence[Operand], value_of: ValueOf) -> Fed:
    """Returns what calls a function, with the value of the command before it as the last argument."""
    signature = FUNCTIONS[function.name]
    if signature.call is None:
        return _unsupported(signature.reason, function.at)
    if function.name in ("and", "or"):
        return _short_circuit(function, [argument(operand, "any", value_of) for operand in arguments])
    known = (function, signature, signature.call, arguments, value_of)
    plain, fed = _Call(*known, is_fed=False), _Call(*known, is_fed=True)

    def call(dot: object, run: Run, final: object = MISSING) -> object:
        return plain(dot, run) if final is MISSING else fed(dot, run, final)

    return call


def _unsupported(reason: str, at: int) -> Fed:
    def fed(_dot: object, _run: Run, _final: object = MISSING) -> object:
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
        value_of: ValueOf,
        *,
        is_fed: bool,
    ) -> None:
        self._at = function.at
        self._function = call
        self._walks = signature.walks
        count = len(arguments) + is_fed
        self._refusal = signature.refuse_count(function.name, count)
        types = [signature.type_of(index) for index in range(count)] if self._refusal is None else []
        self._arguments = tuple(map(argument, arguments, types, repeat(value_of)))
        self._final_type = types[-1] if types else "any"

    def __call__(self, dot: object, run: Run, final: object = MISSING) -> object:
        if self._refusal is not None:
            raise GoTemplateError(self._refusal, self._at)
        arguments = [evaluate(dot, run) for evaluate in self._arguments]
        with located(self._at):
            if final is not MISSING:
                arguments.append(fitting(final, self._final_type))
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


def _short_circuit(function: Function, evaluates: Sequence[Evaluate]) -> Fed:
    """Returns and, or or: the first argument that decides; those behind it are not looked at."""
    stops_at = function.name == "or"

    def call(dot: object, run: Run, final: object = MISSING) -> object:
        if not evaluates and final is MISSING:
            raise GoTemplateError(f"wrong number of args for {function.name}: want at least 1 got 0", function.at)
        value: object = NOTHING
        for evaluate in evaluates:
            value = evaluate(dot, run)
            if is_true(value) == stops_at:
                return value
        return value if final is MISSING else final

    return call
