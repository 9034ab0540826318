"""URLs of repositories that no client of git or Helm can ask, or that one asks for files and another for charts.

Part of source-path. Argo CD compares URLs without white space and case, and hands them to git as they are written.
Source: argoproj/argo-cd v3.5.1, util/git/git.go, NormalizeGitURL, and util/git/client.go.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.checks.finding import Finding, by_mark, template_of_source
from gitops_gen.evidence.git_generators import git_generators
from gitops_gen.evidence.git_urls import normal_git_url
from gitops_gen.evidence.repositories import normal_url
from gitops_gen.evidence.values import text_at
from gitops_gen.near_miss import DID_YOU_MEAN, is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.evidence.applications import Application, ApplicationSource
    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_SCHEME = re.compile(r"\s*([A-Za-z][A-Za-z0-9+.-]*)://")
_SCHEMES = ("file", "git", "http", "https", "oci", "ssh")
_PLURAL = re.compile(r"s(?![^-._/])")
_CHARTS, _GIT = "a chart repository", "a git repository"


def source_urls(graph: Graph) -> Iterator[Finding]:
    """Yields the URLs of sources and of git generators that have a slip in their scheme, or white space around them."""
    for application in graph.applications:
        for source in application.sources:
            reason = _reason(source.repo_url)
            if reason is not None:
                place = application.stated_in(source, "repoURL")
                cause, cluster = f"URL {source.repo_url}", application.cluster or ""
                related = template_of_source(application, source, "repoURL")
                yield Finding(
                    f"{application.name} {reason}", place, "correct the URL", related, cause=cause, cluster=cluster
                )
            elif source.chart is not None and _passes_over(source.repo_url, source.chart):
                yield _of_image(graph, application, source)
    for expansion in graph.expansions:
        for steps, git in git_generators(expansion.manifest.value):
            url, place = text_at(git, "repoURL") or "", expansion.manifest.place.down(*steps, "repoURL")
            reason = _reason(url)
            if reason is not None:
                yield Finding(f"{expansion.manifest} {reason}", place, "correct the URL")
            elif url and graph.is_ours(place):
                yield from _spelled_otherwise(expansion, url, place)
    yield from _misspelt(graph)


def _misspelt(graph: Graph) -> Iterator[Finding]:
    """Yields a repository that one place names, a slip away from the one on disk, which others name and has the path.

    A plural is the name of another repository: team-service is one app of team-services.
    """
    sources = [(each, source) for each in graph.applications for source in each.sources if source.chart is None]
    urls = {normal_url(source.repo_url) for _, source in sources}
    here = urls.intersection(graph.repositories.checkouts)
    for url in sorted(urls - here):
        meant = [each for each in here if is_typo(url, each) and not _is_plural(url, each)]
        if len(meant) == 1:
            right = next(each for each in sources if normal_url(each[1].repo_url) == meant[0])
            yield from _misspelt_once(graph, [each for each in sources if normal_url(each[1].repo_url) == url], *right)


def _misspelt_once(
    graph: Graph, those: Sequence[tuple[Application, ApplicationSource]], other: Application, right: ApplicationSource
) -> Iterator[Finding]:
    application, source = those[0]
    place = application.stated_in(source, "repoURL")
    if any(each.stated_in(of, "repoURL") != place for each, of in those):
        return
    if graph.repositories.here(source.repo_url, source.path or "", graph.files.is_folder) is not None:
        yield Finding(
            f"{application.name} takes {source.path} from {source.repo_url}, which no other source here names",
            place,
            f"{DID_YOU_MEAN} {right.repo_url}? {source.path} is there",
            related=(
                (other.stated_in(right, "repoURL"), f"{other.name} names it"),
                *template_of_source(application, source, "repoURL"),
            ),
            severity=Severity.WARNING,
        )


def _is_plural(one: str, other: str) -> bool:
    """True for two URLs of which one has an s more, at the end of a word."""
    short, long = sorted((one, other), key=len)
    return any(long[: each.start()] + long[each.end() :] == short for each in _PLURAL.finditer(long))


def _passes_over(url: str, chart: str) -> bool:
    """Tells whether Argo CD passes over a chart: behind oci:// it takes what the URL names, and nothing below it."""
    scheme, _, path = url.partition("://")
    return scheme == "oci" and bool(path) and path.rstrip("/").rpartition("/")[2] != chart.rpartition("/")[2]


