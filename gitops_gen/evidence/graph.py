"""The evidence joined: which Application brings which files to which cluster, and what lies there together.

What expands, brings and renders is loaded when it is asked for: what the files say each by themselves does without it.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.evidence.charts import CHART
from gitops_gen.evidence.files import Files, Manifest, parents_of
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import text_at
from gitops_gen.evidence.written import Written
from gitops_gen.kinds import ARGO_GROUP

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from gitops_gen.evidence.applications import Application, ApplicationSource
    from gitops_gen.evidence.applicationsets import Expansion, Unknown
    from gitops_gen.evidence.chart_values import Undeployed
    from gitops_gen.evidence.deployments import ClusterEvidence, Deployment
    from gitops_gen.evidence.joining import Joined
    from gitops_gen.evidence.operator_charts import OperatorChart
    from gitops_gen.evidence.operators import OperatorObject
    from gitops_gen.evidence.patch_entries import BrokenPatch
    from gitops_gen.evidence.projects import Namesakes
    from gitops_gen.evidence.readers import Reader
    from gitops_gen.evidence.repositories import Repositories
    from gitops_gen.evidence.secret_references import Layer
    from gitops_gen.evidence.stated_operators import StatedOperator
    from gitops_gen.evidence.terraform import Role
    from gitops_gen.evidence.terraform_roots import Roots
    from gitops_gen.evidence.written_roles import WrittenRoles
    from gitops_gen.problems import Location

_SUBSTITUTED = "${"
_OF_TERRAFORM = (".tf", ".tf.json", ".tofu", ".tofu.json", "terragrunt.hcl")
_CHART_ENDING = f"/{CHART}"
_TEST_DATA = frozenset({"testdata", "test-data", "test_data", "fixture", "fixtures", "__fixtures__", "golden"})
"""Folders of what tests read: some of it is broken on purpose."""


_ANY_CLUSTER = ""
"""What is read somewhere; no cluster is called so."""


class Graph(Written):
    """All evidence under some paths of a repository."""

    def __init__(self, files: Files, paths: Iterable[str], repositories: Repositories) -> None:
        super().__init__(files, paths, repositories)
        self._layers: dict[int, tuple[Layer, ...]] = {}
        self._reached: dict[str, bool] = {}

    def read(self) -> None:
        """Reads what the files say, each by itself. Without it, that happens when it is asked for."""
        # In this order: files come as they were read ahead, and the manifests keep this process busy meanwhile.
        _ = self.manifests, self.tfvars

    def join(self) -> None:
        """Joins what was read. Without it, that happens when it is asked for."""
        _ = self._joined

    @property
    def clusters(self) -> Mapping[str, ClusterEvidence]:
        """What is known to lie on each cluster, by the name that destinations carry."""
        return self._joined.clusters

    @property
    def expansions(self) -> tuple[Expansion, ...]:
        """The ApplicationSets, expanded."""
        return self._joined.expansions

    @property
    def applications(self) -> tuple[Application, ...]:
        """The Applications: those that are written, those that the sets make, and those that charts render to."""
        return self._joined.applications

    @property
    def deployments(self) -> tuple[Deployment, ...]:
        """The Applications on their clusters, with what they bring."""
        return self._joined.deployments

    @property
    def unknown(self) -> Sequence[Unknown]:
        """What cannot be said of which Applications there are, and of their sources."""
        return self._joined.unknown

    @property
    def elsewhere(self) -> Sequence[Unknown]:
        """What is not here to be judged: charts that are not rendered, clusters that others register."""
        return self._joined.elsewhere

    @cached_property
    def all_projects(self) -> tuple[Manifest, ...]:
        """The AppProjects; where a tree is for several Argo CDs, several may have one name.

        One that is out of use counts where no other has its name.
        """
        found = (each for each in (*self.manifests, *self.rendered) if each.group == ARGO_GROUP)
        projects = tuple(each for each in found if each.kind == "AppProject")
        in_use = {each.name for each in projects if self.retired_by(each.place.file) is None}
        return tuple(each for each in projects if each.name not in in_use or self.retired_by(each.place.file) is None)

    @cached_property
    def projects(self) -> Mapping[str, Manifest]:
        """The AppProjects by name."""
        return {each.name: each for each in self.all_projects}

    def project_of(self, application: Application) -> Manifest | None:
        """Returns the AppProject of an Application; None too where there are several Argo CDs, and it may be of any."""
        return self._namesakes.project_of(application)

    @cached_property
    def _namesakes(self) -> Namesakes:
        from gitops_gen.evidence.projects import Namesakes

        return Namesakes(self.all_projects, self._joined.instances, self.file_of, self.is_ours)

    @cached_property
    def judged_roles(self) -> tuple[tuple[str, Role], ...]:
        """The roles, each with its cluster: of variable files, and of the Terraform that stores sign in with."""
        found = [(each.cluster, role) for each in self.tfvars for role in each.roles]
        if self.has_written_roles:
            written = ((each.deployment.cluster.name, each.written_role) for each in self.readers)
            first = {role.place: (cluster, role) for cluster, role in written if role is not None}
            found += first.values()
        return tuple(found)

    @cached_property
    def lost_tfvars(self) -> tuple[tuple[Place, str], ...]:
        """Where variable files name a cluster that no Application lands on, or none: one is probably a slip."""
        from gitops_gen.evidence.terraform import lost_tfvars

        return lost_tfvars(self)

    @cached_property
    def brought(self) -> frozenset[Place]:
        """Where the objects stand that Applications bring, each as it is written."""
        return frozenset(each.place for deployment in self.deployments for each in deployment.manifests)

    def leaving_out(self, place: Place) -> str | None:
        """Returns the kustomization that takes what lies beside the file of a place, and not that file.

        None for what an Application brings as it is or takes its values from, and for a generated file.
        """
        if place.rendering or not self._kustomizations or self.is_ours(place):
            return None
        if place.file in self.brought_files or place.file in self.values_paths:
            return None
        return self._kustomizations.leaving_out(place.file)

    def is_replaced(self, place: Place) -> bool:
        """True for a value that kustomize replaces or patches, in a file that no Application brings as it is.

        False for what is known to come of an object, which has parts.
        """
        is_written = self._kustomizations and not place.rendering and place.parts is None
        file = self.files.get(place.file) if is_written else None
        if file is None or not place.steps or place.file in self.brought_files:
            return False
        manifest = next((each for each in file.manifests if each.place.document == place.document), None)
        return manifest is not None and self._kustomizations.replaces(manifest, place.steps)

    def is_test_data(self, path: str) -> bool:
        """True for a file of a program's tests, which no Application is seen to bring."""
        return not _TEST_DATA.isdisjoint(path.split("/")[:-1]) and not (
            path in self.brought_files or path in self.unreadable or self.is_ours(Place(path))
        )

    def retired_by(self, path: str) -> str | None:
        """Returns the folder by whose name a file is out of use; None for what an Application brings all the same."""
        is_used = path in self.brought_files or path in self.unreadable
        return None if is_used else self._retired_by(path)

    def _retired_by(self, path: str) -> str | None:
        from gitops_gen.evidence.retired import retired_folder

        folder = retired_folder(path, self._asked)
        if folder is None or self.is_ours(Place(path)):
            return None
        if folder not in self._reached:
            self._reached[folder] = self._kustomizations.reaches_into(folder)
        return None if self._reached[folder] else folder

    def is_substituted(self, place: Place) -> bool:
        """True for a text with ${NAME} in a file that no Application brings: Flux, or a script, fills it in first."""
        file = None if place.rendering or self.is_ours(place) else self.files.get(place.file)
        if file is None or file.is_tfvars or _SUBSTITUTED not in file.text:
            return False
        values = file.documents.values
        text = text_at(values[place.document], *place.steps) if place.document < len(values) else None
        return _SUBSTITUTED in (text or "") and (place.file, place.document) not in self._brought_documents

    def is_cut_short(self, deployment: Deployment) -> bool:
        """True for an Application with a file that stops being YAML: what else it would bring is not known."""
        return any(self.folder_of(source) in self._cut_short for source in deployment.unseen)

    @cached_property
    def _cut_short(self) -> frozenset[str | None]:
        """The folders above the files that stop being YAML."""
        return frozenset(folder for path in self.unreadable for folder in (".", *parents_of(path)))

    def instance_of(self, application: Application) -> str:
        """Returns the folder that the Argo CD of an Application is told by; empty where there is no telling."""
        return self._joined.instance_of(application)

    def file_of(self, place: Place) -> str:
        """Returns the file that brings something about: for what charts render to, that of the Application above."""
        return self._joined.file_of(place)

    def is_elsewhere(self, application: Application, source: ApplicationSource) -> bool:
        """True for a source that Argo CD reads at another revision than the one on disk."""
        checkout = self.repositories.checkout_of(source.repo_url)
        return checkout is not None and not self.is_ours(application.spec_place) and not checkout.is_of(source.revision)

    def read_at(self, place: Place, cluster: str) -> str | None:
        """Returns the revision at which Argo CD reads the object of a place; None where it is the one on disk.

        It may be another one on another cluster.
        """
        readings = self._readings.get(_object_at(place), {})
        revisions = readings.get(cluster) or readings.get(_ANY_CLUSTER, {})
        return None if None in revisions else next(iter(revisions), None)

    @cached_property
    def _readings(self) -> Mapping[tuple[str, int, int], Mapping[str, Mapping[str | None, None]]]:
        """The revisions at which an object is read, on each cluster and on any; None for the one on disk.

        Nothing where all is read as it is on disk.
        """
        revisions = [self._revision_of(each.application) for each in self.deployments]
        found: dict[tuple[str, int, int], dict[str, dict[str | None, None]]] = {}
        if any(revisions):
            for deployment, revision in zip(self.deployments, revisions, strict=True):
                for manifest in deployment.manifests:
                    readings = found.setdefault(_object_at(manifest.place), {})
                    for cluster in (deployment.cluster.name, _ANY_CLUSTER):
                        readings.setdefault(cluster, {})[revision] = None
        return found

    def _revision_of(self, application: Application) -> str | None:
        """Returns the revision of a source of an Application, if the branch on disk is known to be another one."""
        for source in application.sources:
            checkout = self.repositories.checkout_of(source.repo_url)
            if checkout is not None and checkout.branch and self.is_elsewhere(application, source):
                return source.revision
        return None

    @cached_property
    def bringers(self) -> Mapping[Place, Mapping[int, Deployment]]:
        """Which Applications bring an Application or a set, each by its identity."""
        found: dict[Place, dict[int, Deployment]] = {}
        for deployment in self.deployments:
            for manifest in deployment.manifests:
                if manifest.group == ARGO_GROUP:
                    found.setdefault(manifest.place, {})[id(deployment)] = deployment
        return found

    @cached_property
    def names_brought(self) -> Mapping[Place, Collection[tuple[str, str | None]]]:
        """The names and namespaces that kustomize has given to an Application when others bring it."""
        found: dict[Place, dict[tuple[str, str | None], None]] = {}
        for deployment in self.deployments:
            for manifest in deployment.manifests:
                if manifest.kind == "Application" and manifest.group == ARGO_GROUP:
                    found.setdefault(manifest.place, {})[manifest.name, manifest.namespace] = None
        return found

    @cached_property
    def _brought_documents(self) -> frozenset[tuple[str, int]]:
        return frozenset((each.file, each.document) for each in self.brought)

    @cached_property
    def brought_files(self) -> frozenset[str]:
        """The files that Applications bring objects from, or render."""
        return frozenset(each.file for each in self.brought)

    @cached_property
    def values_paths(self) -> frozenset[str]:
        """The files, and the patterns of files, that Applications take values from."""
        return frozenset(each.path for deployment in self.deployments for each in deployment.values_files if each.path)

    @property
    def taken(self) -> Collection[str]:
        """The files that some Application takes as they stand."""
        self.join()
        return self._bringing.taken

    @property
    def unreadable(self) -> Collection[str]:
        """The files that some Application takes as they stand, and that are no YAML."""
        self.join()
        return self._bringing.unreadable

    def broken_patch(self, path: str) -> BrokenPatch | None:
        """Returns a patch of a kustomization that stops the build, as far as what it is laid over is known."""
        gathering = self._bringing.gathering
        gathering.of(posixpath.dirname(path) or ".")
        return gathering.broken.get(path)

    @property
    def rendered(self) -> tuple[Manifest, ...]:
        """The objects that the charts of the tree render to, each rendering once."""
        self.join()
        return self._renderings.manifests

    @cached_property
    def operator_objects(self) -> tuple[OperatorObject, ...]:
        """The objects of External Secrets, each with the version of the operator that it meets."""
        from gitops_gen.evidence.operators import operator_objects

        return operator_objects(self)

    @cached_property
    def stated_operators(self) -> tuple[StatedOperator, ...]:
        """The operators that the tree installs with something else than Argo CD, where no Application brings any."""
        if any(deployment.operators for deployment in self.deployments):
            return ()
        from gitops_gen.evidence.stated_operators import stated_operators

        return stated_operators(self.files, self.paths, self.manifests, self._asked)

    @property
    def readers(self) -> Iterator[Reader]:
        """Yields every chain from a SecretStore to its secrets."""
        for deployment in self.deployments:
            yield from deployment.readers

    def rendered_from(self, place: Place) -> tuple[Place, ...]:
        """Returns what a place in a rendered chart was made with: the source of an Application, and values files."""
        return self._renderings.sources_of(place)

    def locate(self, place: Place, *, key: bool = False) -> Location:
        """Returns the line and column of a place; of one in a rendered chart, the line of its template."""
        if place.rendering:
            return self._renderings.locate(place, key=key)
        return self.files.locate(place, key=key)

    def layers_of(self, deployment: Deployment) -> tuple[Layer, ...]:
        """Returns the values of an Application in the order in which each is laid over the one before."""
        found = self._layers.get(id(deployment))
        if found is None:
            from gitops_gen.evidence.secret_references import layers_of

            found = self._layers[id(deployment)] = layers_of(self.files, deployment)
        return found

    def partial(self) -> Iterator[tuple[Expansion, Undeployed]]:
        """Yields what holds for all Applications of each set whose elements nobody knows, or for all of a part."""
        from gitops_gen.evidence.chart_values import Undeployed

        for expansion in self.expansions:
            for application in expansion.partial:
                yield expansion, Undeployed(application, self._bringing.values_files_of(application))

    def operators_of(self, undeployed: Undeployed) -> Iterator[OperatorChart]:
        """Yields the charts of the operator that an Application brings which is on no cluster yet."""
        return self._bringing.operators_of(undeployed)

    def folder_of(self, source: ApplicationSource) -> str | None:
        """Returns the folder of a source; None for a chart repository, and for a repository that is not on disk."""
        return self._bringing.folder_of(source)

    @cached_property
    def _joined(self) -> Joined:
        from gitops_gen.evidence.joining import Joined

        joined = Joined(self.files, self.repositories, self._bringing, self._renderings, self.registered_secrets)
        of_argo_cd = (each for each in self.manifests if each.group == ARGO_GROUP)
        asleep = [(each, folder) for each in of_argo_cd if (folder := self._retired_by(each.place.file)) is not None]
        written = self._written_roles(joined)
        joined.join(self.manifests, asleep, self.cluster_secrets, self.tfvars, written)
        joined.elsewhere += self._not_as_written
        joined.elsewhere += self._untaken(joined)
        return joined

    def registered_secrets(self) -> Sequence[Manifest]:
        """Returns the Secrets of clusters that Argo CD is known to have as they are written."""
        from gitops_gen.evidence.registrations import registered_secrets

        return registered_secrets(self, self._retired_by)

    @cached_property
    def has_written_roles(self) -> bool:
        """True where some Terraform looks as if it made roles."""
        return self._roots is not None

    @cached_property
    def _roots(self) -> Roots | None:
        if not any(path.endswith(_OF_TERRAFORM) for path in self.paths):
            return None
        from gitops_gen.evidence.terraform_roots import Roots

        roots = Roots(self.files, self.paths, self._asked)
        return None if roots.is_empty else roots

    def _written_roles(self, joined: Joined) -> WrittenRoles | None:
        """Returns the roles that the Terraform of the tree makes; None where nothing looks as if it made any."""
        if self._roots is None:
            return None
        from gitops_gen.evidence.written_roles import WrittenRoles

        return WrittenRoles(self._roots, joined.clusters)

    def _untaken(self, joined: Joined) -> Iterator[Unknown]:
        """Yields the charts with what is judged that no Application is seen to take, nor a set that is not known."""
        if not any(f"/{path}".endswith(_CHART_ENDING) for path in self.paths):
            return
        from gitops_gen.evidence.untaken_charts import untaken_charts

        deployments = joined.deployments
        taken = {self.folder_of(source) for each in deployments for source in each.application.sources}
        rendered = (each.place.file for deployment in deployments for each in deployment.manifests)
        written = (*self._written, *(each.manifest for each in joined.expansions))
        yield from untaken_charts(self.files, self.paths, taken, rendered, written)


class UnjoinedError(Exception):
    """Somebody asks for what has to be joined."""


class Unjoined(Graph):
    """What the files say each by itself. All else that is asked for raises UnjoinedError."""

    @property
    def _joined(self) -> Joined:
        raise UnjoinedError


def load_joining() -> None:
    """Loads what joins, which otherwise happens when it is asked for: another process reads the files meanwhile."""
    from gitops_gen.evidence import argo_cd_secrets, bringing, joining, renderings, retired, terraform  # noqa: F401


def _object_at(place: Place) -> tuple[str, int, int]:
    return place.file, place.document, place.rendering
