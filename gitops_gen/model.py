"""The fleet as templates see it: frozen values in which every name, ARN and path is derived once.

Nothing here reads a file or judges what a person wrote; `resolve` builds these values and checks their limits.
Each derived fact is one property, and the property is the only place where its rule stands.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen import external_secrets, kubernetes
from gitops_gen.aws import arns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gitops_gen.aws.regions import Partition
    from gitops_gen.problems import Route

APPLICATION_LIMIT = 63
"""Characters of an Application's name: Argo CD's label tracking writes it into a label (argo-cd #5594)."""

ROLE_LIMIT = 64
"""Characters of an IAM role's name."""

DESTINATIONS_LIMIT = 150_000
"""Bytes of destinations above which an AppProject names the clusters of a region together.

Client-side apply keeps the whole object in an annotation of at most 262,144 bytes.
"""

Value: TypeAlias = "str | int | float | bool | list[Value] | dict[str, Value] | None"
"""What YAML can say; the shape of Helm values."""

Values: TypeAlias = "Mapping[str, Value]"


@dataclass(frozen=True, slots=True, kw_only=True)
class GitopsRepo:
    """The repository that Argo CD reads the generated tree from."""

    url: str
    revision: str
    """The branch, tag or commit that Argo CD follows."""
    path: str
    """The folder in which the generated tree stands; a full stop for the root."""

    def at(self, path: str) -> str:
        """Returns where a file of the generated tree stands in the repository."""
        return path if self.path == "." else f"{self.path}/{path}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArgoCd:
    """The Argo CD that owns the fleet."""

    version: str
    namespace: str
    generator: str
    """auto, list or git, as the model states it; each app says what became of it."""

    @property
    def has_stable_server_side_diff(self) -> bool:
        """True from 3.1.0 on (Argo CD, user-guide/diff-strategies)."""
        return self._numbers >= (3, 1, 0)

    def instance_of(self, release: Release) -> str:
        """Returns the value of the label app.kubernetes.io/instance on what a release deploys.

        A chart puts the Helm release there. Before 3.0.0, Argo CD tracks by that label and writes the Application
        over it (Argo CD, upgrading/2.14-3.0).
        """
        return release.app.release_name if self._numbers >= (3, 0, 0) else release.application

    @property
    def _numbers(self) -> tuple[int, ...]:
        return tuple(int(part) for part in self.version.split("."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """What Argo CD does by itself."""

    automated: bool
    prune: bool
    self_heal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """A file of environments/: production, say."""

    name: str
    stage: int
    """The rollout order: lower stages go first."""
    protected: bool
    """As the environment says; a cluster of it may differ."""
    project: str
    """The AppProject."""
    secret_prefix: str
    """The first part of every secret's path."""
    owners: tuple[str, ...]
    """Who is asked to review what touches it; a team is team:NAME."""
    route: Route
    """The file that describes it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """An AWS region, with the short code that names carry."""

    name: str
    code: str
    """use1 for us-east-1, say."""
    partition: Partition


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An AWS account: twelve digits, as text."""

    id: str
    partition: Partition
    route: Route
    """Where it is first stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One EKS cluster with every place fact resolved."""

    name: str
    short_name: str
    """The name without the leading fleet name, as Applications carry it."""
    environment: Environment
    region: Region
    account: Account
    protected: bool
    sync: Sync
    oidc_id: str
    """The part of the OIDC issuer after /id/."""
    server: str | None
    """The API endpoint."""
    ca_data: str | None
    """The certificate authority of the endpoint, base64."""
    argocd_role_arn: str | None
    """The role that Argo CD assumes to reach the cluster."""
    external_secrets_version: str | None
    """The version of the operator that runs there."""
    secrets_enabled: bool
    """False where the place turns secrets off."""
    secrets_region: str
    """The region whose Secrets Manager the cluster reads."""
    refresh_interval: str
    """A Go duration, as time.Duration prints it."""
    kms_key_arn: str | None
    """The customer-managed key that encrypts the secrets of the place."""
    route: Route
    """The cluster's entry."""

    @property
    def oidc_provider(self) -> str:
        """The issuer without https://, which is also the prefix of the trust policy's condition keys."""
        return arns.oidc_provider(self.region.partition, self.region.name, self.oidc_id)

    @property
    def oidc_provider_arn(self) -> str:
        """The IAM OIDC provider of the cluster, in the cluster's account."""
        return arns.oidc_provider_arn(self.region.partition, self.account.id, self.oidc_provider)

    @property
    def is_declared(self) -> bool:
        """True where the model states the endpoint, so that the cluster Secret is generated."""
        return self.server is not None and self.ca_data is not None

    @property
    def argocd_config(self) -> str:
        """The `config` of the cluster Secret, as JSON. It holds no credential (Argo CD, declarative-setup)."""
        auth = {"clusterName": self.name}
        if self.argocd_role_arn is not None:
            auth["roleARN"] = self.argocd_role_arn
        return json.dumps({"awsAuthConfig": auth, "tlsClientConfig": {"caData": self.ca_data, "insecure": False}})


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a chart comes from. Exactly one of path and chart is set."""

    repo_url: str
    path: str | None
    chart: str | None
    revision: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterResource:
    """A cluster-scoped kind."""

    group: str
    kind: str


NAMESPACE_RESOURCE = ClusterResource(group="", kind="Namespace")
"""What CreateNamespace=true needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a rolling rollout: of one stage, the releases that sync by themselves or those that a person syncs."""

    stage: int
    """The stage of its environments."""
    automated: bool
    """False where the place, or the app there, says no automated sync."""


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """What is deployed: one chart."""

    name: str
    namespace: str
    release_name: str
    cluster_resources: tuple[ClusterResource, ...]
    """The cluster-scoped kinds that the chart contains."""
    sync_options: tuple[str, ...]
    """Those beside the options that every release gets."""
    values_files: tuple[str, ...]
    """Those kept by hand, as they are written: with {environment}, {cluster} and {region}."""
    secrets_values_key: str | None
    """The Helm value under which the chart learns its secrets."""
    rollout: str
    """none or rolling."""
    generator: str
    """list or git: how the ApplicationSet learns its releases."""
    has_secrets: bool
    """True if any level of the app declares a secret, enabled or not."""
    is_operator: bool
    """True for the app that installs the External Secrets Operator."""
    uses_chart: bool
    """True if the source is a chart repository."""
    parameters: tuple[str, ...]
    """The parameters that the ApplicationSet uses, in order: each stands in every element."""
    steps: tuple[Step, ...]
    """The steps of a rolling rollout: by stage, ascending; in a stage, what syncs by itself goes first."""
    route: Route
    """The file that describes it."""

    @property
    def service_account(self) -> str:
        """The dedicated ServiceAccount that reads the secrets; never the pod's own."""
        return f"{self.name}-eso"

    @property
    def store(self) -> str:
        """The namespaced SecretStore."""
        return f"{self.name}-secrets-manager"

    @property
    def values_file_patterns(self) -> tuple[str, ...]:
        """The values files kept by hand, as Go templates of the ApplicationSet."""
        return tuple(
            path.replace("{environment}", "{{ .environment }}")
            .replace("{cluster}", "{{ .cluster }}")
            .replace("{region}", "{{ .region }}")
            for path in self.values_files
        )

    @property
    def needs_server_side_apply(self) -> bool:
        """True if ServerSideApply=true is among the sync options."""
        return "ServerSideApply=true" in self.sync_options


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretData:
    """One key of a Kubernetes Secret and the place in Secrets Manager that fills it."""

    key: str
    """The key in the Kubernetes Secret."""
    path: str
    """The name in Secrets Manager."""
    property: str | None
    """The property of the JSON value; none takes the whole value."""
    version: str | None
    """The version stage; none takes AWSCURRENT."""
    decoding: str
    """None, Base64, Base64URL or Auto, as External Secrets spells it."""
    kms_key_arn: str | None = None
    """The customer-managed key that encrypts the place; none for aws/secretsmanager."""
    consumed_once: bool = False
    """True where the software reads it at its first start only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalSecret:
    """One Kubernetes Secret that External Secrets keeps: its name is that of the target."""

    name: str
    refresh_interval: str
    """A Go duration, as time.Duration prints it."""
    data: tuple[SecretData, ...]

    @property
    def consumed_once(self) -> bool:
        """True where the software reads all of it at its first start only: a restart would change nothing."""
        return all(data.consumed_once for data in self.data)

    @property
    def is_read_once(self) -> bool:
        """True where the interval is zero: the secret is fetched once and never again."""
        return self.refresh_interval == "0s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secrets:
    """What a release reads from Secrets Manager."""

    external_secrets: tuple[ExternalSecret, ...] = ()
    """By name of the target."""
    kms_key_arns: tuple[str, ...] = ()
    """The customer-managed keys that encrypt them."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The names in Secrets Manager, each once, in order."""
        return tuple(sorted({data.path for secret in self.external_secrets for data in secret.data}))

    @property
    def follow_a_rotation(self) -> bool:
        """True if a restart brings at least one of them up to date: not where each is read at a first start only."""
        return not all(secret.consumed_once for secret in self.external_secrets)

    @property
    def helm_values(self) -> Values:
        """What the chart is told: the Secrets, their keys, and whether a rotation restarts the pods."""
        if not self.external_secrets:
            return {"enabled": False}
        return {
            "enabled": True,
            "secrets": [
                {
                    "name": secret.name,
                    "keys": [data.key for data in secret.data],
                    "reload": not secret.consumed_once,
                }
                for secret in self.external_secrets
            ],
        }


NO_SECRETS = Secrets()


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """One app on one cluster: one Argo CD Application, one Helm release."""

    app: App
    cluster: Cluster
    source: Source
    sync: Sync
    secrets: Secrets
    values: Values
    """What differs from the values of the app in the environment."""
    stated_role_name: str | None
    """The role's name where a person gave one; role_name is the one to use."""

    @property
    def application(self) -> str:
        """The name of the Application: <app>-<cluster without the leading fleet name>."""
        return kubernetes.shorten(f"{self.app.name}-{self.cluster.short_name}", APPLICATION_LIMIT)

    @property
    def has_secrets(self) -> bool:
        """True if the release reads at least one secret."""
        return bool(self.secrets.external_secrets)

    @property
    def role_name(self) -> str:
        """The IAM role that reads the secrets: <cluster>-<app>-eso, shortened where IAM's limit asks for it."""
        if self.stated_role_name is not None:
            return self.stated_role_name
        return kubernetes.shorten(f"{self.cluster.name}-{self.app.service_account}", ROLE_LIMIT, suffix="-eso")

    @property
    def role_arn(self) -> str:
        """The ARN of the role, in the cluster's account."""
        return arns.role_arn(self.cluster.region.partition, self.cluster.account.id, self.role_name)

    @property
    def trust_subject(self) -> str:
        """The subject that the role trusts: the ServiceAccount that the SecretStore names, in the app's namespace."""
        return f"system:serviceaccount:{self.app.namespace}:{self.app.service_account}"

    @property
    def secret_arns(self) -> tuple[str, ...]:
        """The IAM patterns of exactly the secrets that are read, with Secrets Manager's six-character suffix."""
        cluster = self.cluster
        return tuple(
            arns.secret_arn_pattern(cluster.region.partition, cluster.secrets_region, cluster.account.id, path)
            for path in self.secrets.paths
        )

    @property
    def api_version(self) -> str:
        """The apiVersion that the operator on the cluster serves."""
        return external_secrets.api_version(self._operator_version)

    def remote_ref(self, data: SecretData) -> tuple[tuple[str, str], ...]:
        """Returns the strategies of a remoteRef that exist in the operator's version, spelled out.

        What the API server would add by itself shows in Argo CD as drift.
        """
        defaults = external_secrets.remote_ref_defaults(self._operator_version)
        return tuple((field, data.decoding if field == "decodingStrategy" else value) for field, value in defaults)

    @property
    def has_refresh_policy(self) -> bool:
        """True if the operator's version knows spec.refreshPolicy."""
        return external_secrets.has_refresh_policy(self._operator_version)

    @property
    def parameters(self) -> dict[str, str]:
        """The element of the ApplicationSet: every parameter that the app's set uses."""
        known = self._known_parameters()
        return {name: known[name] for name in self.app.parameters}

    def _known_parameters(self) -> dict[str, str]:
        environment = self.cluster.environment
        return {
            "application": self.application,
            "cluster": self.cluster.name,
            "environment": environment.name,
            "region": self.cluster.region.name,
            "stage": str(environment.stage),
            "project": environment.project,
            "revision": self.source.revision,
            "repoURL": self.source.repo_url,
            "chart": self.source.chart or "",
            "chartPath": self.source.path or "",
            "automated": _flag(self.sync.automated),
            "prune": _flag(self.sync.prune),
            "selfHeal": _flag(self.sync.self_heal),
        }

    @property
    def _operator_version(self) -> str:
        version = self.cluster.external_secrets_version
        if version is None:
            # A release with secrets always has one; a template may ask about another.
            raise ValueError(f"{self.cluster.name} states no external_secrets.version")
        return version


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A namespace of a cluster, as an AppProject permits it."""

    cluster: str
    namespace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretTarget:
    """A Kubernetes Secret, and the app that it is for."""

    app: App
    secret: ExternalSecret


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretSource:
    """One secret of Secrets Manager, as a person creates it."""

    region: str
    """The region in which it is read."""
    path: str
    """The name in Secrets Manager."""
    properties: tuple[str, ...]
    """The properties of its JSON value that are read; none of them where the whole value is."""
    kms_key_arn: str | None
    """The customer-managed key that encrypts it; none for aws/secretsmanager."""
    targets: tuple[SecretTarget, ...]
    """What it fills, of however many apps."""
    consumed_once: bool = False
    """True where the software reads some of it at its first start only: a rotation needs a step by hand."""

    @property
    def apps(self) -> tuple[str, ...]:
        """The names of the apps that read it."""
        return tuple(dict.fromkeys(target.app.name for target in self.targets))


class Releases(tuple[Release, ...]):
    """Some releases of a fleet, and what they need together."""

    __slots__ = ()

    @property
    def repositories(self) -> tuple[str, ...]:
        """The repositories that the charts come from, each once, sorted."""
        return tuple(sorted({release.source.repo_url for release in self}))

    def repositories_with(self, repo: GitopsRepo) -> tuple[str, ...]:
        """Returns these and the repository of the generated tree, sorted: one of those that differ in case only."""
        found: dict[str, str] = {}
        for url in (*self.repositories, repo.url):
            found.setdefault(url.lower(), url)
        return tuple(found[key] for key in sorted(found))

    @property
    def destinations(self) -> tuple[Destination, ...]:
        """Where the releases land, each once: by cluster in the fleet's order, then by namespace."""
        namespaces: dict[str, set[str]] = {}
        for release in self:
            namespaces.setdefault(release.cluster.name, set()).add(release.app.namespace)
        return tuple(
            Destination(cluster=cluster, namespace=namespace)
            for cluster, found in namespaces.items()
            for namespace in sorted(found)
        )

    @property
    def has_many_destinations(self) -> bool:
        """True if an AppProject that lists each destination would outgrow client-side apply."""
        return sum(map(_size_of, self.destinations)) > DESTINATIONS_LIMIT

    @property
    def destination_groups(self) -> tuple[Destination, ...]:
        """The destinations together: the clusters of a region that have the same namespaces are one.

        Names and namespaces are patterns of exactly those that are meant, without a wildcard.
        """
        from gitops_gen.name_pattern import one_of

        namespaces: dict[str, set[str]] = {}
        regions: dict[str, str] = {}
        for release in self:
            namespaces.setdefault(release.cluster.name, set()).add(release.app.namespace)
            regions[release.cluster.name] = release.cluster.region.name
        groups: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for cluster, found in namespaces.items():
            groups.setdefault((regions[cluster], tuple(sorted(found))), []).append(cluster)
        return tuple(Destination(cluster=one_of(names), namespace=one_of(key[1])) for key, names in groups.items())

    @property
    def cluster_resources(self) -> tuple[ClusterResource, ...]:
        """The cluster-scoped kinds that the apps state, and Namespace, which Argo CD itself makes; each once."""
        stated = {resource for release in self for resource in release.app.cluster_resources}
        others = stated - {NAMESPACE_RESOURCE}
        return (NAMESPACE_RESOURCE, *sorted(others, key=lambda each: (each.group, each.kind)))

    @property
    def with_secrets(self) -> Releases:
        """Those that read at least one secret."""
        return Releases(release for release in self if release.has_secrets)

    @property
    def secret_sources(self) -> tuple[SecretSource, ...]:
        """What they read in Secrets Manager, each once however many of them read it: by account, region and name."""
        reads: dict[tuple[str, str, str], list[tuple[SecretTarget, SecretData]]] = {}
        for release in self:
            place = (release.cluster.account.id, release.cluster.secrets_region)
            for secret in release.secrets.external_secrets:
                target = SecretTarget(app=release.app, secret=secret)
                for data in secret.data:
                    reads.setdefault((*place, data.path), []).append((target, data))
        return tuple(_source(region, path, reads[account, region, path]) for account, region, path in sorted(reads))


def _source(region: str, path: str, reads: Sequence[tuple[SecretTarget, SecretData]]) -> SecretSource:
    return SecretSource(
        region=region,
        path=path,
        properties=tuple(sorted({data.property for _, data in reads if data.property is not None})),
        kms_key_arn=next((data.kms_key_arn for _, data in reads if data.kms_key_arn is not None), None),
        targets=tuple({(target.app.name, target.secret.name): target for target, _ in reads}.values()),
        consumed_once=any(data.consumed_once for _, data in reads),
    )


NO_RELEASES = Releases()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Everything under environments/. Environments stand by stage and name, their clusters as written, apps by name."""

    name: str
    repo: GitopsRepo
    argocd: ArgoCd
    environments: tuple[Environment, ...]
    clusters: tuple[Cluster, ...]
    apps: tuple[App, ...]
    releases: tuple[Release, ...]
    """Every app on every cluster where it is deployed."""
    environment_values: Mapping[tuple[str, str], Values]
    """Helm values by app and environment, there where the app is deployed."""
    route: Route


def _size_of(destination: Destination) -> int:
    return len('{"name":"","namespace":""},') + len(destination.cluster) + len(destination.namespace)


def _flag(value: bool) -> str:
    return "true" if value else "false"
