"""Named tuples that are quick to define: `typing.NamedTuple` looks at each annotation, which nobody asks for here.

That takes two thirds of what it takes to define one, and to judge six clusters loads eighty-five.
"""

from __future__ import annotations

from collections import namedtuple
from typing import TYPE_CHECKING

__all__ = ["NamedTuple"]

_OF_THE_BODY = frozenset({"__annotations__", "__dict__", "__module__", "__qualname__", "__slots__", "__weakref__"})
"""What a class body has, and a named tuple by itself or not at all."""

if TYPE_CHECKING:
    from typing import NamedTuple
else:

    class _Definition(type):
        """Makes a named tuple of a class body: its annotations are the fields, all else is taken over."""

        def __new__(cls, name: str, bases: tuple[type, ...], body: dict[str, object]) -> type:
            if not bases:
                return super().__new__(cls, name, bases, body)
            fields = body.get("__annotations__", {})
            defaults = [body[field] for field in fields if field in body]
            made = namedtuple(name, fields, defaults=defaults, module=body["__module__"])  # noqa: PYI024
            made.__annotations__ = fields
            made.__qualname__ = body["__qualname__"]
            for key, value in body.items():
                if key not in fields and key not in _OF_THE_BODY:
                    setattr(made, key, value)
            return made

    class NamedTuple(metaclass=_Definition):
        """A tuple whose items have names: `typing.NamedTuple`, as far as a class body makes one."""
