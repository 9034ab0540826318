"""The folders, charts and values files that an Application names are there.

A folder or a values file that is missing stops the Application with "app path does not exist" or "no such file or
directory"; a $ref that no source has does the same. A values file that is named twice, or after the one that it should
overrule, gives other values than it seems. What is read at another branch or tag than the one on disk may be there:
that is a note.

Fix: correct the path, or commit the file. A values file that need not be there wants ignoreMissingValueFiles: true.

Source: Argo CD v3.5.1, docs/user-guide/multiple_sources.md and docs/user-guide/helm.md.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from typing import TYPE_CHECKING

from gitops_gen import external_secrets
from gitops_gen.checks.finding import Check, Finding, by_mark
from gitops_gen.evidence import globs
from gitops_gen.evidence.projects import normal_git_url
from gitops_gen.evidence.repositories import normal_url
from gitops_gen.evidence.values import at
from gitops_gen.problems import Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.applications import Application, ApplicationSource
    from gitops_gen.evidence.deployments import Deployment, ValuesFile
    from gitops_gen.evidence.graph import Graph

_UNFILLED = ("{{", "<no value>")
_TOOLS = ("helm", "kustomize", "directory", "plugin")
_AT_REVISION = "check out that revision, and verify it"


def _run(graph: Graph) -> Iterator[Finding]:
    repositories = _Repositories(graph)
    for deployment in graph.deployments:
        for source, folder in deployment.missing:
            if not any(mark in folder for mark in _UNFILLED):
                yield _missing_folder(graph, deployment, source, folder)
        for source in deployment.application.sources:
            yield from _chart(graph, deployment, source)
            yield from _repository(deployment, source, repositories)
            yield from _values_files(graph, deployment, source)
        yield from _taken_twice(deployment)


class _Repositories:
    """Which repositories hold charts, and which are git repositories, as all Applications together use them."""

    def __init__(self, graph: Graph) -> None:
        sources = [source for application in graph.applications for source in application.sources]
        self.charts = frozenset(normal_url(each.repo_url) for each in sources if each.chart is not None)
        self.on_disk = frozenset(graph.repositories.checkouts)
        git = [normal_url(each.repo_url) for each in sources if each.path is not None or each.ref is not None]
        self.git = frozenset(git) | self.on_disk
        charts = [normal_url(each.repo_url) for each in sources if each.chart is not None]
        uses, stored = Counter(git), Counter(charts)
        self.mostly_git = self.on_disk | {url for url in uses if uses[url] > stored[url]}
        """Those that are git repositories for certain, or to most Applications: the others are mistaken."""


def _missing_folder(graph: Graph, deployment: Deployment, source: ApplicationSource, folder: str) -> Finding:
    is_elsewhere = _is_elsewhere(graph, deployment, source)
    there = f"here, and may be at {source.revision}" if is_elsewhere else "there"
    return Finding(
        f"{deployment.application.name} takes its manifests from {folder}, which is not {there}",
        deployment.application.source_place(source) / "path",
        _AT_REVISION if is_elsewhere else "correct the path, or commit the folder",
        related=((deployment.application.place, "for these parameters"),),
        severity=Severity.NOTE if is_elsewhere else Severity.ERROR,
        cause=f"{deployment.application.applicationset}: {source.index}: path",
        cluster=deployment.cluster.name,
    )


def _is_elsewhere(graph: Graph, deployment: Deployment, source: ApplicationSource) -> bool:
    """True for a source at another revision than the one on disk: what is not here may be there."""
    checkout = graph.repositories.checkout_of(source.repo_url)
    is_ours = graph.is_ours(deployment.application.spec_place)
    return checkout is not None and not is_ours and not checkout.is_of(source.revision)


def _chart(graph: Graph, deployment: Deployment, source: ApplicationSource) -> Iterator[Finding]:
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
    folder = graph.folder_of(source)
    if (
        source.is_helm
        and folder is not None
        and graph.files.is_folder(folder)
        and not graph.files.is_file(f"{folder}/Chart.yaml")
    ):
        yield Finding(
            f"{application.name} renders {folder} as a Helm chart, but there is no Chart.yaml in it",
            application.source_place(source) / "path",
            "name the folder of the chart, or remove helm: from the source",
            cause=f"no Chart.yaml in {folder}",
            cluster=deployment.cluster.name,
        )


def _repository(deployment: Deployment, source: ApplicationSource, known: _Repositories) -> Iterator[Finding]:
    """Yields a repository that is used as the other kind: no URL is of git and of charts at once."""
    url = normal_url(source.repo_url)
    is_chart = source.chart is not None
    if url not in known.charts or url not in known.git or is_chart is not (url in known.mostly_git):
        return
    what = f"the chart {source.chart} from" if is_chart else "files from git from"
    other = "a git repository" if is_chart else "a chart repository"
    yield Finding(
        f"{deployment.application.name} takes {what} {source.repo_url}, which is {other} elsewhere",
        deployment.application.stated_in(source, "repoURL"),
        "name the repository that has it",
        cause=f"kind of {source.repo_url}",
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
                cause=f"{deployment.application.applicationset}: source twice",
                cluster=deployment.cluster.name,
            )


def _differ(one: ApplicationSource, other: ApplicationSource) -> bool:
    """True if both say what to make of their folder, and it is not the same: two releases of one chart, for one."""
    return any(
        at(one.value, how) != at(other.value, how)
        for how in _TOOLS
        if at(one.value, how) is not None and at(other.value, how) is not None
    )


def _values_files(graph: Graph, deployment: Deployment, source: ApplicationSource) -> Iterator[Finding]:
    if not source.values_files:
        return
    steps = deployment.application.source_place(source).steps
    seen: dict[str, ValuesFile] = {}
    for values_file in deployment.values_files:
        if values_file.place.steps[: len(steps)] != steps or any(mark in values_file.stated for mark in _UNFILLED):
            continue
        yield from _values_file(graph, deployment, source, values_file)
        first = seen.setdefault(values_file.stated, values_file)
        if first is not values_file:
            yield _named_twice(deployment, values_file, first)
    yield from _out_of_order(graph, deployment, list(seen.values()))


def _values_file(
    graph: Graph, deployment: Deployment, source: ApplicationSource, values_file: ValuesFile
) -> Iterator[Finding]:
    ref = _ref_of(values_file)
    if ref is not None and not _has_ref(deployment.application, ref):
        yield _without_ref(deployment, source, values_file, ref)
    elif values_file.path is None:
        yield from _elsewhere(graph, deployment, values_file, ref)
    elif not _may_be_missing(graph, source, values_file.path):
        yield _missing_values_file(graph, deployment, source, values_file)


def _ref_of(values_file: ValuesFile) -> str | None:
    return values_file.stated[1:].partition("/")[0] if values_file.stated.startswith("$") else None


def _may_be_missing(graph: Graph, source: ApplicationSource, path: str) -> bool:
    return source.ignores_missing_values or globs.is_glob(path) or graph.files.is_file(path)


def _without_ref(deployment: Deployment, source: ApplicationSource, values_file: ValuesFile, ref: str) -> Finding:
    refs = ", ".join(sorted(f"${each.ref}" for each in deployment.application.sources if each.ref)) or "none"
    return _unread(
        deployment,
        source,
        values_file,
        f"no source has ref: {ref}; there is {refs}",
        f"add ref: {ref} to the source of that repository",
    )


def _missing_values_file(
    graph: Graph, deployment: Deployment, source: ApplicationSource, values_file: ValuesFile
) -> Finding:
    ref = _ref_of(values_file)
    holder = next((each for each in deployment.application.sources if ref is not None and each.ref == ref), source)
    if _is_elsewhere(graph, deployment, holder):
        what = f"{values_file.path} is not here, and may be at {holder.revision}"
        return _unread(deployment, source, values_file, what, _AT_REVISION, Severity.NOTE)
    what = f"{values_file.path} is not there"
    return _unread(deployment, source, values_file, what, "correct the path, or commit the file")


def _unread(
    deployment: Deployment,
    source: ApplicationSource,
    values_file: ValuesFile,
    what: str,
    hint: str,
    severity: Severity = Severity.ERROR,
) -> Finding:
    application = deployment.application
    return Finding(
        f"{application.name} reads the values file {values_file.stated}: {what}",
        values_file.place,
        hint,
        related=((application.place, "for these parameters"),),
        severity=severity,
        cause=f"{application.applicationset}: {source.index}: values file {values_file.place.steps[-1]}",
        cluster=deployment.cluster.name,
    )


def _elsewhere(graph: Graph, deployment: Deployment, values_file: ValuesFile, ref: str | None) -> Iterator[Finding]:
    """Yields a note for a values file of a repository that is not on disk; one in a chart is the chart's own."""
    application = deployment.application
    for source in application.sources:
        if ref is not None and source.ref == ref:
            here = _in_another(graph, values_file)
            is_chart_repository = any(each.chart and each.repo_url == source.repo_url for each in application.sources)
            if here is None or is_chart_repository:
                yield _unknown(deployment, source, values_file)
            else:
                yield _of_another(graph, deployment, source, values_file, here)


