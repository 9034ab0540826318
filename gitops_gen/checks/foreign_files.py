"""Generated files of one set that an Application of another set reads.

The first line of each generated file says which file of the model it comes from, and so does that of a set. Where the
two differ, and the file is that of another set, a path was mistaken: the release gets the values, or the objects, of
another one. A file that its own set reads too may be shared on purpose.

Part of source-path; secret-reference names such a file where what it reads is not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.problems import Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place


def foreign_files(graph: Graph) -> Iterator[Finding]:
    """Yields what an Application of ours reads that is another set's."""
    models = _Models(graph)
    sets = {models.of(each.manifest.place.file): each.manifest.place for each in graph.expansions}
    sets.pop("", None)
    if len(sets) <= 1:
        return
    own: set[str] = set()
    foreign: list[tuple[Deployment, Place, str]] = []
    for deployment in graph.deployments:
        model = models.of(deployment.application.spec_place.file)
        paths = {each.path: models.of(each.path) for each in deployment.values_files if each.path} if model else {}
        paths |= {path: models.of(path) for path in _written(deployment)} if model else {}
        own.update(path for path, of in paths.items() if of == model)
        if any(of != model and of in sets for of in paths.values()):
            read = _read(graph, deployment)
            foreign += [(deployment, read[path], path) for path in read if paths[path] != model and paths[path] in sets]
    for deployment, place, path in foreign:
        yield _finding(deployment, place, path, sets[models.of(path)], is_shared=path in own)


def named_astray(graph: Graph, deployment: Deployment, *paths: str) -> tuple[tuple[Place, str], ...]:
    """Returns where an Application of ours names some of the files, those that are generated for another one."""
    models = _Models(graph)
    own = models.of(deployment.application.spec_place.file)
    astray = [path for path in paths if models.of(path) not in ("", own)] if own else []
    read = _read(graph, deployment) if astray else {}
    return tuple((read[path], "the Application names a file of another one here") for path in astray if path in read)


class _Models:
    """Which file of the model a generated file comes from."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[str, str] = {}

    def of(self, path: str) -> str:
        """Returns the file of the model, or an empty text for what is not generated."""
        if path not in self._known:
            file = self._graph.files.get(path)
            self._known[path] = file.origin.model if file is not None and file.origin is not None else ""
        return self._known[path]


def _written(deployment: Deployment) -> set[str]:
    """Returns the files of the objects that an Application brings as they are written."""
    return {each.place.file for each in deployment.manifests if not each.place.rendering}


def _read(graph: Graph, deployment: Deployment) -> Mapping[str, Place]:
    """Returns the files that an Application reads, each with where it names it."""
    found = {each.path: each.place for each in deployment.values_files if each.path is not None}
    application = deployment.application
    folders = [(graph.folder_of(source), source) for source in application.sources if source.path is not None]
    for path in _written(deployment):
        for folder, source in folders:
            if folder is not None and path.startswith(f"{folder}/"):
                found.setdefault(path, application.source_place(source) / "path")
    return found


def _finding(deployment: Deployment, place: Place, path: str, owner: Place, *, is_shared: bool) -> Finding:
    application = deployment.application
    return Finding(
        f"{application.name} reads {path}, which is generated for the Applications of another set",
        place,
        "name the file that is generated for this one",
        related=((owner.down("metadata", "name"), "the set that it is for"), (Location(path), "the file")),
        severity=Severity.WARNING if is_shared else Severity.ERROR,
        cause=f"{application.written_as}: {place.steps[-2:]} of another set",
        cluster=deployment.cluster.name,
    )
