"""An object stands once on its cluster: no two files, and no two Applications, bring the same one.

Argo CD says "SharedResourceWarning" for an object of two Applications; each sync of one overwrites the other, and
pruning one deletes it for both. Within one Application it says "RepeatedResourceWarning" and applies the last one: of
the last source, and in a folder of the last file by its name. That is a way to replace an object of another source, so
between two sources of an Application it is a warning in a file without our mark. Two Applications for in-cluster may be
for two clusters, each with an Argo CD of its own: that is a warning too, as are two AppProjects of one name in one
folder that none brings. Objects with a generateName are as many as there are: the API server gives each a name of its
own.

Fix: remove one of the two, or give one another name or namespace.

Source: Argo CD v3.5.1, controller/state.go, DeduplicateTargetObjects, and controller/sync.go;
docs/user-guide/multiple_sources.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding, if_together
from gitops_gen.evidence.argo_cd_secrets import CLUSTER, secret_type
from gitops_gen.evidence.companions import are_together
from gitops_gen.evidence.leftovers import is_unfilled
from gitops_gen.kinds import ARGO_GROUP
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.applications import Application
    from gitops_gen.evidence.deployments import ClusterEvidence, Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place


def _run(graph: Graph) -> Iterator[Finding]:
    for cluster in graph.clusters.values():
        shared: dict[tuple[str, str], _Shared] = {}
        for (_, _, name), pairs in cluster.objects.items():
            if len(pairs) > 1 and name:
                yield from _repeated(cluster, pairs, graph, shared)
        yield from (_of_shared(cluster, each, graph) for each in shared.values())
    yield from _alone(graph)
    yield from _projects(graph)


class _Shared(NamedTuple):
    """Two Applications that take the same files, and what both bring of them: one mistake, however many those are."""

    first: Deployment
    second: Deployment
    manifests: list[Manifest]


def _repeated(
    cluster: ClusterEvidence,
    pairs: list[tuple[Deployment, Manifest]],
    graph: Graph,
    shared: dict[tuple[str, str], _Shared],
) -> Iterator[Finding]:
    first: dict[str, tuple[Deployment, Manifest]] = {}
    for deployment, manifest in pairs:
        before, other = first.setdefault(manifest.group, (deployment, manifest))
        names = (before.application.name, deployment.application.name)
        if before is not deployment and _are_one(before.application, deployment.application):
            continue
        if is_unfilled(deployment.namespace_of(manifest)):  # it is told where it stands, and is the name of nothing
            continue
        if other is manifest or _is_rendered_again(other, manifest):
            # One Application that two paths lead to, as a symbolic link does, is one.
            if names[0] != names[1]:
                shared.setdefault(names, _Shared(before, deployment, [])).manifests.append(manifest)
        elif (manifest.group, manifest.kind) != (ARGO_GROUP, "Application"):
            yield _finding(cluster, (before, other), (deployment, manifest), graph)


def _is_rendered_again(other: Manifest, manifest: Manifest) -> bool:
    """True for an Application that two others render alike of one template: application-name sees one."""
    is_rendered = (manifest.group, manifest.kind) == (ARGO_GROUP, "Application") and manifest.place.rendering > 0
    return is_rendered and other.place.file == manifest.place.file and other.value == manifest.value


def _are_one(one: Application, other: Application) -> bool:
    """True for two that are one to an Argo CD that has both: whether one has, application-name tells."""
    return (one.argo_cd_namespace, one.name) == (other.argo_cd_namespace, other.name)


def _of_shared(cluster: ClusterEvidence, shared: _Shared, graph: Graph) -> Finding:
    first, second, manifests = shared
    is_certain = are_together(graph, first.application, second.application)
    others = len(manifests) - 1
    more = f" and {others} more object{'s' if others > 1 else ''}" if others else ""
    is_ours = any(graph.is_ours(each.place) for each in manifests)
    own, other = _taken_at(second.application), _taken_at(first.application)
    return Finding(
        f"{first.application.name} and {second.application.name} bring the same files to {cluster.name}: "
        f"{manifests[0]}{more}{if_together(is_certain=is_certain)}",
        own,
        "remove one of the two, or name another folder in one",
        related=(
            *(((other, "the other one"),) if other != own else ()),
            (manifests[0].place.down("metadata", "name"), "one of the objects"),
        ),
        severity=Severity.ERROR if is_ours and is_certain else Severity.WARNING,
        cause=f"objects of {first.application.name} twice",
        cluster=cluster.name,
    )


def _finding(
    cluster: ClusterEvidence, first: tuple[Deployment, Manifest], second: tuple[Deployment, Manifest], graph: Graph
) -> Finding:
    (before, other), (deployment, manifest) = first, second
    names = dict.fromkeys((before.application.name, deployment.application.name))
    namespace = deployment.namespace_of(manifest)
    where = f"{cluster.name} in namespace {namespace}" if namespace else cluster.name
    # The same thing twice is that thing; of two different ones only one can win.
    is_harmless = other.value == manifest.value or (
        before is deployment and _is_of_two_sources(graph, before.application, other, manifest)
    )
    is_mild = is_harmless and not graph.is_ours(manifest.place)
    is_certain = are_together(graph, before.application, deployment.application)
    return Finding(
        f"{manifest} stands twice on {where}, from {' and '.join(names)}{if_together(is_certain=is_certain)}",
        manifest.place.down("metadata", "name"),
        "remove one of the two, or give one another name or namespace",
        related=((other.place.down("metadata", "name"), "it stands here already"), *_brought(before, deployment)),
        severity=Severity.WARNING if is_mild or not is_certain else Severity.ERROR,
        # Whether one Argo CD has two Applications is one question, however many objects they share, and with how many.
        cause=f"{manifest} {namespace} twice" if is_certain else f"objects of {before.application.name} twice",
        cluster=cluster.name,
    )


def _is_of_two_sources(graph: Graph, application: Application, one: Manifest, other: Manifest) -> bool:
    """True for objects that certainly come from two sources of an Application."""
    own, others = (_sources_of(graph, application, each) for each in (one, other))
    return bool(own and others) and own.isdisjoint(others)


def _sources_of(graph: Graph, application: Application, manifest: Manifest) -> set[int]:
    folders = {source.index: graph.folder_of(source) for source in application.sources}
    file = manifest.place.file
    return {index for index, folder in folders.items() if folder == "." or (folder and file.startswith(f"{folder}/"))}


def _taken_at(application: Application) -> Place:
    """Returns where an Application says which folder it takes."""
    source = next((each for each in application.sources if each.path is not None), None)
    return application.spec_place if source is None else application.source_place(source) / "path"


def _brought(first: Deployment, second: Deployment) -> tuple[tuple[Place, str], ...]:
    """Returns where two Applications of two files are written: one of them may bring what is the other one's."""
    places = (first.application.spec_place, second.application.spec_place)
    if places[0].file == places[1].file:
        return ()
    return tuple((place / "sources", "brought from here") for place in places)


