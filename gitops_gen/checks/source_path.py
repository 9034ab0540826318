"""The folders, charts, values files and files of parameters that an Application names are there.

A folder or a file that is missing stops the Application with "app path does not exist" or "no such file or directory";
a path that is absolute or leaves the repository, a URL with a slip in its scheme, a chart whose name no chart can have,
and a $ref that no source has, that two have, that is of a chart, or that is not at the start of a path, do the same. So
does a $ref of the repository of the source that reads through it, at another revision: Argo CD has a repository at one
commit only. A values file that is named twice, or after the one that it should overrule, gives other values than it
seems. A chart behind a URL with oci:// is passed over. A repository that one place names, with a slip in the name of
the one on disk, is a warning where others name that and it has the path. A pattern that no values file matches stops it
too. An include that matches no file of its folder brings nothing, and neither does a folder whose manifests all stand
in folders of it, without recurse; one ExternalSecret in such a folder, beside others that are taken, is a warning. A
source that states settings of a tool is made by that one: kustomize wants the components that it states, unless it is
told to ignore missing ones, and a kustomization in the folder, with the fields that it knows and what it reads them as,
each file and folder that this one names, with an object in what it takes those from, and something for each replacement
and each patch, which a JSON Patch can be laid over, a generator that makes what is not there yet or changes what is,
replicas of a workload that it builds, and a slip in one that no Application is seen to have built is a warning; the
namespace that it puts stores and ServiceAccounts into is the one that stores name; a folder that is taken as it stands,
as with directory.recurse, may hold neither kustomizations nor templates of a chart, and no JSON and no values file with
an object in it, at which Argo CD stops. The files of a git generator are those of the repository that it names, and
each generated values file is read by an Application, that of its own set, and each generated manifest taken by the one
of its cluster. Generated values and objects without any Application beside them are told: a warning where there are
objects for Argo CD, else a note. What a template names for all elements of its set is judged where nobody knows those.
What is read at another branch or tag than the one on disk may be there: that is a note. In a generated set, a folder or
a chart that is a letter away from that of most others is a warning.

Fix: correct the path, or commit the file. A values file that need not be there wants ignoreMissingValueFiles: true.

Source: Argo CD v3.5.1, docs/user-guide/multiple_sources.md and docs/user-guide/helm.md; util/app/path/path.go;
util/argo/argo.go, GetRefSources; reposerver/repository/repository.go, runManifestGenAsync.
"""

from __future__ import annotations

import posixpath
import re
from functools import partial
from typing import TYPE_CHECKING

from gitops_gen import external_secrets
from gitops_gen.checks.finding import Check, Finding, by_mark, parameters_of
from gitops_gen.checks.foreign_files import foreign_files
from gitops_gen.checks.inner_folders import InnerFolders
from gitops_gen.checks.kustomize_files import kustomize_files
from gitops_gen.checks.source_files import (
    AT_REVISION,
    IN_SUBMODULE,
    READ,
    beside,
    files_of,
    is_elsewhere,
    is_filled_in_later,
    is_unseen,
)
from gitops_gen.checks.source_refs import source_refs
from gitops_gen.checks.source_tools import tools_of
from gitops_gen.checks.source_urls import RepositoryKinds, source_urls
from gitops_gen.checks.unread_files import unread_files, unread_manifests
from gitops_gen.evidence.applications import KUSTOMIZE
from gitops_gen.evidence.bringing import is_wanted
from gitops_gen.evidence.charts import CHART, path_in
from gitops_gen.evidence.files import yaml_files
from gitops_gen.evidence.git_urls import normal_git_url
from gitops_gen.evidence.leftovers import is_unfilled
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.repositories import normal_url
from gitops_gen.evidence.values import at, text_at
from gitops_gen.near_miss import is_typo
from gitops_gen.problems import Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.applications import ApplicationSource
    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import Files
    from gitops_gen.evidence.graph import Graph

