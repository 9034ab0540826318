"""What is read from Secrets Manager, and the Kubernetes Secrets that come of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.data_classes import frozen_keyed

if TYPE_CHECKING:
    from gitops_gen.model.apps import Values


@frozen_keyed
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


@frozen_keyed
class ExternalSecret:
    """One Kubernetes Secret that External Secrets keeps: its name is that of the target."""

    name: str
    type: str | None = None
    """Its type, such as kubernetes.io/tls; none where it is Opaque."""
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


@frozen_keyed
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
