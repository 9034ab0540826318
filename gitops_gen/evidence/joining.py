"""What was read, joined: every Application that there is, on its cluster, with what it brings there."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.evidence.applications import HOST, LOCAL_CLUSTER, Application
from gitops_gen.evidence.applicationsets import Expansion, Unknown, expand
from gitops_gen.evidence.applicationsets.generators import has_clusters
from gitops_gen.evidence.argo_cd_secrets import made_clusters
from gitops_gen.evidence.deployments import ClusterEvidence, Deployment
from gitops_gen.evidence.instances import Instances
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import list_at, secret_text
from gitops_gen.kinds import ARGO_GROUP

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from gitops_gen.evidence.applicationsets.registered import Registered
    from gitops_gen.evidence.bringing import Bringing
    from gitops_gen.evidence.files import Files, Manifest
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.renderings import Renderings
    from gitops_gen.evidence.repositories import Repositories
    from gitops_gen.evidence.terraform import Tfvars
    from gitops_gen.evidence.written_roles import WrittenRoles

_FOLLOWED = ("Application", "ApplicationSet")


class Joined:
    """The Applications and clusters of a tree. `join` fills it, once."""

    def __init__(
        self,
        files: Files,
        repositories: Repositories,
        bringing: Bringing,
        renderings: Renderings,
        registered: Callable[[], Sequence[Manifest]],
    ) -> None:
        """`registered` are the Secrets of clusters that are applied as they are written."""
        self._files = files
        self._ask_registered = registered
        self._repositories = repositories
        self._bringing = bringing
        self._renderings = renderings
        self.instances = Instances(())
        """The Argo CDs that the tree is for."""
        self.clusters: dict[str, ClusterEvidence] = {}
        self.expansions: tuple[Expansion, ...] = ()
        self.applications: tuple[Application, ...] = ()
        self.deployments: tuple[Deployment, ...] = ()
        self.unknown: list[Unknown] = []
        self.elsewhere: list[Unknown] = []

    def join(
        self,
        manifests: Sequence[Manifest],
        asleep: Sequence[tuple[Manifest, str]],
        cluster_secrets: Mapping[str, Manifest],
        tfvars: Sequence[Tfvars],
        written_roles: WrittenRoles | None,
    ) -> None:
        """Puts the Applications among some objects, and those that they render to, on their clusters.

        Those that are asleep are out of use by the name of a folder, unless another Application brings them.
        """
        by_cluster = {each.cluster: each for each in tfvars}
        by_server = {
            server: name for name, secret in cluster_secrets.items() if (server := secret_text(secret.value, "server"))
        }
        for application in self._all_applications(manifests, asleep):
            server = application.server or ""
            name = LOCAL_CLUSTER if application.is_local else application.cluster or by_server.get(server) or server
            instance = self.instance_of(application) if application.is_local else ""
            key = f"{name} of {instance}" if instance else name
            cluster = self.clusters.get(key)
            if cluster is None:
                secret, variables = cluster_secrets.get(name), by_cluster.get(name)
                is_any = application.is_local and bool(self.instances)
                cluster = ClusterEvidence(key, self._files, secret, variables, written_roles, is_one_of_several=is_any)
                self.clusters[key] = cluster
            self._deploy(application, cluster)
        self.deployments = tuple(each for cluster in self.clusters.values() for each in cluster.deployments)
        foreign = [each for each in self.clusters.values() if _is_foreign(each, cluster_secrets)]
        if foreign:
            rendered = (manifest for each in self.deployments for manifest in each.manifests)
            made = made_clusters((*manifests, *rendered), "name", "server")
            self.elsewhere += (_registered_elsewhere(each) for each in foreign if each.name not in made)
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
            tuple(brought.mixed),
            tuple(brought.operators),
        )
        self.elsewhere += brought.elsewhere
        cluster.deployments.append(deployment)
        for manifest in brought.manifests:
            key = (manifest.kind, deployment.namespace_of(manifest), manifest.name)
            cluster.objects[key].append((deployment, manifest))

    def _all_applications(
        self, manifests: Sequence[Manifest], asleep: Sequence[tuple[Manifest, str]]
    ) -> Iterator[Application]:
        """Yields every Application; what those before it have rendered to, or brought, may hold more of them."""
        sleeping = {each.place: (each, folder) for each, folder in asleep if _is_followed(each)}
        waiting = [each for each in manifests if _is_followed(each) and each.place not in sleeping]
        self.instances = Instances(each for each in waiting if not self._is_ours(each))
        known: defaultdict[tuple[str, str, str], dict[str, Manifest]] = defaultdict(dict)
        while waiting:
            rendered = len(self._renderings.manifests)
            sets: list[Manifest] = []
            written: list[Manifest] = []
            for each in waiting:
                instance = self._instance_at(each.place)
                alike = known[each.kind, each.namespace or "", each.name]
                there = _known_in(instance, alike) if each.place.rendering else None
                if there is None or _is_beside(each.place, there.place):
                    alike.setdefault(instance, each)
                    (sets if each.kind == "ApplicationSet" else written).append(each)
                elif there.place.rendering and there.value != each.value:
                    self.elsewhere.append(_of_another_release(each))
            expansions = tuple(map(self._expanded, sets))
            cut_off = {each.place: each for each in written if self._files.is_cut_off(each.place)}
            self.unknown += map(_cut_off, cut_off.values())
            whole = (each for each in written if each.place not in cut_off)
            found = [Application(each.value, each.place, each.place / "spec") for each in whole]
            found += [application for expansion in expansions for application in expansion.applications]
            self.expansions += expansions
            self.applications += tuple(found)
            yield from found
            waiting = [each for each in self._renderings.manifests[rendered:] if _is_followed(each)]
            waiting += [sleeping.pop(place)[0] for place in sleeping.keys() & self._brought_places(sleeping)]
        self.elsewhere += (_out_of_use(each, folder) for each, folder in sleeping.values())

    def _expanded(self, manifest: Manifest) -> Expansion:
        if self._files.is_cut_off(manifest.place):
            return Expansion(manifest, unknown=(_cut_off(manifest),))
        generators = list_at(manifest.value, "spec", "generators")
        registered = self._registered_for(manifest) if any(map(has_clusters, generators)) else ()
        return expand(manifest, self._files, self._repositories, registered)

    def _registered_for(self, manifest: Manifest) -> Sequence[Registered]:
        """Returns the clusters that the Argo CD of a set is known to have."""
        instance, namespaces = self._instance_at(manifest.place), (None, "", manifest.namespace or "")
        return [
            registered
            for secret, registered in self._registered
            if self._instance_at(secret.place) == instance
            and (not manifest.namespace or secret.namespace in namespaces)
        ]

    @cached_property
    def _registered(self) -> Sequence[tuple[Manifest, Registered]]:
        from gitops_gen.evidence.applicationsets.registered import Registered

        found = ((secret, Registered.of(secret)) for secret in self._ask_registered())
        return [(secret, each) for secret, each in found if each is not None]

    def _brought_places(self, wanted: Collection[Place]) -> set[Place]:
        """Returns where the objects stand that Applications bring, if that is asked for any."""
        deployments = (each for cluster in self.clusters.values() for each in cluster.deployments) if wanted else ()
        return {each.place for deployment in deployments for each in deployment.manifests}

    def instance_of(self, application: Application) -> str:
        """Returns the Argo CD of an Application, as its instances are told apart; empty if it may be of any."""
        return self._instance_at(application.spec_place)

    def _instance_at(self, place: Place) -> str:
        return self.instances.of(self.file_of(place)) if self.instances else ""

    def file_of(self, place: Place) -> str:
        """Returns the file that brings something about: for what a chart renders to, that of the Application above."""
        while place.rendering:
            place = self._renderings.sources_of(place)[0]
        return place.file

    def _is_ours(self, manifest: Manifest) -> bool:
        file = None if manifest.place.rendering else self._files.get(manifest.place.file)
        return file is not None and file.origin is not None


def _known_in(instance: str, alike: Mapping[str, Manifest]) -> Manifest | None:
    """Returns the one of a name that may be the same, by its Argo CD: many an app of apps brings itself.

    The Argo CD of another folder has one of its own.
    """
    if not instance:
        return next(iter(alike.values()), None)
    return alike.get(instance, alike.get(""))


def _is_beside(place: Place, other: Place) -> bool:
    """True for two objects of one rendering, which are two of one name, and not one that comes again."""
    return place.rendering == other.rendering and place != other


def _is_followed(manifest: Manifest) -> bool:
    return manifest.group == ARGO_GROUP and manifest.kind in _FOLLOWED


def _cut_off(manifest: Manifest) -> Unknown:
    reason = f"{manifest} is in a file that is no YAML from some line on, so what it makes is not known"
    return Unknown(manifest.place.down("metadata", "name"), reason, "what is cut off", "correct that line first")


def _out_of_use(manifest: Manifest, folder: str) -> Unknown:
    reason = f"{manifest} is in {folder}, which is out of use by its name, so it is not followed"
    hint = f"verify {folder} by itself, if Argo CD has it"
    return Unknown(manifest.place.down("metadata", "name"), reason, "what is out of use", hint)


def _is_foreign(cluster: ClusterEvidence, cluster_secrets: Mapping[str, Manifest]) -> bool:
    """True for a cluster that Argo CD must know from elsewhere, though the rule of destinations has no doubt."""
    application = cluster.deployments[0].application
    is_declared = cluster.secret is not None or cluster.name == "" or application.is_local
    if not is_declared and application.cluster is None and HOST.fullmatch(cluster.name) is not None:
        return False  # that rule tells that its server is no URL
    return not is_declared and (not cluster_secrets or cluster.tfvars is not None)


def _registered_elsewhere(cluster: ClusterEvidence) -> Unknown:
    application = cluster.deployments[0].application
    place = application.stated_at("destination", "name" if application.cluster is not None else "server")
    reason = f"no Secret here declares the cluster {cluster.name} to Argo CD, so whether it is registered is not known"
    if has_template(cluster.name):
        reason = f"{cluster.name} is a template that is not filled in here, so which cluster it lands on is not known"
    return Unknown(place, reason, "clusters that are registered elsewhere", "verify its Secret together with these")


def _of_another_release(manifest: Manifest) -> Unknown:
    reason = f"several releases of one chart bring {manifest}, and what it says in the first is judged alone"
    hint = "verify the files of each environment by themselves"
    return Unknown(manifest.place.down("metadata", "name"), reason, "what further releases bring", hint)
