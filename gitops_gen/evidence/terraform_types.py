"""Types of Terraform variables: what a constraint says, and whether a value converts to it.

Source: Terraform, "Type Constraints" and "Type Conversion"; zclconf/go-cty, cty/convert/conversion_primitive.go; tried
with 1.11.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.hcl_tokens import Token
    from gitops_gen.evidence.leaves import Steps

_COLLECTIONS = frozenset({"list", "set", "map"})
_PRIMITIVES = frozenset({"string", "number", "bool"})
_BOOLS = ("true", "false", "1", "0")
_KNOWN = (str, int, float, list, dict)
"""What a value is that is known, and not null."""
_NUMBER = lazily(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


class Type(NamedTuple):
    """A type constraint. `any`, and what is not understood, takes every value."""

    name: str
    inner: Type | None = None
    """What the items of a list or a set, or the values of a map, are."""
    attributes: Mapping[str, Type] | None = None
    """Those of an object."""
    optional: frozenset[str] = frozenset()


ANY = Type("any")


class Mismatch(NamedTuple):
    """A value that does not convert."""

    steps: Steps
    got: str
    expected: str


def parse_type(text: str) -> Type:
    """Returns the type that a constraint states. The older spelling in quotes is taken too."""
    from gitops_gen.evidence.hcl_tokens import tokens

    found = tokens(text.strip('"'))
    return ANY if found is None else _Parser([each for each in found if each.kind != "newline"]).parse()


def mismatches(value: object, wanted: Type, steps: Steps = ()) -> Iterator[Mismatch]:
    """Yields what of a value does not convert to a type. Null converts to every type, and so may what is not known."""
    if wanted.name == "any" or not isinstance(value, _KNOWN):
        return
    if wanted.name in _PRIMITIVES:
        if not _converts(value, wanted.name):
            yield Mismatch(steps, _kind(value), wanted.name)
    elif wanted.name in ("list", "set"):
        yield from _items(value, wanted, steps)
    elif wanted.name == "map":
        yield from _values(value, wanted, steps)
    elif wanted.attributes is not None:
        yield from _attributes(value, wanted, steps)


def _items(value: object, wanted: Type, steps: Steps) -> Iterator[Mismatch]:
    if not isinstance(value, list):
        yield Mismatch(steps, _kind(value), f"a {wanted.name}")
        return
    for index, item in enumerate(value):
        yield from mismatches(item, wanted.inner or ANY, (*steps, index))


def _values(value: object, wanted: Type, steps: Steps) -> Iterator[Mismatch]:
    if not isinstance(value, dict):
        yield Mismatch(steps, _kind(value), "a map")
        return
    for key, item in value.items():
        yield from mismatches(item, wanted.inner or ANY, (*steps, key))


def _attributes(value: object, wanted: Type, steps: Steps) -> Iterator[Mismatch]:
    if not isinstance(value, dict):
        yield Mismatch(steps, _kind(value), "an object")
        return
    for name, inner in (wanted.attributes or {}).items():
        if name in value:
            yield from mismatches(value[name], inner, (*steps, name))
        elif name not in wanted.optional:
            yield Mismatch(steps, "an object", f"one with the attribute {name}")


def _converts(value: object, name: str) -> bool:
    if isinstance(value, list | dict):
        return False
    if name == "string":
        return True
    if name == "bool":
        return isinstance(value, bool) or value in _BOOLS
    return not isinstance(value, bool) and (not isinstance(value, str) or _NUMBER.fullmatch(value) is not None)


def _kind(value: object) -> str:
    names = {str: "a string", bool: "a bool", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), "something else")


class _Parser:
    """Reads a constraint from its tokens."""

    def __init__(self, found: list[Token]) -> None:
        self._tokens = found
        self._at = 0

    def parse(self) -> Type:
        name = self._take()
        if name in _PRIMITIVES:
            return Type(name)
        if name in _COLLECTIONS and self._peek() == "(":
            self._take()
            inner = self.parse()
            self._take()
            return Type(name, inner)
        if name in _COLLECTIONS:
            return Type(name, ANY)
        return self._object() if name == "object" and self._peek() == "(" else ANY

    def _object(self) -> Type:
        attributes: dict[str, Type] = {}
        optional: set[str] = set()
        self._take()
        self._take()
        while self._peek() not in ("}", ""):
            name = self._take().strip('"')
            self._take()
            if self._peek() == "optional":
                optional.add(name)
                attributes[name] = self._optional()
            else:
                attributes[name] = self.parse()
            if self._peek() == ",":
                self._take()
        self._take()
        self._take()
        return Type("object", attributes=attributes, optional=frozenset(optional))

    def _optional(self) -> Type:
        self._take()
        self._take()
        inner = self.parse()
        depth = 1
        while depth and self._peek():
            depth += {"(": 1, ")": -1}.get(self._take(), 0)
        return inner

    def _peek(self) -> str:
        return self._tokens[self._at].text if self._at < len(self._tokens) else ""

    def _take(self) -> str:
        text = self._peek()
        self._at += 1
        return text
