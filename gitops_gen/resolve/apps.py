"""App facts: apps and their releases; app < app in an environment < app on a cluster."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen import external_secrets, kubernetes
from gitops_gen.aws.arns import parse_arn
from gitops_gen.model import App, Cluster, ClusterResource, Environment, Release, Source, Step, Sync
from gitops_gen.problems import Route
from gitops_gen.resolve.levels import Chain, Level, blocks, merge, nearest, value_of
from gitops_gen.resolve.literal_secrets import check_literal_secrets
from gitops_gen.resolve.secrets import ResolvedSecrets, SecretDefaults, resolve_secrets
from gitops_gen.resolve.sources import Sources
from gitops_gen.resolve.values import check_values, tell_secrets
from gitops_gen.resolve.whole import Whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gitops_gen.entries import AppEntry
    from gitops_gen.load import Written, WrittenFleet
    from gitops_gen.model import Value, Values
    from gitops_gen.resolve.findings import Findings
    from gitops_gen.resolve.places import Places

LIST_LIMIT = 150_000
"""Bytes of list elements above which an ApplicationSet learns its releases from files in git instead.

Client-side apply keeps the whole object in an annotation of at most 262,144 bytes, and etcd takes 1.5 MiB.
"""

_SET_PARAMETERS = ("application", "cluster", "environment", "region", "stage", "project", "revision")
_SYNC_PARAMETERS = ("automated", "prune", "selfHeal")
_STEP_PARAMETERS = ("automated",)


@dataclass(frozen=True, slots=True)
class Apps:
    """The apps and releases of a fleet."""

    apps: tuple[App, ...]
    releases: tuple[Release, ...]
    environment_values: Mapping[tuple[str, str], Values]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A release before its app is known as a whole."""

    cluster: Cluster
    source: Source
    sync: Sync
    secrets: ResolvedSecrets
    values: Values
    stated_role_name: str | None


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


def _release(app: App, draft: _Draft) -> Release:
    return Release(
        app=app,
        cluster=draft.cluster,
        source=draft.source,
        sync=draft.sync,
        secrets=draft.secrets.secrets,
        values=draft.values,
        stated_role_name=draft.stated_role_name,
    )


