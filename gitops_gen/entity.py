"""Data classes that are quick to define: of what is one of its kind, whatever it holds, not of values to compare.

A frozen data class takes a quarter of a millisecond to define, since its methods are written as text and compiled at
each start; without those that compare it, show it and guard it, a fifth of that. It is the start that small fleets pay.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def entity(cls: type[T]) -> type[T]:
    """Makes a data class whose objects are equal to themselves only. The type checker sees that nobody sets a field."""
    return dataclass(eq=False, repr=False, match_args=False)(cls)
