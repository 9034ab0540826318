"""Names that must be unique: per account, per cluster, per namespace and per Argo CD."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gitops_gen.model import Cluster, Fleet, Release
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
        at = environment.route / "project"
        projects.see(environment.project, f"the AppProject {environment.project}", environment.name, at)


def _check_clusters(fleet: Fleet, findings: Findings) -> None:
    names = _First(findings, "duplicate-cluster", "give each of the two a name: of its own")
    ids = _First(findings, "duplicate-oidc-id", "every cluster has an OIDC issuer of its own: look it up again")
    for cluster in _new_ones_last(fleet.clusters):
        who = f"{cluster.environment.name} in {cluster.region.name}"
        at = findings.stated(cluster.route / "name", cluster.route)
        names.see(cluster.name, f"the cluster {cluster.name}", who, at)
        ids.see(cluster.oidc_id, f"the OIDC id {cluster.oidc_id}", cluster.name, cluster.route / "oidc_id")


def _new_ones_last(clusters: Iterable[Cluster]) -> list[Cluster]:
    """Returns the clusters with the last of each environment at the end: there a new entry is written.

    Of two that have the same name, the new one is to be told, and which one that is nobody says.
    """
    last = {cluster.environment.name: cluster.route for cluster in clusters}
    return sorted(clusters, key=lambda cluster: last[cluster.environment.name] == cluster.route)


def _check_releases(fleet: Fleet, findings: Findings) -> None:
    applications = _First(findings, "duplicate-application", "give one of the clusters, or of the apps, another name")
    names = _First(findings, "duplicate-release", "give one of the apps another release_name: or namespace:")
    roles = _First(findings, "duplicate-role", "leave role_name: out, or state one for each release")
    targets = _First(findings, "duplicate-target", "give one of the secrets another target:")
    for release in fleet.releases:
        cluster, app = release.cluster.name, release.app
        who = f"{app.name} on {cluster}"
        applications.see(release.application, f"the Application {release.application}", who, app.route)
        what = f"the Helm release {app.release_name} in namespace {app.namespace} of {cluster}"
        at = findings.stated(app.route / "release_name", app.route / "namespace", app.route)
        names.see((cluster, app.namespace, app.release_name), what, app.name, at)
        if release.has_secrets:
            roles.see(*_role(release), who, findings.stated(*_role_routes(release)))
            for secret in release.secrets.external_secrets:
                what = f"the Secret {secret.name} in namespace {app.namespace} of {cluster}"
                targets.see((cluster, app.namespace, secret.name), what, app.name, app.route / "secrets", key=True)


def _role(release: Release) -> tuple[object, str]:
    account = release.cluster.account.id
    # IAM compares role names without regard to case.
    return (account, release.role_name.casefold()), f"the role {release.role_name} in account {account}"


def _role_routes(release: Release) -> tuple[Route, ...]:
    """Returns where the name of the role may be stated, the nearest place first."""
    app, cluster = release.app.route, release.cluster
    levels = (app / "clusters" / cluster.name, app / "environments" / cluster.environment.name, app)
    return (*(level / "role_name" for level in levels), app)


class _First:
    """Remembers where each name stands first."""

    def __init__(self, findings: Findings, code: str, hint: str) -> None:
        self._findings = findings
        self._code = code
        self._hint = hint
        self._seen: dict[object, tuple[str, Route]] = {}
        self._told: set[tuple[Route, Route]] = set()

    def see(self, name: object, what: str, who: str, at: Route, *, key: bool = False) -> None:
        """Adds a finding if somebody has the name already. `what` says the name, and `who` has it now."""
        first, first_at = self._seen.setdefault(name, (who, at))
        if (first, first_at) == (who, at) or (first_at, at) in self._told:
            return
        # The same two places collide once for each of a thousand clusters; one of them says it.
        self._told.add((first_at, at))
        other = first_at if first_at != at else None
        message = f"{what} stands twice" + (f": for {first} and for {who}" if first != who else "")
        self._findings.add(self._code, message, at, hint=self._hint, key=key, first=other)
