"""A release: one app on one cluster, with every name that follows from the two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import external_secrets, kubernetes
from gitops_gen.aws import arns
from gitops_gen.aws.names import ROLE_NAME_LIMIT
from gitops_gen.data_classes import frozen_keyed

if TYPE_CHECKING:
    from gitops_gen.model.apps import App, Source, Sync, Values
    from gitops_gen.model.fleet import Cluster
    from gitops_gen.model.secrets import SecretData, Secrets

APPLICATION_LIMIT = 63
"""Characters of an Application's name: Argo CD's label tracking writes it into a label (argo-cd #5594)."""


@frozen_keyed
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
        return kubernetes.shorten(f"{self.cluster.name}-{self.app.service_account}", ROLE_NAME_LIMIT, suffix="-eso")

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


def _flag(value: bool) -> str:
    return "true" if value else "false"
