"""The Application that installs External Secrets applies on the server's side where its definitions are large.

From 0.19.0 on, the CustomResourceDefinitions of SecretStore and ClusterSecretStore are larger than the 262,144 bytes
that client-side apply can keep in an annotation. The sync fails with "metadata.annotations: Too long", and no store can
be made.

Fix: add ServerSideApply=true to the sync options of the operator's Application.

Source: external-secrets issues 5205 and 5079; the size of config/crds/bases at each tag.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen import external_secrets
from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence.chart_values import stated_value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.graph import Graph

_ENOUGH = ("ServerSideApply=true", "Replace=true")


def _run(graph: Graph) -> Iterator[Finding]:
    for deployment in graph.deployments:
        application = deployment.application
        if any(option in application.sync_options for option in _ENOUGH):
            continue
        for source in application.sources:
            version = source.revision or ""
            if source.chart != external_secrets.CHART_NAME or external_secrets.parse_version(version) is None:
                continue
            if not external_secrets.needs_server_side_apply(version):
                continue
            if stated_value(graph.files, deployment, source, "installCRDs") is not False:
                yield Finding(
                    f"{application.name} installs External Secrets {version}, whose CustomResourceDefinitions are too "
                    "large for client-side apply",
                    application.spec_place.down("syncPolicy", "syncOptions"),
                    "add ServerSideApply=true to the sync options",
                    related=((application.stated_in(source, "targetRevision"), "the version"),),
                    cause="the operator without ServerSideApply=true",
                    cluster=deployment.cluster.name,
                )


CHECK = Check("server-side-apply", _run, __doc__)
