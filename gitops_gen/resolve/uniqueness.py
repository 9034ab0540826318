"""Names that must be unique: per account, per cluster, per namespace and per Argo CD."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from gitops_gen.model import Cluster, Environment, ExternalSecret, Fleet, Release
    from gitops_gen.problems import Route
    from gitops_gen.resolve.findings import Findings

T = TypeVar("T")


def check_uniqueness(fleet: Fleet, findings: Findings) -> None:
    """Adds a finding for every name that stands twice where it may stand once, at the second one."""
    _check_environments(fleet, findings)
    _check_clusters(fleet, findings)
    if not findings.has_errors:
        _check_releases(fleet, findings)


def _check_environments(fleet: Fleet, findings: Findings) -> None:
    projects = _First(findings, "duplicate-project", "give one of the environments another project:", _told_project)
    for environment in fleet.environments:
        projects.see(environment.project, environment)


def _told_project(environment: Environment) -> _Told:
    return _Told(f"the AppProject {environment.project}", environment.name, environment.route / "project")


def _check_clusters(fleet: Fleet, findings: Findings) -> None:
    def told_name(cluster: Cluster) -> _Told:
        who = f"{cluster.environment.name} in {cluster.region.name}"
        return _Told(f"the cluster {cluster.name}", who, findings.stated(cluster.route / "name", cluster.route))

    def told_id(cluster: Cluster) -> _Told:
        return _Told(f"the OIDC id {cluster.oidc_id}", cluster.name, cluster.route / "oidc_id")

    names = _First(findings, "duplicate-cluster", "give each of the two a name: of its own", told_name)
    ids = _First(
        findings, "duplicate-oidc-id", "every cluster has an OIDC issuer of its own: look it up again", told_id
    )
    for cluster in _new_ones_last(fleet.clusters):
        names.see(cluster.name, cluster)
        ids.see(cluster.oidc_id, cluster)


def _new_ones_last(clusters: Iterable[Cluster]) -> list[Cluster]:
    """Returns the clusters with the last of each environment at the end: there a new entry is written.

    Of two that have the same name, the new one is to be told, and which one that is nobody says.
    """
    last = {cluster.environment.name: cluster.route for cluster in clusters}
    return sorted(clusters, key=lambda cluster: last[cluster.environment.name] == cluster.route)


def _check_releases(fleet: Fleet, findings: Findings) -> None:
    def told_application(release: Release) -> _Told:
        return _Told(f"the Application {release.application}", _who(release), release.app.route)

    def told_release(release: Release) -> _Told:
        app = release.app
        what = f"the Helm release {app.release_name} in namespace {app.namespace} of {release.cluster.name}"
        return _Told(what, app.name, findings.stated(app.route / "release_name", app.route / "namespace", app.route))

    def told_role(release: Release) -> _Told:
        what = f"the role {release.role_name} in account {release.cluster.account.id}"
        return _Told(what, _who(release), findings.stated(*_role_routes(release)))

    def told_target(stated: tuple[Release, ExternalSecret]) -> _Told:
        (release, secret), app = stated, stated[0].app
        what = f"the Secret {secret.name} in namespace {app.namespace} of {release.cluster.name}"
        return _Told(what, app.name, app.route / "secrets", key=True)

    applications = _First(
        findings, "duplicate-application", "give one of the clusters, or of the apps, another name", told_application
    )
    names = _First(
        findings, "duplicate-release", "give one of the apps another release_name: or namespace:", told_release
    )
    roles = _First(findings, "duplicate-role", "leave role_name: out, or state one for each release", told_role)
    targets = _First(findings, "duplicate-target", "give one of the secrets another target:", told_target)
    for release in fleet.releases:
        cluster, app = release.cluster, release.app
        applications.see(release.application, release)
        names.see((cluster.name, app.namespace, app.release_name), release)
        if release.has_secrets:
            # IAM compares role names without regard to case.
            roles.see((cluster.account.id, release.role_name.casefold()), release)
            for secret in release.secrets.external_secrets:
                targets.see((cluster.name, app.namespace, secret.name), (release, secret))


def _who(release: Release) -> str:
    return f"{release.app.name} on {release.cluster.name}"


def _role_routes(release: Release) -> tuple[Route, ...]:
    """Returns where the name of the role may be stated, the nearest place first."""
    app, cluster = release.app.route, release.cluster
    levels = (app / "clusters" / cluster.name, app / "environments" / cluster.environment.name, app)
    return (*(level / "role_name" for level in levels), app)


class _Told(NamedTuple):
    """How something is told that has a name: with the name, whose it is, and where it says so."""

    what: str
    who: str
    at: Route
    key: bool = False
    """True if the key, not the value, is meant."""


class _First(Generic[T]):
    """Remembers what had each name first. Only what has one that is taken is told, which most never is."""

    def __init__(self, findings: Findings, code: str, hint: str, tell: Callable[[T], _Told]) -> None:
        self._findings = findings
        self._code = code
        self._hint = hint
        self._tell = tell
        self._seen: dict[object, T] = {}
        self._told: set[tuple[Route, Route]] = set()

    def see(self, name: object, thing: T) -> None:
        """Adds a finding if something else has the name already."""
        before = self._seen.setdefault(name, thing)
        if before is thing:
            return
        first, told = self._tell(before), self._tell(thing)
        if (first.who, first.at) == (told.who, told.at) or (first.at, told.at) in self._told:
            return
        # The same two places collide once for each of a thousand clusters; one of them says it.
        self._told.add((first.at, told.at))
        other = first.at if first.at != told.at else None
        message = f"{told.what} stands twice" + (
            f": for {first.who} and for {told.who}" if first.who != told.who else ""
        )
        self._findings.add(self._code, message, told.at, hint=self._hint, key=told.key, first=other)
