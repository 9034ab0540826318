"""Paths and conditions that only look facts up, as nearly all do: read from a context without a template engine.

A fleet of ten thousand clusters asks for a hundred thousand of them. What is more than a look-up, or fails as one, is
left to Jinja, which also has the words for what is wrong.
"""

from __future__ import annotations

from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Context: TypeAlias = dict[str, object]
    Names: TypeAlias = tuple[str, ...]
    """A name of the context, and attributes one inside the other."""
    Path: TypeAlias = tuple[str | Names, ...]
    """Texts, and what is looked up between them."""

T = TypeVar("T")

FAILURES = (KeyError, AttributeError, TypeError)
"""What a look-up raises that only Jinja can judge."""


class Condition(NamedTuple):
    """A fact that must be true, or equal to something; or must not."""

    names: Names
    expected: tuple[object, ...] = ()
    """What it must be equal to, if anything."""
    is_denied: bool = False


def attributes_in_path(path: Path) -> Iterator[str]:
    """Yields the names of the attributes that a path looks up."""
    return (name for part in path if not isinstance(part, str) for name in part[1:])


def path_of(path: Path) -> Callable[[Context], str]:
    """Returns what makes a path from a context. It raises one of FAILURES where a fact is missing or no text."""
    parts = [_text(part) if isinstance(part, str) else _look_up(part) for part in path]
    return lambda context: "".join([part(context) for part in parts])  # type: ignore[misc]


def condition_of(condition: Condition) -> Callable[[Context], bool]:
    """Returns what a condition says of a context. It raises one of FAILURES where a fact is missing."""
    read, denied = _look_up(condition.names), condition.is_denied
    if not condition.expected:
        return lambda context: bool(read(context)) is not denied
    [expected] = condition.expected
    return lambda context: bool(read(context) == expected) is not denied


def first_of(look_up: Callable[[Context], T], jinja: Callable[[], Callable[[Context], T]]) -> Callable[[Context], T]:
    """Returns what looks something up, and asks Jinja where that fails. `jinja` returns what asks it."""

    def read(context: Context) -> T:
        try:
            return look_up(context)
        except FAILURES:
            return jinja()(context)

    return read


def _text(text: str) -> Callable[[Context], object]:
    return lambda _: text


def _look_up(names: Names) -> Callable[[Context], object]:
    name, *attributes = names
    read = itemgetter(name)
    if not attributes:
        return read
    follow = attrgetter(".".join(attributes))
    return lambda context: follow(read(context))
