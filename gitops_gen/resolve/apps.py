"""App facts: apps and their releases; app < app in an environment < app on a cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import external_secrets, kubernetes
from gitops_gen.data_classes import frozen
from gitops_gen.model import App, ClusterResource, Release
from gitops_gen.problems import Route
from gitops_gen.resolve.helm_values import HelmValues
from gitops_gen.resolve.levels import AppLevels, Chain, Level, blocks, nearest, value_of
from gitops_gen.resolve.release_secrets import ReleaseSecrets
from gitops_gen.resolve.sources import Sources
from gitops_gen.resolve.sync import resolve_sync
from gitops_gen.resolve.whole import (
    Draft,
    Whole,
    check_one_shape,
    generator_of,
    operator_options,
    parameters_of,
    steps_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gitops_gen.entries import AppEntry
    from gitops_gen.load import Written, WrittenFleet
    from gitops_gen.model import Cluster, Environment, Values
    from gitops_gen.resolve.findings import Findings
    from gitops_gen.resolve.places import Places


@frozen
class Apps:
    """The apps and releases of a fleet."""

    apps: tuple[App, ...]
    releases: tuple[Release, ...]
    environment_values: Mapping[tuple[str, str], Values]


def resolve_apps(
    written: WrittenFleet, places: Places, findings: Findings, known: Mapping[str, Whole] | None = None
) -> Apps:
    """Returns the apps that the entries describe, and adds what is wrong to the findings.

    `known` says, by app, what all its releases say together: for entries that have only some of the clusters.
    """
    apps: list[App] = []
    releases: list[Release] = []
    values: dict[tuple[str, str], Values] = {}
    for each in written.apps:
        resolver = _Resolver(each, written, places, findings)
        if known is None:
            resolver.check_clusters()
        drafts = resolver.drafts()
        app = resolver.app(known[each.name] if known is not None else resolver.whole(drafts))
        apps.append(app)
        releases.extend(_release(app, draft) for draft in drafts)
        values.update({(app.name, name): found for name, found in resolver.environment_values.items()})
    return Apps(tuple(apps), tuple(releases), values)


def _release(app: App, draft: Draft) -> Release:
    return Release(
        app=app,
        cluster=draft.cluster,
        source=draft.source,
        sync=draft.sync,
        secrets=draft.secrets,
        values=draft.values,
        stated_role_name=draft.stated_role_name,
    )


class _Resolver:
    """Resolves one app: where it is deployed, and what it says of itself."""

    def __init__(self, written: Written[AppEntry], fleet: WrittenFleet, places: Places, findings: Findings) -> None:
        self.name = written.name
        self.entry = written.entry
        self.fleet = fleet.fleet.entry
        self.fleet_route = Route(fleet.fleet.source.path)
        self.places = places
        self.findings = findings
        self.levels = AppLevels(written.entry, Route(written.source.path))
        self.route = self.levels.app.route
        self.sources = Sources(self.levels.app, self.fleet.gitops_repo, findings)
        self.secrets = ReleaseSecrets(written.name, self.route, self.fleet_route, places, findings)
        self.values = HelmValues(self.entry.secrets_values_key if self._declares_secrets else None, self.secrets)
        self.environment_values: dict[str, Values] = {}

    def drafts(self) -> list[Draft]:
        self._check_names()
        self.values.check(self.levels.all(), self.entry.owned_elsewhere or (), self.findings)
        found: list[Draft] = []
        for environment in self.places.environments:
            chain = self.levels.in_environment(environment.name)
            deployed = [
                (cluster, levels)
                for cluster in self.places.clusters_of(environment)
                if _is_deployed(levels := self.levels.on_cluster(cluster.name, chain))
            ]
            if deployed:  # those of no cluster, nobody would read
                self.environment_values[environment.name] = self.values.in_environment(environment, chain)
            found.extend(
                draft
                for cluster, levels in deployed
                if (draft := self._draft(environment, cluster, levels, chain)) is not None
            )
        return found

    def _draft(self, environment: Environment, cluster: Cluster, chain: Chain, farther: Chain) -> Draft | None:
        source = self.sources.source(cluster, chain)
        secrets = self.secrets.on_cluster(environment, cluster, chain)
        sync = resolve_sync(cluster, chain, self.findings)
        if source is None:
            return None
        role = nearest(str, "role_name", chain)
        return Draft(
            cluster=cluster,
            source=source,
            sync=sync,
            secrets=secrets.secrets,
            values=self.values.of_release(environment, secrets, chain, farther),
            stated_role_name=role.value if role else None,
        )

    def whole(self, drafts: list[Draft]) -> Whole:
        parameters = parameters_of(drafts, self._rollout)
        check_one_shape(drafts, self.sources.route, self.findings)
        argocd = Level(self.fleet.argocd, self.fleet_route / "argocd")
        options = self.entry.sync_options or ()
        return Whole(
            generator=generator_of(self.name, drafts, parameters, argocd, self.findings),
            uses_chart=any(draft.source.chart for draft in drafts),
            parameters=parameters,
            sync_options=operator_options(options, drafts) if self._is_operator else tuple(options),
            steps=steps_of(drafts),
        )

    def app(self, whole: Whole) -> App:
        entry = self.entry
        return App(
            name=self.name,
            namespace=entry.namespace or self.name,
            release_name=entry.release_name or self.name,
            cluster_resources=self._cluster_resources(),
            sync_options=whole.sync_options,
            values_files=tuple(entry.values_files or ()),
            secrets_values_key=entry.secrets_values_key,
            rollout=self._rollout,
            generator=whole.generator,
            has_secrets=self._declares_secrets,
            is_operator=self._is_operator,
            uses_chart=whole.uses_chart,
            parameters=whole.parameters,
            steps=whole.steps,
            route=self.route,
        )

    @property
    def _rollout(self) -> str:
        return self.entry.rollout or self.fleet.rollout

    @property
    def _is_operator(self) -> bool:
        return value_of(str, "chart", blocks("source", (self.levels.app,)), "") == external_secrets.CHART_NAME

    @property
    def _declares_secrets(self) -> bool:
        levels = (
            self.entry,
            *(self.entry.environments or {}).values(),
            *(self.entry.clusters or {}).values(),
        )
        return any(level.secrets for level in levels)

    def _cluster_resources(self) -> tuple[ClusterResource, ...]:
        stated = self.entry.cluster_resources
        if stated is not None:
            return tuple(ClusterResource(group=each.group, kind=each.kind) for each in stated)
        if not self._is_operator:
            return ()
        return tuple(ClusterResource(group=group, kind=kind) for group, kind in external_secrets.CLUSTER_RESOURCES)

    def _check_names(self) -> None:
        known = {environment.name for environment in self.places.environments}
        self._check_known("environments", "environment", self.entry.environments or {}, known)
        reason = kubernetes.check_dns_label(f"{self.name}-eso")
        if reason is not None:
            hint = "give the app a shorter name: its ServiceAccount for secrets is called <app>-eso"
            self.findings.add("app-name", f"{self.name}-eso: {reason}", self.route, hint=hint)

    def check_clusters(self) -> None:
        known = {cluster.name for cluster in self.places.clusters}
        stated = [name for name in self.entry.clusters or {} if not _is_left_out(name, self.places.left_out)]
        self._check_known("clusters", "cluster", stated, known)

    def _check_known(self, field: str, what: str, names: Iterable[str], known: set[str]) -> None:
        for name in names:
            if name not in known:
                from gitops_gen.near_miss import near_miss

                hint = near_miss(name, known)
                route = self.route / field / name
                self.findings.add(f"unknown-{what}", f"there is no {what} {name}", route, hint=hint, key=True)


def _is_left_out(cluster: str, left_out: tuple[str, ...]) -> bool:
    return any(cluster.startswith(name) if name.endswith("-") else cluster == name for name in left_out)


def _is_deployed(chain: Chain) -> bool:
    return value_of(bool, "deploy", chain, default=True)
