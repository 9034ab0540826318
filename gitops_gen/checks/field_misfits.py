"""The values in an object of Kubernetes that are of another type than their fields.

Part of field-types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.kubernetes_fields import ANY, EITHER, FLAG, TEXT, TYPES, WHOLE
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.places import Place
    from gitops_gen.kubernetes_fields import Type

_FILLED_IN = frozenset("{}$<>%#@")
"""What a placeholder has in it, unless it is in capitals: somebody may write a number there."""
_FLAGS = frozenset({"true", "false"})
_LIST, _MAP = "a list", "a map"
_NAMES = {str: "a string", bool: "true or false", int: "a number", float: "a number", list: _LIST, dict: _MAP}


class FieldMisfit(NamedTuple):
    """A value of another type than its field."""

    place: Place
    value: object
    expected: str

    @property
    def got(self) -> str:
        """What the value is, in words."""
        return _NAMES.get(type(self.value), "something else")

    @property
    def hint(self) -> str:
        """What to write."""
        if isinstance(self.value, dict | list) or self.expected in (_LIST, _MAP):
            return f"write {self.expected}"
        if not isinstance(self.value, str):
            return "put quotes around it" if "string" in self.expected else f"write {self.expected}"
        is_quoted = self.value.isdecimal() or self.value in _FLAGS
        return "take the quotes off" if is_quoted else f"write {self.expected}"


def misfits_of(manifest: Manifest) -> Iterator[FieldMisfit]:
    """Yields each value of another type in an object of a kind that is known."""
    yield from _misfits(manifest.value, TYPES.get((manifest.group, manifest.kind), {}), manifest.place)


def _misfits(value: object, wanted: Type, place: Place) -> Iterator[FieldMisfit]:
    if value is None:
        return
    if isinstance(wanted, str):
        if not _is(value, wanted):
            yield FieldMisfit(place, value, wanted)
    elif isinstance(wanted, list) and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _misfits(item, wanted[0], place / index)
    elif not isinstance(wanted, list) and isinstance(value, dict):
        yield from _of_map(value, wanted, place)
    elif not _is_filled_in(value):
        yield FieldMisfit(place, value, _LIST if isinstance(wanted, list) else _MAP)


def _of_map(value: Mapping[str, object], wanted: Mapping[str, Type], place: Place) -> Iterator[FieldMisfit]:
    any_field = wanted.get(ANY)
    for key, item in value.items():
        of = wanted.get(key, any_field)
        if of is not None:
            yield from _misfits(item, of, place / key)


def _is(value: object, wanted: str) -> bool:
    """Tells whether a scalar is of a type, or may become one where a placeholder stands for it."""
    if isinstance(value, str):
        return wanted in (TEXT, EITHER) or _is_filled_in(value)
    if isinstance(value, bool):
        return wanted == FLAG
    is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return wanted in (WHOLE, EITHER) and is_whole


def _is_filled_in(value: object) -> bool:
    return isinstance(value, str) and (not value or value.isupper() or not _FILLED_IN.isdisjoint(value))
