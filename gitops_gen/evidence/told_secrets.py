"""What the values of a release tell its chart of the secrets: that there are some, which, and the keys of each.

The shape is that of the generated values: a map with `enabled` and `secrets`, a list of maps with `name` and `keys`.
Under which key of the values it stands is up to the chart, so it is known by its shape.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.values import at, decides, list_at, strings_at, text_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.secret_references import Layer

_RELOAD = "reload"
"""Whether a restart is wanted when the Secret changes: what only generated values say of one."""


class ToldSecret(NamedTuple):
    """A Secret that a chart is told of."""

    name: str
    keys: tuple[str, ...]
    place: Place
    """The item of the list."""


class ToldSecrets(NamedTuple):
    """What a chart is told."""

    secrets: tuple[ToldSecret, ...]
    """Empty where it is told that there are none."""
    is_enabled: bool
    place: Place
    """The flag that says so, or the list where there is no flag."""
    denied_at: Place | None = None
    """Where the chart itself says that there are none, unless it is told otherwise, and nobody tells it."""


def told_secrets(
    layers: Iterable[Layer],
    paths: Iterable[tuple[str, ...]],
    own_values: Callable[[], Iterable[Layer]] = tuple,
) -> Iterator[ToldSecrets]:
    """Yields what the values say in the end, for each path at which one of the layers tells of secrets.

    Of the flag and of the list, the last layer that has it decides: maps merge, lists replace, null takes away.
    `own_values` are those of the charts, which are asked for a flag that no layer has.
    """
    ordered = tuple(layers)
    for steps in dict.fromkeys(paths):
        yield _told(ordered, steps, own_values)


def untold_paths(value: object, steps: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yields where the values of a chart say that there are no secrets, and may be told of some."""
    if at(value, "enabled") is False and at(value, "secrets") == []:
        yield steps
    for key, item in value.items() if isinstance(value, dict) else ():
        yield from untold_paths(item, (*steps, key))


def told_paths(value: object, steps: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yields where values tell of secrets, by the shape."""
    if not isinstance(value, dict):
        return
    listed = _maps(list_at(value, "secrets"))
    if _is_emptied(value) or any(_is_told(item) for item in listed):
        yield steps
    for key, item in value.items():
        if isinstance(item, dict):
            yield from told_paths(item, (*steps, key))


def _is_told(item: Mapping[str, object]) -> bool:
    """True for an item with the name of a Secret and its keys; one of the two may be misspelt beside our own flag."""
    has_name, has_keys = "name" in item, isinstance(item.get("keys"), list)
    return (has_name and has_keys) or ((has_name or has_keys) and isinstance(item.get(_RELOAD), bool))


def _is_emptied(value: dict[str, object]) -> bool:
    """True where a flag says that there are secrets, and the list has none."""
    return value.get("secrets") == [] and value.get("enabled") is True


def _maps(items: Iterable[object]) -> Iterator[dict[str, object]]:
    return (item for item in items if isinstance(item, dict))


def _told(layers: tuple[Layer, ...], steps: tuple[str, ...], own_values: Callable[[], Iterable[Layer]]) -> ToldSecrets:
    flags = [layer for layer in layers if decides(layer.value, *steps, "enabled")]
    lists = [layer for layer in layers if decides(layer.value, *steps, "secrets")]
    place = lists[-1].place.down(*steps, "secrets")
    secrets = tuple(
        ToldSecret(text_at(item, "name") or "", strings_at(item, "keys"), place / index)
        for index, item in enumerate(list_at(lists[-1].value, *steps, "secrets"))
    )
    if not flags:
        stated = [each.place.down(*steps, "enabled") for each in own_values() if _denies(each, steps)]
        return ToldSecrets(secrets, not stated, place, next(iter(stated), None))
    is_enabled = at(flags[-1].value, *steps, "enabled") is True
    return ToldSecrets(secrets, is_enabled, flags[-1].place.down(*steps, "enabled"))


def _denies(layer: Layer, steps: tuple[str, ...]) -> bool:
    return at(layer.value, *steps, "enabled") is False
