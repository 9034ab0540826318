"""A property that is computed when it is first asked for, and kept: `functools.cached_property` without its lock.

Before Python 3.12 that one takes a lock at each first time, which verify has a hundred thousand of; and it keeps the
value in `__dict__`, which each object would have to make for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Self, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


class cached_property(Generic[T]):  # noqa: N801 - it is used as what it stands for
    """Computes a value once for each object. Threads may compute it twice."""

    def __init__(self, compute: Callable[..., T]) -> None:
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...
    @overload
    def __get__(self, instance: object, owner: type) -> T: ...
    def __get__(self, instance: object | None, owner: type) -> Self | T:
        """Returns what is computed; an attribute of the object takes the place of this from then on."""
        if instance is None:
            return self
        value = self._compute(instance)
        object.__setattr__(instance, self._name, value)
        return value
