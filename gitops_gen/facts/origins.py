"""Where the facts of a cluster are written: the levels that may state them, and the line of the one that did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.problems import Route
from gitops_gen.resolve.levels import Chain, Level, blocks, nearest

if TYPE_CHECKING:
    from gitops_gen.entries import Entry
    from gitops_gen.load import WrittenFleet
    from gitops_gen.model import App, Cluster
    from gitops_gen.problems import Location

FactValue: TypeAlias = "str | int | float | bool | tuple[str, ...] | None"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: its name and value, where it is written, and the rule if it is not written as it is."""

    name: str
    value: FactValue
    at: Location | None = None
    rule: str = ""

    @property
    def origin(self) -> str:
        """Where the fact comes from, in one text."""
        return ": ".join(part for part in (str(self.at) if self.at else "", self.rule) if part)


class Origins:
    """The chains of a cluster and of the apps on it, and the lines of what stands in them."""

    def __init__(self, written: WrittenFleet, cluster: Cluster) -> None:
        self._sources = written.sources
        self._apps = {each.name: each for each in written.apps}
        self._cluster = cluster
        environment = next(each for each in written.environments if each.name == cluster.environment.name)
        fleet = Level(written.fleet.entry, Route(written.fleet.source.path))
        self.of_environment: Chain = (Level(environment.entry, Route(environment.source.path)), fleet)
        entry = (environment.entry.clusters or [])[_index(cluster)]
        self.of_cluster: Chain = (Level(entry, cluster.route), *self.of_environment)

    def of_app(self, app: App) -> Chain:
        """Returns the levels that state facts of an app on this cluster, the nearest first."""
        written = self._apps[app.name]
        route = Route(written.source.path)
        chain: Chain = (Level(written.entry, route),)
        for field, name in (("environments", self._cluster.environment.name), ("clusters", self._cluster.name)):
            entry: Entry | None = (getattr(written.entry, field) or {}).get(name)
            if entry is not None:
                chain = (Level(entry, route / field / name), *chain)
        return chain

    def locate(self, route: Route, *, key: bool = False) -> Location:
        """Returns the place of a route in its file."""
        return self._sources[route.path].locate(route.steps, key=key)

    def fact(self, name: str, value: FactValue, field: str, chain: Chain, *, otherwise: str) -> Fact:
        """Returns a fact that the nearest level with the field states; where none does, it follows from a rule.

        A dot in the field leads into a block.
        """
        *outer, last = field.split(".")
        for block in outer:
            chain = blocks(block, chain)
        stated = nearest(object, last, chain)
        if stated is None:
            return Fact(name, value, None, otherwise)
        return Fact(name, value, self.locate(stated.route), "" if stated.value is not None else f"null: {otherwise}")


def _index(cluster: Cluster) -> int:
    index = cluster.route.steps[-1]
    assert isinstance(index, int)  # noqa: S101 - the route of a cluster ends in its place in the list
    return index
