"""The tool that makes manifests of a source: Helm, kustomize, a plugin, or none, where files are taken as they stand.

Of a folder as it stands, Argo CD takes each file for objects. It passes over YAML without apiVersion:, kind: and
metadata: anywhere in it, but not over values of a chart with an object in them, nor over JSON of any kind.

Part of source-path. Source: argoproj/argo-cd v3.5.1, docs/user-guide/tool_detection.md and directory.md;
pkg/apis/application/v1alpha1/types.go, ExplicitType; reposerver/repository/repository.go, findManifests.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, parameters_of
from gitops_gen.checks.source_files import AT_REVISION, is_elsewhere
from gitops_gen.evidence import kustomizations
from gitops_gen.evidence.applications import DIRECTORY, KUSTOMIZE
from gitops_gen.evidence.bringing import is_json
from gitops_gen.evidence.charts import CHART, TEMPLATES, path_in
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.checks.inner_folders import InnerFolders
    from gitops_gen.evidence.applications import ApplicationSource
    from gitops_gen.evidence.deployments import Deployment, OfTool
    from gitops_gen.evidence.graph import Graph


_JSON = ".json"
_EXCLUDE = "leave it out with directory.exclude"
_OR_SKIP = ", or write # +argocd:skip-file-rendering into it"


def tools_of(graph: Graph, deployment: Deployment, inner: InnerFolders) -> Iterator[Finding]:
    """Yields what the tool of a source cannot make manifests of."""
    for source in deployment.application.sources:
        if len(source.tools) > 1:
            yield _several(deployment, source)
        else:
            yield from _no_kustomization(graph, deployment, source)
            yield from _no_chart(graph, deployment, source)
            yield from inner.missed(deployment, source)
    for source, part in deployment.mixed:
        if not is_elsewhere(graph, deployment, source):
            yield _mixed(graph, deployment, source, part)


def _several(deployment: Deployment, source: ApplicationSource) -> Finding:
    application = deployment.application
    first, *others = source.tools
    return Finding(
        f"{application.name} states settings of {' and '.join(source.tools)} for one source: Argo CD takes one tool, "
        "and refuses it",
        application.source_place(source) / others[-1],
        "keep the settings of the one that is meant",
        related=((application.source_place(source) / first, "the other one"), *parameters_of(application)),
        on_key=True,
        cause=f"{application.written_as}: {source.index}: several tools",
        cluster=deployment.cluster.name,
    )


def _no_kustomization(graph: Graph, deployment: Deployment, source: ApplicationSource) -> Iterator[Finding]:
    folder = graph.folder_of(source) if KUSTOMIZE in source.tools else None
    if folder is None or not graph.files.is_folder(folder) or kustomizations.is_one(graph.files, folder):
        return
    may_be_there = is_elsewhere(graph, deployment, source)
    at_revision = f", and there may be one at {source.revision}" if may_be_there else ""
    yield Finding(
        f"{deployment.application.name} builds {folder} with kustomize, but there is no kustomization.yaml in it"
        f"{at_revision}",
        deployment.application.source_place(source) / "path",
        AT_REVISION if may_be_there else "name the folder of the kustomization, or remove kustomize: from the source",
        related=parameters_of(deployment.application),
        severity=Severity.NOTE if may_be_there else Severity.ERROR,
        cause=f"no kustomization in {folder}",
        cluster=deployment.cluster.name,
    )


def _no_chart(graph: Graph, deployment: Deployment, source: ApplicationSource) -> Iterator[Finding]:
    """Yields a chart in a folder that is taken as it stands, where that brings nothing at all."""
    folder = graph.folder_of(source) if DIRECTORY in source.tools else None
    if folder is None or not graph.files.is_file(path_in(folder, CHART)):
        return
    parts = (*(each.place for each in deployment.manifests), *(part.place for _, part in deployment.mixed))
    start = path_in(folder, "")
    if not any(each.file.startswith(start) for each in parts) and not is_elsewhere(graph, deployment, source):
        yield Finding(
            f"{deployment.application.name} takes {folder} as it stands, so that its chart is not rendered, and there "
            "is no object in it: nothing is deployed",
            deployment.application.source_place(source) / DIRECTORY,
            "remove directory: from the source",
            related=parameters_of(deployment.application),
            on_key=True,
            cause=f"{deployment.application.written_as}: {source.index}: chart as it stands",
            cluster=deployment.cluster.name,
        )


def _mixed(graph: Graph, deployment: Deployment, source: ApplicationSource, part: OfTool) -> Finding:
    application, path = deployment.application, part.place.file
    folder = graph.folder_of(source) or ""
    file = graph.files.get(path)
    if part.tool is None and path.endswith(_JSON):
        is_whole = file is None or is_json(file.text)
        what, way_out = "there is no object in it" if is_whole else "it is no JSON", _EXCLUDE
    elif part.tool is None:
        what, way_out = "not all in it are objects, as they seem to be", f"{_EXCLUDE}{_OR_SKIP}"
    elif part.tool == KUSTOMIZE:
        what = "no cluster knows such an object"
        way_out = _way_out(source, folder, posixpath.dirname(path) or ".")
    else:
        what = "it is a template of a chart, which nobody fills in"
        way_out = _way_out(source, folder, path.partition(f"{TEMPLATES}/")[0].rstrip("/") or ".")
    # Without settings of a tool, a plugin that Argo CD has may ask for the folder.
    is_certain = part.tool is not None or DIRECTORY in source.tools
    unless = "" if is_certain else ", unless a plugin builds the folder"
    return Finding(
        f"{application.name} takes {path} as it stands, and {what}: its sync fails{unless}",
        part.place,
        way_out,
        severity=Severity.ERROR if is_certain else Severity.WARNING,
        related=((application.source_place(source) / "path", "taken from here"), *parameters_of(application)),
        cause=f"{application.written_as}: {source.index}: {part.tool or 'no object'} as it stands",
        cluster=deployment.cluster.name,
    )


def _way_out(source: ApplicationSource, folder: str, owner: str) -> str:
    """Returns what to do with a folder of a tool: that of the source, one around it, or one in it."""
    if folder != owner and not folder.startswith(f"{owner}/"):
        return f"{_EXCLUDE}, and give {owner} an Application of its own"
    without = " and remove directory: from the source" if DIRECTORY in source.tools else ""
    return f"name the folder {owner}{without}" if folder != owner else "remove directory: from the source"
