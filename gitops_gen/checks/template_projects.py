"""The project that the template of a set names for all its elements, where nobody knows those.

Part of project-permits: which clusters there are, Argo CD asks a cluster for. Whether a project is there, and whether
it permits a repository, or a namespace on any cluster at all, does not depend on that.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.checks.project_doubts import in_doubt
from gitops_gen.evidence.applications import LOCAL_CLUSTER, LOCAL_SERVER
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.project_extras import ProjectExtras
from gitops_gen.evidence.projects import DEFAULT, Project
from gitops_gen.evidence.values import list_at, text_at
from gitops_gen.near_miss import Names, is_typo, near_miss
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.applications import Application
    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.graph import Graph


_PARAMETER = "{{"
_WILD = re.compile(r"[*?\[{\\]")
"""What begins a part of a pattern that stands for more than itself."""


def template_projects(graph: Graph) -> Iterator[Finding]:
    """Yields what no Application of a set can do in its project, whatever clusters there are."""
    extras, names = ProjectExtras(graph), Names(graph.projects)
    for expansion, undeployed in graph.partial():
        application = undeployed.application
        if not application.project or has_template(application.project):
            continue
        manifest = graph.project_of(application)
        if manifest is not None:
            project = extras.widened(Project(manifest))
            for field, findings in (
                ("destinations", _destination(expansion, application, project)),
                ("sourceRepos", _repositories(expansion, application, project)),
            ):
                yield from (in_doubt(graph, project, field, each) for each in findings)
        elif application.project not in (DEFAULT, *graph.projects, *graph.unknown_projects):
            yield _missing(graph, names, expansion, application)


def _missing(graph: Graph, names: Names, expansion: Expansion, application: Application) -> Finding:
    meant = next(iter(names.meant_by(application.project)), None)
    what = "no AppProject of that name is among these files, so nobody can say what it permits"
    place = graph.projects[meant].place.down("metadata", "name") if meant is not None else None
    hint = near_miss(application.project, names) if meant is not None else "verify its file together with these"
    severity = Severity.NOTE if meant is None else Severity.ERROR
    if meant is None and is_typo(application.project, DEFAULT):
        severity, hint = Severity.WARNING, f"did you mean {DEFAULT}?"
    return Finding(
        f"the Applications of {expansion.manifest} are in project {application.project}: "
        f"{what if meant is None else 'there is no such AppProject'}",
        application.stated_at("project"),
        hint,
        related=((place, "there is this one"),) if place is not None else (),
        severity=severity,
        cause=f"project {application.project}",
    )


def _destination(expansion: Expansion, application: Application, project: Project) -> Iterator[Finding]:
    namespace = application.namespace
    if namespace is not None and _is_denied(application, project, namespace):
        yield Finding(
            f"the Applications of {expansion.manifest} land in namespace {namespace}, which project "
            f"{application.project} does not permit on any cluster that they may be for",
            application.stated_at("destination", "namespace"),
            "correct the destination, or add it to the destinations of the project",
            related=((project.manifest.place.down("spec", "destinations"), "what the project permits"),),
            cause=f"project {application.project}: namespace {namespace}",
        )
    elif namespace is not None and has_template(namespace):
        yield from _cluster(expansion, application, project)


def _cluster(expansion: Expansion, application: Application, project: Project) -> Iterator[Finding]:
    """Yields a cluster that is the same for all, and that a project permits for no namespace at all."""
    for field, stated in (("name", application.cluster), ("server", application.server)):
        if stated and not has_template(stated) and not application.is_local and _is_nowhere(field, stated, project):
            yield Finding(
                f"the Applications of {expansion.manifest} land on cluster {stated}, which project "
                f"{application.project} does not permit",
                application.stated_at("destination", field),
                "correct the destination, or add it to the destinations of the project",
                related=((project.manifest.place.down("spec", "destinations"), "what the project permits"),),
                cause=f"project {application.project}: cluster {stated}",
            )


def _is_nowhere(field: str, stated: str, project: Project) -> bool:
    """True for a cluster that none of the destinations may mean; one by its server may be any by its name."""
    other = "server" if field == "name" else "name"
    permitted = list_at(project.manifest.value, "spec", "destinations")
    return bool(permitted) and not any(
        text_at(each, other) or _may_be(text_at(each, field) or "*", stated) for each in permitted
    )


def _is_denied(application: Application, project: Project, namespace: str) -> bool:
    if has_template(namespace):
        return _begins_apart(namespace.partition(_PARAMETER)[0], project)
    stated = (LOCAL_CLUSTER, LOCAL_SERVER) if application.is_local else (application.cluster, application.server)
    name, server = (None if has_template(each) else each for each in stated)
    return project.permits_destination(name, server, namespace) is False


def _begins_apart(start: str, project: Project) -> bool:
    """True for what stands before the first parameter of a namespace, if none that is permitted begins so."""
    permitted = [text_at(each, "namespace") or "" for each in list_at(project.manifest.value, "spec", "destinations")]
    return bool(start and permitted) and not any(_may_begin(each, start) for each in permitted)


def _may_begin(pattern: str, start: str) -> bool:
    plain = _WILD.split(pattern, maxsplit=1)[0]
    return plain.startswith(start) or (plain != pattern and start.startswith(plain))


def _may_be(pattern: str, text: str) -> bool:
    plain = _WILD.split(pattern, maxsplit=1)[0]
    return pattern == text or (plain != pattern and text.startswith(plain))


def _repositories(expansion: Expansion, application: Application, project: Project) -> Iterator[Finding]:
    for source in application.sources:
        url = source.repo_url
        if url and not has_template(url) and not project.permits_repository(url):
            yield Finding(
                f"the Applications of {expansion.manifest} come from {url}, which project {application.project} does "
                "not permit",
                application.stated_in(source, "repoURL"),
                "correct the repository, or add it to the sourceRepos of the project",
                related=((project.manifest.place.down("spec", "sourceRepos"), "what the project permits"),),
                cause=f"project {application.project}: {url}",
            )
