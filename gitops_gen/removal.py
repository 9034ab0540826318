"""Taking a cluster away: its entry, and everything that follows from that before anything is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen import git
from gitops_gen.committed import committed_output
from gitops_gen.edit import remove_cluster
from gitops_gen.guards import rolled_out
from gitops_gen.model import Releases
from gitops_gen.model_file import read_text
from gitops_gen.pipeline import check, open_project
from gitops_gen.problems import GitopsGenError, Location, ModelError, Problem, Route, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from gitops_gen.guards import RolledOut
    from gitops_gen.load import Loaded
    from gitops_gen.model import Cluster, Fleet
    from gitops_gen.outcome import Outcome
    from gitops_gen.pipeline import Project


class RemovalError(GitopsGenError):
    """The removal would delete what runs, or nobody has confirmed it. Nothing has changed."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A removal that is ready: what the file becomes, and what follows from it."""

    fleet: Fleet
    """The fleet as it still is."""
    cluster: Cluster
    releases: Releases
    at: Location
    """Where the entry stands."""
    old: str
    new: str
    folder: str
    """The output folder, relative to the root."""
    revision: str
    """The commit that the guards were read from; empty where git shows none of the output."""
    silence: tuple[str, str]
    """Why git shows none of it, where it does not, and the next step."""
    applications: tuple[RolledOut, ...]
    outcome: Outcome
    """What `generate` does afterwards."""
    tfvars: str | None
    """The variables of the cluster's roles, relative to the root."""
    tfvars_command: str | None
    """What prints them as they were committed; None where they were not."""

    @property
    def is_protected(self) -> bool:
        """True where the removal wants the cluster's name."""
        return self.cluster.protected or self.cluster.environment.protected

    @property
    def is_unknown(self) -> bool:
        """True where git cannot tell which guards hold, and something may run."""
        return not self.revision and bool(self.releases)

    @property
    def lonely_secrets(self) -> tuple[tuple[str, str], ...]:
        """Region and name of the secrets that no other release in the account reads."""
        read_elsewhere = {
            (release.cluster.account.id, release.cluster.secrets_region, path)
            for release in self.fleet.releases
            if release.cluster.name != self.cluster.name
            for path in release.secrets.paths
        }
        account, region = self.cluster.account.id, self.cluster.secrets_region
        paths = sorted({path for release in self.releases for path in release.secrets.paths})
        return tuple((region, path) for path in paths if (account, region, path) not in read_elsewhere)


def plan_removal(root: Path, loaded: Loaded, cluster: Cluster) -> Removal:
    """Returns what the removal of a cluster comes to. Writes nothing.

    Raises ModelError if an app still speaks of the cluster, EditError, TemplateError or OutputError.
    """
    _check_apps(loaded, cluster)
    project = open_project(root)
    index = cluster.route.steps[-1]
    assert isinstance(index, int)  # noqa: S101 - the route of a cluster ends in its place in the list
    old = read_text(root, cluster.route.path)
    new = remove_cluster(cluster.route.path, old, index)
    after = open_project(root, texts={cluster.route.path: new})
    committed = committed_output(root, project.tree.folder)
    tfvars = _tfvars(project, cluster)
    return Removal(
        fleet=loaded.fleet,
        cluster=cluster,
        releases=Releases(each for each in loaded.fleet.releases if each.cluster.name == cluster.name),
        at=loaded.written.sources[cluster.route.path].locate(cluster.route.steps),
        old=old,
        new=new,
        folder=project.tree.folder,
        revision=committed.revision if committed else "",
        silence=("", "") if committed else _silence(root, project.tree.folder),
        applications=rolled_out(committed, loaded.fleet.repo, cluster.name) if committed else (),
        outcome=check(after),
        tfvars=tfvars and f"{project.tree.folder}/{tfvars}",
        tfvars_command=committed.command_for(tfvars) if committed and tfvars else None,
    )


def refuse_unguarded(removal: Removal) -> None:
    """Raises RemovalError with every guard that is missing at HEAD: without it, what runs would be deleted."""
    problems = [problem for application in removal.applications for problem in application.missing]
    if problems:
        raise RemovalError(*in_order(problems))


def refuse_unconfirmed(removal: Removal, name: str | None) -> None:
    """Raises RemovalError where the removal wants the cluster's name, and another one, or none, was given."""
    if name == removal.cluster.name or (name is None and not removal.is_protected and not removal.is_unknown):
        return
    cluster = removal.cluster.name
    hint = f"give the name: --confirm {cluster}"
    if name is not None:
        message = f"got {name} as the name to confirm, expected {cluster}"
    elif removal.is_protected:
        message = f"{cluster} is protected"
    else:
        why, step = removal.silence
        message = f"{why}, so nobody can say whether {cluster} is guarded"
        hint = f"{step}; then run this again; or, if nothing runs there, --confirm {cluster}"
    raise RemovalError(Problem("not-confirmed", message, removal.at, hint))


def _silence(root: Path, folder: str) -> tuple[str, str]:
    where = root / folder
    return git.refusal(where if where.is_dir() else root) or (f"{folder}/ is not committed to git", f"commit {folder}/")


def _check_apps(loaded: Loaded, cluster: Cluster) -> None:
    problems = list(_mentions(loaded, cluster))
    if problems:
        raise ModelError(*in_order(problems))


def _mentions(loaded: Loaded, cluster: Cluster) -> Iterator[Problem]:
    for app in loaded.written.apps:
        if cluster.name in (app.entry.clusters or {}):
            route = Route(app.source.path) / "clusters" / cluster.name
            message = f"{app.name} still says what differs on {cluster.name}"
            hint = "take this block out first: without the cluster it names nothing"
            yield Problem("cluster-in-use", message, app.source.locate(route.steps, key=True), hint)


def _tfvars(project: Project, cluster: Cluster) -> str | None:
    for artifact in project.plan.artifacts:
        target = artifact.target.cluster
        if artifact.spec.format == "hcl" and target is not None and target.name == cluster.name:
            return artifact.path
    return None
