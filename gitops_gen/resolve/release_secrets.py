"""Which secrets a release of one app reads: those of its chain, unless its place or the app turns them off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.aws.arns import parse_arn
from gitops_gen.resolve.levels import Chain, value_of
from gitops_gen.resolve.secrets import ResolvedSecrets, SecretDefaults, resolve_secrets

if TYPE_CHECKING:
    from gitops_gen.model import Cluster, Environment
    from gitops_gen.problems import Route
    from gitops_gen.resolve.findings import Findings
    from gitops_gen.resolve.places import Places


class ReleaseSecrets:
    """Resolves the secrets of one app's releases; what many of them have in common is resolved once."""

    def __init__(self, app: str, route: Route, fleet_route: Route, places: Places, findings: Findings) -> None:
        self._app = app
        self._route = route
        self._fleet_route = fleet_route
        self._places = places
        self._findings = findings
        self._unheard = findings.unheard()
        self._known: dict[tuple[object, ...], ResolvedSecrets] = {}
        self._has_version_finding = False

    def on_cluster(self, environment: Environment, cluster: Cluster, chain: Chain) -> ResolvedSecrets:
        """Returns what the release on a cluster reads, and adds what is wrong to the findings."""
        if not (cluster.secrets_enabled and _is_enabled(chain)):
            return ResolvedSecrets()
        defaults = SecretDefaults(environment.secret_prefix, cluster.refresh_interval, cluster.kms_key_arn)
        resolved = self._resolved(chain, defaults, self._findings)
        if resolved.secrets.external_secrets:
            self._check_version(cluster)
            self._check_kms_keys(cluster, resolved)
        return resolved

    def in_environment(self, environment: Environment, chain: Chain) -> ResolvedSecrets:
        """Returns what the environment says by itself; a cluster that differs says so in its own values."""
        if not (self._places.secrets_enabled[environment.name] and _is_enabled(chain)):
            return ResolvedSecrets()
        # What is missing here, every cluster may state.
        return self._resolved(chain, SecretDefaults(environment.secret_prefix, "1h", None), self._unheard)

    def _resolved(self, chain: Chain, defaults: SecretDefaults, findings: Findings) -> ResolvedSecrets:
        key = (tuple(level.route for level in chain), defaults, findings)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = resolve_secrets(self._app, chain, defaults, findings)
        return found

    def _check_version(self, cluster: Cluster) -> None:
        if cluster.external_secrets_version is None and not self._has_version_finding:
            self._has_version_finding = True
            self._findings.add(
                "missing-external-secrets-version",
                f"{self._app} has secrets on {cluster.name}, but no version of External Secrets is stated for it",
                self._route / "secrets",
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
                self._findings.add(
                    "kms-key-region",
                    f"{value} is in {arn.region}, but secrets are read from {{hits}}",
                    own.get(value, self._kms_key_route(cluster)),
                    hint="a secret is encrypted by a key of its own region: state that one, here or on the cluster",
                    hits=f"{cluster.secrets_region} on {cluster.name}",
                )

    def _kms_key_route(self, cluster: Cluster) -> Route:
        places = (cluster.route, cluster.environment.route, self._fleet_route)
        return self._findings.stated(*(place / "secrets" / "kms_key_arn" for place in places))


def _is_enabled(chain: Chain) -> bool:
    return value_of(bool, "secrets_enabled", chain, default=True)
