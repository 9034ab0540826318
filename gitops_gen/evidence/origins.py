"""Where the values of an object come from that several files make together, as a base and the patches laid over it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.places import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.shapes import Steps


class Origin:
    """Where a value comes from: a place, and for what is in the value and comes from elsewhere, another one."""

    __slots__ = ("_below", "_place")

    def __init__(self, place: Place, below: Mapping[str | int, Origin] | None = None) -> None:
        self._place = place
        self._below = below or {}

    def __truediv__(self, step: str | int) -> Origin:
        """Returns where a part of the value comes from."""
        return self._below.get(step) or Origin(self._place / step)

    def at(self, *steps: str | int) -> Place:
        """Returns the place of what stands at the end of the steps."""
        if not steps:
            return self._place
        below = self._below.get(steps[0])
        return self._place.down(*steps) if below is None else below.at(*steps[1:])

    def changed(self, steps: Steps, origin: Origin) -> Origin:
        """Returns where the value comes from once what stands at the end of the steps comes from elsewhere."""
        if not steps:
            return origin
        step, *rest = steps
        return self.with_parts({step: (self / step).changed(tuple(rest), origin)})

    def with_parts(self, parts: Mapping[str | int, Origin]) -> Origin:
        """Returns where the value comes from if some parts of it come from elsewhere."""
        return Origin(self._place, {**self._below, **parts})


class PatchedPlace(Place):
    """A place in an object that patches change: for each rule where it is written first, and shown in the patch."""

    parts: Origin | None = None
    _depth: int = 0
    """The steps that lead to the object itself."""

    @classmethod
    def of(cls, place: Place, origin: Origin, depth: int | None = None) -> PatchedPlace:
        """Returns the place of an object, or in one, whose values come from several places."""
        made = cls(*place)
        made.parts = origin
        made._depth = len(place.steps) if depth is None else depth
        return made

    def __truediv__(self, step: str | int) -> Place:
        return self.down(step)

    def down(self, *steps: str | int) -> Place:
        """Returns the place at the end of further steps."""
        further = super().down(*steps)
        return further if self.parts is None else PatchedPlace.of(further, self.parts, self._depth)

    @property
    def origin(self) -> Place:
        """Where the value stands."""
        return self if self.parts is None else self.parts.at(*self.steps[self._depth :])


def origin_of(place: Place) -> Origin:
    """Returns where the values of an object come from."""
    return place.parts or Origin(place)
