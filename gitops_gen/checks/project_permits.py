"""The AppProject of an Application exists, and permits its cluster and namespace, its repositories and its objects.

What a project does not permit, Argo CD does not sync: "application destination ... is not permitted in project". A
project other than default denies every cluster-scoped kind that its clusterResourceWhitelist does not name: a chart
with CustomResourceDefinitions needs them there, and CreateNamespace=true needs Namespace, unless the namespace is there
already and has no managedNamespaceMetadata. An Application in the project of another environment is governed by that
environment's people and rules; one in project default, where the others of its generated set are not, by nobody's. A
generated project permits what its Applications need, and nothing else: no cluster of another environment, no pattern,
and no cluster-scoped kind that is a known one but for a slip.
An Application in another namespace than its project needs a place in sourceNamespaces. A repository or a cluster whose
Secret names a project is permitted there, too, and so is what a global project permits; where such a Secret cannot be
read, what a project does not permit is a warning in other people's files, and so it is where the list has a
placeholder, such as https://git.example.com/<you>/web. Of a set whose clusters only Argo CD knows, what holds for each
of them is judged.

Fix: name the right project, or add exactly what is missing to its destinations, sourceRepos or whitelist.

Source: Argo CD v3.5.1, pkg/apis/application/v1alpha1/app_project_types.go; util/argo/argo.go,
GetAppProjectByName; docs/user-guide/projects.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import external_secrets
from gitops_gen.checks.finding import Check, Finding, by_mark, template_of, template_of_source
from gitops_gen.checks.project_doubts import in_doubt
from gitops_gen.checks.project_excess import project_excess
from gitops_gen.evidence.applications import LOCAL_CLUSTER, LOCAL_SERVER
from gitops_gen.evidence.chart_values import ChartValues
from gitops_gen.evidence.leftovers import is_unfilled
from gitops_gen.evidence.project_extras import ProjectExtras
from gitops_gen.evidence.projects import DEFAULT, Project
from gitops_gen.evidence.values import at, secret_text, text_at
from gitops_gen.kubernetes import CLUSTER_SCOPED, NAMESPACED
from gitops_gen.near_miss import Names, is_typo, near_miss, nearest_name
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.evidence.applications import Application
    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_NOT_HERE = "no AppProject of that name is among these files, so nobody can say what it permits"
_CREATE_NAMESPACE = "CreateNamespace=true"
_ALWAYS_THERE = ("default", "kube-node-lease", "kube-public", "kube-system")
_ENVIRONMENTS = ("environment", "env")
_NAMESPACE = ("spec", "destination", "namespace")
_NAMED = 10
"""Destinations that a message names before it counts the others."""

_NAMED_CHARACTERS = 100
"""Characters of a destination that a message shows: a pattern may name a thousand clusters."""

_SWITCHED_OFF_BY = {
    "CustomResourceDefinition": (("installCRDs",), False),
    "ValidatingWebhookConfiguration": (("webhook", "create"), False),
    "ClusterRole": (("scopedRBAC",), True),
    "ClusterRoleBinding": (("scopedRBAC",), True),
}
"""The value of the operator's chart that leaves a kind out. Source: the chart's values.yaml."""


def _run(graph: Graph) -> Iterator[Finding]:
    # What lands in another project leaves its own with more than it needs: one mistake, told once.
    yield from tuple(_lacking(graph)) or project_excess(graph)
    if any(each.partial for each in graph.expansions):
        from gitops_gen.checks.template_projects import template_projects

        yield from template_projects(graph)


def _lacking(graph: Graph) -> Iterator[Finding]:
    judged = {id(manifest): Project(manifest) for manifest in graph.all_projects}
    projects = {name: judged[id(manifest)] for name, manifest in graph.projects.items()}
    names = Names(projects)
    environments = {id(each): _environment(each) for each in graph.deployments}
    # The projects that are called as an environment whose Applications are in it.
    projects_of = ((each.application.project, environments[id(each)]) for each in graph.deployments)
    own = frozenset(project for project, environment in projects_of if project == environment)
    absent: set[str] = set()
    extras = ProjectExtras(graph)
    siblings: dict[Place, Application] | None = None
    left: Mapping[str, Project] | None = None
    for deployment in graph.deployments:
        name = deployment.application.project or DEFAULT
        if is_unfilled(name):
            continue
        yield from _of_another_environment(graph, deployment, environments[id(deployment)], own)
        if not deployment.application.project and graph.is_ours(deployment.application.place):
            yield _unnamed(deployment, environments[id(deployment)], own)
        project = graph.project_of(deployment.application)
        if project is not None:
            if deployment.application.argo_cd_namespace != project.namespace:
                from gitops_gen.checks.project_namespaces import project_namespaces

                yield from project_namespaces(graph, deployment, project)
            yield from _permits(graph, deployment, judged[id(project)], extras)
        elif name in projects or name in graph.unknown_projects:
            continue  # it is of another Argo CD, or patched first
        elif name != DEFAULT and (graph.is_ours(deployment.application.place) or name not in absent):
            absent.add(name)
            left = _without_applications(graph) if left is None else left
            yield _missing(graph, deployment, projects, names, left)
        elif deployment.application.project:
            siblings = _siblings_in_projects(graph) if siblings is None else siblings
            sibling = siblings.get(deployment.application.spec_place)
            if sibling is not None:
                yield _in_default(deployment, sibling)


def _siblings_in_projects(graph: Graph) -> dict[Place, Application]:
    """Returns the first Application of each generated set that is in a project of its own."""
    found: dict[Place, Application] = {}
    for application in graph.applications:
        is_of_set = application.applicationset is not None and graph.is_ours(application.spec_place)
        if is_of_set and graph.project_of(application) is not None:
            found.setdefault(application.spec_place, application)
    return found


def _in_default(deployment: Deployment, sibling: Application) -> Finding:
    application = deployment.application
    return Finding(
        f"{application.name} is in project {DEFAULT}, which is nobody's, and {sibling.name} of the same set is in "
        f"project {sibling.project}",
        application.stated_at("project"),
        "put it in the project of its environment",
        related=((sibling.stated_at("project"), f"the project of {sibling.name}"),),
        severity=Severity.WARNING,
        cause=f"{application.written_as} in project {DEFAULT}",
        cluster=deployment.cluster.name,
    )


def _unnamed(deployment: Deployment, environment: str | None, own: frozenset[str]) -> Finding:
    application = deployment.application
    return Finding(
        f"{application.name} names no project, so it is in project {DEFAULT}, which is nobody's",
        application.stated_at("project"),
        f"put it in project {environment}" if environment in own else "name its AppProject",
        cause=f"no project of {application.applicationset or application.name}",
        cluster=deployment.cluster.name,
    )


def _without_applications(graph: Graph) -> Mapping[str, Project]:
    """Returns the generated projects that no Application is in, by the clusters that they are for."""
    used = {each.application.project for each in graph.deployments}
    left = (each for name, each in graph.projects.items() if name not in used)
    found: dict[str, Project] = {}
    for project in map(Project, (each for each in left if graph.is_ours(each.place))):
        for each in project.destinations:
            found.setdefault(each.name, project)
    return found


def _missing(
    graph: Graph, deployment: Deployment, projects: Mapping[str, Project], names: Names, left: Mapping[str, Project]
) -> Finding:
    application = deployment.application
    is_known = graph.is_ours(application.place) or bool(names.meant_by(application.project))
    nearest = nearest_name(application.project, names) if is_known else None
    if is_known:
        message, severity = "there is no such AppProject", Severity.ERROR
        hint = near_miss(application.project, names)
    elif is_typo(application.project, DEFAULT):
        message, severity, hint = _NOT_HERE, Severity.WARNING, f"did you mean {DEFAULT}?"
    else:
        message, severity, hint = _NOT_HERE, Severity.NOTE, "verify its file together with these"
    meant = left.get(deployment.cluster.name)
    related = ((projects[nearest].manifest.place.down("metadata", "name"), "there is this one"),) if nearest else ()
    if meant is not None and meant.manifest.name != nearest:
        place = meant.manifest.place.down("metadata", "name")
        related = (*related, (place, "no Application is in this one, which is for the cluster"))
    return Finding(
        f"{application.name} is in project {application.project}: {message}",
        application.stated_at("project"),
        hint,
        related=related,
        severity=severity,
        cause=f"project {application.project}",
        cluster=deployment.cluster.name,
    )


def _permits(graph: Graph, deployment: Deployment, project: Project, extras: ProjectExtras) -> Iterator[Finding]:
    if any(_denied(graph, deployment, project)):
        yield from _denied(graph, deployment, extras.widened(project))


def _denied(graph: Graph, deployment: Deployment, project: Project) -> Iterator[Finding]:
    for field, findings in (
        ("destinations", _destinations(deployment, project)),
        ("sourceRepos", _repositories(deployment, project)),
        ("clusterResourceWhitelist", _cluster_kinds(graph, deployment, project)),
        ("namespaceResourceWhitelist", _namespaced_kinds(deployment, project)),
    ):
        yield from (in_doubt(graph, project, field, each) for each in findings)


def _destinations(deployment: Deployment, project: Project) -> Iterator[Finding]:
    application, cluster = deployment.application, deployment.cluster
    name, server = _cluster_of(deployment)
    wanted = {application.namespace or "": application.stated_at("destination", "namespace")}
    for manifest in deployment.manifests:
        namespace = manifest.namespace
        if namespace is not None and namespace not in wanted and _kind(manifest) not in CLUSTER_SCOPED:
            wanted[namespace] = manifest.place.down("metadata", "namespace")
    for namespace, place in wanted.items():
        # What is left of a template is told where it stands, and is the name of nothing.
        if not is_unfilled(namespace) and project.permits_destination(name, server, namespace) is False:
            permitted = _permitted(project)
            where = f"in namespace {namespace} of" if namespace else "without a namespace on"
            yield Finding(
                f"{application.name} lands {where} {cluster.name}, which project "
                f"{application.project} does not permit; it permits {permitted or 'nothing'}",
                place,
                "correct the destination, or add it to the destinations of the project",
                related=(
                    (project.manifest.place.down("spec", "destinations"), "what the project permits"),
                    *_named_elsewhere(application, place),
                    *(template_of(application, *_NAMESPACE) if place.file == application.place.file else ()),
                ),
                cause=f"project {application.project}: namespace {namespace}",
                cluster=cluster.name,
            )


def _named_elsewhere(application: Application, place: Place) -> tuple[tuple[Place, str], ...]:
    """Returns where an Application names its project, if that is in another file than its destination."""
    named = application.stated_at("project")
    if application.applicationset is None or named.file == place.file:
        return ()
    return ((named, "its project is named here"),)


def _permitted(project: Project) -> str:
    named = project.destination_names
    shown = [_shortened(each) for each in named[:_NAMED]]
    return ", ".join(shown) + (f" and {len(named) - _NAMED} more" if len(named) > _NAMED else "")


def _shortened(text: str) -> str:
    return text if len(text) <= _NAMED_CHARACTERS else f"{text[:_NAMED_CHARACTERS]}..."


def _cluster_of(deployment: Deployment) -> tuple[str | None, str | None]:
    """Returns name and server of the cluster, as far as they are known."""
    application, secret = deployment.application, deployment.cluster.secret
    if application.is_local:
        return LOCAL_CLUSTER, LOCAL_SERVER
    if secret is not None:
        return secret_text(secret.value, "name"), secret_text(secret.value, "server")
    return application.cluster, application.server


def _repositories(deployment: Deployment, project: Project) -> Iterator[Finding]:
    application = deployment.application
    for source in application.sources:
        if source.repo_url and not project.permits_repository(source.repo_url):
            yield Finding(
                f"{application.name} comes from {source.repo_url}, which project {application.project} does not permit",
                application.stated_in(source, "repoURL"),
                "correct the repository, or add it to the sourceRepos of the project",
                related=(
                    (project.manifest.place.down("spec", "sourceRepos"), "what the project permits"),
                    *template_of_source(application, source, "repoURL"),
                ),
                cause=f"project {application.project}: {source.repo_url}",
                cluster=deployment.cluster.name,
            )


def _cluster_kinds(graph: Graph, deployment: Deployment, project: Project) -> Iterator[Finding]:
    application = deployment.application
    is_ours = graph.is_ours(application.spec_place)
    for group, kind, name, place, why in _needed(graph, deployment):
        if not project.permits_cluster_kind(group, kind, name):
            # Argo CD makes only what is not there yet: a namespace may have come with the cluster.
            may_be_there = _CREATE_NAMESPACE in why and not is_ours and not _manages_namespace(application)
            if may_be_there and _is_there(graph, application):
                continue
            doubt = f" and {application.namespace} may not be there yet" if may_be_there else ""
            yield Finding(
                f"{application.name} needs {kind}{f' of {group}' if group else ''}, {why}{doubt}, and project "
                f"{application.project} does not permit that cluster-scoped kind",
                place,
                "add it to the clusterResourceWhitelist of the project",
                related=(
                    (project.manifest.place.down("spec", "clusterResourceWhitelist"), "what the project permits"),
                ),
                severity=Severity.WARNING if may_be_there else Severity.ERROR,
                cause=f"project {application.project}: {kind}",
                cluster=deployment.cluster.name,
            )


def _manages_namespace(application: Application) -> bool:
    """True where Argo CD applies the namespace also if it is there, for its labels and annotations."""
    return at(application.value, "spec", "syncPolicy", "managedNamespaceMetadata") is not None


def _is_there(graph: Graph, application: Application) -> bool:
    """True for a namespace that every cluster has, that of Argo CD itself, and one that some file makes."""
    own = text_at(application.value, "metadata", "namespace") if application.is_local else None
    return application.namespace in (*_ALWAYS_THERE, own) or application.namespace in graph.written_namespaces


def _needed(graph: Graph, deployment: Deployment) -> Iterator[tuple[str, str, str | None, Place, str]]:
    """Yields the cluster-scoped kinds that an Application makes: group, kind, name, place and reason."""
    application = deployment.application
    if _CREATE_NAMESPACE in application.sync_options:
        place = application.spec_place.down("syncPolicy", "syncOptions")
        yield "", "Namespace", application.namespace, place, f"since it has {_CREATE_NAMESPACE}"
    for manifest in deployment.manifests:
        if _kind(manifest) in CLUSTER_SCOPED:
            yield manifest.group, manifest.kind, manifest.name, manifest.place, f"for {manifest.name}"
    for source in application.sources:
        if source.chart == external_secrets.CHART_NAME:
            place = application.source_place(source) / "chart"
            values = ChartValues(graph.files, deployment, source)
            for group, kind in external_secrets.CLUSTER_RESOURCES:
                keys, off = _SWITCHED_OFF_BY[kind]
                if values.get(*keys) is not off:
                    yield group, kind, None, place, "which the operator's chart has"


def _namespaced_kinds(deployment: Deployment, project: Project) -> Iterator[Finding]:
    kinds = {_kind(each) for each in deployment.manifests} - CLUSTER_SCOPED
    denied = {kind for kind in kinds if not project.permits_namespaced_kind(*kind)}
    for manifest in deployment.manifests if denied else ():
        has_namespace = manifest.namespace is not None or _kind(manifest) in NAMESPACED
        if _kind(manifest) in denied and (has_namespace or not _may_be_of_cluster(manifest, project)):
            application = deployment.application
            field = "namespaceResourceWhitelist" if has_namespace else "whitelist for its scope, cluster or namespace,"
            yield Finding(
                f"{application.name} brings {manifest}, and project {application.project} does not permit "
                f"{manifest.kind}",
                manifest.place / "kind",
                f"add the kind to the {field} of the project, or take it off its blacklist",
                related=((project.manifest.place / "spec", "what the project permits"),),
                cause=f"project {application.project}: {manifest.kind}",
                cluster=deployment.cluster.name,
            )


def _may_be_of_cluster(manifest: Manifest, project: Project) -> bool:
    """True where a kind may have no namespace, and a project permits it then."""
    may_permit = "clusterResourceWhitelist" in project.unread
    return may_permit or project.permits_cluster_kind(manifest.group, manifest.kind, manifest.name)


def _kind(manifest: Manifest) -> tuple[str, str]:
    return manifest.group, manifest.kind


def _of_another_environment(
    graph: Graph, deployment: Deployment, environment: str | None, own: frozenset[str]
) -> Iterator[Finding]:
    application = deployment.application
    if environment is None or environment == application.project or application.project not in own:
        return
    project = graph.project_of(application)
    yield Finding(
        f"{application.name} is of environment {environment}, but in project {application.project}, which is that of "
        "another environment",
        application.stated_at("project"),
        f"put it in project {environment}",
        related=((project.place, "the project that it is in"),) if project is not None else (),
        severity=by_mark(graph, application.place),
        cause=f"environment {environment} in project {application.project}",
        cluster=deployment.cluster.name,
    )


def _environment(deployment: Deployment) -> str | None:
    """Returns the environment, as the label, the parameter of the element or the tfvars of the cluster say it."""
    application, tfvars = deployment.application, deployment.cluster.tfvars
    stated = [at(each, key) for each in (application.labels, application.parameters) for key in _ENVIRONMENTS]
    stated += [tfvars.environment] if tfvars is not None else []
    return next((value for value in stated if isinstance(value, str) and value), None)


CHECK = Check("project-permits", _run, __doc__)
