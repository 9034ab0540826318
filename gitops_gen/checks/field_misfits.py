"""The values in an object of Kubernetes that are of another type than their fields, and the fields that are a slip.

Part of field-types.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.kubernetes_fields import ANY, EITHER, FLAG, NAMES, TEXT, TYPES, WHOLE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.places import Place
    from gitops_gen.kubernetes_fields import Names, Type

    _Misfit: TypeAlias = "tuple[Place, object, str]"

_FILLED_IN = frozenset("{}$<>%#@")
"""What a placeholder has in it, unless it is in capitals: somebody may write a number there."""
_SHORTEST = 3
"""Letters of a field that may be a slip of another."""
_FLAGS = frozenset({"true", "false"})
_LIST, _MAP = "a list", "a map"
_NAMES = {str: "a string", bool: "true or false", int: "a number", float: "a number", list: _LIST, dict: _MAP}


def name_of(value: object) -> str:
    """Returns what a value is, in words."""
    return _NAMES.get(type(value), "something else")


def hint_for(value: object, expected: str) -> str:
    """Returns what to write for a value."""
    if isinstance(value, dict | list) or expected in (_LIST, _MAP):
        return f"write {expected}"
    if not isinstance(value, str):
        return "put quotes around it" if "string" in expected else f"write {expected}"
    return "take the quotes off" if value.isdecimal() or value in _FLAGS else f"write {expected}"


def misfits_of(manifest: Manifest) -> Iterator[_Misfit]:
    """Yields each value of another type in an object of a kind that is known, where it stands, and what is expected."""
    yield from _misfits(manifest.value, TYPES.get((manifest.group, manifest.kind), {}), manifest.place)


def slips_of(manifest: Manifest) -> Iterator[tuple[Place, str, str]]:
    """Yields each field that there is none of, and the missing one that it is but for a letter: where, it, and that."""
    known = NAMES.get((manifest.group, manifest.kind))
    if known is not None:
        yield from _slips(manifest.value, known, manifest.place)


def _slips(value: object, known: Names, place: Place) -> Iterator[tuple[Place, str, str]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _slips(item, known, place / index)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in known:
                meant = _meant(key, known, value)
                if meant is not None:
                    yield place / key, key, meant
            elif (held := known[key]) is not None:
                yield from _slips(item, held, place / key)


def _meant(key: object, known: Names, stated: Mapping[str, object]) -> str | None:
    from gitops_gen.near_miss import is_one_edit

    if not isinstance(key, str) or len(key) < _SHORTEST:
        return None
    near = [each for each in known if each not in stated and is_one_edit(key.casefold(), each.casefold())]
    return near[0] if len(near) == 1 else None


def _misfits(value: object, wanted: Type, place: Place) -> Iterator[_Misfit]:
    if value is None:
        return
    if isinstance(wanted, str):
        if not _is(value, wanted):
            yield place, value, wanted
    elif isinstance(wanted, list) and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _misfits(item, wanted[0], place / index)
    elif not isinstance(wanted, list) and isinstance(value, dict):
        yield from _of_map(value, wanted, place)
    elif not _is_filled_in(value):
        yield place, value, _LIST if isinstance(wanted, list) else _MAP


def _of_map(value: Mapping[str, object], wanted: Mapping[str, Type], place: Place) -> Iterator[_Misfit]:
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
