"""Shapes of values: which fields a map may have, since which version, and what each field takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.named_tuple import NamedTuple
from gitops_gen.near_miss import DID_YOU_MEAN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

Version: TypeAlias = tuple[int, int, int]
Steps: TypeAlias = tuple[str | int, ...]

ALWAYS: Version = (0, 0, 0)
TYPES: Mapping[type, str] = {
    str: "a string",
    bool: "true or false",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a map",
}
"""What people call the types of values."""


class Shape(NamedTuple):
    """What a value may be: of one of the types and, if there are any, one of the words."""

    types: tuple[type, ...]
    name: str
    """The types as a person says them, with an article."""
    words: frozenset[str] = frozenset()
    spans: Mapping[str, tuple[Version, Version | None]] = {}
    """The words that not all versions take: the first version that does, and the first that does no longer."""
    fields: Mapping[str, Field] | None = None
    """None for a map that may have any."""
    required: tuple[str, ...] = ()
    items: Shape | None = None
    """What the items of a list, or the values of a map without known fields, are."""
    check: Callable[[str], str | None] | None = None
    """Says what is wrong with a text that no version takes."""
    fewest: int = 0
    """How many items a list has, or fields a map, at least."""
    most: int | None = None
    """How many fields a map has, at most."""
    counted_since: Version = ALWAYS
    """The first version that counts them."""


class Field(NamedTuple):
    """A field of a map, and the first version that has it."""

    shape: Shape
    since: Version = ALWAYS


class Misfit(NamedTuple):
    """A value, or a key, that does not fit its shape."""

    steps: Steps
    reason: str
    hint: str
    on_key: bool = False
    is_type: bool = False
    """True for a value of another type, or a field that must be there, even with a slip: no later version takes it."""
    missing: str = ""
    """The field of a map that must be there, and is not."""
    is_text: bool = False
    """True for a text that its check refuses."""


ANYTHING = Shape((object,), "anything")
TEXT = Shape((str,), "a string")
WHOLE = Shape((int,), "a whole number")
FLAG = Shape((bool,), "true or false")
WHOLE_OR_TEXT = Shape((int, str), "a whole number or a string")
MAP = Shape((dict,), "a map")


def choice(*words: str) -> Shape:
    """Returns the shape of a string that is one of some words."""
    return Shape((str,), "a string", words=frozenset(words))


def text(check: Callable[[str], str | None]) -> Shape:
    """Returns the shape of a string with nothing wrong by a check."""
    return Shape((str,), "a string", check=check)


def many(item: Shape, *, fewest: int = 0) -> Shape:
    """Returns the shape of a list, with so many items at least."""
    return Shape((list,), "a list", items=item, fewest=fewest)


def mapping(value: Shape) -> Shape:
    """Returns the shape of a map with any keys."""
    return Shape((dict,), "a map", items=value)


def block(fields: Mapping[str, Field | Shape], required: tuple[str, ...] = ()) -> Shape:
    """Returns the shape of a map with known fields; one given as a shape has always been there."""
    known = {name: field if isinstance(field, Field) else Field(field) for name, field in fields.items()}
    return Shape((dict,), "a map", fields=known, required=tuple(sorted(required)))


def one_of(fields: Mapping[str, Field | Shape], since: Version = ALWAYS) -> Shape:
    """Returns the shape of a map with one of some fields, and not with two; before a version, with any."""
    return block(fields)._replace(fewest=1, most=1, counted_since=since)


def misfits(
    value: object, shape: Shape, version: Version | None, steps: Steps = (), *, is_full: bool = False
) -> Iterator[Misfit]:
    """Yields what does not fit. Without a version, a field that any version has is allowed.

    Null, which the API server takes for a field that is left out, fits everywhere but in a list, and an empty text fits
    where a text does, unless `is_full` says that every field that stands there has a value.
    """
    if value is None or (value == "" and (is_full or str in shape.types)):
        if is_full:
            yield Misfit(steps, "got no value", "write one, or remove the key")
        return
    if shape is ANYTHING:
        return
    if not isinstance(value, shape.types) or (isinstance(value, bool) and bool not in shape.types):
        reason = f"got {_kind(value)}, expected {shape.name}"
        yield Misfit(steps, reason, f"write {shape.name}", is_type=True)
    elif isinstance(value, str):
        yield from _misfits_of_text(value, shape, version, steps)
    elif isinstance(value, list):
        if len(value) < shape.fewest:
            yield Misfit(steps, "got an empty list, expected an item", "add one", is_type=True)
        yield from _misfits_of_list(value, shape.items or ANYTHING, version, steps, is_full=is_full)
    elif isinstance(value, dict):
        yield from _misfits_of_map(value, shape, version, steps, is_full=is_full)


def _misfits_of_text(value: str, shape: Shape, version: Version | None, steps: Steps) -> Iterator[Misfit]:
    if shape.words and value not in shape.words:
        yield _wrong_word(value, shape, steps)
    elif version is not None and value in shape.spans:
        yield from _out_of_time(value, shape, version, steps)
    elif shape.check is not None and (reason := shape.check(value)):
        yield Misfit(steps, reason, "correct it", is_type=True, is_text=True)


def _misfits_of_list(
    value: Sequence[object], shape: Shape, version: Version | None, steps: Steps, *, is_full: bool
) -> Iterator[Misfit]:
    for index, item in enumerate(value):
        if item is None and shape is not ANYTHING:
            yield Misfit((*steps, index), "got no value", "write one, or remove the item", is_type=True)
        else:
            yield from misfits(item, shape, version, (*steps, index), is_full=is_full)


def _misfits_of_map(
    value: Mapping[str, object], shape: Shape, version: Version | None, steps: Steps, *, is_full: bool
) -> Iterator[Misfit]:
    if shape.fields is None:
        if shape.items is not None:
            for key, item in value.items():
                yield from misfits(item, shape.items, version, (*steps, key), is_full=is_full)
        return
    if version is None or version >= shape.counted_since:
        yield from _miscounted(value, shape.fields, shape, steps)
    missing = {name: f"{DID_YOU_MEAN} {name}?" for name in shape.required if value.get(name) is None}
    unknown = {key: _unknown(key, shape.fields, steps) for key in value if key not in shape.fields}
    slips = {each.hint for each in unknown.values()}
    for name, meant in missing.items():
        if meant not in slips:
            yield Misfit(steps, f"{name} is missing", f"add {name}:", on_key=True, is_type=True, missing=name)
    for key, item in value.items():
        field = shape.fields.get(key)
        if field is None:
            # One that must be there, with a slip in its name, is told once: where it stands.
            slip = unknown[key]
            required = next((each for each, meant in missing.items() if slip.hint == meant), None)
            reason = f"{slip.reason}, and {required} is missing"
            yield slip if required is None else slip._replace(reason=reason, is_type=True)
        elif version is not None and version < field.since:
            yield _too_new(key, field.since, steps)
        else:
            yield from misfits(item, field.shape, version, (*steps, key), is_full=is_full)


def _miscounted(
    value: Mapping[str, object], fields: Mapping[str, Field], shape: Shape, steps: Steps
) -> Iterator[Misfit]:
    """Yields a map of which one field alone may stand, and that has more of them, or none and nothing else."""
    stated = [name for name in fields if value.get(name) is not None]
    if shape.most is not None and len(stated) > shape.most:
        yield Misfit(steps, f"got {' and '.join(stated)}, expected one of them", "leave one", is_type=True)
    elif len(stated) < shape.fewest and not any(key not in fields for key in value):
        expected = " or ".join(name for name in fields)
        yield Misfit(steps, f"got nothing, expected {expected}", "write one of them", is_type=True)


def _wrong_word(value: str, shape: Shape, steps: Steps) -> Misfit:
    from gitops_gen.near_miss import near_miss

    words = " or ".join(sorted(shape.words))
    return Misfit(steps, f"got {value!r}, expected {words}", near_miss(value, shape.words))


def _out_of_time(value: str, shape: Shape, version: Version, steps: Steps) -> Iterator[Misfit]:
    """Yields a word that a version does not take yet, or no longer."""
    first, end = shape.spans[value]
    others = " or ".join(sorted(shape.words - {value}))
    if version < first:
        yield Misfit(steps, f"there is no {value} before {_printed(first)}", f"write {others}, or update the operator")
    elif end is not None and version >= end:
        yield Misfit(steps, f"there is no {value} from {_printed(end)} on", f"write {others}")


def _printed(version: Version) -> str:
    return ".".join(map(str, version))


def _unknown(key: str, fields: Mapping[str, Field], steps: Steps) -> Misfit:
    from gitops_gen.near_miss import near_miss, nearest_name

    # A field that stands too far to the left is one of a map beside it.
    holders = [name for name, field in fields.items() if field.shape.fields and key in field.shape.fields]
    is_outside = bool(holders) and nearest_name(key, fields) is None
    hint = f"indent it as a field of {' or '.join(holders)}" if is_outside else near_miss(key, fields)
    return Misfit((*steps, key), f"there is no field {key}", hint, on_key=True)


def _too_new(key: str, since: Version, steps: Steps) -> Misfit:
    reason = f"there is no field {key} before {_printed(since)}"
    return Misfit((*steps, key), reason, "remove it, or update the operator", on_key=True)


def _kind(value: object) -> str:
    return TYPES.get(type(value), "something else")
