"""Some releases of a fleet, and what they need together: repositories, destinations, kinds and secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.data_classes import frozen_keyed
from gitops_gen.model.apps import NAMESPACE_RESOURCE
from gitops_gen.model.release import Release

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gitops_gen.model.apps import App, ClusterResource
    from gitops_gen.model.fleet import GitopsRepo
    from gitops_gen.model.secrets import ExternalSecret, SecretData

DESTINATIONS_LIMIT = 150_000
"""Bytes of destinations above which an AppProject names the clusters of a region together.

Client-side apply keeps the whole object in an annotation of at most 262,144 bytes.
"""


@frozen_keyed
class Destination:
    """A namespace of a cluster, as an AppProject permits it."""

    cluster: str
    namespace: str


@frozen_keyed
class SecretTarget:
    """A Kubernetes Secret, and the app that it is for."""

    app: App
    secret: ExternalSecret


@frozen_keyed
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


NO_RELEASES = Releases()


def _source(region: str, path: str, reads: Sequence[tuple[SecretTarget, SecretData]]) -> SecretSource:
    return SecretSource(
        region=region,
        path=path,
        properties=tuple(sorted({data.property for _, data in reads if data.property is not None})),
        kms_key_arn=next((data.kms_key_arn for _, data in reads if data.kms_key_arn is not None), None),
        targets=tuple({(target.app.name, target.secret.name): target for target, _ in reads}.values()),
        consumed_once=any(data.consumed_once for _, data in reads),
    )


def _size_of(destination: Destination) -> int:
    return len('{"name":"","namespace":""},') + len(destination.cluster) + len(destination.namespace)