_NO_CHART = re.compile(r"[^0-9A-Za-z._/+-]|^/|/$|//")
"""What is in no name of a chart; one in an OCI registry may have slashes."""
_TOOLS = ("helm", "kustomize", "directory", "plugin")


def _run(graph: Graph) -> Iterator[Finding]:
    repositories, includes, inner = RepositoryKinds(graph), _Includes(graph.files), InnerFolders(graph)
    for deployment in graph.deployments:
        for source, folder in deployment.missing:
            if not is_unfilled(folder):
                yield _missing_folder(graph, deployment, source, folder)
        for source in deployment.application.sources:
            yield from _impossible_path(graph, deployment, source)
            yield from _beside_generated(graph, deployment, source)
            yield from _chart_name(graph, deployment, source)
            yield from _without_chart(graph, deployment, source)
            yield from repositories.misused(deployment, source)
            yield from files_of(graph, deployment, source)
            yield from _included(graph, deployment, source, includes)
            if at(source.value, KUSTOMIZE, "components"):
                from gitops_gen.checks.source_components import missing_components

                yield from missing_components(graph, deployment, source)
        yield from tools_of(graph, deployment, inner)
        yield from _taken_twice(deployment)
        yield from source_refs(graph, deployment.application)
    undecided = [each for each in graph.expansions if not each.is_whole and graph.is_ours(each.manifest.place)]
    if undecided:
        from gitops_gen.checks.generator_files import generator_files

        yield from generator_files(graph, undecided)
    yield from source_urls(graph)
    unlike = [each for each in graph.expansions if _is_unlike(each) and graph.is_ours(each.manifest.place)]
    if unlike:
        from gitops_gen.checks.odd_sources import odd_sources

        yield from odd_sources(graph, unlike)
    yield from kustomize_files(graph)
    if any(each.partial for each in graph.expansions):
        from gitops_gen.checks.template_sources import template_sources

        yield from template_sources(graph)
    # A file that is read in the place of another one is one mistake: it leaves that one unread.
    yield from tuple(unread_files(graph)) or foreign_files(graph)
    yield from unread_manifests(graph)


def _is_unlike(expansion: Expansion) -> bool:
    """True for a set whose releases take several folders, or charts, and not each its own."""
    found: dict[int, list[str]] = {}
    for application in expansion.applications:
        for index, source in enumerate(application.sources):
            found.setdefault(index, []).append(source.chart or source.path or "")
    return any(1 < len(set(names)) < len(names) for names in found.values())


