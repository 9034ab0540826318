"""The keys of the ConfigMaps that templates of External Secrets are taken from.

Part of external-secret-fields.

Source: external-secrets/external-secrets, pkg/controllers/templating/parser.go, MergeConfigMap: a key that the
ConfigMap does not have stops the ExternalSecret.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import list_at, map_at, text_at
from gitops_gen.near_miss import near_miss

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph

_TEMPLATES = ("spec", "target", "template", "templateFrom")


def missing_template_keys(graph: Graph) -> Iterator[Finding]:
    """Yields each key that a templateFrom names, and that its ConfigMap does not have."""
    for deployment in graph.deployments:
        for manifest in deployment.external_secrets:
            for index, item in enumerate(list_at(manifest.value, *_TEMPLATES)):
                config_map = _config_map(deployment, manifest, text_at(item, "configMap", "name"))
                if config_map is not None:
                    yield from _missing(graph, deployment, manifest, index, config_map)


def _config_map(deployment: Deployment, manifest: Manifest, name: str | None) -> Manifest | None:
    """Returns the ConfigMap of a name beside an ExternalSecret, if there is one only."""
    found = deployment.cluster.objects.get(("ConfigMap", deployment.namespace_of(manifest), name or ""), ())
    return found[0][1] if len(found) == 1 else None


def _missing(
    graph: Graph, deployment: Deployment, manifest: Manifest, index: int, config_map: Manifest
) -> Iterator[Finding]:
    keys = map_at(config_map.value, "data")
    for number, item in enumerate(list_at(manifest.value, *_TEMPLATES, index, "configMap", "items")):
        key = text_at(item, "key")
        if key and key not in keys and not has_template(key):
            yield Finding(
                f"{manifest} takes the key {key} of {config_map} for a template, and there is none",
                manifest.place.down(*_TEMPLATES, index, "configMap", "items", number, "key"),
                near_miss(key, keys),
                related=((config_map.place / "data", "its keys"),),
                severity=by_mark(graph, manifest.place),
                cause=f"{manifest}: {key} of {config_map}",
                cluster=deployment.cluster.name,
            )
