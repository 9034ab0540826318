"""The sources whose files another source reads, as $values: what Argo CD refuses, whatever the files are.

Part of source-path.

Source: argoproj/argo-cd v3.5.1, util/argo/argo.go, GetRefSources; reposerver/repository/repository.go,
runManifestGenAsync: "cannot reference a different revision of the same repository", and of two references
"cannot reference multiple revisions for the same repository". The repository is there once, at one commit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence.git_urls import normal_git_url
from gitops_gen.evidence.leftovers import is_unfilled
from gitops_gen.evidence.values import list_at, text_at
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.applications import Application, ApplicationSource
    from gitops_gen.evidence.graph import Graph

_IN_A_NAME = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-")
_NEWEST = "HEAD"
"""The default branch, which most likely has a name, too."""


def source_refs(graph: Graph, application: Application) -> Iterator[Finding]:
    """Yields what is wrong with the references of an Application; one of a single source has none."""
    if len(application.sources) < 2:
        return
    holders: dict[str, ApplicationSource] = {}
    for source in application.sources:
        if source.ref is None:
            continue
        if source.ref in holders:
            yield _twice(application, source, holders[source.ref])
        elif not (source.ref and _IN_A_NAME.issuperset(source.ref)) and not is_unfilled(source.ref):
            yield _misnamed(application, source)
        holders.setdefault(source.ref, source)
    for source in application.sources:
        used = {ref: holders[ref] for ref in _used(source) if ref in holders}
        yield from (_of_chart(application, each) for each in used.values() if each.chart is not None)
        yield from _apart(graph, application, source, used)


def _used(source: ApplicationSource) -> Iterator[str]:
    """Yields the references that a source reads files through."""
    parameters = (text_at(each, "path") or "" for each in list_at(source.value, "helm", "fileParameters"))
    for path in (*source.values_files, *parameters):
        if path.startswith("$"):
            yield path[1:].partition("/")[0]


def _twice(application: Application, source: ApplicationSource, first: ApplicationSource) -> Finding:
    return Finding(
        f"{application.name} has two sources with ref: {source.ref}",
        application.source_place(source) / "ref",
        "remove one of the two, or name it otherwise",
        related=((application.source_place(first) / "ref", "the first one"),),
        cause=f"{application.written_as}: ref twice",
        cluster=application.cluster or "",
    )


def _misnamed(application: Application, source: ApplicationSource) -> Finding:
    return Finding(
        f"{application.name} has a source with ref: {source.ref}, expected letters, digits, - and _",
        application.source_place(source) / "ref",
        "name it otherwise, where its files are read, too",
        cause=f"{application.written_as}: name of a ref",
        cluster=application.cluster or "",
    )


def _of_chart(application: Application, source: ApplicationSource) -> Finding:
    return Finding(
        f"{application.name} reads files through ref: {source.ref} of the chart {source.chart}: only files in git can "
        "be referred to",
        application.source_place(source) / "ref",
        "give the ref to a source of the git repository that has the files",
        cause=f"{application.written_as}: ref of a chart",
        cluster=application.cluster or "",
    )


def _apart(
    graph: Graph, application: Application, source: ApplicationSource, used: Mapping[str, ApplicationSource]
) -> Iterator[Finding]:
    """Yields a repository that a source takes at two revisions: for itself, or through two references.

    Argo CD compares what the source itself is taken at by the commit, which two names may have in common.
    """
    seen: dict[str, tuple[str, ApplicationSource]] = {}
    for ref, holder in sorted(used.items()):
        url = normal_git_url(holder.repo_url)
        what, other = seen.setdefault(url, (f"${ref}", holder))
        if _differ(holder, other):
            yield _finding(application, holder, (f"${ref}", what), other, Severity.ERROR)
        elif source.chart is None and normal_git_url(source.repo_url) == url and _differ(source, holder):
            names = (source.path or "", f"${ref}")
            yield _finding(application, source, names, holder, by_mark(graph, application.spec_place))


def _differ(one: ApplicationSource, other: ApplicationSource) -> bool:
    revisions = {one.revision or _NEWEST, other.revision or _NEWEST}
    return len(revisions) > 1 and _NEWEST not in revisions and not any(map(is_unfilled, revisions))


def _finding(
    application: Application,
    source: ApplicationSource,
    names: tuple[str, str],
    other: ApplicationSource,
    severity: Severity,
) -> Finding:
    one, two = names
    return Finding(
        f"{application.name} takes {one} at {source.revision} and {two} at {other.revision}: of one repository, Argo "
        "CD takes both at one revision only",
        application.stated_in(source, "targetRevision"),
        "write the same revision, or move one of them to a repository of its own",
        related=((application.stated_in(other, "targetRevision"), f"{two} is taken at this one"),),
        severity=severity,
        cause=f"{application.written_as}: {one} at another revision than {two}",
        cluster=application.cluster or "",
    )
