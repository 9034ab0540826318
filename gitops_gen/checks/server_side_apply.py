"""The Application that installs External Secrets applies on the server's side where its definitions are large.

From 0.19.0 on, the CustomResourceDefinitions of SecretStore and ClusterSecretStore are larger than the 262,144 bytes
that client-side apply can keep in an annotation. The sync fails with "metadata.annotations: Too long", and no store can
be made. The template of an ApplicationSet is judged, too, where only a cluster knows which Applications it makes.

Fix: add ServerSideApply=true to the sync options of the operator's Application.

Source: external-secrets issues 5205 and 5079; the size of config/crds/bases at each tag.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import external_secrets
from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence.chart_values import stated_value
from gitops_gen.evidence.leftovers import is_unfilled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.applications import Application, ApplicationSource
    from gitops_gen.evidence.chart_values import Release
    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.graph import Graph

_ENOUGH = ("ServerSideApply=true", "Replace=true")


def _run(graph: Graph) -> Iterator[Finding]:
    for deployment in graph.deployments:
        application = deployment.application
        for source in _lacking(graph, deployment):
            yield _finding(application, source, f"{application.name} installs", deployment.cluster.name)
    for expansion, release in graph.partial():
        if not any(map(is_unfilled, release.application.sync_options)):
            for source in _lacking(graph, release):
                yield _finding(release.application, source, f"the Applications of {expansion.manifest} install", "")


def _lacking(graph: Graph, deployment: Deployment | Release) -> Iterator[ApplicationSource]:
    """Yields the sources of an Application that bring the large definitions, where it does not apply as they need."""
    application = deployment.application
    if any(option in application.sync_options for option in _ENOUGH):
        return
    for source in application.sources:
        version = source.revision or ""
        if source.chart != external_secrets.CHART_NAME or external_secrets.parse_version(version) is None:
            continue
        is_large = external_secrets.needs_server_side_apply(version)
        if is_large and stated_value(graph.files, deployment, source, "installCRDs") is not False:
            yield source


def _finding(application: Application, source: ApplicationSource, installs: str, cluster: str) -> Finding:
    return Finding(
        f"{installs} External Secrets {source.revision}, whose CustomResourceDefinitions are too large for client-side "
        "apply",
        application.spec_place.down("syncPolicy", "syncOptions"),
        "add ServerSideApply=true to the sync options",
        related=((application.stated_in(source, "targetRevision"), "the version"),),
        cause="the operator without ServerSideApply=true",
        cluster=cluster,
    )


CHECK = Check("server-side-apply", _run, __doc__)
