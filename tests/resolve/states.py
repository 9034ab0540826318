"""What a level of a chain can say of a fact, and what a chain comes to: told from the farthest level to the nearest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.tools.fleets import Facts


@dataclass(frozen=True)
class State:
    """One thing that a level can say; the facts are what it writes."""

    name: str
    facts: Facts
    value: object = None

    def after(self, farther: object, default: object) -> object:
        """Returns what the fact is, given what the farther levels make it."""
        if self.name == "absent":
            return farther
        return self.value if self.name == "stated" else default


def states(route: str, value: object, *, with_null: bool = True) -> tuple[State, ...]:
    """Returns all that can be said at a level of the fact at the route, such as secrets.region."""
    steps = route.split(".")
    found = [State("absent", {}), State("stated", _nested(steps, value), value)]
    if with_null:
        found += [
            State(f"null at {steps[depth - 1]}", _nested(steps[:depth], None)) for depth in range(1, len(steps) + 1)
        ]
    return tuple(found)


def outcome(levels: tuple[State, ...], default: object) -> object:
    """Returns what the levels come to, the farthest first."""
    value = default
    for level in levels:
        value = level.after(value, default)
    return value


def _nested(steps: list[str], value: object) -> Facts:
    nested = value
    for step in reversed(steps):
        nested = {step: nested}
    assert isinstance(nested, dict)
    return nested