def _unknown(deployment: Deployment, source: ApplicationSource, values_file: ValuesFile) -> Finding:
    return Finding(
        f"{deployment.application.name} reads {values_file.stated}, and {source.repo_url} is not on disk, so nobody "
        "can say whether it is there",
        values_file.place,
        f"say where the repository is: --repo {source.repo_url}=PATH",
        severity=Severity.NOTE,
        cause=f"values files of {source.repo_url}",
        cluster=deployment.cluster.name,
    )


def _of_another(
    graph: Graph, deployment: Deployment, source: ApplicationSource, values_file: ValuesFile, here: str
) -> Finding:
    return Finding(
        f"{deployment.application.name} reads {values_file.stated} from {source.repo_url}, which is not on disk; but "
        f"{here} is, and it is generated",
        deployment.application.stated_in(source, "repoURL"),
        "name the repository of the generated files",
        related=((Location(here), "the file is here"),),
        severity=by_mark(graph, values_file.place),
        cause=f"values files of {source.repo_url}",
        cluster=deployment.cluster.name,
    )


def _in_another(graph: Graph, values_file: ValuesFile) -> str | None:
    """Returns the generated file that has the same path in a repository that is on disk."""
    path = values_file.stated.partition("/")[2]
    candidates = (checkout.on_disk(path) for checkout in graph.repositories.checkouts.values())
    known = (each for each in candidates if each is not None)
    return next((each for each in known if graph.files.is_file(each) and _is_generated(graph, each)), None)


