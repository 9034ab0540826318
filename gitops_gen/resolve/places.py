"""Place facts: environments, regions, accounts and clusters; fleet < environment < cluster."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from gitops_gen import durations
from gitops_gen.aws.arns import parse_arn
from gitops_gen.aws.names import check_cluster_name
from gitops_gen.aws.regions import check_region, is_known_region, partition_of, region_code
from gitops_gen.data_classes import frozen
from gitops_gen.model import Account, Cluster, Environment, Region, Sync
from gitops_gen.problems import Route
from gitops_gen.resolve.levels import Chain, Level, Stated, blocks, nearest, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.entries import ClusterEntry, EnvironmentEntry, FleetEntry
    from gitops_gen.load import Written, WrittenFleet
    from gitops_gen.resolve.findings import Findings

DEFAULT_REFRESH_INTERVAL = "1h"


@frozen
class Places:
    """The environments and clusters of a fleet."""

    environments: tuple[Environment, ...]
    clusters: tuple[Cluster, ...]
    secrets_enabled: Mapping[str, bool]
    """By environment: whether secrets are enabled, as the environment and the fleet say."""
    left_out: tuple[str, ...]
    """The names, or how they begin, of the clusters that have a finding of their own and are not in the fleet."""

    def clusters_of(self, environment: Environment) -> tuple[Cluster, ...]:
        """Returns the clusters of an environment."""
        return tuple(cluster for cluster in self.clusters if cluster.environment is environment)


def resolve_places(written: WrittenFleet, findings: Findings) -> Places:
    """Returns the places that the entries describe, and adds what is wrong to the findings."""
    resolver = _Resolver(written, findings)
    resolver.check_region_codes()
    environments = sorted(written.environments, key=lambda each: (each.entry.stage, each.name))
    for environment in environments:
        resolver.add_environment(environment)
    resolver.check_protected_accounts()
    resolver.check_prefixes()
    return Places(
        tuple(resolver.environments.values()),
        tuple(resolver.clusters),
        dict(resolver.secrets_enabled),
        tuple(resolver.left_out),
    )


def code_of(region: str, fleet: FleetEntry) -> str | None:
    """Returns the short code of a region: what the fleet states, or what the rule makes of its name, if anything."""
    return fleet.region_codes.get(region) or region_code(region)


def default_name(fleet: str, environment: str, code: str) -> str:
    """Returns what a cluster is called that states no name, from the short code of its region."""
    return f"{fleet}-{environment}-{code}"


class _Resolver:
    def __init__(self, written: WrittenFleet, findings: Findings) -> None:
        self.findings = findings
        self.fleet = written.fleet.entry
        self.fleet_level = Level(written.fleet.entry, Route(written.fleet.source.path))
        self.environments: dict[str, Environment] = {}
        self.entries: dict[str, EnvironmentEntry] = {}
        self.clusters: list[Cluster] = []
        self.secrets_enabled: dict[str, bool] = {}
        self.accounts: dict[str, Account] = {}
        self.regions: dict[str, Region | None] = {}
        self.stated_accounts: dict[str, Stated[str]] = {}
        self.left_out: list[str] = []

    def check_region_codes(self) -> None:
        """A code for what can be no region is a mistake in the region's name."""
        for name in self.fleet.region_codes:
            if partition_of(name) is None:
                reason = check_region(name) or "no such region"
                route = self.fleet_level.route / "region_codes" / name
                self.findings.add("unknown-region", reason, route, hint="correct the name of the region", key=True)

    def add_environment(self, written: Written[EnvironmentEntry]) -> None:
        level = Level(written.entry, Route(written.source.path))
        chain = (level, self.fleet_level)
        secrets = blocks("secrets", chain)
        environment = Environment(
            name=written.name,
            stage=written.entry.stage,
            protected=value_of(bool, "protected", chain, default=False),
            project=written.entry.project or written.name,
            secret_prefix=value_of(str, "prefix", secrets, written.name),
            owners=tuple(value_of(list, "owners", chain, [])),
            route=level.route,
        )
        if environment.project == "default":
            self.findings.add(
                "reserved-project",
                "project: default is the AppProject that Argo CD itself comes with",
                level.route / "project",
                hint="leave it out, or give the environment a project of its own",
            )
        self.environments[environment.name] = environment
        self.entries[environment.name] = written.entry
        self.secrets_enabled[environment.name] = value_of(bool, "enabled", secrets, default=True)
        for index, entry in enumerate(written.entry.clusters or ()):
            cluster = self._cluster(environment, entry, (Level(entry, level.route / "clusters" / index), *chain))
            if cluster is not None:
                self.clusters.append(cluster)
            else:
                self.left_out.append(entry.name or default_name(self.fleet.name, environment.name, ""))

    def _cluster(self, environment: Environment, entry: ClusterEntry, chain: Chain) -> Cluster | None:
        region = self._region(Stated(entry.region, chain[0].route / "region", 0))
        account = self._account(chain, region)
        if region is None or account is None:
            return None
        name = self._cluster_name(environment, entry, region, chain[0].route)
        secrets = blocks("secrets", chain)
        protected = nearest(bool, "protected", chain)
        interval = value_of(str, "refresh_interval", secrets, DEFAULT_REFRESH_INTERVAL)
        self.stated_accounts[name] = _account_of(chain)
        return Cluster(
            name=name,
            short_name=name.removeprefix(f"{self.fleet.name}-") or name,
            environment=environment,
            region=region,
            account=account,
            protected=protected is not None and protected.value,
            sync=self._sync(chain, protected),
            oidc_id=entry.oidc_id,
            server=entry.server,
            ca_data=self._ca_data(entry, chain[0].route),
            argocd_role_arn=self._argocd_role(chain, region),
            external_secrets_version=_version(chain),
            secrets_enabled=value_of(bool, "enabled", secrets, default=True),
            secrets_region=self._secrets_region(secrets, region),
            refresh_interval=durations.canonical(interval) or interval,
            kms_key_arn=value_of(str, "kms_key_arn", secrets, "") or None,
            route=chain[0].route,
        )

    def _region(self, stated: Stated[str]) -> Region | None:
        """Returns the region, or None and a finding where there is no such region."""
        if stated.value in self.regions and self.regions[stated.value] is not None:
            return self.regions[stated.value]
        region = self.regions[stated.value] = self._new_region(stated)
        return region

    def _new_region(self, stated: Stated[str]) -> Region | None:
        partition = partition_of(stated.value)
        if partition is None or not (is_known_region(stated.value) or stated.value in self.fleet.region_codes):
            reason = check_region(stated.value) or "no such region"
            may_be_new = "; if AWS has added it, give it a code under region_codes in fleet.yaml"
            hint = f"correct it{may_be_new if partition else ''}"
            self.findings.add("unknown-region", reason, stated.route, hint=hint)
            return None
        code = code_of(stated.value, self.fleet)
        if code is None:
            self.findings.add(
                "region-without-code",
                f"{stated.value} has no short code by the rule",
                stated.route,
                hint=f"give it one under region_codes in fleet.yaml, as {stated.value}: code",
            )
            return None
        other = next((each.name for each in self.regions.values() if each is not None and each.code == code), None)
        if other is not None:
            self._add_same_code(code, stated.value, other)
            return None
        return Region(name=stated.value, code=code, partition=partition)

    def _add_same_code(self, code: str, region: str, other: str) -> None:
        """Adds a finding on two regions of the fleet with one code."""
        codes = self.fleet_level.route / "region_codes"
        self.findings.add(
            "duplicate-region-code",
            f"{region} and {other} would both be {code} in names",
            self.findings.stated(codes / region, codes / other),
            hint="give each region a code of its own",
        )

    def _account(self, chain: Chain, region: Region | None) -> Account | None:
        stated = nearest(str, "account_id", chain)
        if stated is None:
            self.findings.add(
                "missing-account",
                "no account_id for {hits}: neither the cluster, nor its environment, nor the fleet states one",
                chain[1].route / "clusters",
                hint='add account_id: "123456789012" to the environment',
                key=True,
                hits=f"the cluster in {region.name}" if region else "a cluster",
            )
            return None
        if region is None:
            return None
        account = self.accounts.setdefault(
            stated.value, Account(id=stated.value, partition=region.partition, route=stated.route)
        )
        if account.partition != region.partition:
            self.findings.add(
                "cross-partition",
                f"account {account.id} is in partition {account.partition.name}, "
                f"but {region.name} is in {region.partition.name}",
                chain[0].route,
                hint="an account belongs to one partition: give the cluster the account of its own",
                first=account.route,
                said="the account is stated here",
            )
        return account

    def _cluster_name(self, environment: Environment, entry: ClusterEntry, region: Region, route: Route) -> str:
        name = entry.name or default_name(self.fleet.name, environment.name, region.code)
        reason = check_cluster_name(name)
        if reason is not None:
            at = route / "name" if entry.name else route
            self.findings.add("cluster-name", f"{name}: {reason}", at, hint="give the cluster a shorter name:")
        return name

    def _sync(self, chain: Chain, protected: Stated[bool] | None) -> Sync:
        sync = blocks("sync", chain)
        stated = nearest(bool, "automated", sync)
        is_protected = protected is not None and protected.value
        if stated is not None and stated.value and is_protected and self._states_both(stated, protected):
            self.findings.add(
                "protected-sync",
                "automated: true, but the place is protected, which means no automated sync",
                stated.route,
                hint="remove automated: true, or protected: true",
            )
        automated = not is_protected and (stated is None or stated.value)
        return Sync(
            automated=automated,
            prune=value_of(bool, "prune", sync, default=True),
            self_heal=value_of(bool, "self_heal", sync, default=True),
        )

    @staticmethod
    def _states_both(automated: Stated[bool], protected: Stated[bool] | None) -> bool:
        """True if automated sync is asked for at the level that protects, or nearer: then the two contradict."""
        return protected is not None and automated.depth <= protected.depth

    def _ca_data(self, entry: ClusterEntry, route: Route) -> str | None:
        if (entry.server is None) != (entry.ca_data is None):
            missing, given = ("ca_data", "server") if entry.ca_data is None else ("server", "ca_data")
            self.findings.add(
                "half-registered",
                f"{given} without {missing}: the cluster Secret needs both",
                route / given,
                hint=f"add {missing}:, or remove {given}: if the cluster is registered elsewhere",
                key=True,
            )
        return entry.ca_data

    def _argocd_role(self, chain: Chain, region: Region) -> str | None:
        stated = nearest(str, "argocd_role_arn", chain)
        if stated is None:
            return None
        arn = parse_arn(stated.value)
        if arn is not None and arn.partition != region.partition.name:
            self._cross_partition(stated, arn.partition, region)
        return stated.value

    def _secrets_region(self, secrets: Chain, region: Region) -> str:
        stated = nearest(str, "region", secrets)
        if stated is None:
            return region.name
        source = self._region(stated)
        if source is not None and source.partition != region.partition:
            self._cross_partition(stated, source.partition.name, region)
        return stated.value

    def _cross_partition(self, stated: Stated[str], partition: str, region: Region) -> None:
        self.findings.add(
            "cross-partition",
            f"{stated.value} is in partition {partition}, but it holds for clusters in {{hits}}",
            stated.route,
            hint="state one of the cluster's own partition in its environment, or null to remove this one",
            hits=f"{region.name} ({region.partition.name})",
        )

    def check_protected_accounts(self) -> None:
        """An account that a protected environment owns takes no other environment's cluster unasked."""
        owners = {cluster.account.id: cluster.environment for cluster in self.clusters if cluster.environment.protected}
        for cluster in self.clusters:
            owner = owners.get(cluster.account.id, cluster.environment)
            shares = self.entries[cluster.environment.name].shares_account
            if owner is not cluster.environment and not cluster.protected and not shares:
                self.findings.add(
                    "protected-account",
                    f"{cluster.name}: account {cluster.account.id} belongs to {owner.name}, which is protected",
                    self.stated_accounts[cluster.name].route,
                    hint=f"give {cluster.environment.name} an account of its own; if this is meant, "
                    f"say shares_account: true in {cluster.environment.route.path}",
                )

    def check_prefixes(self) -> None:
        """Where two environments share an account, one's secrets must not lie below the other's prefix."""
        shared: dict[str, dict[str, Environment]] = {}
        for cluster in self.clusters:
            shared.setdefault(cluster.account.id, {})[cluster.environment.name] = cluster.environment
        for account, environments in shared.items():
            ordered = sorted(environments.values(), key=lambda each: f"{each.secret_prefix}/")
            for first, second in pairwise(ordered):
                if f"{second.secret_prefix}/".startswith(f"{first.secret_prefix}/"):
                    self.findings.add(
                        "overlapping-prefix",
                        f"the secrets of {second.name} ({second.secret_prefix}/) lie below those of {first.name} "
                        f"({first.secret_prefix}/) in account {account}",
                        second.route / "secrets" / "prefix",
                        hint="give one of the two another secrets.prefix",
                    )


def _account_of(chain: Chain) -> Stated[str]:
    stated = nearest(str, "account_id", chain)
    assert stated is not None, "a cluster without an account is not kept"  # noqa: S101
    return stated


def _version(chain: Chain) -> str | None:
    stated = nearest(str, "version", blocks("external_secrets", chain))
    return stated.value if stated else None
