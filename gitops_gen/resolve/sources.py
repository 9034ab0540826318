"""Where the chart of a release comes from, as its app, the app in the environment and on the cluster say together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import external_secrets, grammar
from gitops_gen.model import Cluster, Source
from gitops_gen.resolve.levels import Chain, Level, Stated, blocks, nearest

if TYPE_CHECKING:
    from gitops_gen.entries import GitopsRepoEntry
    from gitops_gen.resolve.findings import Findings


class Sources:
    """Resolves the sources of one app's releases."""

    def __init__(self, app: Level, gitops_repo: GitopsRepoEntry, findings: Findings) -> None:
        self._is_stated = bool(getattr(app.entry, "source", None))
        self._gitops_repo = gitops_repo
        self._findings = findings
        self._sources: dict[tuple[str, str | None, str | None, str], Source] = {}
        self.route = app.route / "source" if self._is_stated else app.route
        """Where a finding on the source as a whole stands."""

    def source(self, cluster: Cluster, chain: Chain) -> Source | None:
        """Returns the source of a release, or None and a finding where it is not stated whole."""
        source = blocks("source", chain)
        url, path = nearest(str, "repo_url", source), nearest(str, "path", source)
        chart, revision = nearest(str, "chart", source), nearest(str, "revision", source)
        if url is None or (path is None) == (chart is None):
            self._incomplete(url, path, chart)
            return None
        if path is not None:
            self._check_git_url(url)
        version = self._revision(cluster, chart, revision)
        if version is None:
            return None
        if revision is not None and path is not None and _spelled(url.value) == _spelled(self._gitops_repo.url):
            self._check_revision(cluster, revision)
        return self._of(url.value, path.value if path else None, chart.value if chart else None, version)

    def _of(self, url: str, path: str | None, chart: str | None, version: str) -> Source:
        """Returns a source that all releases share which have it."""
        key = (url, path, chart, version)
        found = self._sources.get(key)
        if found is None:
            found = self._sources[key] = Source(repo_url=url, path=path, chart=chart, revision=version)
        return found

    def _check_git_url(self, url: Stated[str]) -> None:
        """Adds a finding on a repository from which git cannot fetch, though a chart repository may be called so."""
        reason = grammar.check_git_url(url.value)
        if reason is not None:
            self._findings.add("repository-url", f"repo_url: {reason}", url.route, hint="write its scheme, too")

    def _check_revision(self, cluster: Cluster, revision: Stated[str]) -> None:
        """Adds a finding on a chart beside its values that is of another revision than they are.

        Source: argoproj/argo-cd v3.5.1, reposerver/repository/repository.go, runManifestGenAsync: "cannot reference a
        different revision of the same repository".
        """
        of_values = self._gitops_repo.revision
        if revision.value != of_values:
            self._findings.add(
                "chart-revision",
                f"got revision {revision.value} of the gitops repository, but the values for {{hits}} are those of its "
                f"{of_values}: Argo CD takes both at one revision only",
                revision.route,
                hint=f"write {of_values}, or keep the chart in another repository",
                hits=cluster.name,
            )

    def _incomplete(self, url: Stated[str] | None, path: Stated[str] | None, chart: Stated[str] | None) -> None:
        if path is not None and chart is not None:
            self._findings.add(
                "two-sources",
                "the source has a path and a chart: a chart lives in a folder of a git repository or in a chart "
                "repository, not in both",
                chart.route,
                hint="remove one of the two",
                first=path.route,
                said="the path is stated here",
            )
            return
        missing = "repo_url" if url is None else "path or chart"
        self._findings.add(
            "missing-source",
            f"the app's source has no {missing}" if self._is_stated else "the app has no source",
            self.route,
            hint="add source: with repo_url, path (or chart) and revision",
            key=True,
        )

    def _revision(self, cluster: Cluster, chart: Stated[str] | None, revision: Stated[str] | None) -> str | None:
        version = cluster.external_secrets_version
        is_operator = chart is not None and chart.value == external_secrets.CHART_NAME
        if revision is None and is_operator and version is not None:
            return version
        if revision is None:
            self._findings.add(
                "missing-source",
                "the app's source has no revision",
                self.route,
                hint="add external_secrets.version to fleet.yaml" if is_operator else "add revision: to the source",
                key=True,
            )
            return None
        if is_operator and version is not None and revision.value != version:
            self._findings.add(
                "operator-version",
                f"got chart version {revision.value}, expected {version}, which external_secrets.version states "
                "for {hits}",
                revision.route,
                hint="remove revision: here; the operator's version is stated once, as external_secrets.version",
                hits=cluster.name,
            )
        return revision.value


def _spelled(url: str) -> str:
    """Returns the URL of a git repository so that spellings of it are equal that are one to Argo CD."""
    return url.strip().lower().removesuffix(".git")
