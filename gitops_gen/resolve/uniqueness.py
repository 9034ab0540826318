"""Names that must be unique: per account, per cluster, per namespace and per Argo CD."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gitops_gen.model import Fleet, Release
    from gitops_gen.problems import Route
    from gitops_gen.resolve.findings import Findings


def check_uniqueness(fleet: Fleet, findings: Findings) -> None:
    """Adds a finding for every name that stands twice where it may stand once, at the second one."""
    _check_environments(fleet, findings)
    _check_clusters(fleet, findings)
    if not findings.has_errors:
        _check_releases(fleet, findings)


def _check_environments(fleet: Fleet, findings: Findings) -> None:
    projects = _First(findings, "duplicate-project", "give one of the environments another project:")
    for environment in fleet.environments:
        what = f"the AppProject {environment.project} of environment {environment.name}"
        projects.see(environment.project, what, environment.route)


def _check_clusters(fleet: Fleet, findings: Findings) -> None:
    names = _First(findings, "duplicate-cluster", "clusters of one region and environment need a name: each")
    ids = _First(findings, "duplicate-oidc-id", "every cluster has an OIDC issuer of its own: look it up again")
    for cluster in fleet.clusters:
        names.see(cluster.name, f"the cluster {cluster.name}", cluster.route)
        ids.see(cluster.oidc_id, f"the OIDC id {cluster.oidc_id}", cluster.route / "oidc_id")


def _check_releases(fleet: Fleet, findings: Findings) -> None:
    applications = _First(findings, "duplicate-application", "give one of the clusters, or of the apps, another name")
    names = _First(findings, "duplicate-release", "give one of the apps another release_name: or namespace:")
    roles = _First(findings, "duplicate-role", "give one of the releases another role_name:")
    targets = _First(findings, "duplicate-target", "give one of the secrets another target:")
    for release in fleet.releases:
        cluster, app = release.cluster.name, release.app
        applications.see(release.application, f"the Application {release.application}", app.route)
        what = f"the Helm release {app.release_name} in namespace {app.namespace} of {cluster}"
        names.see((cluster, app.namespace, app.release_name), what, app.route)
        if release.has_secrets:
            _check_secrets(release, roles, targets)


def _check_secrets(release: Release, roles: _First, targets: _First) -> None:
    account, cluster, app = release.cluster.account.id, release.cluster.name, release.app
    # IAM compares role names without regard to case.
    roles.see(
        (account, release.role_name.casefold()),
        f"the role {release.role_name} in account {account}",
        app.route,
    )
    for secret in release.secrets.external_secrets:
        what = f"the Secret {secret.name} in namespace {app.namespace} of {cluster}"
        targets.see((cluster, app.namespace, secret.name), what, app.route)


class _First:
    """Remembers where each name stands first."""

    def __init__(self, findings: Findings, code: str, hint: str) -> None:
        self._findings = findings
        self._code = code
        self._hint = hint
        self._seen: dict[object, Route] = {}
        self._told: set[tuple[Route, Route]] = set()

    def see(self, name: object, what: str, route: Route) -> None:
        first = self._seen.setdefault(name, route)
        # The same two places collide once for each of a thousand clusters; one of them says it.
        if first is not route and (first, route) not in self._told:
            self._told.add((first, route))
            self._findings.add(self._code, f"{what} stands twice", route, hint=self._hint, first=first)