class _Resolver:
    """Resolves one app."""

    def __init__(self, written: Written[AppEntry], fleet: WrittenFleet, places: Places, findings: Findings) -> None:
        self.name = written.name
        self.entry = written.entry
        self.fleet = fleet.fleet.entry
        self.fleet_route = Route(fleet.fleet.source.path)
        self.places = places
        self.findings = findings
        self.level = Level(written.entry, Route(written.source.path))
        self.sources = Sources(self.level, findings)
        self.environment_values: dict[str, Values] = {}
        self._unheard = findings.unheard()
        self._secrets: dict[tuple[object, ...], ResolvedSecrets] = {}
        self._helm_values: dict[int, tuple[ResolvedSecrets, Values]] = {}
        self._has_version_finding = False

    def drafts(self) -> list[_Draft]:
        self._check_names()
        self._check_values()
        found: list[_Draft] = []
        for environment in self.places.environments:
            chain = self._environment_chain(environment)
            clusters = [
                (cluster, self._cluster_chain(cluster, chain)) for cluster in self.places.clusters_of(environment)
            ]
            deployed = [(cluster, levels) for cluster, levels in clusters if _is_deployed(levels)]
            if deployed or _is_deployed(chain):
                self.environment_values[environment.name] = self._environment_values(environment, chain)
            found.extend(
                draft
                for cluster, levels in deployed
                if (draft := self._draft(environment, cluster, levels)) is not None
            )
        return found

    def whole(self, drafts: list[_Draft]) -> Whole:
        sources = [draft.source for draft in drafts]
        parameters = self._parameters(sources)
        return Whole(
            generator=self._generator(drafts, parameters),
            uses_chart=any(source.chart for source in sources),
            parameters=parameters,
            sync_options=self._sync_options(drafts),
            steps=_steps(drafts),
        )

    def app(self, whole: Whole) -> App:
        entry = self.entry
        return App(
            name=self.name,
            namespace=self._namespace,
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
            route=self.level.route,
        )

    @property
    def _rollout(self) -> str:
        return self.entry.rollout or self.fleet.rollout

    @property
    def _namespace(self) -> str:
        return self.entry.namespace or self.name

    @property
    def _is_operator(self) -> bool:
        return value_of(str, "chart", blocks("source", (self.level,)), "") == external_secrets.CHART_NAME

    @property
    def _declares_secrets(self) -> bool:
        levels = (
            self.entry,
            *(self.entry.environments or {}).values(),
            *(self.entry.clusters or {}).values(),
        )
        return any(level.secrets for level in levels)

    def _environment_chain(self, environment: Environment) -> Chain:
        entry = (self.entry.environments or {}).get(environment.name)
        if entry is None:
            return (self.level,)
        return (Level(entry, self.level.route / "environments" / environment.name), self.level)

    def _cluster_chain(self, cluster: Cluster, chain: Chain) -> Chain:
        entry = (self.entry.clusters or {}).get(cluster.name)
        if entry is None:
            return chain
        return (Level(entry, self.level.route / "clusters" / cluster.name), *chain)

    def _draft(self, environment: Environment, cluster: Cluster, chain: Chain) -> _Draft | None:
        source = self.sources.source(cluster, chain)
        secrets = self._secrets_on(environment, cluster, chain)
        sync = self._sync(cluster, chain)
        if source is None:
            return None
        role = nearest(str, "role_name", chain)
        return _Draft(
            cluster=cluster,
            source=source,
            sync=sync,
            secrets=secrets,
            values=self._release_values(environment, secrets, chain),
            stated_role_name=role.value if role else None,
        )

    def _sync(self, cluster: Cluster, chain: Chain) -> Sync:
        sync = blocks("sync", chain)
        if not sync:
            return cluster.sync
        return Sync(
            automated=self._tightened("automated", sync, cluster, place=cluster.sync.automated),
            prune=self._tightened("prune", sync, cluster, place=cluster.sync.prune),
            self_heal=self._tightened("self_heal", sync, cluster, place=cluster.sync.self_heal),
        )

    def _tightened(self, field: str, sync: Chain, cluster: Cluster, *, place: bool) -> bool:
        stated = nearest(bool, field, sync)
        if stated is None:
            return place
        if stated.value and not place:
            self.findings.add(
                "loosened-sync",
                f"{field}: true, but {cluster.environment.name} says false"
                + (" (it is protected)" if cluster.protected and field == "automated" else ""),
                stated.route,
                hint="an app may tighten what its place says, never loosen it: remove it here",
            )
        return place and stated.value

    def _secrets_on(self, environment: Environment, cluster: Cluster, chain: Chain) -> ResolvedSecrets:
        if not (cluster.secrets_enabled and value_of(bool, "secrets_enabled", chain, default=True)):
            return ResolvedSecrets()
        defaults = SecretDefaults(environment.secret_prefix, cluster.refresh_interval, cluster.kms_key_arn)
        resolved = self._resolved(chain, defaults, self.findings)
        if resolved.secrets.external_secrets:
            self._check_version(cluster)
            self._check_kms_keys(cluster, resolved)
        return resolved

    def _resolved(self, chain: Chain, defaults: SecretDefaults, findings: Findings) -> ResolvedSecrets:
        key = (tuple(level.route for level in chain), defaults, findings)
        found = self._secrets.get(key)
        if found is None:
            found = self._secrets[key] = resolve_secrets(self.name, chain, defaults, findings)
        return found

    def _check_version(self, cluster: Cluster) -> None:
        if cluster.external_secrets_version is None and not self._has_version_finding:
            self._has_version_finding = True
            self.findings.add(
                "missing-external-secrets-version",
                f"{self.name} has secrets on {cluster.name}, but no version of External Secrets is stated for it",
                self.level.route / "secrets",
                hint='add external_secrets: {version: "2.9.0"} to fleet.yaml',
                key=True,
            )

    def _check_kms_keys(self, cluster: Cluster, resolved: ResolvedSecrets) -> None:
        own = {stated.value: stated.route for stated in resolved.kms_keys}
        for value in resolved.secrets.kms_key_arns:
            arn = parse_arn(value)
            if arn is not None and (arn.partition, arn.region) != (
                cluster.region.partition.name,
                cluster.secrets_region,
            ):
                self.findings.add(
                    "kms-key-region",
                    f"{value} is in {arn.region}, but secrets are read from {{hits}}",
                    own.get(value, self._kms_key_route(cluster)),
                    hint="a secret is encrypted by a key of its own region: state that one, here or on the cluster",
                    hits=f"{cluster.secrets_region} on {cluster.name}",
                )

    def _kms_key_route(self, cluster: Cluster) -> Route:
        places = (cluster.route, cluster.environment.route, self.fleet_route)
        return self.findings.stated(*(place / "secrets" / "kms_key_arn" for place in places))

    def _environment_values(self, environment: Environment, chain: Chain) -> Values:
        values = _merged_values(chain)
        key = self.entry.secrets_values_key
        if not self._declares_secrets or key is None:
            return values
        return tell_secrets(values, key, self._told(self._environment_secrets(environment, chain)))

    def _environment_secrets(self, environment: Environment, chain: Chain) -> ResolvedSecrets:
        """Returns what the environment says by itself; a cluster that differs says so in its own values."""
        enabled = self.places.secrets_enabled[environment.name]
        if not (enabled and value_of(bool, "secrets_enabled", chain, default=True)):
            return ResolvedSecrets()
        # What is missing here, every cluster may state.
        return self._resolved(chain, SecretDefaults(environment.secret_prefix, "1h", None), self._unheard)

    def _release_values(self, environment: Environment, secrets: ResolvedSecrets, chain: Chain) -> Values:
        farther = self._environment_chain(environment)
        own = _own_values(chain[0], farther) if len(chain) > len(farther) else {}
        key = self.entry.secrets_values_key
        if not self._declares_secrets or key is None:
            return own
        expected, told = self._told(self._environment_secrets(environment, farther)), self._told(secrets)
        is_removed = own.get(key.split(".")[0], {}) is None
        if told == expected and not is_removed:
            return own
        return tell_secrets(own, key, told)

    def _told(self, resolved: ResolvedSecrets) -> Values:
        """Returns what a chart is told of secrets, which most clusters have in common with others."""
        # Kept with the secrets themselves, so that no other object can come to have their id.
        found = self._helm_values.get(id(resolved))
        if found is None:
            found = self._helm_values[id(resolved)] = resolved, resolved.secrets.helm_values
        return found[1]

    def _parameters(self, sources: list[Source]) -> tuple[str, ...]:
        names = [*_SET_PARAMETERS]
        if len({source.repo_url for source in sources}) > 1:
            names.append("repoURL")
        if len({source.path for source in sources}) > 1:
            names.append("chartPath")
        if len({source.chart for source in sources}) > 1:
            names.append("chart")
        if len({source.chart is None for source in sources}) > 1:
            self.findings.add(
                "mixed-source",
                "the app's source is a folder of a git repository on some clusters and a chart on others",
                self.sources.route,
                hint="make two apps of it: one ApplicationSet has one shape of source",
                key=True,
            )
        return (*names, *(_SYNC_PARAMETERS if self._rollout == "none" else _STEP_PARAMETERS))

    def _cluster_resources(self) -> tuple[ClusterResource, ...]:
        stated = self.entry.cluster_resources
        if stated is not None:
            return tuple(ClusterResource(group=each.group, kind=each.kind) for each in stated)
        if not self._is_operator:
            return ()
        return tuple(ClusterResource(group=group, kind=kind) for group, kind in external_secrets.CLUSTER_RESOURCES)

    def _sync_options(self, drafts: Iterable[_Draft]) -> tuple[str, ...]:
        options = list(self.entry.sync_options or ())
        versions = {draft.cluster.external_secrets_version for draft in drafts}
        too_large = any(version and external_secrets.needs_server_side_apply(version) for version in versions)
        if self._is_operator and too_large and not any(option.startswith("ServerSideApply=") for option in options):
            options.append("ServerSideApply=true")
        return tuple(options)

    def _generator(self, drafts: list[_Draft], parameters: tuple[str, ...]) -> str:
        if self.fleet.argocd.generator != "auto":
            return self.fleet.argocd.generator
        names = sum(len(parameter) + len('"":"",') for parameter in parameters)
        size = sum(names + _size_of_values(self.name, draft, parameters) for draft in drafts)
        if size <= LIST_LIMIT:
            return "list"
        self.findings.note(
            "many-releases",
            f"{self.name} has {len(drafts):,} releases, a list of about {size:,} bytes; above {LIST_LIMIT:,} its "
            "ApplicationSet reads them from files in git instead",
            self.fleet_route / "argocd",
            hint="state generator: git, and nobody tells you again",
        )
        return "git"

    def _check_names(self) -> None:
        known = {environment.name for environment in self.places.environments}
        self._check_known("environments", "environment", self.entry.environments or {}, known)
        reason = kubernetes.check_dns_label(f"{self.name}-eso")
        if reason is not None:
            hint = "give the app a shorter name: its ServiceAccount for secrets is called <app>-eso"
            self.findings.add("app-name", f"{self.name}-eso: {reason}", self.level.route, hint=hint)

    def check_clusters(self) -> None:
        known = {cluster.name for cluster in self.places.clusters}
        stated = [name for name in self.entry.clusters or {} if not _is_left_out(name, self.places.left_out)]
        self._check_known("clusters", "cluster", stated, known)

    def _check_known(self, field: str, what: str, names: Iterable[str], known: set[str]) -> None:
        for name in names:
            if name not in known:
                from gitops_gen.near_miss import near_miss

                route = self.level.route / field / name
                hint = near_miss(name, known)
                self.findings.add(f"unknown-{what}", f"there is no {what} {name}", route, hint=hint, key=True)

    def _check_values(self) -> None:
        told = self.entry.secrets_values_key if self._declares_secrets else None
        levels = [self.level]
        for field in ("environments", "clusters"):
            stated = getattr(self.entry, field) or {}
            levels += [Level(entry, self.level.route / field / name) for name, entry in stated.items()]
        for level in levels:
            check_values(_values(level), level.route / "values", self.entry.owned_elsewhere or (), told, self.findings)
            check_literal_secrets(_values(level), level.route / "values", self.findings)


