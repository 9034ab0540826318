"""From sound entries to a Fleet: the two chains of facts, and the limits that derived facts must keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.model import ArgoCd, Fleet, GitopsRepo
from gitops_gen.problems import ModelError, Problem, Route, in_order
from gitops_gen.resolve.apps import Apps, resolve_apps
from gitops_gen.resolve.findings import Findings
from gitops_gen.resolve.misplaced_secrets import check_misplaced_secrets
from gitops_gen.resolve.places import Places, resolve_places
from gitops_gen.resolve.sizes import check_sizes
from gitops_gen.resolve.uniqueness import check_uniqueness

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.load import WrittenFleet
    from gitops_gen.resolve.whole import Whole


def resolve(written: WrittenFleet, known: Mapping[str, Whole] | None = None) -> tuple[Fleet, tuple[Problem, ...]]:
    """Returns the fleet that the entries describe, and warnings. Raises ModelError with all problems.

    `known` is for entries that have only some of a fleet's clusters: what all releases of each app say together.
    """
    findings = Findings(written.sources)
    check_misplaced_secrets(written.sources.values(), findings)
    places = resolve_places(written, findings)
    apps = resolve_apps(written, places, findings, known)
    fleet = _fleet(written, places, apps)
    check_uniqueness(fleet, findings)
    check_sizes(fleet, findings)
    if findings.has_errors:
        raise ModelError(*in_order(findings.problems))
    return fleet, in_order(findings.problems)


def _fleet(written: WrittenFleet, places: Places, apps: Apps) -> Fleet:
    entry = written.fleet.entry
    return Fleet(
        name=entry.name,
        repo=GitopsRepo(url=entry.gitops_repo.url, revision=entry.gitops_repo.revision, path=entry.gitops_repo.path),
        argocd=ArgoCd(version=entry.argocd.version, namespace=entry.argocd.namespace, generator=entry.argocd.generator),
        environments=places.environments,
        clusters=places.clusters,
        apps=apps.apps,
        releases=apps.releases,
        environment_values=apps.environment_values,
        route=Route(written.fleet.source.path),
    )