def _has_ref(application: Application, ref: str) -> bool:
    return any(each.ref == ref for each in application.sources)


def _named_twice(deployment: Deployment, again: ValuesFile, first: ValuesFile) -> Finding:
    return Finding(
        f"{deployment.application.name} reads the values file {again.stated} twice",
        again.place,
        "name the file once, or the one that was meant",
        related=((first.place, "the first time"),),
        cause=f"{deployment.application.applicationset}: values file twice",
        cluster=deployment.cluster.name,
    )


def _out_of_order(graph: Graph, deployment: Deployment, found: list[ValuesFile]) -> Iterator[Finding]:
    """Yields a generated file for many clusters that is read after one for this cluster, and overrules it."""
    own: ValuesFile | None = None
    for values_file in found:
        if values_file.path is None or not _is_generated(graph, values_file.path):
            continue
        if deployment.cluster.name in values_file.path.split("/"):
            own = values_file
        elif own is not None:
            yield Finding(
                f"{deployment.application.name} reads {values_file.path} after {own.path}: what holds for many "
                "clusters overrules what holds for this one",
                values_file.place,
                "name the file of the cluster last",
                related=((own.place, "the file of the cluster"),),
                cause=f"{deployment.application.applicationset}: order of values files",
                cluster=deployment.cluster.name,
            )


def _is_generated(graph: Graph, path: str) -> bool:
    file = graph.files.get(path)
    return file is not None and file.origin is not None


CHECK = Check("source-path", _run, __doc__)
