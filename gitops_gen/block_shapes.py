"""What a block of a model file must look like, as functions that take a value apart without pydantic.

They answer one question, whether a value fits, and only where it surely does: `DoesNotFitError` means that pydantic is
to judge, which has the rules and the words. Each shape is made from an entry of `entries`; see `entry_shapes`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.blocks import PlainBlock

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Shape: TypeAlias = Callable[[object], object]
    """Returns the value as the entry would hold it. Raises DoesNotFitError."""


class DoesNotFitError(Exception):
    """A value is not surely what its entry expects."""


def anything(value: object) -> object:
    """Fits whatever YAML can say."""
    return value


def flag(value: object) -> object:
    """Fits true and false."""
    return _fits(value, value.__class__ is bool)


def text(check: Callable[[str], str | None]) -> Shape:
    """Fits a text for which a check returns no reason against it."""
    return lambda value: _fits(value, isinstance(value, str) and _is_text(value) and check(value) is None)


def text_of(least: int = 0, pattern: str = "") -> Shape:
    """Fits a text of at least so many characters, which a pattern matches as a whole."""
    whole = re.compile(pattern.removeprefix("^").removesuffix("$") or r"(?s:.*)")
    return lambda value: _fits(
        value, isinstance(value, str) and _is_text(value) and len(value) >= least and whole.fullmatch(value) is not None
    )


def whole_number(least: int, most: int) -> Shape:
    """Fits a whole number between two others, or one of them."""
    return lambda value: _fits(value, value.__class__ is int and isinstance(value, int) and least <= value <= most)


def one_of(*words: str) -> Shape:
    """Fits some words."""
    return lambda value: _fits(value, value.__class__ is str and value in words)


def maybe(*shapes: Shape) -> Shape:
    """Fits null, and what one of some shapes fits."""
    inner = either(*shapes)
    return lambda value: None if value is None else inner(value)


def either(*shapes: Shape) -> Shape:
    """Fits what one of some shapes fits."""
    if len(shapes) == 1:
        return shapes[0]
    first, *others = shapes
    rest = either(*others)

    def fit(value: object) -> object:
        try:
            return first(value)
        except DoesNotFitError:
            return rest(value)

    return fit


def listed(shape: Shape) -> Shape:
    """Fits a list in which everything fits."""

    def fit(value: object) -> object:
        if value.__class__ is not list or not isinstance(value, list):
            raise DoesNotFitError
        return [shape(item) for item in value]

    return fit


def mapped(shape: Shape) -> Shape:
    """Fits a map from texts to what fits."""

    def fit(value: object) -> object:
        if value.__class__ is not dict or not isinstance(value, dict):
            raise DoesNotFitError
        if not all(isinstance(key, str) and _is_text(key) for key in value):
            raise DoesNotFitError
        return {key: shape(item) for key, item in value.items()}

    return fit


def block(needed: Mapping[str, Shape], others: Mapping[str, tuple[Shape, object]]) -> Shape:
    """Fits a map that has the fields that are needed, and no others than those that have a default."""
    shapes = {**needed, **{name: shape for name, (shape, _) in others.items()}}
    defaults = {name: default for name, (_, default) in others.items()}

    def fit(value: object) -> object:
        if value.__class__ is not dict or not isinstance(value, dict):
            raise DoesNotFitError
        if not needed.keys() <= value.keys() <= shapes.keys():
            raise DoesNotFitError
        return PlainBlock({name: shapes[name](inner) for name, inner in value.items()}, defaults)

    return fit


def _fits(value: object, is_fit: bool) -> object:
    if is_fit:
        return value
    raise DoesNotFitError


def _is_text(value: str) -> bool:
    """Tells whether a text has no half of a character, of which pydantic would make an error."""
    if value.__class__ is not str:
        return False
    if value.isascii():
        return True
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
