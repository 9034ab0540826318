"""The evidence joined: which Application brings which files to which cluster, and what lies there together."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.evidence.applications import LOCAL_CLUSTER, Application, ApplicationSource
from gitops_gen.evidence.applicationsets import Expansion, Unknown, expand
from gitops_gen.evidence.bringing import Bringing
from gitops_gen.evidence.charts import is_template, plain_yaml, variable_files
from gitops_gen.evidence.deployments import ClusterEvidence, Deployment
from gitops_gen.evidence.files import TFVARS_ENDING, File, Files, Manifest, yaml_files
from gitops_gen.evidence.leftovers import failure_in
from gitops_gen.evidence.operators import OperatorObject, operator_objects
from gitops_gen.evidence.readers import STORE_KINDS
from gitops_gen.evidence.renderings import Renderings
from gitops_gen.evidence.secret_references import layers_of
from gitops_gen.evidence.terraform import ROLES, Tfvars, read_tfvars
from gitops_gen.evidence.values import text_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.readers import Reader
    from gitops_gen.evidence.repositories import Repositories
    from gitops_gen.evidence.secret_references import Layer
    from gitops_gen.problems import Location

_ARGO_GROUP = "argoproj.io"
_SUBSTITUTED = "${"
_PLACEHOLDER = re.compile(r"<[^<>]+>")
_CLUSTER_SECRET_LABEL = "argocd.argoproj.io/secret-type"  # noqa: S105 - the name of a label


class Graph:
    """All evidence under some paths of a repository."""

    def __init__(self, files: Files, paths: Iterable[str], repositories: Repositories) -> None:
        self.files = files
        self.repositories = repositories
        self.paths = tuple(dict.fromkeys(path for folder in paths for path in files.under(folder)))
        """The files that are judged, in a stable order."""
        self.unknown: list[Unknown] = []
        """What cannot be said of which Applications there are, and of their sources."""
        self.elsewhere: list[Unknown] = []
        """What is not here to be judged: charts that are not rendered, clusters that others register."""
        self._renderings = Renderings(files)
        self._bringing = Bringing(files, repositories, self._renderings)
        self._layers: dict[int, tuple[Layer, ...]] = {}
        self.clusters: dict[str, ClusterEvidence] = {}
        self.expansions: tuple[Expansion, ...] = ()
        """The ApplicationSets, expanded."""
        self.applications: tuple[Application, ...] = ()
        """The Applications: those that are written, those that the sets make, and those that charts render to."""
        self.deployments: tuple[Deployment, ...] = ()
        self._join()

    @cached_property
    def plain_yaml(self) -> tuple[File, ...]:
        """The YAML files that are judged, without templates of charts and without what is in hidden folders."""
        return tuple(plain_yaml(self.files, self.paths))

    @cached_property
    def variable_files(self) -> tuple[File, ...]:
        """The variable files of Terraform that are judged, without what is in hidden folders."""
        return tuple(variable_files(self.files, self.paths))

    @property
    def plain_files(self) -> tuple[File, ...]:
        """The YAML files, and the variable files after them."""
        return (*self.plain_yaml, *self.variable_files)

    @cached_property
    def manifests(self) -> tuple[Manifest, ...]:
        """The Kubernetes objects of the files that are judged; templates of charts are none yet."""
        return tuple(each for each in self._written if not self._is_form(each))

    @cached_property
    def _written(self) -> tuple[Manifest, ...]:
        plain = (path for path in yaml_files(self.paths) if not is_template(self.files, path))
        files = (self.files.get(path) for path in plain)
        return tuple(manifest for file in files if file is not None for manifest in file.manifests)

    def _is_form(self, manifest: Manifest) -> bool:
        """True for an object that somebody fills in before he applies it: no API server takes its name."""
        name = manifest.name
        is_placeholder = "<" in name and _PLACEHOLDER.search(name) is not None and failure_in(name) is None
        return is_placeholder and not self.is_ours(manifest.place)

    @cached_property
    def projects(self) -> Mapping[str, Manifest]:
        """The AppProjects by name."""
        found = (each for each in (*self.manifests, *self.rendered) if each.group == _ARGO_GROUP)
        return {each.name: each for each in found if each.kind == "AppProject"}

    @cached_property
    def cluster_secrets(self) -> Mapping[str, Manifest]:
        """The Secrets that declare clusters, by the name that destinations carry."""
        return {
            name: each
            for each in self.manifests
            if each.kind == "Secret" and text_at(each.value, "metadata", "labels", _CLUSTER_SECRET_LABEL) == "cluster"
            if (name := text_at(each.value, "stringData", "name"))
        }

    @cached_property
    def tfvars(self) -> tuple[Tfvars, ...]:
        """The variable files of clusters, with the roles that they state or that their configuration makes."""
        files = (self.files.get(path) for path in self.paths if path.endswith(TFVARS_ENDING))
        found = [each for file in files if file and (each := read_tfvars(file))]
        if all(ROLES in each.values or self.is_ours(each.place) for each in found):
            return tuple(found)
        from gitops_gen.evidence.terraform_modules import Modules
        from gitops_gen.evidence.terraform_roles import configured

        return tuple(configured(found, self.files, Modules(self.files, self.paths)))

    @cached_property
    def stores(self) -> tuple[Manifest, ...]:
        """The stores that stand in the files that are judged, also those that no Application is seen to bring."""
        return tuple(each for each in self.manifests if each.kind in STORE_KINDS)

    @cached_property
    def brought(self) -> frozenset[Place]:
        """Where the objects stand that Applications bring, each as it is written."""
        return frozenset(each.place for deployment in self.deployments for each in deployment.manifests)

    def is_substituted(self, place: Place) -> bool:
        """True for a text with ${NAME} in a file that no Application brings: Flux, or a script, fills it in first."""
        file = None if place.rendering or self.is_ours(place) else self.files.get(place.file)
        if file is None or file.is_tfvars or _SUBSTITUTED not in file.text:
            return False
        values = file.documents.values
        text = text_at(values[place.document], *place.steps) if place.document < len(values) else None
        return _SUBSTITUTED in (text or "") and (place.file, place.document) not in self._brought_documents

    def is_bare_template(self, place: Place) -> bool:
        """True for a template without quotes in a file: to YAML it is a map with a map for a key."""
        file = None if place.rendering else self.files.get(place.file)
        return file is not None and not file.is_tfvars and file.has_bare_template(place)

    @cached_property
    def _brought_documents(self) -> frozenset[tuple[str, int]]:
        return frozenset((each.file, each.document) for each in self.brought)

    @cached_property
    def brought_files(self) -> frozenset[str]:
        """The files that Applications bring objects from, or render."""
        return frozenset(each.file for each in self.brought)

    @property
    def rendered(self) -> tuple[Manifest, ...]:
        """The objects that the charts of the tree render to, each rendering once."""
        return self._renderings.manifests

    @cached_property
    def operator_objects(self) -> tuple[OperatorObject, ...]:
        """The objects of External Secrets, each with the version of the operator that it meets."""
        return operator_objects(self)

    @property
    def readers(self) -> Iterator[Reader]:
        """Yields every chain from a SecretStore to its secrets."""
        for deployment in self.deployments:
            yield from deployment.readers

    def is_ours(self, place: Place) -> bool:
        """True if the file of a place carries the mark of ownership."""
        file = None if place.rendering else self.files.get(place.file)
        return file is not None and file.origin is not None

    def rendered_from(self, place: Place) -> tuple[Place, ...]:
        """Returns what a place in a rendered chart was made with: the source of an Application, and values files."""
        return self._renderings.sources_of(place)

    def locate(self, place: Place, *, key: bool = False) -> Location:
        """Returns the line and column of a place; of one in a rendered chart, the line of its template."""
        if place.rendering:
            return self._renderings.locate(place)
        return self.files.locate(place, key=key)

    def layers_of(self, deployment: Deployment) -> tuple[Layer, ...]:
        """Returns the values of an Application in the order in which each is laid over the one before."""
        found = self._layers.get(id(deployment))
        if found is None:
            found = self._layers[id(deployment)] = layers_of(self.files, deployment)
        return found

    def folder_of(self, source: ApplicationSource) -> str | None:
        """Returns the folder of a source; None for a chart repository, and for a repository that is not on disk."""
        return self._bringing.folder_of(source)

    def _join(self) -> None:
        # In this order: files come as they were read ahead, and the manifests keep this process busy meanwhile.
        by_server = {
            server: name
            for name, secret in self.cluster_secrets.items()
            if (server := text_at(secret.value, "stringData", "server"))
        }
        by_cluster = {each.cluster: each for each in self.tfvars}
        for application in self._all_applications():
            server = application.server or ""
            name = LOCAL_CLUSTER if application.is_local else application.cluster or by_server.get(server) or server
            cluster = self.clusters.get(name)
            if cluster is None:
                secret, tfvars = self.cluster_secrets.get(name), by_cluster.get(name)
                cluster = self.clusters[name] = ClusterEvidence(name, secret, tfvars)
            self._deploy(application, cluster)
        self.deployments = tuple(each for cluster in self.clusters.values() for each in cluster.deployments)
        self.elsewhere += [_registered_elsewhere(each) for each in self.clusters.values() if self._is_foreign(each)]
        self.elsewhere += [_form(each) for each in self._written if self._is_form(each)]
        self.unknown += [each for expansion in self.expansions for each in expansion.unknown]
        self.unknown += [each for deployment in self.deployments for each in deployment.unknown]

    def _deploy(self, application: Application, cluster: ClusterEvidence) -> None:
        brought = self._bringing.of(application)
        deployment = Deployment(
            application,
            cluster,
            tuple(brought.manifests),
            brought.values_files,
            brought.file_parameters,
            tuple(brought.missing),
            tuple(brought.unknown),
            tuple(brought.charts),
            tuple(brought.unseen),
            tuple(brought.failures),
        )
        self.elsewhere += brought.elsewhere
        cluster.deployments.append(deployment)
        for manifest in brought.manifests:
            key = (manifest.kind, deployment.namespace_of(manifest), manifest.name)
            cluster.objects[key].append((deployment, manifest))

    def _all_applications(self) -> Iterator[Application]:
        """Yields every Application; what those before it have rendered to may hold more of them."""
        waiting: Sequence[Manifest] = self.manifests
        known: set[tuple[str, str, str]] = set()
        while waiting:
            rendered = len(self.rendered)
            sets, written = [], []
            for each in waiting:
                # One that a chart renders may be there already: many an app of apps brings itself.
                name = (each.kind, each.namespace or "", each.name)
                if each.group == _ARGO_GROUP and not (each.place.rendering and name in known):
                    known.add(name)
                    sets += [each] if each.kind == "ApplicationSet" else []
                    written += [each] if each.kind == "Application" else []
            expansions = tuple(expand(each, self.files, self.repositories) for each in sets)
            found = [Application(each.value, each.place, each.place / "spec") for each in written]
            found += [application for expansion in expansions for application in expansion.applications]
            self.expansions += expansions
            self.applications += tuple(found)
            yield from found
            waiting = self.rendered[rendered:]

    def _is_foreign(self, cluster: ClusterEvidence) -> bool:
        """True for a cluster that Argo CD must know from elsewhere, though the rule of destinations has no doubt."""
        is_declared = cluster.secret is not None or cluster.name in ("", LOCAL_CLUSTER)
        return not is_declared and (not self.cluster_secrets or cluster.tfvars is not None)


def _form(manifest: Manifest) -> Unknown:
    reason = f"{manifest} has a placeholder for its name, so somebody fills it in first: what it says then is not known"
    return Unknown(manifest.place.down("metadata", "name"), reason, "forms", "verify what is made of it")


def _registered_elsewhere(cluster: ClusterEvidence) -> Unknown:
    application = cluster.deployments[0].application
    place = application.stated_at("destination", "name" if application.cluster is not None else "server")
    reason = f"no Secret here declares the cluster {cluster.name} to Argo CD, so whether it is registered is not known"
    return Unknown(place, reason, "clusters that are registered elsewhere", "verify its Secret together with these")
