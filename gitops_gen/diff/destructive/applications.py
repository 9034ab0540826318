"""Applications that go, get another name, or land elsewhere: the elements of ApplicationSets, of either generator.

What becomes of the workload of an Application that goes is up to the guards of the ApplicationSet that Argo CD has,
which is the old one: a guard that comes together with the removal comes too late.

Source: Argo CD, RenderTemplateParams in applicationset/utils/utils.go; docs/operator-manual/applicationset/
Application-Deletion.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.diff.atlas import application_sets
from gitops_gen.diff.destructive.finding import Finding
from gitops_gen.diff.editing import own
from gitops_gen.diff.sameness import token
from gitops_gen.kinds import FINALIZER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.diff.atlas import Application, Atlas
    from gitops_gen.yaml_reader.limits import Value


_PRESERVED = "what it installed stays on the cluster, and nothing manages it any more"
_DELETED = "Argo CD DELETES everything that it installed on the cluster: at the base, no guard preserves it"


def application_findings(old: Atlas, new: Atlas, guards: Mapping[str, str]) -> Iterator[Finding]:
    """Yields what happens to Applications whose element changes or goes."""
    before, after = old.applications, new.applications
    later = {(each.app, each.name): each for each in after}
    known = {(each.app, each.name) for each in before}
    heirs = {(each.app, each.cluster): each.name for each in after if (each.app, each.name) not in known}
    for each in before:
        now, heir = later.get((each.app, each.name)), heirs.get((each.app, each.cluster))
        if now is not None:
            yield from _moved(each, now, new)
            continue
        place, fate = old.of_cluster(each.cluster, each.app), guards.get(each.app, _DELETED)
        if heir is not None:
            text = f"Argo CD deletes the Application and makes another one; {_of_heir(fate)}"
            yield Finding("application-renamed", f"Application renamed to {heir}", text, each.name, place)
        else:
            yield Finding("application-removed", "Application removed", fate, each.name, place)


def fates(old: Atlas, new: Atlas, guards: Mapping[str, str]) -> Mapping[tuple[str, str], str]:
    """Returns what becomes of what is installed where an app has no Application any more, by cluster and app."""
    still = {(each.cluster, each.app) for each in new.applications}
    gone = ((each.cluster, each.app) for each in old.applications)
    return {key: guards.get(key[1], _DELETED) for key in gone if key not in still}


def guards_of(old: Mapping[str, str]) -> Mapping[str, str]:
    """Returns what becomes of what an Application installed if it goes, by its ApplicationSet."""
    return {name: _PRESERVED if _is_preserved(spec) else _DELETED for name, spec in application_sets(old)}


def _of_heir(fate: str) -> str:
    return "the new one adopts what the old one installed" if fate == _PRESERVED else f"with the old one {fate}"


def _moved(old: Application, new: Application, atlas: Atlas) -> Iterator[Finding]:
    place = atlas.of_cluster(new.cluster, new.app)
    if new.cluster != old.cluster:
        what = f"destination changed from cluster {old.cluster} to {new.cluster}"
        text = "the app is installed on the new cluster; on the old one it stays, and nothing manages it any more"
        yield Finding("destination-changed", what, text, new.name, place)
    if new.project != old.project:
        text = "what the new project does not permit is refused, and the Application stops syncing"
        what = f"project changed from {old.project} to {new.project}"
        yield Finding("project-changed", what, text, new.name, place)
    if new.is_automated and not old.is_automated:
        text = "Argo CD syncs without being asked from now on: this change, and every later one"
        yield Finding("guard-dropped", "automated sync turned on", text, new.name, place)
    if new.prunes and not old.prunes and new.is_automated:
        text = "Argo CD deletes what is no longer in git, without being asked"
        yield Finding("guard-dropped", "automated pruning turned on", text, new.name, place)


def _is_preserved(spec: Mapping[str, Value]) -> bool:
    policy = spec.get("syncPolicy")
    is_preserved = isinstance(policy, dict) and policy.get("preserveResourcesOnDeletion") is True
    return is_preserved and FINALIZER not in token(own(spec))