def _of_image(graph: Graph, application: Application, source: ApplicationSource) -> Finding:
    """Returns that a chart is passed over. Source: argoproj/argo-cd #10823; docs/user-guide/oci.md, and helm.md."""
    place = application.stated_in(source, "repoURL")
    return Finding(
        f"{application.name} takes the chart {source.chart} from {source.repo_url}: Argo CD takes what has oci:// by "
        "its URL alone, and passes over the chart",
        place,
        f"write {source.repo_url.removeprefix('oci://')}, which is a registry of charts to Argo CD",
        related=template_of_source(application, source, "repoURL"),
        severity=by_mark(graph, place),
        cause=f"chart behind {source.repo_url}",
        cluster=application.cluster or "",
    )


def _spelled_otherwise(expansion: Expansion, url: str, place: Place) -> Iterator[Finding]:
    """Yields a git generator of ours that spells the repository of its sources so that Argo CD takes it for another."""
    sources = [(each, source) for each in expansion.applications[:1] for source in each.sources]
    alike = [each for each in sources if normal_url(each[1].repo_url) == normal_url(url)]
    if alike and not any(normal_git_url(source.repo_url) == normal_git_url(url) for _, source in alike):
        application, source = alike[0]
        yield Finding(
            f"{expansion.manifest} looks for files in {url}, and takes its sources from {source.repo_url}: to Argo CD "
            "that is another repository, with credentials of its own",
            place,
            f"write {source.repo_url}",
            related=((application.stated_in(source, "repoURL"), "a source"),),
            severity=Severity.WARNING,
        )


@lru_cache(maxsize=1024)
def _reason(url: str) -> str | None:
    if url != url.strip():
        return f"takes {url.strip()} with white space around it"
    found = _SCHEME.match(url)
    scheme = found[1].lower() if found else ""
    if scheme and scheme not in _SCHEMES:
        meant = next((each for each in _SCHEMES if is_typo(scheme, each)), None)
        if meant is not None:
            return f"takes {url}: got the scheme {scheme}, expected {meant}"
    return None


class RepositoryKinds:
    """Which repositories hold charts, and which are git repositories, as all Applications together use them."""

    def __init__(self, graph: Graph) -> None:
        sources = [source for application in graph.applications for source in application.sources]
        charts = Counter(normal_url(each.repo_url) for each in sources if each.chart is not None)
        git = Counter(normal_url(each.repo_url) for each in sources if each.path is not None or each.ref is not None)
        on_disk = frozenset(graph.repositories.checkouts)
        self._applications = graph.applications
        self._charts = frozenset(charts)
        self._git = on_disk.union(git)
        self._mostly_git = on_disk.union(url for url in git if git[url] > charts[url])
        """Those that are git repositories for certain, or to most Applications: the others are mistaken."""

    def misused(self, deployment: Deployment, source: ApplicationSource) -> Iterator[Finding]:
        """Yields a repository that is used as the other kind: no URL is of git and of charts at once."""
        url = normal_url(source.repo_url)
        is_chart = source.chart is not None
        if url not in self._charts or url not in self._git or is_chart is not (url in self._mostly_git):
            return
        what = f"the chart {source.chart} from" if is_chart else "files from git from"
        other = _GIT if is_chart else _CHARTS
        yield Finding(
            f"{deployment.application.name} takes {what} {source.repo_url}, which is {other} elsewhere",
            deployment.application.stated_in(source, "repoURL"),
            "name the repository that has it",
            related=(*self._used_as(other, url), *template_of_source(deployment.application, source, "repoURL")),
            cause=f"kind of {source.repo_url}",
            cluster=deployment.cluster.name,
        )

    def _used_as(self, kind: str, url: str) -> tuple[tuple[Place, str], ...]:
        """Returns where a repository is first used as the kind that it is to others, if an Application does."""
        application, source = self._first.get((url, kind == _CHARTS), (None, None))
        if application is None or source is None:
            return ()
        return ((application.stated_in(source, "repoURL"), f"it is {kind} to {application.name}"),)

    @cached_property
    def _first(self) -> dict[tuple[str, bool], tuple[Application, ApplicationSource]]:
        """The first that uses a repository, by its URL and by whether it is for a chart."""
        found: dict[tuple[str, bool], tuple[Application, ApplicationSource]] = {}
        for application in self._applications:
            for source in application.sources:
                found.setdefault((normal_url(source.repo_url), source.chart is not None), (application, source))
        return found
