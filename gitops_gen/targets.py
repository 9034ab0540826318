"""For whom files are made: the fleet, an environment, a cluster and so on, each with what a template sees of it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.data_classes import frozen_keyed
from gitops_gen.model import NO_RELEASES, Releases

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gitops_gen.model import Account, App, Cluster, Environment, Fleet, Region, Release, Values
    from gitops_gen.problems import Route

FACTS = ("clusters", "releases", "environment", "region", "account", "cluster", "app", "release", "values")
"""What a target gives to a template, by name; the fleet is the same for all."""


@frozen_keyed
class Target:
    """For whom a file is made, and the route where that was written."""

    route: Route
    environment: Environment | None = None
    region: Region | None = None
    account: Account | None = None
    cluster: Cluster | None = None
    app: App | None = None
    release: Release | None = None
    values: Values | None = None
    clusters: tuple[Cluster, ...] = ()
    releases: Releases = NO_RELEASES

    def context(self, fleet: Fleet) -> dict[str, object]:
        """Returns the names that a template sees; a name that does not apply is undefined."""
        stated = {name: value for name in FACTS if (value := getattr(self, name)) is not None}
        return {"fleet": fleet, **stated}

    def __str__(self) -> str:
        place = self.cluster or self.environment or self.region
        name = place.name if place else self.account.id if self.account else None
        if self.app is None:
            return name or "the fleet"
        return f"{self.app.name} on {name}" if name else self.app.name


class Targets:
    """The targets of a fleet, by what a spec is made for. Specs that are made for the same share them."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet
        self._made: dict[frozenset[str], tuple[Target, ...]] = {}
        self._places: dict[str | None, tuple[Target, ...]] = {}
        self._releases_by_cluster: defaultdict[str, list[Release]] = defaultdict(list)
        self._releases_by_app: defaultdict[str, list[Release]] = defaultdict(list)
        for release in fleet.releases:
            self._releases_by_cluster[release.cluster.name].append(release)
            self._releases_by_app[release.app.name].append(release)

    def of(self, for_each: frozenset[str]) -> Sequence[Target]:
        """Returns the targets in a stable order: places as the fleet has them, apps by name."""
        made = self._made.get(for_each)
        if made is None:
            made = self._made[for_each] = tuple(self._targets(for_each))
        return made

    def _targets(self, for_each: frozenset[str]) -> Iterator[Target]:
        dimension = next(iter(for_each - {"app"}), None)
        if "app" not in for_each:
            yield from self._groups(dimension)
            return
        for app in self._fleet.apps:
            yield from self._of_app(app, dimension)

    def _groups(self, dimension: str | None) -> tuple[Target, ...]:
        """Returns the places of a dimension, with the releases of each."""
        places = self._places.get(dimension)
        if places is None:
            places = self._places[dimension] = tuple(map(self._place, self._grouped(dimension)))
        return places

    def _grouped(self, dimension: str | None) -> Iterator[Target]:
        clusters = self._fleet.clusters
        if dimension is None:
            yield Target(route=self._fleet.route, clusters=clusters)
        elif dimension == "cluster":
            for cluster in clusters:
                yield self._cluster(cluster)
        elif dimension == "environment":
            grouped = _grouped(clusters, "environment")
            for environment in self._fleet.environments:
                found = tuple(grouped.get(environment.name, ()))
                yield Target(route=environment.route, environment=environment, clusters=found)
        else:
            for together in _grouped(clusters, dimension).values():
                first = together[0]
                account = first.account if dimension == "account" else None
                region = first.region if dimension == "region" else None
                route = first.account.route if account else first.route
                yield Target(route=route, account=account, region=region, clusters=tuple(together))

    def _cluster(self, cluster: Cluster) -> Target:
        return Target(
            route=cluster.route,
            cluster=cluster,
            environment=cluster.environment,
            region=cluster.region,
            account=cluster.account,
            clusters=(cluster,),
        )

    def _place(self, place: Target) -> Target:
        releases = [each for cluster in place.clusters for each in self._releases_by_cluster[cluster.name]]
        return _with(place, route=place.route, releases=Releases(releases))

    def _of_app(self, app: App, dimension: str | None) -> Iterator[Target]:
        by_cluster = {release.cluster.name: release for release in self._releases_by_app[app.name]}
        if dimension is None:
            releases = Releases(by_cluster.values())
            clusters = tuple(release.cluster for release in releases)
            yield Target(route=app.route, app=app, clusters=clusters, releases=releases)
            return
        for place in self._groups(dimension):
            releases = Releases(by_cluster[each.name] for each in place.clusters if each.name in by_cluster)
            if not self._is_deployed(app, place, releases):
                continue
            yield self._app_target(app, place, releases)

    def _is_deployed(self, app: App, place: Target, releases: Releases) -> bool:
        if place.environment is not None and place.cluster is None:
            return (app.name, place.environment.name) in self._fleet.environment_values
        return bool(releases)

    def _app_target(self, app: App, place: Target, releases: Releases) -> Target:
        release = releases[0] if place.cluster is not None else None
        environment = place.environment
        if release is not None:
            values: Values | None = release.values
        else:
            values = self._fleet.environment_values[app.name, environment.name] if environment else None
        is_everywhere = len(releases) == len(place.clusters)
        clusters = place.clusters if is_everywhere else tuple(each.cluster for each in releases)
        return _with(
            place,
            route=app.route,
            app=app,
            release=release,
            values=values,
            clusters=clusters,
            releases=releases,
        )


def _with(
    place: Target,
    *,
    route: Route,
    releases: Releases,
    app: App | None = None,
    release: Release | None = None,
    values: Values | None = None,
    clusters: tuple[Cluster, ...] | None = None,
) -> Target:
    """Returns the target of a place with the releases, and perhaps the app, that are there."""
    return Target(
        route=route,
        environment=place.environment,
        region=place.region,
        account=place.account,
        cluster=place.cluster,
        app=app,
        release=release,
        values=values,
        clusters=place.clusters if clusters is None else clusters,
        releases=releases,
    )


def _grouped(clusters: Iterable[Cluster], dimension: str) -> Mapping[str, list[Cluster]]:
    grouped: defaultdict[str, list[Cluster]] = defaultdict(list)
    for cluster in clusters:
        match dimension:
            case "environment":
                grouped[cluster.environment.name].append(cluster)
            case "account":
                grouped[cluster.account.id].append(cluster)
            case _:
                grouped[cluster.region.name].append(cluster)
    return grouped
