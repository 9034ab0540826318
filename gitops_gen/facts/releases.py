"""The facts of a release: names, source, sync, Helm values, and the chain from its secrets to their role."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from gitops_gen import external_secrets, kubernetes
from gitops_gen.facts.origins import Fact
from gitops_gen.resolve.levels import Level, merge, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.entries import AppLevelEntry, SecretEntry
    from gitops_gen.facts.origins import FactValue, Origins
    from gitops_gen.load import Loaded
    from gitops_gen.model import ExternalSecret, Release, SecretData, Value, Values
    from gitops_gen.problems import Route
    from gitops_gen.resolve.levels import Chain


def release_facts(loaded: Loaded, release: Release, origins: Origins) -> Iterator[Fact]:
    """Yields the facts of a release, each name behind the app's."""
    chain = origins.of_app(release.app)
    for fact in (
        *_names(release, origins, chain),
        *_source(release, origins, chain),
        *_sync(release, origins, chain),
        *_values(loaded, release, origins, chain),
        *_secrets(release, origins, chain),
    ):
        yield replace(fact, name=f"{release.app.name}.{fact.name}")


def _names(release: Release, origins: Origins, chain: Chain) -> Iterator[Fact]:
    app, whole = release.app, chain[-1:]
    rule = "<app>-<cluster without the leading fleet name>, shortened to 63 characters"
    yield Fact("application", release.application, None, rule)
    yield origins.fact("namespace", app.namespace, "namespace", whole, otherwise="the app's name")
    yield origins.fact("release_name", app.release_name, "release_name", whole, otherwise="the app's name")


def _source(release: Release, origins: Origins, chain: Chain) -> Iterator[Fact]:
    source = release.source
    yield origins.fact("source.repo_url", source.repo_url, "source.repo_url", chain, otherwise="")
    kind, place = ("path", source.path) if source.chart is None else ("chart", source.chart)
    yield origins.fact(f"source.{kind}", place, f"source.{kind}", chain, otherwise="")
    revision = origins.fact("source.revision", source.revision, "source.revision", chain, otherwise="")
    if revision.at is None:
        version = "external_secrets.version"
        revision = origins.fact("source.revision", source.revision, version, origins.of_cluster, otherwise="")
        revision = replace(revision, rule="the operator's chart has the operator's version")
    yield revision


def _sync(release: Release, origins: Origins, chain: Chain) -> Iterator[Fact]:
    for field, value in (
        ("automated", release.sync.automated),
        ("prune", release.sync.prune),
        ("self_heal", release.sync.self_heal),
    ):
        yield origins.fact(f"sync.{field}", value, f"sync.{field}", chain, otherwise=f"the cluster's sync.{field}")


def _values(loaded: Loaded, release: Release, origins: Origins, chain: Chain) -> Iterator[Fact]:
    key = (release.app.name, release.cluster.environment.name)
    values = merge(loaded.fleet.environment_values[key], release.values)
    for steps, value in _leaves(values):
        route = _value_route(steps, chain)
        at = origins.locate(route) if route else None
        yield Fact(".".join(("values", *steps)), value, at, "" if at else "what the chart is told of its secrets")


def _leaves(values: Values, above: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], FactValue]]:
    for key, value in values.items():
        if isinstance(value, dict) and value:
            yield from _leaves(value, (*above, key))
        else:
            yield (*above, key), _shown(value)


def _shown(value: Value) -> FactValue:
    if isinstance(value, dict | list):
        import json

        return json.dumps(value, ensure_ascii=False)
    return value


def _value_route(steps: tuple[str, ...], chain: Chain) -> Route | None:
    for level in chain:
        found: object = getattr(level.entry, "values", None) or {}
        route = level.route / "values"
        for step in steps:
            found = found.get(step) if isinstance(found, dict) else None
            route = route / step
        if found is not None:
            return route
    return None


