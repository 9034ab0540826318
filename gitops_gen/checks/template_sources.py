"""The folders and values files that the template of a set names for all its elements, where nobody knows those.

Part of source-path: what Argo CD asks a cluster or a service for is not known here, and what holds whatever the answer
is can be judged all the same. Of a matrix of clusters, what the other generator has is known, too.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.checks.source_files import is_unseen
from gitops_gen.evidence import globs
from gitops_gen.evidence.applicationsets import Element
from gitops_gen.evidence.build_environment import BUILD_VARIABLE
from gitops_gen.evidence.leftovers import is_unfilled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.applications import Application, ApplicationSource
    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place


def template_sources(graph: Graph) -> Iterator[Finding]:
    """Yields what is not there, for each set whose elements nobody knows."""
    for expansion in graph.expansions:
        for application in expansion.partial:
            for source in application.sources:
                folder = _folder(graph, application, source)
                if folder is not None and not graph.files.is_folder(folder):
                    place = application.source_place(source) / "path"
                    what = f"take their manifests from {folder}, which is not there"
                    yield _finding(expansion, application, place, what, "correct the path, or commit the folder")
                yield from _without_ref(expansion, application, source)
                yield from _values_files(graph, expansion, application, source)


def _without_ref(expansion: Expansion, application: Application, source: ApplicationSource) -> Iterator[Finding]:
    """Yields the first values file of each $ref that no source has, whatever the rest of its path is."""
    refs = [each.ref for each in application.sources if each.ref]
    for index, stated in enumerate(source.values_files):
        ref, _, path = stated.partition("/")
        if not ref.startswith("$") or not path or ref[1:] in refs or any(map(_is_filled_in, (ref, *refs))):
            continue
        refs.append(ref[1:])
        place = application.source_place(source).down("helm", "valueFiles", index)
        what = f"read the values file {stated}: no source has ref: {ref[1:]}"
        hint = f"add ref: {ref[1:]} to the source of that repository"
        yield _finding(expansion, application, place, what, hint)


def _folder(graph: Graph, application: Application, source: ApplicationSource) -> str | None:
    """Returns the folder of a source, if it is the same for all elements, and at the revision that is on disk."""
    path = source.path
    if path is None or source.chart is not None or _is_filled_in(path) or is_unseen(path) or path.startswith("/"):
        return None
    return _on_disk(graph, application, source, path)


def _on_disk(graph: Graph, application: Application, source: ApplicationSource, path: str) -> str | None:
    """Returns where a path of the repository of a source is; None for what is elsewhere, or may be."""
    checkout = graph.repositories.checkout_of(source.repo_url)
    if checkout is None or posixpath.normpath(path).startswith(".."):
        return None
    if not (graph.is_ours(application.spec_place) or checkout.is_of(source.revision)):
        return None
    found = checkout.on_disk(path)
    return None if found is None or graph.is_in_submodule(found) else found


def _values_files(
    graph: Graph, expansion: Expansion, application: Application, source: ApplicationSource
) -> Iterator[Finding]:
    """Yields the values files that are not there: of the folder of a source, if that is there, or of another one."""
    refs = {each.ref: each for each in application.sources if each.ref}
    for index, stated in enumerate(() if source.ignores_missing_values else source.values_files):
        if _is_filled_in(stated) or "://" in stated or stated.startswith("/") or is_unseen(stated):
            continue
        holder, path = source, f"{source.path}/{stated}"
        if stated.startswith("$"):
            ref, _, path = stated[1:].partition("/")
            holder = refs.get(ref, source)
            if ref not in refs:
                continue
        elif _is_in_missing(graph, application, source, path):
            continue
        found = _on_disk(graph, application, holder, path)
        if found is not None and not graph.files.is_file(found) and not globs.is_values_pattern(found):
            place = application.source_place(source).down("helm", "valueFiles", index)
            what = f"read the values file {stated}: {found} is not there"
            yield _finding(expansion, application, place, what, "correct the path, or commit the file")


def _is_in_missing(graph: Graph, application: Application, source: ApplicationSource, path: str) -> bool:
    """True for a file of the folder of a source that is not there: the folder is told."""
    folder = _folder(graph, application, source)
    file = _on_disk(graph, application, source, path)
    return folder is None or (not graph.files.is_folder(folder) and f"{file}".startswith(f"{folder}/"))


def _is_filled_in(text: str) -> bool:
    return is_unfilled(text) or BUILD_VARIABLE.search(text) is not None


def _finding(expansion: Expansion, application: Application, place: Place, what: str, hint: str) -> Finding:
    part = Element(application.parameters, application.place)
    of_part = f" for {part}" if application.parameters else ""
    asked = "clusters are" if application.parameters else "generators make"
    return Finding(
        f"the Applications of {expansion.manifest}{of_part} {what}, whatever its {asked}",
        place,
        hint,
        related=((application.place, "for these parameters"),) if application.parameters else (),
        cause=f"{expansion.manifest}: {what}",
    )
