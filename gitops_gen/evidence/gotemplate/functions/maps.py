"""sprig's functions for maps that do not change one. Source: Masterminds/sprig v3.3.0, dict.go."""

from __future__ import annotations

from gitops_gen.evidence.gotemplate.errors import GoTemplateError
from gitops_gen.evidence.gotemplate.functions.conversions import to_text
from gitops_gen.evidence.gotemplate.functions.table import Signature, takes
from gitops_gen.evidence.gotemplate.values import NilMap, Shuffled, ShuffledStrings, Strings, type_name

_DIG_LEAST = 3


def make(*entries: object) -> dict[str, object]:
    """Returns a map of keys and values in turn; the last key may have no value."""
    keys = map(to_text, entries[::2])
    values = (*entries[1::2], "") if len(entries) % 2 else entries[1::2]
    return dict(zip(keys, values, strict=True))


def get(value: dict[str, object], key: str) -> object:
    """Returns the value of a key, or an empty text."""
    return value.get(key, "")


def has_key(value: dict[str, object], key: str) -> bool:
    """Tells whether a map has a key."""
    return key in value


def keys(*values: dict[str, object]) -> list[str]:
    """Returns the keys, in no order."""
    found = [key for value in values for key in value]
    return ShuffledStrings(found) if len(found) > 1 else Strings(found)


def values(value: dict[str, object]) -> list[object]:
    """Returns the values, in no order."""
    return Shuffled(value.values()) if len(value) > 1 else list(value.values())


def pluck(key: str, *values: dict[str, object]) -> list[object]:
    """Returns the values that several maps have for a key."""
    return [value[key] for value in values if key in value]


def pick(value: dict[str, object], *wanted: str) -> dict[str, object]:
    """Returns the map with only these keys."""
    return {key: value[key] for key in wanted if key in value}


def omit(value: dict[str, object], *unwanted: str) -> dict[str, object]:
    """Returns the map without these keys."""
    return {key: inner for key, inner in value.items() if key not in unwanted}


def dig(*arguments: object) -> object:
    """Returns what the keys lead to in the map, which is the last argument, or the one before it if one is missing."""
    if len(arguments) < _DIG_LEAST:
        raise GoTemplateError("error calling dig: dig needs at least three arguments")
    *steps, otherwise, value = arguments
    for step in steps:
        if not isinstance(step, str):
            raise GoTemplateError(f"error calling dig: a key is {type_name(step)}, not string")
    for step in steps:
        if type(value) not in (dict, NilMap):
            raise GoTemplateError(f'error calling dig: {type_name(value)}, not a map, where "{step}" is looked up')
        if not isinstance(value, dict) or step not in value:
            return otherwise
        value = value[step]
    return value


TABLE: dict[str, Signature] = {
    "dict": takes("any...", make, walks=True),
    "get": takes("map string", get),
    "hasKey": takes("map string", has_key),
    "keys": takes("map...", keys, walks=True),
    "values": takes("map", values, walks=True),
    "pluck": takes("string map...", pluck, walks=True),
    "pick": takes("map string...", pick, walks=True),
    "omit": takes("map string...", omit, walks=True),
    "dig": takes("any...", dig),
}
