"""Data classes of ours are what the standard library makes of the same class body, but for what it costs."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import pytest

from gitops_gen.data_classes import entity, field, fields_of, frozen, frozen_keyed, is_frozen, replaced

if TYPE_CHECKING:
    from collections.abc import Callable

PROJECT = Path(__file__).parents[1]
T = TypeVar("T")


@entity
class Thing:
    """Something with fields."""

    name: str
    parts: list[str] = field(default_factory=list)


@entity
class Named(Thing):
    """Something with one more."""

    title: str = "none"


@entity
class Gathered:
    """Something that gathers others."""

    name: str
    parts: list[str] = field(default_factory=list)
    facts: dict[str, int] = field(default_factory=dict)
    title: str = "none"


@frozen
class Ours(Generic[T]):
    """A value."""

    name: str
    inner: T | None = None
    steps: tuple[str, ...] = ()
    """Where it leads."""
    facts: dict[str, int] = field(default_factory=dict)

    def __truediv__(self, step: str) -> Ours[T]:
        return Ours(self.name, self.inner, (*self.steps, step))

    @property
    def is_first(self) -> bool:
        """True without steps."""
        return not self.steps

    @classmethod
    def start(cls, name: str) -> Ours[T]:
        """Makes one."""
        return cls(name)


@dataclasses.dataclass(frozen=True, slots=True)
class Theirs(Generic[T]):
    """A value."""

    name: str
    inner: T | None = None
    steps: tuple[str, ...] = ()
    """Where it leads."""
    facts: dict[str, int] = dataclasses.field(default_factory=dict)

    def __truediv__(self, step: str) -> Theirs[T]:
        return Theirs(self.name, self.inner, (*self.steps, step))

    @property
    def is_first(self) -> bool:
        """True without steps."""
        return not self.steps

    @classmethod
    def start(cls, name: str) -> Theirs[T]:
        """Makes one."""
        return cls(name)


@frozen
class OurOne:
    """A value with one field."""

    name: str = "a"


@dataclasses.dataclass(frozen=True, slots=True)
class TheirOne:
    """A value with one field."""

    name: str = "a"


@frozen_keyed
class Keyed:
    """A value whose fields are given by name."""

    first: int = 1
    second: str


@frozen
class Compared:
    """A value that compares itself."""

    name: str
    note: str = ""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Compared) and self.name == other.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return self.name


def same(of_ours: object, of_theirs: object) -> bool:
    """Tells whether two answers are the same, but for the name of the class."""
    return str(of_ours).replace("Ours", "").replace("OurOne", "") == str(of_theirs).replace("Theirs", "").replace(
        "TheirOne", ""
    )


def test_a_field_without_a_default_does_not_take_the_default_of_another() -> None:
    with pytest.raises(SyntaxError, match="default"):

        @entity
        class Wrong:
            first: int = 1
            second: str  # type: ignore[misc] # the order is what is wrong


@pytest.mark.parametrize(
    "answer",
    [
        lambda cls: cls("a"),
        lambda cls: cls(name="a", inner=cls("b"), steps=("c",), facts={"d": 1}),
        lambda cls: cls("a") / "b" / "c",
        lambda cls: cls.start("a").is_first,
        lambda cls: (cls("a") / "b").is_first,
        lambda cls: cls("a") == cls("a"),
        lambda cls: cls("a") == cls("b"),
        lambda cls: cls("a") != cls("a"),
        lambda cls: cls("a") == ("a", None, (), {}),
        lambda cls: cls("a") == Thing("a"),
        lambda cls: copy.copy(cls("a", facts={"b": 1})),
        lambda cls: copy.deepcopy(cls("a", facts={"b": 1})) == cls("a", facts={"b": 1}),
        lambda cls: pickle.loads(pickle.dumps(cls("a", cls("b"), ("c",)))),  # noqa: S301 - our own
        lambda cls: (cls.__doc__, cls.__match_args__, cls.__slots__, cls.__annotations__),
        lambda cls: cls.__name__,
    ],
)
def test_value_is_what_the_standard_library_makes(answer: Callable[[type], object]) -> None:
    assert same(answer(Ours), answer(Theirs))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda cls: cls(),
        lambda cls: cls("a", nothing=1),
        lambda cls: cls("a", 1, 2, 3, 4),
        lambda cls: cls("a", name="b"),
        lambda cls: hash(cls("a")),  # a map has no hash
        lambda cls: setattr(cls("a"), "name", "b"),
        lambda cls: delattr(cls("a"), "name"),
    ],
)
def test_value_refuses_what_the_standard_library_refuses(wrong: Callable[[type], object]) -> None:
    with pytest.raises((TypeError, AttributeError)) as theirs:
        wrong(Theirs)
    refused = theirs.type is dataclasses.FrozenInstanceError
    with pytest.raises(AttributeError if refused else theirs.type) as ours:
        wrong(Ours)
    assert refused or same(ours.value, theirs.value)


@pytest.mark.parametrize(
    "answer",
    [lambda cls: cls(), lambda cls: cls("b"), lambda cls: cls() == cls("a"), lambda cls: hash(cls()) == hash(("a",))],
)
def test_value_with_one_field_is_one_too(answer: Callable[[type], object]) -> None:
    assert same(answer(OurOne), answer(TheirOne))


class Outer:
    """A class with one of values in it."""

    @frozen
    class Inner:
        """A value."""

        name: str


def test_class_within_a_class_is_known_by_its_whole_name() -> None:
    value = Outer.Inner("a")
    assert repr(value) == "Outer.Inner(name='a')"
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own


def test_default_is_made_for_each_value() -> None:
    one, other = Ours[int]("a"), Ours[int]("a")
    one.facts["b"] = 1
    assert (one.facts, other.facts) == ({"b": 1}, {})


def test_value_has_no_room_for_more() -> None:
    with pytest.raises(AttributeError, match="cannot set or delete the field 'more' of a Keyed"):
        Keyed(second="a").more = 1  # type: ignore[attr-defined]
    assert Ours[int]("a") == Ours("a")
    assert not hasattr(Ours("a"), "__dict__")
    assert not hasattr(Keyed(second="a"), "__dict__")


def test_fields_by_name_may_have_a_default_before_one_without() -> None:
    assert (Keyed(second="b").first, Keyed(first=2, second="b")) == (1, Keyed(second="b", first=2))
    with pytest.raises(TypeError, match="positional"):
        Keyed(1, "b")  # type: ignore[call-arg]


def test_value_may_compare_and_show_itself() -> None:
    assert Compared("a", "b") == Compared("a", "c")
    assert {Compared("a", "b"): 1} == {Compared("a"): 1}
    assert repr(Compared("a", "b")) == "a"


def test_value_is_taken_apart_by_a_pattern() -> None:
    match OurOne("x"):
        case OurOne(name):
            assert name == "x"
        case _:
            pytest.fail("it does not fit")


def test_like_another_but_for_some_fields() -> None:
    assert replaced(Ours("a", steps=("b",)), name="c") == Ours("c", steps=("b",))
    assert replaced(Keyed(second="a"), first=3) == Keyed(first=3, second="a")
    assert replaced(Named("a", ["b"]), title="c").parts == ["b"]
    with pytest.raises(TypeError, match="nothing"):
        replaced(Ours("a"), nothing=1)  # type: ignore[call-arg]
    # Nothing looks at types here but the type checker, which sees both.
    replaced(Keyed(second="a"), first="b")  # type: ignore[arg-type]


def test_fields_are_told_in_their_order() -> None:
    assert [fields_of(each) for each in (Named, Ours, Keyed)] == [
        ("name", "parts", "title"),
        ("name", "inner", "steps", "facts"),
        ("first", "second"),
    ]
    assert [is_frozen(each) for each in (Thing, Ours, Keyed, str)] == [False, True, True, False]


def test_two_entities_with_the_same_fields_are_two() -> None:
    one, other = Thing("a"), Thing("a")
    assert one == one
    assert one != other
    assert {one: 1, other: 2} == {other: 2, one: 1}
    assert len({one, other}) == 2


def test_fields_of_an_entity_have_their_defaults_each_its_own() -> None:
    one, other = Thing("a"), Named(name="b", parts=["c"])
    one.parts.append("d")
    assert [(each.name, each.parts) for each in (one, other, Thing("e"))] == [("a", ["d"]), ("b", ["c"]), ("e", [])]
    assert (other.title, Named("a", title="b").title) == ("none", "b")


def test_what_a_field_of_an_entity_lacks_is_told() -> None:
    with pytest.raises(TypeError, match=r"^Thing.__init__\(\) missing .*'name'$"):
        Thing()  # type: ignore[call-arg]


def test_what_gathers_has_its_fields_by_place_and_by_name() -> None:
    given, other = Gathered("a", ["b"], title="c"), Gathered(name="a")
    assert (vars(given), vars(other)) == (
        {"name": "a", "parts": ["b"], "facts": {}, "title": "c"},
        {"name": "a", "parts": [], "facts": {}, "title": "none"},
    )
    assert other.facts is not given.facts


@pytest.mark.parametrize(
    ("given", "named", "message"),
    [
        ((), {}, r"^Gathered.__init__\(\) missing 1 required positional argument: 'name'$"),
        (("a",), {"name": "b"}, r"^Gathered.__init__\(\) got multiple values for argument 'name'$"),
        (("a",), {"names": []}, r"^Gathered.__init__\(\) got an unexpected keyword argument 'names'"),
        (
            ("a", [], {}, "b", "c"),
            {},
            r"^Gathered.__init__\(\) takes from 2 to 5 positional arguments but 6 were",
        ),
    ],
    ids=["missing", "twice", "unknown", "too many"],
)
def test_what_gathers_refuses_what_another_class_refuses(
    given: tuple[Any, ...], named: dict[str, Any], message: str
) -> None:
    with pytest.raises(TypeError, match=message):
        Gathered(*given, **named)


def test_nothing_is_loaded_to_define_one() -> None:
    code = "import sys, gitops_gen.data_classes; print({'dataclasses', 'inspect', 'ast', 'dis'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
