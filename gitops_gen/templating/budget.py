"""How much a template may use: each file has so many steps, and whatever it loops, makes or looks at takes some.

The bounds are counted, not timed, so that the same template gets the same answer on every machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from gitops_gen.templating.bounds import TooMuchError, joined, weight

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")

STEP_LIMIT = 1_000_000
"""Turns of loops and calls that one rendered file may take."""

STEP_SIZE = 64
"""Characters that a template makes or looks at for the price of one turn: so all that it makes stays bounded too."""

STEP_ITEMS = 8
"""Items of a list, likewise."""


class Budget:
    """The steps of the file that is being rendered."""

    steps = 0
    """Those that it has taken."""
    form = ""
    """The format of the file."""

    def begin(self, form: str = "") -> None:
        """Gives the next rendering, of a file of this format, its whole budget."""
        self.steps = 0
        self.form = form

    def charge(self, steps: int) -> None:
        """Takes steps from the budget. Raises TooMuchError when it is used up."""
        self.steps += steps
        if self.steps > STEP_LIMIT:
            raise TooMuchError(f"more than {STEP_LIMIT:,} turns of loops and calls for one file")

    def counted(self, iterable: Iterable[object]) -> Iterable[object]:
        """Charges the turns of a loop to the budget; every loop of a template runs over this."""
        if isinstance(iterable, tuple | list | dict):
            self.charge(len(iterable) + 1)
            return iterable
        return self.charged(iterable)

    def charged(self, iterable: Iterable[object], steps: int = 1) -> Iterator[object]:
        """Yields what is in an iterable, and charges each item to the budget when it is asked for."""
        for item in iterable:
            self.charge(steps)
            yield item

    def paid(self, made: T) -> T:
        """Charges the size of what a template has made to the budget, and returns it."""
        if isinstance(made, str):
            self.charge(len(made) // STEP_SIZE)
        elif isinstance(made, list | tuple | dict):
            self.charge(len(made) // STEP_ITEMS)
        return made

    def weighed(self, value: T) -> T:
        """Charges what it takes to compare, copy or hash a value with all that is inside of it, and returns it."""
        if isinstance(value, str):
            self.charge(len(value) // STEP_SIZE)
        elif isinstance(value, list | tuple | dict):
            self.charge(weight(value) // STEP_SIZE)
        return value

    def concat_bounded(self, parts: Iterable[object]) -> str:
        """What `~` does."""
        return self.paid(joined(parts))
