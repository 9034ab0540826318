"""The two chains of facts: the levels at which a fact may be stated, and which one wins.

A chain is a tuple of levels, the nearest first. The nearest level that mentions a field decides; null removes
what the farther levels say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from gitops_gen.blocks import SILENT, Block
from gitops_gen.data_classes import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.entries import AppEntry
    from gitops_gen.model import Value, Values
    from gitops_gen.problems import Route

T = TypeVar("T")


@frozen
class Level:
    """One entry of a chain, and where it is written."""

    entry: Block
    route: Route


@frozen
class Stated(Generic[T]):
    """A fact that a person wrote, and where."""

    value: T
    route: Route
    depth: int
    """How many levels are nearer."""


Chain: TypeAlias = tuple[Level, ...]


class AppLevels:
    """The levels of one app: its own, those of its environments, and those of its clusters."""

    def __init__(self, entry: AppEntry, route: Route) -> None:
        self._entry = entry
        self.app = Level(entry, route)

    def in_environment(self, name: str) -> Chain:
        """Returns the chain of the app in an environment."""
        entry = (self._entry.environments or {}).get(name)
        return (self.app,) if entry is None else (self._below("environments", name, entry), self.app)

    def on_cluster(self, name: str, chain: Chain) -> Chain:
        """Returns the chain of the app on a cluster, from that of the app in the cluster's environment."""
        entry = (self._entry.clusters or {}).get(name)
        return chain if entry is None else (self._below("clusters", name, entry), *chain)

    def all(self) -> Iterator[Level]:
        """Yields every level that is written."""
        yield self.app
        for field in ("environments", "clusters"):
            for name, entry in (getattr(self._entry, field) or {}).items():
                yield self._below(field, name, entry)

    def _below(self, field: str, name: str, entry: Block) -> Level:
        return Level(entry, self.app.route / field / name)


def nearest(kind: type[T], field: str, chain: Chain) -> Stated[T] | None:
    """Returns the nearest statement of a field, or None where nobody states it or the nearest one is null."""
    for depth, level in enumerate(chain):
        if field in level.entry.model_fields_set:
            value = getattr(level.entry, field)
            return Stated(value, level.route / field, depth) if isinstance(value, kind) else None
    return None


def value_of(kind: type[T], field: str, chain: Chain, default: T) -> T:
    """Returns the value of the nearest statement, or the default."""
    for level in chain:
        if field in level.entry.model_fields_set:
            value = getattr(level.entry, field)
            return value if isinstance(value, kind) else default
    return default


def blocks(field: str, chain: Chain) -> Chain:
    """Returns the chain of a nested block, level by level up to the first null; a level without it says nothing.

    It stays in the chain all the same, so that the depths stay true. Where no level has it, the chain is empty.
    """
    if not any(field in level.entry.model_fields_set for level in chain):
        return ()
    found: list[Level] = []
    for level in chain:
        block = getattr(level.entry, field) if field in level.entry.model_fields_set else SILENT
        if not isinstance(block, Block):
            break
        found.append(Level(block, level.route / field))
    return tuple(found)


def merge(base: Values, over: Values) -> dict[str, Value]:
    """Returns `base` with `over` laid on it: maps merge, lists replace, null removes.

    A null that removes nothing stays, for Helm, which then removes the chart's own default.
    """
    merged = dict(base)
    for key, value in over.items():
        below = merged.get(key)
        if value is None and below is not None:
            del merged[key]
        elif isinstance(value, dict) and isinstance(below, dict):
            merged[key] = merge(below, value)
        else:
            merged[key] = value
    return merged
