"""A named tuple of ours is what typing makes of the same class body, but for what it costs."""

from __future__ import annotations

import copy
import inspect
import pickle
import typing

import pytest

from gitops_gen.named_tuple import NamedTuple


class Ours(NamedTuple):
    """A place."""

    path: str
    line: int = 0
    others: tuple[Ours, ...] = ()

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def is_first(self) -> bool:
        """True for the first line."""
        return self.line == 0

    @classmethod
    def start(cls, path: str) -> Ours:
        """Makes one."""
        return cls(path)

    @staticmethod
    def twice(text: str) -> str:
        """Repeats it."""
        return text * 2


class Theirs(typing.NamedTuple):
    """A place."""

    path: str
    line: int = 0
    others: tuple[Theirs, ...] = ()

    def __str__(self) -> str:
        return f"{self.path}:{self.line}"

    @property
    def is_first(self) -> bool:
        """True for the first line."""
        return self.line == 0

    @classmethod
    def start(cls, path: str) -> Theirs:
        """Makes one."""
        return cls(path)

    @staticmethod
    def twice(text: str) -> str:
        """Repeats it."""
        return text * 2


class Derived(Ours):
    """One with more to it."""

    __slots__ = ()

    def shout(self) -> str:
        """Says it loudly."""
        return str(self).upper()


@pytest.mark.parametrize(
    "look",
    [
        lambda cls: cls("a", 1),
        lambda cls: (str(cls("a", 1)), repr(cls("a", 1))[4:] if cls is Ours else repr(cls("a", 1))[6:]),
        lambda cls: (cls.start("a"), cls.twice("ab"), cls("a").is_first),
        lambda cls: cls("a")._replace(line=3),
        lambda cls: cls(path="a", others=())._asdict(),
        lambda cls: (cls._fields, cls._field_defaults, cls.__match_args__, cls.__slots__, cls.__doc__, cls.__module__),
        lambda cls: cls._make(["a", 1, ()]),
        lambda cls: (hash(cls("a")), cls("a") == ("a", 0, ()), {cls("a"): 1} == {("a", 0, ()): 1}),
        lambda cls: list(cls.__annotations__),
        lambda cls: list(inspect.signature(cls).parameters),
        lambda cls: hasattr(cls("a"), "__dict__"),
        lambda cls: copy.replace(cls("a"), line=1) if hasattr(copy, "replace") else None,
    ],
)
def test_it_is_what_typing_makes(look: typing.Callable[[type], object]) -> None:
    assert look(Ours) == look(Theirs)


def test_it_is_sent_and_copied_as_itself() -> None:
    place = Ours("a", 1, (Ours("b"),))
    sent = pickle.loads(pickle.dumps(place))  # noqa: S301 - what was made here
    assert (sent, type(sent)) == (place, Ours)
    assert copy.deepcopy(place) == place


def test_it_can_be_derived_from() -> None:
    assert (Derived("a", 1).shout(), isinstance(Derived("a"), Ours), Derived.__doc__) == (
        "A:1",
        True,
        "One with more to it.",
    )


def test_classes_with_as_many_fields_have_each_its_own() -> None:
    class One(NamedTuple):
        row: int
        column: int = 1
        text: str = ""

    assert (One(2), One(column=3, row=2), One(2)._asdict()) == (
        (2, 1, ""),
        (2, 3, ""),
        {"row": 2, "column": 1, "text": ""},
    )
    assert Ours("a", 1)._asdict() == {"path": "a", "line": 1, "others": ()}
    with pytest.raises(TypeError, match="unexpected keyword argument 'path'"):
        One(path=2)  # type: ignore[call-arg]


def test_it_has_as_many_fields_as_it_is_given() -> None:
    definition: typing.Any = type(NamedTuple)
    fields = dict.fromkeys((f"a{n}" for n in range(40)), "int")
    wide = definition("Wide", (NamedTuple,), {"__annotations__": fields})(*range(40))
    assert [getattr(wide, f"a{n}") for n in range(40)] == list(range(40))
    assert Ours("a", 1).line == 1


def test_values_of_another_number_are_refused() -> None:
    with pytest.raises(TypeError, match="Expected 3 arguments, got 1"):
        Ours._make(["a"])
    with pytest.raises(ValueError, match=r"Got unexpected field names: \['row'\]"):
        Ours("a")._replace(row=1)  # type: ignore[call-arg]


def test_what_is_missing_or_too_much_is_refused() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'path'"):
        Ours()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="unexpected keyword argument 'row'"):
        Ours("a", row=1)  # type: ignore[call-arg]
    with pytest.raises(AttributeError):
        Ours("a").line = 1  # type: ignore[misc]
