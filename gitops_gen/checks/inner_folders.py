"""Folders in one that Argo CD takes without them: what lies there, nobody applies.

Without directory.recurse, Argo CD takes the files of the folder only. Where all that could be taken is in folders of
it, nothing is deployed. Where an ExternalSecret is there, and stores or others of its kind are taken from the folder
itself, it is most likely meant to be taken too.

Part of source-path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark, parameters_of
from gitops_gen.checks.source_files import READ, is_elsewhere
from gitops_gen.evidence import kustomizations
from gitops_gen.evidence.applications import DIRECTORY
from gitops_gen.evidence.bringing import SKIPPED, is_wanted
from gitops_gen.evidence.charts import CHART, path_in
from gitops_gen.evidence.files import parents_of
from gitops_gen.evidence.values import at, text_at
from gitops_gen.external_secrets import GROUP
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.evidence.applications import ApplicationSource
    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import File, Manifest
    from gitops_gen.evidence.graph import Graph

_ASKING = ("ExternalSecret", "PushSecret")
_FLUX = "kustomize.toolkit.fluxcd.io"


class InnerFolders:
    """The folders in those of sources. What is left behind in one is told of the first Application that takes it."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._looked_into: set[tuple[str, str, str]] = set()

    def missed(self, deployment: Deployment, source: ApplicationSource) -> Iterator[Finding]:
        """Yields what a source most likely means to take from folders in its own, and does not."""
        folder = _taken_alone(self._graph, deployment, source)
        if folder is None:
            return
        own, start = deployment.application.place.file, f"{folder}/"
        taken = [each for each in deployment.manifests if each.place.file.startswith(start) and each.place.file != own]
        if not taken:
            yield from _too_deep(self._graph, deployment, source, folder)
        elif any(each.group == GROUP for each in taken):
            include, exclude = (text_at(source.value, DIRECTORY, name) or "" for name in ("include", "exclude"))
            key = (folder, include, exclude)
            if key not in self._looked_into:
                self._looked_into.add(key)
                yield from _left_behind(self._graph, deployment, source, tuple(_asking_below(self._graph, *key)))


def _taken_alone(graph: Graph, deployment: Deployment, source: ApplicationSource) -> str | None:
    """Returns the folder of a source that is taken as it stands, without the folders in it."""
    folder = graph.folder_of(source)
    if folder is None or source in deployment.unseen or source.is_helm or is_elsewhere(graph, deployment, source):
        return None
    is_other = at(source.value, DIRECTORY, "recurse") is True or graph.files.is_file(path_in(folder, CHART))
    return None if is_other else folder


def _too_deep(graph: Graph, deployment: Deployment, source: ApplicationSource, folder: str) -> Iterator[Finding]:
    """Yields a folder of which nothing is taken, where there is something in its folders."""
    application, own = deployment.application, deployment.application.place.file
    read = {path for path in graph.files.under(folder, recurse=False) if path.endswith(READ)}
    inner = _first_manifest(graph, folder, read) if read <= {own} else None
    if inner is not None and (not read or application.applicationset is None):
        yield Finding(
            f"{application.name} takes nothing {'but itself ' if read else ''}from {folder}: what is in its folders, "
            f"such as {inner}, is taken with directory.recurse only",
            application.source_place(source) / "path",
            "set directory.recurse: true, or name the folder below it",
            related=parameters_of(application),
            severity=by_mark(graph, application.spec_place),
            cause=f"{application.written_as}: {source.index}: nothing without recurse",
            cluster=deployment.cluster.name,
        )


def _first_manifest(graph: Graph, folder: str, read: set[str]) -> str | None:
    """Returns the first file below the folders of a folder that has an object in it."""
    paths = (path for path in graph.files.under(folder) if path.endswith(READ) and path not in read)
    return next((path for path in paths if (file := graph.files.get(path)) is not None and file.manifests), None)


def _left_behind(
    graph: Graph, deployment: Deployment, source: ApplicationSource, left: Sequence[Manifest]
) -> Iterator[Finding]:
    """Yields the ExternalSecrets in folders of a folder, where nothing else is seen to take them, or may."""
    if not left or not all(each.is_whole for each in graph.expansions) or _has_flux(graph):
        return
    application, folder = deployment.application, graph.folder_of(source)
    for manifest in left:
        yield Finding(
            f"{application.name} takes what is in {folder}, and not the folder in it with {manifest}, which no "
            "Application applies",
            manifest.place.down("metadata", "name"),
            f"set directory.recurse: true, or move it to {folder}",
            ((application.source_place(source) / "path", "the folder is taken here"), *parameters_of(application)),
            Severity.WARNING,
            cause=f"{application.written_as}: {source.index}: {manifest} is not taken",
            cluster=deployment.cluster.name,
        )


def _has_flux(graph: Graph) -> bool:
    """True where Flux may apply what no Application does."""
    return any(each.group == _FLUX for each in graph.manifests)


def _asking_below(graph: Graph, folder: str, only: str, never: str) -> Iterator[Manifest]:
    """Yields the ExternalSecrets in files that recurse would take, and nothing else takes or builds."""
    for path in graph.files.under(folder):
        inner = path.removeprefix(f"{folder}/")
        if "/" not in inner or not path.endswith(READ) or path in graph.taken or not is_wanted(inner, only, never):
            continue
        file = graph.files.get(path)
        if file is not None and file.origin is None and not _is_aside(graph, file, folder):
            yield from (each for each in file.manifests if each.group == GROUP and each.kind in _ASKING)


def _is_aside(graph: Graph, file: File, folder: str) -> bool:
    """True for a file that a tool builds, or that is out of use, or no more than an example."""
    path = file.path
    if SKIPPED in file.text or file.is_excerpt or graph.is_for_kustomize(path) or graph.is_test_data(path):
        return True
    inner = (each for each in parents_of(path) if len(each) > len(folder))
    is_built = any(kustomizations.is_one(graph.files, each) or graph.files.is_file(f"{each}/{CHART}") for each in inner)
    return is_built or graph.retired_by(path) is not None
