"""The arguments of a call: each must have the type of its parameter, and a literal takes it, if it can.

Source: exec.go of Go 1.25, evalArg and validateType.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.gotemplate.errors import GoTemplateError, located
from gitops_gen.evidence.gotemplate.evaluation import constant, ideal, named, refusing
from gitops_gen.evidence.gotemplate.tree import Constant, Nil, Number
from gitops_gen.evidence.gotemplate.values import NOTHING, Int, NilMap, is_float, type_name

if TYPE_CHECKING:
    from collections.abc import Callable

    from gitops_gen.evidence.gotemplate.evaluation import Evaluate, ValueOf
    from gitops_gen.evidence.gotemplate.run import Run
    from gitops_gen.evidence.gotemplate.tree import Operand


def argument(operand: Operand, kind: str, value_of: ValueOf) -> Evaluate:
    """Returns what evaluates an argument of a parameter of this type; a literal takes the type, if it can."""
    match operand:
        case Nil():
            return _nil_argument(operand, kind)
        case Constant() | Number():
            return _literal(operand, kind)
    evaluate = value_of(operand)
    if kind == "any":
        return _without_nothing(evaluate)
    at = operand.at

    def typed(dot: object, run: Run) -> object:
        value = evaluate(dot, run)
        with located(at):
            return fitting(value, kind)

    return typed


def _without_nothing(evaluate: Evaluate) -> Evaluate:
    def any_value(dot: object, run: Run) -> object:
        value = evaluate(dot, run)
        return None if value is NOTHING else value

    return any_value


def _nil_argument(nil: Nil, kind: str) -> Evaluate:
    if kind in _NILLABLE:
        return lambda _dot, _run: _NILLABLE[kind]()
    return refusing(f"cannot assign nil to {kind}", nil.at)


_NILLABLE: dict[str, Callable[[], object]] = {"any": lambda: None, "map": NilMap}


def _literal(operand: Constant | Number, kind: str) -> Evaluate:
    value = _literal_value(operand, kind)
    if value is None:
        expected = {"int": "integer", "float64": "float", "map": "map[string]interface {}"}.get(kind, kind)
        return refusing(f"expected {expected}; found {named(operand)}", operand.at)
    return constant(value)


def _literal_value(operand: Constant | Number, kind: str) -> object:
    if isinstance(operand, Constant):
        return operand.value if kind in ("any", type_name(operand.value)) else None
    if kind == "int":
        return None if operand.integer is None else Int(operand.integer)
    if kind == "float64":
        return operand.fraction
    return ideal(operand) if kind == "any" else None


_TYPES: dict[str, Callable[[object], bool]] = {
    "string": lambda value: type(value) is str,
    "int": lambda value: type(value) is Int,
    "bool": lambda value: type(value) is bool,
    "float64": is_float,
    "map": lambda value: type(value) in (dict, NilMap),
}
_GO_TYPES = {"map": "map[string]interface {}"}


def fitting(value: object, kind: str) -> object:
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
