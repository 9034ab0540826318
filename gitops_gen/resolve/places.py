"""Place facts: environments, regions, accounts and clusters; fleet < environment < cluster."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from gitops_gen import aws, durations, kubernetes
from gitops_gen.model import Account, Cluster, Environment, Region, Sync
from gitops_gen.problems import Route
from gitops_gen.resolve.levels import Chain, Level, Stated, blocks, nearest, value_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.entries import ClusterEntry, EnvironmentEntry
    from gitops_gen.load import Written, WrittenFleet
    from gitops_gen.resolve.findings import Findings

DEFAULT_REFRESH_INTERVAL = "1h"


@dataclass(frozen=True, slots=True)
class Places:
    """The environments and clusters of a fleet."""

    environments: tuple[Environment, ...]
    clusters: tuple[Cluster, ...]
    secrets_enabled: Mapping[str, bool]
    """By environment: whether secrets are enabled, as the environment and the fleet say."""

    def clusters_of(self, environment: Environment) -> tuple[Cluster, ...]:
        """Returns the clusters of an environment."""
        return tuple(cluster for cluster in self.clusters if cluster.environment is environment)


def resolve_places(written: WrittenFleet, findings: Findings) -> Places:
    """Returns the places that the entries describe, and adds what is wrong to the findings."""
    resolver = _Resolver(written, findings)
    environments = sorted(written.environments, key=lambda each: (each.entry.stage, each.name))
    for environment in environments:
        resolver.add_environment(environment)
    resolver.check_protected_accounts()
    resolver.check_prefixes()
    return Places(tuple(resolver.environments.values()), tuple(resolver.clusters), dict(resolver.secrets_enabled))


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
            route=level.route,
        )
        self.environments[environment.name] = environment
        self.entries[environment.name] = written.entry
        self.secrets_enabled[environment.name] = value_of(bool, "enabled", secrets, default=True)
        for index, entry in enumerate(written.entry.clusters or ()):
            cluster = self._cluster(environment, entry, (Level(entry, level.route / "clusters" / index), *chain))
            if cluster is not None:
                self.clusters.append(cluster)

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
        partition = aws.partition_of(stated.value)
        stated_code = self.fleet.region_codes.get(stated.value)
        if partition is None or not (aws.is_known(stated.value) or stated_code):
            reason = aws.check_region(stated.value) or "no such region"
            hint = "correct it; if AWS has added it, give it a code under region_codes in fleet.yaml"
            self.findings.add("unknown-region", reason, stated.route, hint=hint)
            return None
        code = stated_code or aws.region_code(stated.value)
        if code is None:
            self.findings.add(
                "region-without-code",
                f"{stated.value} has no short code by the rule",
                stated.route,
                hint=f"give it one under region_codes in fleet.yaml, as {stated.value}: code",
            )
            return None
        return Region(name=stated.value, code=code, partition=partition)

    def _account(self, chain: Chain, region: Region | None) -> Account | None:
        stated = nearest(str, "account_id", chain)
        if stated is None:
            self.findings.add(
                "missing-account",
                "no account_id: neither the cluster, nor its environment, nor the fleet states one",
                chain[0].route,
                hint='add account_id: "123456789012" to the environment',
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
            )
        return account

    def _cluster_name(self, environment: Environment, entry: ClusterEntry, region: Region, route: Route) -> str:
        name = entry.name or f"{self.fleet.name}-{environment.name}-{region.code}"
        reason = aws.check_eks_cluster_name(name) or kubernetes.check_dns_subdomain(name)
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
        return (
            protected is not None
            and len(automated.route.steps) >= len(protected.route.steps)
            and (automated.route.path == protected.route.path or automated.depth < protected.depth)
        )

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
        arn = aws.parse_arn(stated.value)
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
            f"{stated.value} is in partition {partition}, but a cluster that it holds for is in {region.name}, "
            f"partition {region.partition.name}",
            stated.route,
            hint="state one of the cluster's own partition in its environment, or null to remove this one",
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
