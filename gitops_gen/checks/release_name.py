"""A Helm release has a valid name of at most 53 characters, and is the only one of its chart and name in a namespace.

Argo CD takes the Application's name as the release's unless helm.releaseName is set, and refuses one of more than 53
characters. Charts name their objects after the release: two releases of one name make the same objects, which then
belong to the one that was synced last. Nothing is told of two that are rendered here, and have neither an object nor a
selector of pods in common: Argo CD keeps no releases, it only renders them. The ServiceAccount of External Secrets'
controller is named after its release too: without releaseName it is not external-secrets, and a role or an association
that trusts external-secrets:external-secrets does not fit. Elsewhere that is told where the account has a role, or a
store signs in to AWS as it. In a generated set, a releaseName that is missing where others of the template have one is
a warning.

Fix: set helm.releaseName.

Source: Argo CD v3.5.1, reposerver/repository/repository.go; Helm, validate_name.go and the fullname helper of
`helm create`.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen import kubernetes
from gitops_gen.checks.finding import Check, Finding, if_together, template_of_source
from gitops_gen.evidence.chart_values import ChartValues
from gitops_gen.evidence.charts import CHART, path_in
from gitops_gen.evidence.companions import are_together
from gitops_gen.evidence.leftovers import is_unfilled
from gitops_gen.evidence.readers import ROLE_ANNOTATION
from gitops_gen.evidence.values import list_at, map_at, text_at
from gitops_gen.external_secrets import CHART_NAME
from gitops_gen.kinds import STORE_KINDS
from gitops_gen.near_miss import is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.applications import Application, ApplicationSource
    from gitops_gen.evidence.deployments import ClusterEvidence, Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place


_SOURCES = ("spec", "template", "spec", "sources")


def _run(graph: Graph) -> Iterator[Finding]:
    for cluster in graph.clusters.values():
        for deployment in cluster.deployments:
            for source in deployment.application.sources:
                if source.is_helm or _is_refused_chart(graph, deployment.application, source):
                    yield from _release(graph, deployment, source)
        yield from _duplicates(graph, cluster)
    yield from _unnamed(graph)


def _is_refused_chart(graph: Graph, application: Application, source: ApplicationSource) -> bool:
    """True for a chart in git that its source does not call one, and whose name no release may have."""
    if source.tools or kubernetes.check_release_name(application.release_of(source)) is None:
        return False
    folder = graph.folder_of(source)
    return folder is not None and graph.files.is_file(path_in(folder, CHART))


def _unnamed(graph: Graph) -> Iterator[Finding]:
    """Yields a source of ours without the releaseName that others of its template have."""
    alike: defaultdict[str, list[tuple[Manifest, int, object]]] = defaultdict(list)
    for expansion in graph.expansions:
        file = graph.files.get(expansion.manifest.place.file)
        if file is not None and file.origin is not None:
            sources = list_at(expansion.manifest.value, *_SOURCES)
            helm = [(expansion.manifest, index, each) for index, each in enumerate(sources) if map_at(each, "helm")]
            alike[file.origin.template] += helm
    for found in alike.values():
        if any(text_at(source, "helm", "releaseName") for _, _, source in found):
            for manifest, index, source in found:
                if not text_at(source, "helm", "releaseName") and text_at(source, "chart") != CHART_NAME:
                    yield Finding(
                        f"{manifest} has no releaseName, which others of its template have: each release is called as "
                        "its Application, and so is all that its chart makes",
                        manifest.place.down(*_SOURCES, index, "helm"),
                        "set helm.releaseName",
                        severity=Severity.WARNING,
                        on_key=True,
                    )


def _release(graph: Graph, deployment: Deployment, source: ApplicationSource) -> Iterator[Finding]:
    application = deployment.application
    name = application.release_of(source)
    if is_unfilled(name) or not (name or source.release_name is not None):
        return  # application-name tells that its Application has none
    reason = kubernetes.check_release_name(name)
    if reason is not None:
        default = "" if source.release_name else ", which is the Application's name, as there is no releaseName"
        yield Finding(
            f"the Helm release {name}{default}: {reason}",
            _place(application, source),
            "set helm.releaseName to a shorter or corrected name",
            related=() if source.release_name else template_of_source(application, source, "helm"),
            cause=f"release {source.chart or source.path}",
            cluster=deployment.cluster.name,
        )
    elif source.chart == CHART_NAME:
        yield from _operator(graph, deployment, source, name)
    yield from _typo(deployment, source)


def _operator(graph: Graph, deployment: Deployment, source: ApplicationSource, name: str) -> Iterator[Finding]:
    if source.release_name or name == CHART_NAME:
        return
    values = ChartValues(graph.files, deployment, source)
    if values.get("serviceAccount", "name") is not None or values.get("fullnameOverride") is not None:
        return
    if not graph.is_ours(deployment.application.place) and not _is_trusted(deployment, values):
        return
    full = name if CHART_NAME in name else f"{name}-{CHART_NAME}"
    yield Finding(
        f"the operator's release has no releaseName, so it is called {name}, and its controller's ServiceAccount "
        f"{full}, not {CHART_NAME}",
        deployment.application.source_place(source) / "chart",
        f"set helm.releaseName: {CHART_NAME}",
        severity=Severity.WARNING,
        cause="the operator's release has no releaseName",
        cluster=deployment.cluster.name,
    )


def _is_trusted(deployment: Deployment, values: ChartValues) -> bool:
    """True where AWS may trust the operator's account by its name: it has a role, or a store signs in to AWS as it."""
    if values.get("serviceAccount", "annotations", ROLE_ANNOTATION) is not None:
        return True
    manifests = (each for one in deployment.cluster.deployments for each in one.manifests if each.kind in STORE_KINDS)
    stores = (map_at(each.value, "spec", "provider", "aws") for each in manifests)
    return any(store and "auth" not in store for store in stores)


