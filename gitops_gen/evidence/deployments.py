"""What an Application brings to its cluster, and all that is known to lie on one cluster."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.data_classes import entity, field
from gitops_gen.evidence.readers import Reader, readers_of, store_ref
from gitops_gen.external_secrets import CHART_NAME, GENERATOR_GROUP, GENERATOR_KINDS
from gitops_gen.kinds import STORE_KINDS
from gitops_gen.kubernetes import CLUSTER_SCOPED_KINDS
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gitops_gen.evidence.applications import Application, ApplicationSource
    from gitops_gen.evidence.applicationsets import Unknown
    from gitops_gen.evidence.controllers import Controller
    from gitops_gen.evidence.files import Files, Manifest
    from gitops_gen.evidence.operator_charts import OperatorChart
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.renderings import Failure
    from gitops_gen.evidence.terraform import Tfvars
    from gitops_gen.evidence.written_roles import WrittenRoles


@entity
class ValuesFile:
    """A values file of a release: where the Application names it, and where it is on disk, if it is known to be."""

    stated: str
    place: Place
    path: str | None
    """None where the repository is not on disk."""


@entity
class FileParameter(ValuesFile):
    """A file whose content is the value of a parameter."""

    name: str


class OfTool(NamedTuple):
    """What is no object, in a folder that Argo CD takes as it stands: a file of a tool, or any other."""

    place: Place
    tool: str | None
    """The field of a source that has its settings, if it is of one that Argo CD has."""


@entity
class Deployment:
    """One Application on its cluster, with the manifests and values files that it brings."""

    application: Application
    cluster: ClusterEvidence
    manifests: tuple[Manifest, ...]
    """The objects of its directory sources and of the charts that are rendered."""
    values_files: tuple[ValuesFile, ...]
    file_parameters: tuple[FileParameter, ...]
    missing: tuple[tuple[ApplicationSource, str], ...]
    """Sources whose folder is not there, with the folder."""
    unknown: tuple[Unknown, ...]
    charts: tuple[ApplicationSource, ...]
    """Sources that are charts and not rendered: what they bring is not among the manifests."""
    unseen: tuple[ApplicationSource, ...]
    """Sources that bring nobody knows what: a kustomization, a folder that is missing or elsewhere."""
    failures: tuple[tuple[ApplicationSource, Failure], ...] = ()
    """What Helm refuses, with the source whose chart it is."""
    mixed: tuple[tuple[ApplicationSource, OfTool], ...] = ()
    """What is no manifest, with the source whose folder Argo CD takes as it stands."""
    operators: tuple[OperatorChart, ...] = ()
    """The charts of External Secrets that it brings, a part of a chart of the tree too."""

    def namespace_of(self, manifest: Manifest) -> str:
        """Returns the namespace that an object lands in; empty for what has none."""
        if manifest.kind in CLUSTER_SCOPED_KINDS:
            return ""
        return manifest.namespace or self.application.namespace or ""

    @cached_property
    def readers(self) -> tuple[Reader, ...]:
        """The stores that read AWS as a ServiceAccount, with their ExternalSecrets."""
        return tuple(readers_of(self))

    @cached_property
    def external_secrets(self) -> tuple[Manifest, ...]:
        """The ExternalSecrets that the Application brings."""
        return tuple(manifest for manifest in self.manifests if manifest.kind == "ExternalSecret")

    @cached_property
    def push_secrets(self) -> tuple[Manifest, ...]:
        """The PushSecrets that the Application brings."""
        return tuple(manifest for manifest in self.manifests if manifest.kind == "PushSecret")


@entity
class ClusterEvidence:
    """Everything that is known to lie on one cluster."""

    name: str
    """The name that destinations carry; for a destination by endpoint that no Secret declares, the endpoint."""
    files: Files
    """Those of the tree."""
    secret: Manifest | None = None
    """The Secret that declares the cluster to Argo CD."""
    tfvars: Tfvars | None = None
    written_roles: WrittenRoles | None = None
    """The roles that the Terraform of the tree makes, for whichever cluster, if it looks as if it made any."""
    is_one_of_several: bool = False
    """True for the own cluster of one Argo CD of several: what is in nobody's folder may come there too."""
    deployments: list[Deployment] = field(default_factory=list)
    objects: defaultdict[tuple[str, str, str], list[tuple[Deployment, Manifest]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """By kind, namespace and name."""

    def find(self, kind: str, namespace: str, name: str) -> Manifest | None:
        """Returns an object of the cluster."""
        found = self.objects.get((kind, namespace, name))
        return found[0][1] if found else None

    @cached_property
    def is_unambiguous(self) -> bool:
        """True if no two objects have the same kind, namespace and name."""
        return len(self.objects) == sum(map(len, self.objects.values()))

    @cached_property
    def stores(self) -> tuple[tuple[tuple[str, str, str], Manifest], ...]:
        """The stores, with kind, namespace and name; of several, the first."""
        return tuple((key, pairs[0][1]) for key, pairs in self.objects.items() if key[0] in STORE_KINDS)

    @cached_property
    def generators(self) -> tuple[tuple[tuple[str, str, str], Manifest], ...]:
        """The generators of External Secrets, with kind, namespace and name; of several, the first."""
        return tuple(
            (key, pairs[0][1])
            for key, pairs in self.objects.items()
            if key[0] in GENERATOR_KINDS and pairs[0][1].group == GENERATOR_GROUP
        )

    @cached_property
    def controllers(self) -> tuple[Controller, ...]:
        """The ServiceAccounts of the operators, where their values annotate a role."""
        from gitops_gen.evidence.controllers import controllers_of

        return controllers_of(self.files, self)

    @cached_property
    def has_operator(self) -> bool:
        """True if an Application brings the operator; without one, more comes to the cluster than is seen here."""
        return any(each.operators for each in self.deployments)

    def is_seen(self, namespace: str | None) -> bool:
        """True if all that the Applications bring to a namespace, or with None to any, is among the manifests.

        A chart brings things to its own namespace; that of the operator brings nothing that the rules look for.
        """
        anywhere, namespaces = self.unseen
        return not anywhere and (not namespaces if namespace is None else namespace not in namespaces)

    @cached_property
    def unseen(self) -> tuple[bool, frozenset[str | None]]:
        """Whether more than is seen may come anywhere, and the namespaces to which charts may bring it."""
        charts = (
            each.application.namespace
            for each in self.deployments
            if any(source.chart != CHART_NAME for source in each.charts)
        )
        return self.is_one_of_several or any(each.unseen for each in self.deployments), frozenset(charts)

    @cached_property
    def external_secrets_by_store(self) -> Mapping[tuple[str, str], Mapping[str, Sequence[Manifest]]]:
        """The ExternalSecrets of the cluster, by kind and name of their store, and by their namespace."""
        found: dict[tuple[str, str], dict[str, list[Manifest]]] = {}
        for deployment in self.deployments:
            for manifest in deployment.external_secrets:
                of_store = found.setdefault(store_ref(manifest), {})
                of_store.setdefault(deployment.namespace_of(manifest), []).append(manifest)
        return found
