"""What the parts of a compiled template are: functions from the cursor and the run to a value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

from gitops_gen.evidence.gotemplate.errors import GoTemplateError
from gitops_gen.evidence.gotemplate.tree import Constant, Field, Number, Operand, Variable
from gitops_gen.evidence.gotemplate.values import Int

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    from gitops_gen.evidence.gotemplate.run import Run

    class Fed(Protocol):
        """A command: it takes the value of the command before it."""

        def __call__(self, dot: object, run: Run, final: object = ..., /) -> object: ...


Evaluate: TypeAlias = "Callable[[object, Run], object]"
"""From the cursor and the run to a value."""
ValueOf: TypeAlias = "Callable[[Operand], Evaluate]"
"""From an operand to what evaluates it where any type is welcome."""

MISSING: Final = object()
"""Stands for the final argument of a command that no other command feeds."""


def constant(value: object) -> Evaluate:
    """Returns what gives the same value each time."""
    return lambda _dot, _run: value


def ideal(number: Number) -> object:
    """Returns a number where any type is welcome."""
    return number.fraction if number.is_fraction else Int(number.integer or 0)


def refusing(reason: str, at: int) -> Fed:
    """Returns what raises GoTemplateError whenever it is evaluated."""

    def fed(_dot: object, _run: Run, _final: object = MISSING) -> object:
        raise GoTemplateError(reason, at)

    return fed


def named(operand: Operand) -> str:
    """Returns an operand as an error names it."""
    match operand:
        case Field():
            return "".join(f".{name}" for name in operand.names)
        case Variable():
            return operand.name + "".join(f".{name}" for name in operand.names)
        case Constant() if isinstance(operand.value, str):
            from gitops_gen.evidence.gotemplate import fmt

            return fmt.quote(operand.value)
        case Constant():
            return str(operand.value).lower()
        case Number():
            return operand.text
    return "a value"