def _typo(deployment: Deployment, source: ApplicationSource) -> Iterator[Finding]:
    chart = (source.chart or source.path or "").rpartition("/")[2]
    if any(each is source for each, _ in deployment.missing):
        return  # where there is no such chart, the slip is in its name
    if source.release_name is None or source.release_name in _own_names(deployment.application):
        return
    if is_typo(source.release_name, chart):
        yield Finding(
            f"the Helm release is called {source.release_name}, one letter away from its chart {chart}",
            _place(deployment.application, source),
            f"write {chart}, if that is what is meant",
            severity=Severity.WARNING,
            cause=f"release {source.release_name}",
            cluster=deployment.cluster.name,
        )


def _own_names(application: Application) -> tuple[str | None, ...]:
    """Returns what an app is called elsewhere: a release of that name is no slip, though its chart's folder is near."""
    own = application.applicationset
    return application.name, application.namespace, own.name if own is not None else None


def _duplicates(graph: Graph, cluster: ClusterEvidence) -> Iterator[Finding]:
    found: defaultdict[tuple[str, str, str], list[tuple[Deployment, Place]]] = defaultdict(list)
    for deployment in cluster.deployments:
        application = deployment.application
        for source in application.sources:
            if source.is_helm and cluster.name:
                key = (application.namespace or "", application.release_of(source), source.chart or source.path or "")
                found[key].append((deployment, _place(application, source)))
    for (namespace, name, chart), releases in found.items():
        firsts: dict[str, tuple[Deployment, Place]] = {}
        for release in releases:
            application, place = release[0].application, release[1]
            is_certain = are_together(graph, releases[0][0].application, application)
            of_folder = firsts.setdefault(_folder(application), release)
            other = releases[0] if is_certain else of_folder
            first, first_place = other[0].application, other[1]
            if other is release or _is_written_twice(first, application):
                continue
            if not _are_apart(other[0], release[0]):
                yield Finding(
                    f"two Helm releases of {chart} are called {name} in namespace {namespace} of {cluster.name}: "
                    f"{first.name} and {application.name}{if_together(is_certain=is_certain)}",
                    place,
                    "give each release a name, or a namespace, of its own",
                    related=((first_place, "the other one"), *_made_of(place, first, application)),
                    severity=Severity.ERROR if is_certain else Severity.WARNING,
                    cluster=cluster.name,
                )


def _are_apart(one: Deployment, other: Deployment) -> bool:
    """True for two of which all is rendered, and that have no object and no selector of pods in common."""
    if one is other or not (_is_rendered(one) and _is_rendered(other)):
        return False
    return _made_by(one).isdisjoint(_made_by(other))


def _is_rendered(deployment: Deployment) -> bool:
    unknown = (deployment.charts, deployment.unseen, deployment.unknown, deployment.failures, deployment.missing)
    return bool(deployment.manifests) and not any(unknown)


def _made_by(deployment: Deployment) -> set[tuple[str, ...]]:
    """Returns what tells the objects of a deployment, and the pods that they select, from those of another."""
    made: set[tuple[str, ...]] = set()
    for manifest in deployment.manifests:
        namespace = deployment.namespace_of(manifest)
        made.add((manifest.group, manifest.kind, namespace, manifest.name))
        if selector := map_at(manifest.value, "spec", "selector"):
            labels = map_at(selector, "matchLabels") or selector
            made.add((namespace, str(sorted(labels.items(), key=str))))
    return made


def _made_of(place: Place, *applications: Application) -> Iterator[tuple[Place, str]]:
    """Yields the files of parameters, beside a set that says the same of each of its releases."""
    for application in applications:
        if application.applicationset is not None and application.place.file != place.file:
            yield application.place, f"{application.name} is made of these parameters"


def _is_written_twice(one: Application, other: Application) -> bool:
    """True for two Applications of one name in one namespace: an Argo CD has one, and application-name says it."""
    same = (one.name, one.argo_cd_namespace) == (other.name, other.argo_cd_namespace)
    return same and one is not other


def _folder(application: Application) -> str:
    return application.place.file.rpartition("/")[0]


def _place(application: Application, source: ApplicationSource) -> Place:
    if source.release_name is None:
        return application.place
    return application.source_place(source).down("helm", "releaseName")


CHECK = Check("release-name", _run, __doc__)
