"""Data classes that are quick to define: those of the standard library were a fifth of a run of six clusters.

To import `dataclasses` loads `inspect`, and with it the parser of Python and more: six milliseconds. To define one that
is frozen and has slots takes half a millisecond, since six methods are written as text and compiled at each start. Here
it is one, which sets the fields; the others are the same for all classes.
"""

from __future__ import annotations

from operator import attrgetter
from types import FunctionType
from typing import TYPE_CHECKING, Any, TypeVar, cast, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["entity", "field", "fields_of", "frozen", "frozen_keyed", "is_frozen", "replaced"]

T = TypeVar("T")

_NONE = object()
"""Where no value is given."""


class _Made:
    """A default that is made for each object."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], object]) -> None:
        self.make = make


def field(*, default_factory: Callable[[], T]) -> T:
    """Gives a field a value that is made for each object."""
    return cast("T", _Made(default_factory))


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def entity(cls: type[T]) -> type[T]:
    """Makes a class of what is one of its kind, whatever it holds: equal to itself only, unless it says otherwise.

    The type checker sees that nobody sets a field.
    """
    fields = _fields(cls)
    if sum(isinstance(default, _Made) for default in fields.values()) > 1:
        made = _patient_init(cls, fields)
    else:
        made = _shared_init(cls, fields) or _init(cls, fields, "self.{0} = {0}", "self")
    given = {"__init__": made, "__match_args__": tuple(fields), "_fields_": fields}
    for name, each in given.items():
        setattr(cls, name, each)
    return cls


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def frozen(cls: type[T]) -> type[T]:
    """Makes a class of values: two are equal if all their fields are, and none can be set, or has room for more.

    A class that compares, shows or hashes its values itself goes on to do so.
    """
    return _frozen(cls, "self")


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def frozen_keyed(cls: type[T]) -> type[T]:
    """As `frozen`, for fields that are given by name."""
    return _frozen(cls, "self, *")


def is_frozen(cls: type) -> bool:
    """Tells whether a class is one of values."""
    return "_values_" in cls.__dict__


def fields_of(cls: type) -> tuple[str, ...]:
    """Returns the names of the fields of a class of either kind, in their order."""
    names: tuple[str, ...] = cls.__match_args__  # type: ignore[attr-defined]
    return names


if TYPE_CHECKING:
    # So a type checker sees a field that is not there, and a value of another type.
    from dataclasses import replace as replaced
else:

    def replaced(given: T, **changes: object) -> T:
        """Returns an object like another one, but for some of its fields."""
        return type(given)(**{name: getattr(given, name) for name in fields_of(type(given))} | changes)


def _frozen(cls: type[T], start: str) -> type[T]:
    fields = _fields(cls)
    names = tuple(fields)
    left_out = {*names, "__dict__", "__weakref__"}
    body: dict[str, object] = {
        "__eq__": _equal,
        "__hash__": _hash,
        "__repr__": _repr,
        "__reduce__": _reduce,
        **{name: each for name, each in cls.__dict__.items() if name not in left_out},
        "__qualname__": cls.__qualname__,
        "__init__": _init(cls, fields, "_set(self, '{0}', {0})", start if fields else "self"),
        "__setattr__": _refuse,
        "__delattr__": _refuse,
        "__match_args__": names,
        # A class has room for its own fields; that of the others is in the class that it is made from.
        "__slots__": tuple(name for name in names if name in cls.__annotations__),
        "_fields_": fields,
        "_values_": _reader(names),
    }
    kind: Any = type(cls)
    return cast("type[T]", kind(cls.__name__, cls.__bases__, body))


def _fields(cls: type) -> dict[str, object]:
    """Returns the default of each field, or _NONE: those of the class that this one is made from come first."""
    fields: dict[str, object] = {}
    for base in reversed(cls.__mro__[1:]):
        fields |= base.__dict__.get("_fields_", {})
    return fields | {name: cls.__dict__.get(name, _NONE) for name in cls.__annotations__}


_setters: dict[int, FunctionType] = {}
"""What sets so many fields."""


def _shared_init(cls: type, fields: Mapping[str, object]) -> Callable[..., None] | None:
    """Returns as `_init` does what sets the fields; None where some are made for each object, or stand in wrong order.

    Those for the same number of fields are compiled once.
    """
    names = tuple(fields)
    defaults = tuple(default for default in fields.values() if default is not _NONE)
    # Python gives the defaults to the last parameters, whichever fields they were stated for.
    are_last = defaults == tuple(fields.values())[len(names) - len(defaults) :]
    if not are_last or any(isinstance(default, _Made) for default in defaults):
        return None
    shared = _setters.get(len(names))
    if shared is None:
        stated = {f"item{index}": _NONE for index in range(len(names))}
        shared = _setters[len(names)] = cast("FunctionType", _init(cls, stated, "self.{0} = {0}", "self"))
    code = shared.__code__.replace(co_names=names, co_varnames=("self", *names))
    made = FunctionType(code, shared.__globals__, "__init__", defaults)
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _patient_init(cls: type, fields: Mapping[str, object]) -> Callable[..., None]:
    """Returns as `_init` does what sets the fields, for what gathers things, such as the evidence of one cluster.

    There are few such objects, or one: to compile a method for them takes longer than they all take with this one.
    """
    names = tuple(fields)
    needed = {name for name, default in fields.items() if default is _NONE}

    def __init__(self: object, *given: object, **named: object) -> None:  # noqa: N807 - it becomes that method
        values = dict(zip(names, given, strict=False)) | named
        if len(values) != len(given) + len(named) or not needed <= values.keys() <= fields.keys():
            _init(cls, fields, "self.{0} = {0}", "self")(self, *given, **named)  # which says what is wrong
        for name, default in fields.items():
            made = default.make() if isinstance(default, _Made) and name not in values else default
            setattr(self, name, values.get(name, made))

    __init__.__qualname__ = f"{cls.__qualname__}.__init__"
    return __init__


def _init(cls: type, fields: Mapping[str, object], setting: str, start: str) -> Callable[..., None]:
    """Returns the method that sets the fields, each as the text says; `start` are its first parameters."""
    known: dict[str, object] = {"_set": object.__setattr__, "_NONE": _NONE}
    parameters, lines = [start], []
    for name, default in fields.items():
        parameters.append(name if default is _NONE else f"{name}=_default_{name}")
        if isinstance(default, _Made):
            known[f"_default_{name}"] = _NONE
            known[f"_make_{name}"] = default.make
            lines.append(f" if {name} is _NONE: {name} = _make_{name}()")
        else:
            known[f"_default_{name}"] = default
        lines.append(f" {setting.format(name)}")
    text = "\n".join([f"def __init__({', '.join(parameters)}):", *(lines or [" pass"])])
    exec(text, known)  # noqa: S102 - the names are those of our own fields
    made = cast("Callable[..., None]", known["__init__"])
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _reader(names: tuple[str, ...]) -> Callable[[object], tuple[object, ...]]:
    """Returns what reads all fields of an object."""
    if len(names) > 1:
        return staticmethod(attrgetter(*names))
    return staticmethod(lambda given: tuple(getattr(given, name) for name in names))


def _equal(self: _Frozen, other: object) -> object:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self._values_(self) == self._values_(other)


def _hash(self: _Frozen) -> int:
    return hash(self._values_(self))


def _repr(self: _Frozen) -> str:
    shown = (f"{name}={each!r}" for name, each in zip(self.__match_args__, self._values_(self), strict=True))
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _refuse(self: object, name: str, *_: object) -> None:
    raise AttributeError(f"cannot set or delete the field {name!r} of a {self.__class__.__name__}")


def _reduce(self: _Frozen) -> tuple[object, ...]:
    return _restored, (self.__class__, self._values_(self))


def _restored(kind: type[T], values: tuple[object, ...]) -> T:
    """Returns a value of which each field is known."""
    made = object.__new__(kind)
    for name, each in zip(fields_of(kind), values, strict=True):
        object.__setattr__(made, name, each)
    return made


if TYPE_CHECKING:

    class _Frozen:
        __match_args__: tuple[str, ...]

        @staticmethod
        def _values_(given: object) -> tuple[object, ...]: ...