def _alone(graph: Graph) -> Iterator[Finding]:
    """Yields what stands twice among the generated objects of Argo CD itself, which no Application brings."""
    first: dict[tuple[str, str, str], Manifest] = {}
    for manifest in graph.manifests:
        if (manifest.group == ARGO_GROUP or _declares_cluster(manifest)) and graph.is_ours(manifest.place):
            other = first.setdefault((manifest.kind, manifest.namespace or "", manifest.name), manifest)
            if other is not manifest:
                yield Finding(
                    f"{manifest} stands twice",
                    manifest.place.down("metadata", "name"),
                    "remove one of the two, or rename it",
                    related=((other.place.down("metadata", "name"), "it stands here already"),),
                    cause=f"{manifest} twice",
                )


def _projects(graph: Graph) -> Iterator[Finding]:
    """Yields the second of two projects of one name and folder, of somebody else's, that no Application brings.

    A folder may be that of one Argo CD of several, and so may be a file of it: whoever applies all of it knows.
    """
    first: dict[tuple[str | None, ...], Manifest] = {}
    for manifest in graph.all_projects:
        place = manifest.place
        if place.rendering or place in graph.brought or graph.is_ours(place) or graph.leaving_out(place) is not None:
            continue
        folder = place.file.rpartition("/")[0]
        other = first.setdefault((manifest.namespace, manifest.name, folder), manifest)
        if other.value != manifest.value:
            yield Finding(
                f"{manifest} stands twice, and the one that is applied last wins{if_together(is_certain=False)}",
                place.down("metadata", "name"),
                "remove one of the two, or rename it",
                related=((other.place.down("metadata", "name"), "it stands here already"),),
                severity=Severity.WARNING,
                cause=f"{manifest} twice",
            )


def _declares_cluster(manifest: Manifest) -> bool:
    return manifest.kind == "Secret" and secret_type(manifest) == CLUSTER


CHECK = Check("duplicate-object", _run, __doc__)
