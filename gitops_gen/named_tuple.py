"""Named tuples that are quick to define: what `typing.NamedTuple` makes of a class body, for a fifth of the price.

That one looks at each annotation, which nobody asks for here, and then compiles a text for each class, as
`collections.namedtuple` does. To judge six clusters loads a hundred of them. Here the classes with the same number of
fields share what is compiled, and all of them the methods that are the same for each.
"""

from __future__ import annotations

from collections import namedtuple
from types import FunctionType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["NamedTuple"]

_FEW = 16
"""Fields that are enough for nearly every class."""

if TYPE_CHECKING:
    from typing import NamedTuple
else:

    class _Definition(type):
        """Makes a named tuple of a class body: its annotations are the fields, all else is taken over."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, object]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = tuple(body.get("__annotations__", ()))
            defaults = {field: body[field] for field in fields if field in body}
            made = dict(body)
            made |= zip(fields, _getters(len(fields)), strict=False)
            made["__slots__"] = ()
            made["__match_args__"] = made["_fields"] = fields
            made["_field_defaults"] = defaults
            made["__new__"] = _constructor(name, fields, tuple(defaults.values()))
            return type(name, (_Fields,), made)

    class NamedTuple(metaclass=_Definition):
        """A tuple whose items have names: `typing.NamedTuple`, as far as a class body makes one."""


class _Fields(tuple[object, ...]):
    """What named tuples have in common."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()

    @classmethod
    def _make(cls, values: Iterable[object]) -> _Fields:
        """Returns a named tuple of as many values as it has fields."""
        made = tuple.__new__(cls, values)
        if len(made) != len(cls._fields):
            raise TypeError(f"Expected {len(cls._fields)} arguments, got {len(made)}")
        return made

    def _replace(self, /, **changes: object) -> _Fields:
        """Returns a named tuple like this one, but for some of its fields."""
        made = self._make(map(changes.pop, self._fields, self))
        if changes:
            raise ValueError(f"Got unexpected field names: {list(changes)!r}")
        return made

    __replace__ = _replace

    def _asdict(self) -> dict[str, object]:
        """Returns the values by the names of their fields."""
        return dict(zip(self._fields, self, strict=True))

    def __repr__(self) -> str:
        shown = (f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
        return f"{self.__class__.__name__}({', '.join(shown)})"

    def __getnewargs__(self) -> tuple[object, ...]:
        return tuple(self)


_wide: list[object] = []
"""What reads the item of each number from a tuple, as a named tuple of the standard library has it."""
_compiled: dict[int, FunctionType] = {}
"""What makes a tuple of so many items."""


def _getters(number: int) -> list[object]:
    if number > len(_wide):
        names = [f"item{index}" for index in range(max(number, _FEW))]
        members: Mapping[str, object] = vars(namedtuple("_Wide", names))  # noqa: PYI024 - only its getters are used
        _wide[:] = [members[name] for name in names]
    return _wide


def _constructor(name: str, fields: tuple[str, ...], defaults: tuple[object, ...]) -> FunctionType:
    """Returns the `__new__` of a class: it takes the fields by their place or their name."""
    number = len(fields)
    if number not in _compiled:
        names = "".join(f"item{index}, " for index in range(number))
        known = {"_new": tuple.__new__, "__builtins__": {}}
        _compiled[number] = eval(f"lambda _cls, {names}: _new(_cls, ({names}))", known)  # noqa: S307 - names of our own
    shared = _compiled[number]
    code = shared.__code__.replace(co_name="__new__", co_varnames=("_cls", *fields))
    made = FunctionType(code, shared.__globals__, "__new__", defaults)
    made.__qualname__ = f"{name}.__new__"
    return made
