"""The facts of a cluster itself: what its entry, its environment and the fleet state, and what follows from that."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from gitops_gen.facts.origins import Fact
from gitops_gen.problems import Route

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.facts.origins import Origins
    from gitops_gen.load import Loaded
    from gitops_gen.model import Cluster


def place_facts(loaded: Loaded, cluster: Cluster, origins: Origins) -> Iterator[Fact]:
    """Yields the facts of a cluster: names, place, identity, sync, secrets, and how Argo CD reaches it."""
    yield from _names(loaded, cluster, origins)
    yield from _identity(cluster, origins)
    yield from _sync(cluster, origins)
    yield from _secrets(cluster, origins)
    yield from _registration(cluster, origins)


def _names(loaded: Loaded, cluster: Cluster, origins: Origins) -> Iterator[Fact]:
    entry, environment = origins.of_cluster[:1], origins.of_environment[:1]
    name, stage = cluster.environment.name, cluster.environment.stage
    yield origins.fact("name", cluster.name, "name", entry, otherwise="<fleet>-<environment>-<region code>")
    yield Fact("short_name", cluster.short_name, None, "the name without the leading fleet name; Applications carry it")
    yield Fact("environment", name, None, f"the name of {cluster.environment.route.path}")
    yield origins.fact("stage", stage, "stage", environment, otherwise="the default")
    project = cluster.environment.project
    yield origins.fact("project", project, "project", environment, otherwise="the environment's name")
    yield origins.fact("protected", cluster.protected, "protected", origins.of_cluster, otherwise="the default")
    yield origins.fact("region", cluster.region.name, "region", entry, otherwise="")
    yield _region_code(loaded, cluster, origins)


def _region_code(loaded: Loaded, cluster: Cluster, origins: Origins) -> Fact:
    fleet = loaded.written.fleet
    if cluster.region.name in fleet.entry.region_codes:
        at = origins.locate(Route(fleet.source.path) / "region_codes" / cluster.region.name)
        return Fact("region_code", cluster.region.code, at)
    rule = "two letters, g for gov, the initials of the direction, the number"
    return Fact("region_code", cluster.region.code, None, rule)


def _identity(cluster: Cluster, origins: Origins) -> Iterator[Fact]:
    yield Fact("partition", cluster.region.partition.name, None, "the partition of the region")
    yield origins.fact("account_id", cluster.account.id, "account_id", origins.of_cluster, otherwise="")
    yield origins.fact("oidc_id", cluster.oidc_id, "oidc_id", origins.of_cluster[:1], otherwise="")
    yield Fact("oidc_provider", cluster.oidc_provider, None, "the issuer of the region, /id/ and the OIDC id")
    yield Fact("oidc_provider_arn", cluster.oidc_provider_arn, None, "that issuer, as IAM knows it in the account")


def _sync(cluster: Cluster, origins: Origins) -> Iterator[Fact]:
    sync, chain = cluster.sync, origins.of_cluster
    if cluster.protected:
        protected = origins.fact("sync.automated", sync.automated, "protected", chain, otherwise="")
        yield replace(protected, rule="no automated sync where protected")
    else:
        yield origins.fact("sync.automated", sync.automated, "sync.automated", chain, otherwise="the default")
    yield origins.fact("sync.prune", sync.prune, "sync.prune", chain, otherwise="the default")
    yield origins.fact("sync.self_heal", sync.self_heal, "sync.self_heal", chain, otherwise="the default")


def _secrets(cluster: Cluster, origins: Origins) -> Iterator[Fact]:
    chain = origins.of_cluster
    prefix, region, key = cluster.environment.secret_prefix, cluster.secrets_region, cluster.kms_key_arn
    version, interval = cluster.external_secrets_version, cluster.refresh_interval
    yield origins.fact("external_secrets.version", version, "external_secrets.version", chain, otherwise="not stated")
    yield origins.fact("secrets.enabled", cluster.secrets_enabled, "secrets.enabled", chain, otherwise="the default")
    yield origins.fact(
        "secrets.prefix", prefix, "secrets.prefix", origins.of_environment, otherwise="the environment's name"
    )
    yield origins.fact("secrets.region", region, "secrets.region", chain, otherwise="the cluster's own region")
    yield origins.fact(
        "secrets.refresh_interval",
        interval,
        "secrets.refresh_interval",
        chain,
        otherwise="the default",
    )
    yield origins.fact("secrets.kms_key_arn", key, "secrets.kms_key_arn", chain, otherwise="the key aws/secretsmanager")


def _registration(cluster: Cluster, origins: Origins) -> Iterator[Fact]:
    chain = origins.of_cluster
    elsewhere = "not stated: the cluster is registered with Argo CD elsewhere"
    yield origins.fact("server", cluster.server, "server", chain[:1], otherwise=elsewhere)
    yield origins.fact("ca_data", cluster.ca_data, "ca_data", chain[:1], otherwise=elsewhere)
    role = cluster.argocd_role_arn
    yield origins.fact(
        "argocd_role_arn", role, "argocd_role_arn", chain, otherwise="not stated: Argo CD goes as itself"
    )
    rule = "the cluster Secret is generated where server and ca_data are stated"
    yield Fact("is_declared", cluster.is_declared, None, rule)
