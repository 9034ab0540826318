"""One rendering of a template: its parameters, its variables, what it has written, and how much it may still do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gitops_gen.evidence.gotemplate.errors import CannotSayError, GoTemplateError
from gitops_gen.evidence.gotemplate.values import TEXT_LIMIT, byte_length

if TYPE_CHECKING:
    from collections.abc import Sequence

WORK_LIMIT: Final = 5_000_000
"""What a rendering may do: characters read and written, values looked at, and STEP_WORK for each step."""
STEP_WORK: Final = 50


class Run:
    """What a rendering needs and makes. The variables are a stack, as in Go: the last of a name counts."""

    __slots__ = ("_length", "_work", "is_strict", "variables", "written")

    def __init__(self, root: object, *, is_strict: bool) -> None:
        self.is_strict = is_strict
        self.variables = [("$", root)]
        self.written: list[str] = []
        self._work = 0
        self._length = 0

    def write(self, text: str) -> None:
        """Adds text to the result. Raises CannotSayError if that is too much."""
        self.written.append(text)
        self._length += len(text)
        if self._length > TEXT_LIMIT:
            raise CannotSayError(f"more than {TEXT_LIMIT:,} characters are written")

    def charge(self, work: int) -> None:
        """Counts work. Raises CannotSayError if it is too much."""
        self._work += work
        if self._work > WORK_LIMIT:
            raise CannotSayError("there is too much to do")

    def charge_texts(self, arguments: Sequence[object]) -> None:
        """Counts a call with these arguments."""
        work = STEP_WORK
        for argument in arguments:
            if type(argument) is str:
                work += len(argument)
        self.charge(work)

    def variable(self, name: str) -> object:
        """Returns the value of a variable. Raises GoTemplateError if it was never given one."""
        for known, value in reversed(self.variables):
            if known == name:
                return value
        raise GoTemplateError(f"undefined variable: {name}")

    def assign(self, name: str, value: object) -> None:
        """Gives a variable that exists another value. Raises GoTemplateError if it does not exist."""
        for index in range(len(self.variables) - 1, -1, -1):
            if self.variables[index][0] == name:
                self.variables[index] = (name, value)
                return
        raise GoTemplateError(f"undefined variable: {name}")

    def result(self) -> str:
        """Returns what was written. Raises CannotSayError if Go could not write it as UTF-8."""
        text = "".join(self.written)
        byte_length(text)
        return text
