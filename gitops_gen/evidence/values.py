"""Reading parsed YAML and HCL without trusting its shape: what is not there, or is something else, is None or empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


def at(value: object, *steps: str | int) -> object:
    """Returns what stands at the end of the steps, or None."""
    for step in steps:
        if (value.__class__ is dict and step.__class__ is str) or (isinstance(step, str) and isinstance(value, dict)):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and -len(value) <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def decides(value: object, *steps: str | int) -> bool:
    """True if values that are laid over others decide what stands at the end of the steps.

    That is so too where they have null there, or at a step before, which takes away what is below it; and where they
    have at a step before what is no map. Source: Helm, pkg/chart/common/util/coalesce.go.
    """
    if not isinstance(value, dict):
        return False
    for step in steps:
        if not isinstance(value, dict):
            return True
        if step not in value:
            return False
        value = value[step]
    return True


def first_at(layers: Iterable[object], *steps: str | int) -> object:
    """Returns what stands at the end of the steps in the first of some layers that has it, or None."""
    return next((found for layer in layers if (found := at(layer, *steps)) is not None), None)


def text_at(value: object, *steps: str | int) -> str | None:
    """Returns the string at the end of the steps, or None."""
    for step in steps:
        if value.__class__ is dict and step.__class__ is str:  # nearly always, and half a million times
            value = value.get(step)
        elif value is None:
            return None
        else:
            value = at(value, step)
    return value if value.__class__ is str or isinstance(value, str) else None


def secret_text(value: object, key: str) -> str | None:
    """Returns the string that a Secret holds under a key, as a text or in base64; None for none, or for no text."""
    stated = text_at(value, "stringData", key)
    if stated is not None:
        return stated
    encoded = text_at(value, "data", key)
    if encoded is None:
        return None
    import base64

    try:
        return base64.b64decode(encoded, validate=True).decode()
    except ValueError:
        return None


def map_at(value: object, *steps: str | int) -> Mapping[str, object]:
    """Returns the map at the end of the steps, or an empty one."""
    found = at(value, *steps)
    return found if isinstance(found, dict) else {}


def list_at(value: object, *steps: str | int) -> Sequence[object]:
    """Returns the list at the end of the steps, or an empty one."""
    found = at(value, *steps)
    return found if isinstance(found, list) else []


def strings_at(value: object, *steps: str | int) -> tuple[str, ...]:
    """Returns the strings of the list at the end of the steps; what is no string is left out."""
    return tuple(item for item in list_at(value, *steps) if isinstance(item, str))


def texts_in(value: object, steps: tuple[str | int, ...] = ()) -> Iterator[tuple[str, tuple[str | int, ...]]]:
    """Yields every string in a value, with the steps that lead to it; a key of a map leads to its own value."""
    if isinstance(value, str):
        yield value, steps
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from texts_in(key, (*steps, key))
            yield from texts_in(inner, (*steps, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts_in(inner, (*steps, index))
