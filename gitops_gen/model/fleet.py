"""The fleet and its places: its repository and its Argo CD, environments, regions, accounts and clusters."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from gitops_gen.aws import arns
from gitops_gen.data_classes import frozen_keyed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.aws.regions import Partition
    from gitops_gen.model.apps import App, Sync, Values
    from gitops_gen.model.release import Release
    from gitops_gen.problems import Route


@frozen_keyed
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


@frozen_keyed
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


@frozen_keyed
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


@frozen_keyed
class Region:
    """An AWS region, with the short code that names carry."""

    name: str
    code: str
    """use1 for us-east-1, say."""
    partition: Partition


@frozen_keyed
class Account:
    """An AWS account: twelve digits, as text."""

    id: str
    partition: Partition
    route: Route
    """Where it is first stated."""


@frozen_keyed
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


@frozen_keyed
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
