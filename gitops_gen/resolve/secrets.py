"""The secrets of a release: app < app in an environment < app on a cluster, over the defaults of the place."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

from gitops_gen import durations, kubernetes
from gitops_gen.aws.names import check_secret_path_characters, check_secret_path_end
from gitops_gen.data_classes import frozen, replaced
from gitops_gen.model import NO_SECRETS, ExternalSecret, SecretData, Secrets
from gitops_gen.resolve.levels import Chain, Level, Stated, nearest, value_of
from gitops_gen.resolve.literal_secrets import check_property

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gitops_gen.entries import SecretEntry, SecretKeyEntry
    from gitops_gen.problems import Route
    from gitops_gen.resolve.findings import Findings

_ADD_KEYS = "give the secret keys:, as DB_PASSWORD: password, or take the line out"
_ADD_PROPERTY = "write the name of the property, or {} for the whole value; or take the line out"
_Keys: TypeAlias = "Mapping[str, Stated[str | SecretKeyEntry]]"


@frozen
class SecretDefaults:
    """What the place says of secrets that do not say it themselves."""

    prefix: str
    refresh_interval: str
    kms_key_arn: str | None


@frozen
class ResolvedSecrets:
    """The secrets of a release, and where their own KMS keys are stated."""

    secrets: Secrets = NO_SECRETS
    kms_keys: tuple[Stated[str], ...] = ()


@frozen
class _Secret:
    name: str
    target: str
    interval: Stated[str] | None
    type: Stated[str] | None
    data: tuple[SecretData, ...]
    kms_key: Stated[str] | None
    keys: Mapping[str, Route]


def resolve_secrets(app: str, chain: Chain, defaults: SecretDefaults, findings: Findings) -> ResolvedSecrets:
    """Returns the secrets that the chain of an app describes, and adds what is wrong to the findings."""
    resolver = _Resolver(app, chain, defaults, findings)
    secrets = [resolver.secret(name, levels) for name, levels in _by_name(chain, findings).items()]
    targets: dict[str, list[_Secret]] = {}
    for secret in secrets:
        targets.setdefault(secret.target, []).append(secret)
    own_keys = tuple(secret.kms_key for secret in secrets if secret.kms_key)
    inherited = defaults.kms_key_arn if any(secret.kms_key is None for secret in secrets) else None
    keys = {stated.value for stated in own_keys} | ({inherited} if inherited else set())
    return ResolvedSecrets(
        Secrets(
            external_secrets=tuple(resolver.external_secret(name, targets[name]) for name in sorted(targets)),
            kms_key_arns=tuple(sorted(keys)),
        ),
        own_keys,
    )


def _by_name(chain: Chain, findings: Findings) -> dict[str, Chain]:
    """Returns the chain of each secret that is not removed, in the order in which they are first written."""
    found: dict[str, Chain] = {}
    for level in reversed(chain):
        if "secrets" not in level.entry.model_fields_set:
            continue
        stated = getattr(level.entry, "secrets", None)
        if stated is None:
            found.clear()
            continue
        for name, entry in stated.items():
            route = level.route / "secrets" / name
            if entry is not None:
                found[name] = (Level(entry, route), *found.get(name, ()))
            elif found.pop(name, None) is None:
                _warn_of_null(f"secret {name}", route, () if level is chain[-1] else found, _ADD_KEYS, findings)
    return found


def _warn_of_null(what: str, route: Route, known: Iterable[str], hint: str, findings: Findings) -> None:
    """Warns of a null for what no farther level states: `known` are those that one does state."""
    from gitops_gen.near_miss import near_miss

    message = f"this null removes nothing: no farther level states the {what}"
    name = str(route.steps[-1])
    findings.warn("removes-nothing", message, route, hint=near_miss(name, known) if known else hint, key=True)


class _Resolver:
    def __init__(self, app: str, chain: Chain, defaults: SecretDefaults, findings: Findings) -> None:
        self.app = app
        self.chain = chain
        self.defaults = defaults
        self.findings = findings

    def secret(self, name: str, chain: Chain) -> _Secret:
        keys = _keys(chain, self.findings)
        return _Secret(
            name=name,
            target=self._target(name, chain),
            interval=nearest(str, "refresh_interval", chain),
            type=nearest(str, "type", chain),
            data=self._data(keys, self._path(name, chain), chain),
            kms_key=nearest(str, "kms_key_arn", chain),
            keys={key: stated.route for key, stated in keys.items()},
        )

    def external_secret(self, name: str, secrets: list[_Secret]) -> ExternalSecret:
        self._check_keys(name, secrets)
        return ExternalSecret(
            name=name,
            type=self._type(name, secrets),
            refresh_interval=self._interval(name, secrets),
            data=tuple(data for secret in secrets for data in secret.data),
        )

    def _target(self, name: str, chain: Chain) -> str:
        stated = nearest(str, "target", chain)
        if stated is not None:
            return stated.value
        target = f"{self.app}-{name}"
        reason = kubernetes.check_dns_subdomain(target)
        if reason is not None:
            self.findings.add(
                "secret-target",
                f"the Kubernetes Secret of {name} would be called {target}: {reason}",
                chain[-1].route,
                hint="give it a name with target:",
                key=True,
            )
        return target

    def _path(self, name: str, chain: Chain) -> str:
        stated = nearest(str, "path", chain)
        path = f"{self.defaults.prefix}/{stated.value if stated else f'{self.app}/{name}'}"
        route, key = (stated.route, False) if stated else (chain[-1].route, True)
        reason = check_secret_path_characters(path)
        if reason is not None:
            self.findings.add("secret-path", reason, route, hint="give the secret another path:", key=key)
        prefix, _, rest = stated.value.partition(f"{self.defaults.prefix}/") if stated else ("", "", "")
        if rest and not prefix:
            message = f"the secret is called {path}, since the prefix {self.defaults.prefix} is written before its path"
            self.findings.warn("secret-prefix-twice", message, route, hint=f"write path: {rest}", key=key)
        advice = check_secret_path_end(path)
        if advice is not None:
            hint = (
                f"rename the secret in Secrets Manager when you can{'' if stated else ', and give its name as path:'}"
            )
            self.findings.warn("secret-path-end", advice, route, hint=hint, key=key)
        return path

    def _data(self, keys: _Keys, path: str, chain: Chain) -> tuple[SecretData, ...]:
        if not keys:
            self.findings.add(
                "secret-without-keys",
                "the secret has no keys, so nothing of it would reach the cluster",
                chain[-1].route,
                hint="add keys:, as DB_PASSWORD: password",
                key=True,
            )
        own = nearest(str, "kms_key_arn", chain)
        kms_key = own.value if own else self.defaults.kms_key_arn
        is_consumed_once = value_of(bool, "consumed_once", chain, default=False)
        return tuple(
            replaced(self._datum(key, stated, path), kms_key_arn=kms_key, consumed_once=is_consumed_once)
            for key, stated in keys.items()
        )

    def _datum(self, key: str, stated: Stated[str | SecretKeyEntry], path: str) -> SecretData:
        reason = kubernetes.check_secret_key(key)
        if reason is not None:
            hint = "use letters, digits, dots, hyphens and underscores"
            self.findings.add("secret-key", f"{key}: {reason}", stated.route, hint=hint, key=True)
        entry = stated.value
        name = entry if isinstance(entry, str) else entry.property
        if name is not None:
            check_property(key, name, stated.route, self.findings)
        return SecretData(
            key=key,
            path=path,
            property=name,
            version=None if isinstance(entry, str) else entry.version,
            decoding="None" if isinstance(entry, str) else entry.decoding,
        )

    def _check_keys(self, target: str, secrets: list[_Secret]) -> None:
        seen: dict[str, _Secret] = {}
        for secret in secrets:
            for data in secret.data:
                first = seen.setdefault(data.key, secret)
                if first is not secret:
                    self.findings.add(
                        "duplicate-secret-key",
                        f"{data.key} of {secret.name} is in {target} already, from {first.name}",
                        secret.keys[data.key],
                        hint="rename one of the keys, or give one of the secrets another target:",
                        key=True,
                        first=first.keys[data.key],
                    )

    def _interval(self, target: str, secrets: list[_Secret]) -> str:
        stated = [secret.interval for secret in secrets if secret.interval is not None]
        values = {each.value for each in stated}
        others = [each for each in stated if durations.canonical(each.value) != durations.canonical(stated[0].value)]
        if others:
            self.findings.add(
                "refresh-interval-conflict",
                f"the secrets in {target} have different refresh intervals: {', '.join(sorted(values))}",
                others[0].route,
                hint="one Kubernetes Secret is refreshed as a whole: give both the same interval",
                first=stated[0].route,
                said="the other one",
            )
        of_app = value_of(str, "refresh_interval", self.chain, self.defaults.refresh_interval)
        interval = min(values, default=of_app)
        return durations.canonical(interval) or interval

    def _type(self, target: str, secrets: list[_Secret]) -> str | None:
        """Returns the type of a Kubernetes Secret, which has the keys that Kubernetes wants of one."""
        stated = [secret.type for secret in secrets if secret.type is not None]
        if not stated:
            return None
        first = stated[0]
        other = next((each for each in stated if each.value != first.value), None)
        if other is not None:
            self.findings.add(
                "secret-type-conflict",
                f"the secrets in {target} are of different types: {', '.join(sorted({first.value, other.value}))}",
                other.route,
                hint="one Kubernetes Secret has one type: give both the same, or one of them another target:",
                first=first.route,
                said="the other one",
            )
        lacks = kubernetes.keys_missing(first.value, {data.key for secret in secrets for data in secret.data})
        if lacks:
            self.findings.add(
                "secret-type-keys",
                f"{target} is of type {first.value} and has no key {' and no key '.join(lacks)}",
                first.route,
                hint=f"name it under keys:, as {lacks[0]}: {{}} for the whole value; Kubernetes wants it",
            )
        return first.value


def _keys(chain: Chain, findings: Findings) -> _Keys:
    found: dict[str, Stated[str | SecretKeyEntry]] = {}
    for depth, level in reversed(tuple(enumerate(chain))):
        entry = cast("SecretEntry", level.entry)
        if "keys" in entry.model_fields_set and entry.keys is None:
            found.clear()
        for key, value in (entry.keys or {}).items():
            route = level.route / "keys" / key
            if value is not None:
                found[key] = Stated(value, route, depth)
            elif found.pop(key, None) is None:
                _warn_of_null(f"key {key}", route, () if level is chain[-1] else found, _ADD_PROPERTY, findings)
    return found
