"""What of a value a JSON Schema of draft 7 surely refuses. Keywords that are not known here let everything through.

Source: JSON Schema Validation, draft-handrews-json-schema-validation-01, which Helm reads values.schema.json by.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.leaves import Steps

_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "array": (list,),
    "object": (dict,),
    "null": (type(None),),
}
_DEEPEST = 64
_JSON = json.JSONEncoder(sort_keys=True, default=str)
_WORDS = frozenset({"enum", "const", "type"})
"""Keywords that are all known: what passes them is surely what a schema with no other one allows."""


class Refusal(NamedTuple):
    """A part of a value that is refused."""

    steps: Steps
    reason: str


def refusals(value: object, schema: object) -> Iterator[Refusal]:
    """Yields what the schema refuses, with the steps that lead to it."""
    root = schema if isinstance(schema, dict) else {}
    yield from _Validator(root).judge(value, root, ())


class _Validator:
    def __init__(self, root: Mapping[str, object]) -> None:
        self._root = root

    def judge(self, value: object, schema: object, steps: Steps, depth: int = 0) -> Iterator[Refusal]:
        if not isinstance(schema, dict) or depth > _DEEPEST:
            return
        if "$ref" in schema:
            yield from self.judge(value, self._referred(schema["$ref"]), steps, depth + 1)
            return
        wrong = _wrong_type(value, schema) or _wrong_word(value, schema, steps)
        if wrong is not None:
            yield Refusal(steps, wrong)
            return
        for reason in _wrong_size(value, schema, steps):
            yield Refusal(steps, reason)
        yield from self._judge_parts(value, schema, steps, depth)
        if isinstance(value, dict):
            yield from self._judge_object(value, schema, steps, depth)
        elif isinstance(value, list):
            for index, item in enumerate(value):
                yield from self.judge(item, schema.get("items"), (*steps, index), depth + 1)

    def _judge_parts(self, value: object, schema: Mapping[str, object], steps: Steps, depth: int) -> Iterator[Refusal]:
        for part in _list(schema.get("allOf")):
            yield from self.judge(value, part, steps, depth + 1)
        for choice in ("anyOf", "oneOf"):
            parts = _list(schema.get(choice))
            if parts and all(any(self.judge(value, part, steps, depth + 1)) for part in parts):
                yield Refusal(steps, f"none of the {len(parts)} schemas of {choice} allows it")

    def _judge_object(
        self, value: Mapping[str, object], schema: Mapping[str, object], steps: Steps, depth: int
    ) -> Iterator[Refusal]:
        known, patterns = _map(schema.get("properties")), _map(schema.get("patternProperties"))
        for name in _list(schema.get("required")):
            if name not in value:
                yield Refusal((*steps, str(name)), "it is missing")
        for name, item in value.items():
            here = (*steps, name)
            for refusal in self.judge(name, schema.get("propertyNames"), here, depth + 1):
                yield Refusal(here, f"the key: {refusal.reason}")
            if name in known:
                yield from self.judge(item, known[name], here, depth + 1)
            elif not patterns and schema.get("additionalProperties") is False:
                yield Refusal(here, f"there is no value {name}")
            elif not patterns:
                yield from self.judge(item, schema.get("additionalProperties"), here, depth + 1)

    def _referred(self, reference: object) -> object:
        """Returns the schema that a reference within the document leads to."""
        found: object = self._root
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return None
        for step in reference.removeprefix("#/").split("/"):
            found = found.get(step) if isinstance(found, dict) else None
        return found


def _wrong_type(value: object, schema: Mapping[str, object]) -> str | None:
    stated = schema.get("type")
    names = [str(name) for name in (stated if isinstance(stated, list) else [stated]) if name in _TYPES]
    if not names or any(_is(value, name) for name in names):
        return None
    got = next((name for name in _TYPES if _is(value, name)), "something else")
    return f"got {got}, expected {' or '.join(names)}"


def _is(value: object, name: str) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    if name == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, _TYPES[name])


def _wrong_word(value: object, schema: Mapping[str, object], steps: Steps) -> str | None:
    denied = _map(schema.get("not"))
    if denied and denied.keys() <= _WORDS and not _wrong_type(value, denied) and _is_listed(value, denied):
        return f"got {_shown(value, steps)}, which the schema leaves out"
    if _is_listed(value, schema):
        return None
    return f"got {_shown(value, steps)}, expected {' or '.join(map(str, _listed(schema)))}"


def _is_listed(value: object, schema: Mapping[str, object]) -> bool:
    """True for one of the values that a schema lists, and where it lists none."""
    listed = _listed(schema)
    return not listed or _written(value) in map(_written, listed)


def _listed(schema: Mapping[str, object]) -> list[object]:
    return _list(schema.get("enum")) or ([schema["const"]] if "const" in schema else [])


def _repeated(items: list[object], steps: Steps) -> Iterator[str]:
    seen: set[str] = set()
    for item in items:
        if _written(item) in seen:
            yield f"{_shown(item, steps)} is there twice"
        seen.add(_written(item))


def _written(value: object) -> str:
    """Returns what is the same text for values that are the same to JSON: 1.0 is 1, and true is not."""
    return _JSON.encode(_whole(value))


def _whole(value: object) -> object:
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {str(key): _whole(item) for key, item in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _wrong_size(value: object, schema: Mapping[str, object], steps: Steps) -> Iterator[str]:
    if isinstance(value, str):
        for limit in _limits(len(value), schema, "minLength", "maxLength"):
            yield f"got {len(value)} characters, {limit}"
        pattern = schema.get("pattern")
        if isinstance(pattern, str) and not _matches(pattern, value):
            yield f"got {_shown(value, steps)}, expected a text that matches {pattern}"
    elif isinstance(value, list):
        for limit in _limits(len(value), schema, "minItems", "maxItems"):
            yield f"got {len(value)} items, {limit}"
        yield from _repeated(value, steps) if schema.get("uniqueItems") is True else ()
    elif isinstance(value, int | float) and not isinstance(value, bool):
        for limit in _limits(value, schema, "minimum", "maximum"):
            yield f"got {_shown(value, steps)}, {limit}"


def _limits(size: float, schema: Mapping[str, object], least: str, most: str) -> Iterator[str]:
    """Yields what is expected of a size that is outside of its limits."""
    low, high = schema.get(least), schema.get(most)
    if isinstance(low, int | float) and size < low:
        yield f"expected at least {low}"
    if isinstance(high, int | float) and size > high:
        yield f"expected at most {high}"


def _shown(value: object, steps: Steps) -> str:
    """Returns a value as a message shows it, which is no secret."""
    from gitops_gen.secrets_guard import HIDDEN, is_hidden

    return HIDDEN if steps and is_hidden(value, str(steps[-1])) else repr(value)


def _matches(pattern: str, value: str) -> bool:
    try:
        return re.search(pattern, value) is not None
    except re.error:
        return True  # the pattern is of another dialect


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _map(value: object) -> Mapping[str, object]:
    return value if isinstance(value, dict) else {}