class _Includes:
    """What includes match, each of a folder looked at once."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._known: dict[tuple[str, str, bool], bool] = {}

    def has_nothing(self, folder: str, only: str, *, recurse: bool) -> bool:
        """True if a folder has files that Argo CD reads, and a pattern matches none of them."""
        key = (folder, only, recurse)
        if key not in self._known:
            paths = [path for path in self._files.under(folder, recurse=recurse) if path.endswith(READ)]
            start = 0 if folder == "." else len(folder) + 1
            self._known[key] = bool(paths) and not any(is_wanted(path[start:], only, "") for path in paths)
        return self._known[key]


def _missing_folder(graph: Graph, deployment: Deployment, source: ApplicationSource, folder: str) -> Finding:
    where, hint = "there", ""
    if is_elsewhere(graph, deployment, source):
        where, hint = f"here, and may be at {source.revision}", AT_REVISION
    elif graph.is_in_submodule(folder):
        where, hint = "here, and belongs to a submodule", IN_SUBMODULE
    finding = Finding(
        f"{deployment.application.name} takes its manifests from {folder}, which is not {where}",
        deployment.application.source_place(source) / "path",
        hint or "correct the path, or commit the folder",
        related=parameters_of(deployment.application),
        severity=Severity.NOTE if hint else Severity.ERROR,
        cause=hint or f"{deployment.application.written_as}: {source.index}: path",
        cluster=deployment.cluster.name,
    )
    from gitops_gen.checks.excerpts import of_excerpt
    from gitops_gen.evidence.forms import is_left_out

    if not is_left_out(source.path):
        return finding
    return of_excerpt(graph, deployment.application.place, finding)


def _beside_generated(graph: Graph, deployment: Deployment, source: ApplicationSource) -> Iterator[Finding]:
    """Yields a folder of ours that is not on disk, though one of the same repository is that was probably meant.

    A generated one has the same end, or the folder that is on disk has nearly the name of the one that it is in.
    """
    application = deployment.application
    if source.path is None or graph.folder_of(source) is not None or not graph.is_ours(application.spec_place):
        return
    near = beside(graph, source, source.path, partial(_has_generated, graph))
    if near is not None:
        yield Finding(
            f"{application.name} takes its manifests from {source.path}, which is not on disk; but {near} is, and what "
            "is in it is generated",
            application.source_place(source) / "path",
            "name the generated folder",
            related=((Location(near), "the folder is here"), *parameters_of(application)),
            cause=f"{application.written_as}: {source.index}: path",
            cluster=deployment.cluster.name,
        )
        return
    meant = _meant_by(graph, source, source.path)
    where = graph.repositories.on_disk(source.repo_url, meant) if meant is not None else None
    if where is not None and graph.files.is_folder(where):
        yield Finding(
            f"{application.name} takes its manifests from {source.path}, which is not on disk; but {where} is",
            application.source_place(source) / "path",
            f"did you mean {meant}?",
            related=((Location(where), "the folder is here"), *parameters_of(application)),
            cause=f"{application.written_as}: {source.index}: path",
            cluster=deployment.cluster.name,
        )


def _meant_by(graph: Graph, source: ApplicationSource, path: str) -> str | None:
    """Returns a path in the folder of the repository that is on disk, for one in a folder of nearly that name."""
    checkout = graph.repositories.checkout_of(source.repo_url)
    if checkout is None or not checkout.path:
        return None
    parts, number = path.split("/"), checkout.path.count("/") + 1
    rest = "/".join(parts[number:])
    return f"{checkout.path}/{rest}" if rest and is_typo("/".join(parts[:number]), checkout.path) else None


def _has_generated(graph: Graph, folder: str) -> bool:
    """True for a folder in which a generated file is."""
    return graph.files.is_folder(folder) and any(
        graph.is_ours(Place(path)) for path in yaml_files(graph.files.under(folder, recurse=False))
    )


def _impossible_path(graph: Graph, deployment: Deployment, source: ApplicationSource) -> Iterator[Finding]:
    """Yields a path that no folder of a repository has, whatever is in it."""
    application, path = deployment.application, source.path or ""
    severity = Severity.ERROR
    if path.startswith("/"):
        kind, what = "absolute", f"{path}: Argo CD takes no absolute path"
        hint = f"write {path.lstrip('/') or '.'}, from the root of the repository"
    elif ".." in path and posixpath.normpath(path).split("/")[0] == "..":
        kind, what = "outside", f"{path}, which leaves the repository"
        hint = "write the path from the root of the repository"
    elif is_unseen(path):
        kind, what = "unseen", f"{path!r}, with a space at an end, or a sign that nobody sees"
        hint, severity = "write the path without it", by_mark(graph, application.spec_place)
    else:
        return
    yield Finding(
        f"{application.name} takes its manifests from {what}",
        application.source_place(source) / "path",
        hint,
        related=parameters_of(application),
        severity=severity,
        cause=f"{application.written_as}: {source.index}: {kind}",
        cluster=deployment.cluster.name,
    )


def _chart_name(graph: Graph, deployment: Deployment, source: ApplicationSource) -> Iterator[Finding]:
    application = deployment.application
    is_theirs = normal_git_url(source.repo_url).rstrip("/") == external_secrets.CHART_REPOSITORY
    if source.chart is not None and is_theirs and source.chart != external_secrets.CHART_NAME:
        yield Finding(
            f"{application.name} takes the chart {source.chart} from {source.repo_url}, where there is one chart, "
            f"{external_secrets.CHART_NAME}",
            application.source_place(source) / "chart",
            f"write {external_secrets.CHART_NAME}",
            cause=f"chart {source.chart}",
            cluster=deployment.cluster.name,
        )
    elif source.chart is not None and _NO_CHART.search(source.chart) and not is_filled_in_later(source.chart):
        yield Finding(
            f"{application.name} takes the chart {source.chart!r}: no chart can be called so",
            application.source_place(source) / "chart",
            "write the name as the chart's repository lists it",
            related=parameters_of(application),
            severity=by_mark(graph, application.spec_place),
            cause=f"chart {source.chart}",
            cluster=deployment.cluster.name,
        )


def _without_chart(graph: Graph, deployment: Deployment, source: ApplicationSource) -> Iterator[Finding]:
    """Yields a folder that Helm is to render, and that is no chart."""
    application, folder = deployment.application, graph.folder_of(source)
    if (
        source.is_helm
        and folder is not None
        and graph.files.is_folder(folder)
        and not graph.files.is_file(path_in(folder, CHART))
    ):
        may_be_there = is_elsewhere(graph, deployment, source)
        at_revision = f", and there may be one at {source.revision}" if may_be_there else ""
        yield Finding(
            f"{application.name} renders {folder} as a Helm chart, but there is no Chart.yaml in it{at_revision}",
            application.source_place(source) / "path",
            AT_REVISION if may_be_there else "name the folder of the chart, or remove helm: from the source",
            severity=Severity.NOTE if may_be_there else Severity.ERROR,
            cause=f"no Chart.yaml in {folder}",
            cluster=deployment.cluster.name,
        )


def _included(graph: Graph, deployment: Deployment, source: ApplicationSource, known: _Includes) -> Iterator[Finding]:
    """Yields an include that no file of its folder matches: Argo CD deploys nothing then, and says nothing."""
    only = text_at(source.value, "directory", "include")
    folder = graph.folder_of(source) if only else None
    if not only or folder is None or is_unfilled(only) or is_elsewhere(graph, deployment, source):
        return
    if known.has_nothing(folder, only, recurse=at(source.value, "directory", "recurse") is True):
        lines = only.split()
        are_several = (len(lines) > 1 or "," in only) and "{" not in only
        yield Finding(
            f"{deployment.application.name} takes nothing from {folder}: its include {' '.join(lines)} matches none of "
            "the files",
            deployment.application.source_place(source).down("directory", "include"),
            "put several patterns into braces: {a,b}" if are_several else "correct the pattern",
            related=parameters_of(deployment.application),
            severity=Severity.WARNING,
            cause=f"{deployment.application.written_as}: {source.index}: include",
            cluster=deployment.cluster.name,
        )


def _taken_twice(deployment: Deployment) -> Iterator[Finding]:
    seen: dict[tuple[str, str], ApplicationSource] = {}
    for source in deployment.application.sources:
        if source.path is None:
            continue
        first = seen.setdefault((normal_url(source.repo_url), posixpath.normpath(source.path)), source)
        if first is not source and not _differ(first, source):
            yield Finding(
                f"{deployment.application.name} takes {source.path} twice",
                deployment.application.source_place(source) / "path",
                "name the folder once, or the one that was meant",
                related=((deployment.application.source_place(first) / "path", "the first time"),),
                cause=f"{deployment.application.written_as}: source twice",
                cluster=deployment.cluster.name,
            )


def _differ(one: ApplicationSource, other: ApplicationSource) -> bool:
    """True if both say what to make of their folder, and it is not the same: two releases of one chart, for one."""
    return any(
        at(one.value, how) != at(other.value, how)
        for how in _TOOLS
        if at(one.value, how) is not None and at(other.value, how) is not None
    )


CHECK = Check("source-path", _run, __doc__)