def _steps(drafts: Iterable[_Draft]) -> tuple[Step, ...]:
    steps = {(draft.cluster.environment.stage, not draft.sync.automated) for draft in drafts}
    return tuple(Step(stage=stage, automated=not is_manual) for stage, is_manual in sorted(steps))


def _is_left_out(cluster: str, left_out: tuple[str, ...]) -> bool:
    return any(cluster.startswith(name) if name.endswith("-") else cluster == name for name in left_out)


def _is_deployed(chain: Chain) -> bool:
    return value_of(bool, "deploy", chain, default=True)


def _values(level: Level) -> Values:
    return getattr(level.entry, "values", None) or {}


def _removes_values(level: Level) -> bool:
    return "values" in level.entry.model_fields_set and getattr(level.entry, "values", None) is None


def _merged_values(chain: Chain) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for level in reversed(chain):
        values = {} if _removes_values(level) else merge(values, _values(level))
    return values


def _own_values(level: Level, farther: Chain) -> Values:
    """Returns what a release's own file says over the environment's: there, only a null for each key removes all."""
    return dict.fromkeys(_merged_values(farther)) if _removes_values(level) else _values(level)


def _size_of_values(app: str, draft: _Draft, parameters: tuple[str, ...]) -> int:
    """Returns about how many bytes the values of a release's parameters take in JSON, at most."""
    cluster, environment, source = draft.cluster, draft.cluster.environment, draft.source
    texts = [
        app,
        cluster.short_name,
        cluster.name,
        environment.name,
        cluster.region.name,
        environment.project,
        source.revision,
    ]
    optional = {"repoURL": source.repo_url, "chart": source.chart, "chartPath": source.path}
    texts += [text for name, text in optional.items() if text is not None and name in parameters]
    # What is left are the flags, the stage, and the hyphen in the Application's name.
    return len("".join(map(json.dumps, texts))) + 20