def _secrets(release: Release, origins: Origins, chain: Chain) -> Iterator[Fact]:
    if not release.app.has_secrets:
        return
    yield _enabled(release, origins, chain)
    if not release.has_secrets:
        return
    account = "never the pod's own, so that the pods get no credentials of AWS"
    yield Fact("service_account", release.app.service_account, None, f"<app>-eso: {account}")
    yield Fact("store", release.app.store, None, "<app>-secrets-manager")
    rule = "<cluster>-<app>-eso, shortened to 64 characters"
    yield origins.fact("role_name", release.role_name, "role_name", chain, otherwise=rule)
    yield Fact("role_arn", release.role_arn, None, "the role in the cluster's account")
    yield Fact("trust_subject", release.trust_subject, None, "the ServiceAccount that the SecretStore names")
    yield Fact("secret_arns", release.secret_arns, None, "the secrets below, with six characters that AWS adds")
    yield Fact("kms_key_arns", release.secrets.kms_key_arns, None, "the keys of the secrets below")
    yield Fact("api_version", release.api_version, None, _api_version_rule(release))
    for secret in release.secrets.external_secrets:
        yield from _external_secret(secret, release, origins, chain)


def _enabled(release: Release, origins: Origins, chain: Chain) -> Fact:
    enabled = release.cluster.secrets_enabled
    if not enabled:
        return Fact("secrets_enabled", enabled, None, "the cluster's secrets.enabled")
    stated = nearest(bool, "secrets_enabled", chain)
    value = stated is None or stated.value
    return origins.fact("secrets_enabled", value, "secrets_enabled", chain, otherwise="the default")


def _api_version_rule(release: Release) -> str:
    version = release.cluster.external_secrets_version or ""
    return f"External Secrets {version} serves {', '.join(external_secrets.served_api_versions(version))}"


def _external_secret(secret: ExternalSecret, release: Release, origins: Origins, chain: Chain) -> Iterator[Fact]:
    chains = _chains_of(secret, release, chain)
    name = f"secrets.{secret.name}"
    yield _interval(f"{name}.refresh_interval", secret, origins, (*chains.values(), chain))
    yield _of_any(f"{name}.consumed_once", secret.consumed_once, "consumed_once", origins, tuple(chains.values()))
    yield _of_any(f"{name}.type", secret.type or kubernetes.OPAQUE, "type", origins, tuple(chains.values()))
    for data in secret.data:
        yield _datum(f"{name}.{data.key}", data, origins, tuple(chains.values()))


def _chains_of(secret: ExternalSecret, release: Release, chain: Chain) -> Mapping[str, Chain]:
    """Returns the levels of each secret of Secrets Manager that goes into a Kubernetes Secret, by its name."""
    chains: dict[str, Chain] = {}
    for level in chain:
        stated = cast("AppLevelEntry", level.entry)
        for name, entry in (stated.secrets or {}).items():
            if entry is not None:
                chains[name] = (*chains.get(name, ()), Level(entry, level.route / "secrets" / name))
    return {name: found for name, found in chains.items() if _target(name, found, release) == secret.name}


def _target(name: str, chain: Chain, release: Release) -> str:
    stated = nearest(str, "target", chain)
    return stated.value if stated else f"{release.app.name}-{name}"


def _interval(name: str, secret: ExternalSecret, origins: Origins, chains: tuple[Chain, ...]) -> Fact:
    fact = _of_any(name, secret.refresh_interval, "refresh_interval", origins, chains)
    if fact.at is not None:
        return fact
    return replace(fact, rule="the cluster's secrets.refresh_interval")


def _of_any(name: str, value: FactValue, field: str, origins: Origins, chains: tuple[Chain, ...]) -> Fact:
    for chain in chains:
        fact = origins.fact(name, value, field, chain, otherwise="the default")
        if fact.at is not None:
            return fact
    return Fact(name, value, None, "the default")


def _datum(name: str, data: SecretData, origins: Origins, chains: tuple[Chain, ...]) -> Fact:
    value = f"{data.path} {data.property}" if data.property is not None else data.path
    for chain in chains:
        for level in chain:
            if data.key in (cast("SecretEntry", level.entry).keys or {}):
                at = origins.locate(level.route / "keys" / data.key)
                return Fact(name, value, at, "<prefix>/<app>/<secret> and the property")
    return Fact(name, value)
