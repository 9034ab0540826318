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
from gitops_gen.evidence.leftovers import is_unfilled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.evidence.applications import Application
    from gitops_gen.evidence.chart_values import Undeployed
    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.operator_charts import OperatorChart

_ENOUGH = ("ServerSideApply=true", "Replace=true")


def _run(graph: Graph) -> Iterator[Finding]:
    for deployment in graph.deployments:
        application = deployment.application
        # Of what is rendered here, the definitions themselves are judged, by object-size.
        charts = [each for each in deployment.operators if each.folder is None or each.source in deployment.charts]
        for chart in _lacking(graph, deployment, charts):
            yield _finding(application, chart, f"{application.name} installs", deployment.cluster.name)
    for expansion, undeployed in graph.partial():
        if not any(map(is_unfilled, undeployed.application.sync_options)):
            for chart in _lacking(graph, undeployed, graph.operators_of(undeployed)):
                yield _finding(undeployed.application, chart, f"the Applications of {expansion.manifest} install", "")


def _lacking(
    graph: Graph, deployment: Deployment | Undeployed, charts: Iterable[OperatorChart]
) -> Iterator[OperatorChart]:
    """Yields the charts with large definitions, where the Application does not apply as those need."""
    if any(option in deployment.application.sync_options for option in _ENOUGH):
        return
    for chart in charts:
        version = chart.version if chart.folder is None else chart.version.removeprefix("v")
        if external_secrets.parse_version(version) is None or not external_secrets.needs_server_side_apply(version):
            continue
        if chart.value(graph.files, deployment, "installCRDs") is not False:
            yield chart


def _finding(application: Application, chart: OperatorChart, installs: str, cluster: str) -> Finding:
    return Finding(
        f"{installs} External Secrets {chart.version}, whose CustomResourceDefinitions are too large for client-side "
        "apply",
        application.spec_place.down("syncPolicy", "syncOptions"),
        "add ServerSideApply=true to the sync options",
        related=((chart.place, "the version"),),
        cause="the operator without ServerSideApply=true",
        cluster=cluster,
    )


CHECK = Check("server-side-apply", _run, __doc__)
