"""What a generated AppProject permits, and none of its Applications needs.

A generated project has exactly the destinations and repositories of its Applications. One more is the trace of a slip,
or reaches another environment's clusters; a pattern reaches clusters and repositories that nobody thought of. What all
generated projects have is how their template is meant, but for the namespace of an Application that lands elsewhere,
and the repository that the set of its name does not come from.
A cluster-scoped kind with a slip, as IngressClas, permits nothing.

Part of project-permits.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.checks.unread_files import is_wholly_judged
from gitops_gen.data_classes import entity, field
from gitops_gen.evidence import globs
from gitops_gen.evidence.git_urls import normal_git_url
from gitops_gen.evidence.values import list_at, strings_at, text_at
from gitops_gen.kubernetes import CLUSTER_SCOPED
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.near_miss import is_one_edit
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_DENY = "!"
_NAMED = 5
"""Applications that a finding names."""


class _Entry(NamedTuple):
    """An entry of a project that is more than what is needed."""

    field: str
    number: int
    what: str
    """What it permits too much; the same in two projects if it is meant."""
    place: str
    """Where that is told, for one project."""
    cluster: str = ""


@entity
class _Used:
    """A project of ours, and what its Applications need."""

    project: Manifest
    deployments: defaultdict[str, list[Deployment]] = field(default_factory=lambda: defaultdict(list))
    """By the name of the cluster."""
    repositories: set[str] = field(default_factory=set)


def project_excess(graph: Graph) -> Iterator[Finding]:
    """Yields the entries of generated projects that nothing needs, where all of their Applications are known."""
    for project in graph.all_projects:
        if graph.is_ours(project.place):
            yield from _misspelt_kinds(project)
    if not all(each.is_whole for each in graph.expansions):
        return
    projects = tuple(_used(graph).values())
    found = [(each, tuple(_entries(each))) for each in projects]
    if not any(entries for _, entries in found) or not is_wholly_judged(graph, projects[0].project.place.file):
        return
    meant = set.intersection(*({one.what for one in entries} for _, entries in found)) if len(found) > 1 else set()
    for used, entries in found:
        for entry in entries:
            if entry.what not in meant or _is_of_one_elsewhere(used, entry):
                yield _finding(graph, used, entry)


def _misspelt_kinds(project: Manifest) -> Iterator[Finding]:
    """Yields a kind that nobody knows, and that is a known one but for a slip: what a chart brings is not permitted."""
    for index, each in enumerate(list_at(project.value, "spec", "clusterResourceWhitelist")):
        group, kind = text_at(each, "group") or "", text_at(each, "kind") or ""
        known = None if (group, kind) in CLUSTER_SCOPED else _known_kind(group, kind)
        if known is not None:
            meant = f"{known[1]} of {known[0]}"
            yield Finding(
                f"project {project.name} permits the cluster-scoped kind {kind} of {group or 'the core group'}, which "
                f"nothing here knows; {meant} has nearly that name",
                project.place.down("spec", "clusterResourceWhitelist", index),
                f"did you mean {meant}?",
                severity=Severity.WARNING,
                cause=f"kind {kind} of {group}",
            )


def _known_kind(group: str, kind: str) -> tuple[str, str] | None:
    """Returns the known kind of a group that differs from another one in a sign of one of the two names."""
    for known_group, known_kind in sorted(CLUSTER_SCOPED):
        if (group == known_group and is_one_edit(kind, known_kind)) or (
            kind == known_kind and known_group and is_one_edit(group, known_group)
        ):
            return known_group or "the core group", known_kind
    return None


def _is_of_one_elsewhere(used: _Used, entry: _Entry) -> bool:
    """Tells whether a namespace is called as the release or the chart of an Application that lands in another one.

    Or a repository as the set of an Application that comes from another one. A template that permits more would not
    name that one: the Application was sent elsewhere.
    """
    if entry.field == "sourceRepos":
        own = entry.what.rstrip("/").removesuffix(".git").rpartition("/")[2]
        applications = (each.application for deployments in used.deployments.values() for each in deployments)
        return any(each.applicationset is not None and each.applicationset.name == own for each in applications)
    sources = (
        source
        for each in used.deployments.get(entry.cluster, [])
        if entry.what != _namespace(each.application.namespace or "")
        for source in each.application.sources
    )
    return any(entry.what in (_namespace(each.release_name or ""), _namespace(each.chart or "")) for each in sources)


def _namespace(name: str) -> str:
    return f"namespace {name}"


def _used(graph: Graph) -> dict[int, _Used]:
    found: dict[int, _Used] = {}
    for deployment in graph.deployments:
        project = graph.project_of(deployment.application)
        if project is not None and graph.is_ours(project.place):
            used = found.setdefault(id(project), _Used(project))
            used.deployments[deployment.cluster.name].append(deployment)
            used.repositories.update(each.repo_url for each in deployment.application.sources)
    return found


def _entries(used: _Used) -> Iterator[_Entry]:
    spec = used.project.value
    yield from _destinations(used)
    repositories = set(map(normal_git_url, used.repositories))
    for index, url in enumerate(strings_at(spec, "spec", "sourceRepos")):
        if globs.is_glob(url) and not url.startswith(_DENY):
            yield _Entry("sourceRepos", index, url, f"the repositories {url}, which is a pattern")
        elif not url.startswith(_DENY) and normal_git_url(url) not in repositories:
            yield _Entry("sourceRepos", index, url, f"the repository {url}, which none of its Applications comes from")
    for index, each in enumerate(list_at(spec, "spec", "clusterResourceWhitelist")):
        group, kind = text_at(each, "group") or "", text_at(each, "kind") or ""
        if globs.is_glob(group) or globs.is_glob(kind):
            what = f"cluster-scoped kinds {kind} of {group or 'the core group'}"
            yield _Entry("clusterResourceWhitelist", index, what, f"{what}, which is a pattern")


def _destinations(used: _Used) -> Iterator[_Entry]:
    for index, each in enumerate(list_at(used.project.value, "spec", "destinations")):
        name, namespace = text_at(each, "name") or "", text_at(each, "namespace") or ""
        where = f"namespace {namespace} of {name or text_at(each, 'server')}"
        if name.startswith(_DENY) or namespace.startswith(_DENY):
            continue
        # A list in braces names each: a project with thousands of clusters has them so.
        clusters, namespaces = globs.alternatives(name), globs.alternatives(namespace)
        if clusters is None or namespaces is None:
            yield _Entry("destinations", index, where, f"{where}, which is a pattern")
            continue
        for cluster, inner in product(clusters, namespaces):
            if cluster and not _lands(used, cluster, inner):
                what = _namespace(inner) if cluster in used.deployments else "another cluster"
                place = f"{_namespace(inner)} of {cluster}, where none of its Applications lands"
                yield _Entry("destinations", index, what, place, cluster)


def _lands(used: _Used, cluster: str, namespace: str) -> bool:
    """Tells whether an Application lands in a namespace of a cluster, or brings an object there."""
    deployments = used.deployments.get(cluster, [])
    return any(each.application.namespace == namespace for each in deployments) or any(
        manifest.namespace == namespace for each in deployments for manifest in each.manifests
    )


def _finding(graph: Graph, used: _Used, entry: _Entry) -> Finding:
    project = used.project
    is_repository = entry.field == "sourceRepos"
    return Finding(
        f"project {project.name} permits {entry.place}",
        project.place.down("spec", entry.field, entry.number),
        "remove it: a project permits what its Applications need",
        related=tuple(_sources(used) if is_repository else _landing(graph, used, entry.cluster)),
        severity=Severity.WARNING,
        cause=f"project {project.name}: {entry.field}: {entry.what}",
    )


def _sources(used: _Used) -> Iterator[tuple[Place, str]]:
    """Yields where the charts of the project's Applications come from, each place once: one may have the slip."""
    found: dict[Place, str] = {}
    for application in (each.application for deployments in used.deployments.values() for each in deployments):
        for source in application.sources if len(found) < _NAMED else ():
            if source.is_helm and source.ref is None:
                found.setdefault(application.stated_in(source, "repoURL"), f"{application.name}: {source.repo_url}")
    yield from list(found.items())[:_NAMED]


def _landing(graph: Graph, used: _Used, cluster: str) -> Iterator[tuple[Place, str]]:
    """Yields where Applications of the project land on a cluster, or else one of another project."""
    for each in used.deployments.get(cluster, [])[:_NAMED]:
        application = each.application
        place = application.stated_at("destination", "namespace")
        yield place, f"{application.name} lands in namespace {application.namespace}"
    landing = graph.clusters.get(cluster)
    if landing is not None and cluster not in used.deployments:
        other = landing.deployments[0].application
        yield other.stated_at("project"), f"{other.name} lands there, of project {other.project}"
