"""What a table of functions holds: for each name the types of the parameters and the Python function behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable


class Signature(NamedTuple):
    """A function: its fixed parameters and the type of the further ones, if it takes any.

    A type is any, string, int, bool, float64 or map. A function that `walks` looks at everything inside of its
    arguments, which is then counted. Without a `call` it cannot be said what it gives, for the `reason`.
    """

    types: tuple[str, ...] = ()
    further: str | None = None
    call: Callable[..., object] | None = None
    walks: bool = False
    reason: str = ""

    def refuse_count(self, name: str, count: int) -> str | None:
        """Returns the reason why so many arguments are too many or too few, or None."""
        wanted = len(self.types)
        if count == wanted or (count > wanted and self.further):
            return None
        return f"wrong number of args for {name}: want {'at least ' if self.further else ''}{wanted} got {count}"

    def type_of(self, index: int) -> str:
        """Returns the type of a parameter."""
        return self.types[index] if index < len(self.types) else self.further or "any"


def takes(types: str, call: Callable[..., object], *, walks: bool = False) -> Signature:
    """Returns the signature that is written as `int string` or, for any number of further ones, `string any...`."""
    words = types.split()
    further = words.pop().removesuffix("...") if types.endswith("...") else None
    return Signature(tuple(words), further, call, walks)


def cannot(reason: str) -> Signature:
    """Returns the signature of a function that Go has and that is not evaluated here."""
    return Signature(reason=reason)
