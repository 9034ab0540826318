"""What a template that is ready runs against, in place of Jinja: no more than the stock templates need.

It counts as the sandbox counts. Whatever is out of the ordinary, be it an undefined name, a value that is not of the
model or a call of anything but a method of the model, raises; then Jinja renders the file, and its answer counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NoReturn

from gitops_gen.named_tuple import NamedTuple
from gitops_gen.templating.bounds import plain_text
from gitops_gen.templating.budget import Budget
from gitops_gen.templating.encoders import swift_encoders
from gitops_gen.templating.readable import FACTS, LIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gitops_gen.templating.reads import Reads

MISSING: Final = object()
"""Stands for the value of a name that the context does not have."""


class Ready(NamedTuple):
    """What is known of a template, without reading it. The digest in `reads` says of which text that holds."""

    reads: Reads
    formats: tuple[str, ...]
    """The formats for which it was found to be right: nothing is written that is encoded for another."""
    root: Callable[[Context, object, Runtime], Iterator[str]]
    """Yields the parts of its text."""


class NotReadyError(Exception):
    """A template asks for what only Jinja can give."""


class Context:
    """The names that a template sees."""

    def __init__(self, names: Mapping[str, object]) -> None:
        self._names = names

    def resolve_or_missing(self, name: str) -> object:
        """Returns the value of a name, or MISSING."""
        return self._names.get(name, MISSING)


class Runtime(Budget):
    """What the code of the templates calls its environment."""

    facts = FACTS
    light = LIGHT
    concat = "".join

    def __init__(self) -> None:
        self.filters: Mapping[str, Callable[..., object]] = {
            **swift_encoders(self),
            "counted": self.counted,
            "string": self._string,
        }

    def parts(self, ready: Ready, form: str, names: Mapping[str, object]) -> Iterator[str]:
        """Yields the parts of the text that a template makes for a format from the names that it sees."""
        self.begin(form)
        yield from ready.root(Context(names), MISSING, self)

    def undefined(self, name: str) -> NoReturn:
        """Refuses a name that the context does not have."""
        raise NotReadyError(name)

    def getattr(self, value: object, name: str) -> NoReturn:
        """Refuses an attribute that is no fact of the model: the facts are read without this."""
        raise NotReadyError(f"{type(value).__name__}.{name}")

    def getitem(self, value: object, index: object) -> object:
        """Returns an item of a tuple, by its number."""
        if isinstance(value, tuple) and index.__class__ is int:
            return value[index]
        raise NotReadyError(f"{type(value).__name__}[{index!r}]")

    def call(self, _: Context, method: Callable[..., object], /, *args: object, **private: object) -> object:
        """Returns what a method of a value of the model returns. What Jinja tells its own functions is not for it."""
        value = getattr(method, "__self__", None)
        if getattr(method, "__name__", "") not in self.facts.get(value.__class__, ()) or not _are_private(private):
            raise NotReadyError("a call of something else")
        self.charge(1)
        for argument in args:
            self.weighed(argument)
        self.weighed(value)
        return self.paid(method(*args))

    def _string(self, value: object) -> str:
        return self.paid(plain_text(self.weighed(value)))


def _are_private(names: Mapping[str, object]) -> bool:
    return all(name.startswith("_") for name in names)
