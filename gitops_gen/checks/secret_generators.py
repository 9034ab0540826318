"""The generators that an ExternalSecret or a PushSecret names, such as a Password, are in its namespace.

Part of external-secret-store.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, named_here
from gitops_gen.evidence.values import list_at, map_at, text_at
from gitops_gen.external_secrets import CLUSTER_GENERATOR, GENERATOR_KINDS
from gitops_gen.near_miss import is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.leaves import Steps
    from gitops_gen.evidence.places import Place


def secret_generators(graph: Graph, deployment: Deployment, manifest: Manifest) -> Iterator[Finding]:
    """Yields each generator that an ExternalSecret or a PushSecret of an Application names, and that is not there."""
    for steps in _refs(manifest):
        ref = map_at(manifest.value, *steps)
        kind, name = text_at(ref, "kind"), text_at(ref, "name")
        if kind in GENERATOR_KINDS and name:
            namespace = "" if kind == CLUSTER_GENERATOR else deployment.namespace_of(manifest)
            if deployment.cluster.find(kind, namespace, name) is None:
                place = manifest.place.down(*steps, "name")
                yield from _missing(graph, deployment, manifest, (kind, namespace, name), place)


def _refs(manifest: Manifest) -> Iterator[Steps]:
    for step in ("data", "dataFrom"):
        for index in range(len(list_at(manifest.value, "spec", step))):
            yield "spec", step, index, "sourceRef", "generatorRef"
    yield "spec", "selector", "generatorRef"


def _missing(
    graph: Graph, deployment: Deployment, manifest: Manifest, key: tuple[str, str, str], place: Place
) -> Iterator[Finding]:
    kind, namespace, name = key
    cluster = deployment.cluster
    from difflib import get_close_matches

    near = {each[2]: found for each, found in cluster.generators if each[:2] == key[:2]}
    close = get_close_matches(name, near, n=1, cutoff=0.6)
    meant = near[close[0]] if close else None
    severity = _severity(graph, deployment, key, meant)
    if severity is Severity.NOTE and _is_written(graph, key):
        return
    where = f"namespace {namespace} of {cluster.name}" if namespace else cluster.name
    none = "there is none" if severity is Severity.ERROR else "none is seen"
    yield Finding(
        f"{manifest} asks the generator {kind} {name}, but {none} in {where}",
        place,
        f"did you mean {meant.name}?" if meant else f"bring the {kind} {name} there, or name the one that is",
        related=named_here(meant) if meant else (),
        severity=severity,
        cause=f"{manifest if severity is Severity.ERROR else ''}: {kind} {name}",
        cluster=cluster.name,
    )


def _severity(graph: Graph, deployment: Deployment, key: tuple[str, str, str], meant: Manifest | None) -> Severity:
    """Returns how sure it is: of a chart, a kustomization or another repository nobody knows what it brings."""
    _, namespace, name = key
    if graph.is_ours(deployment.application.place) or (meant is not None and is_typo(name, meant.name)):
        return Severity.ERROR
    cluster = deployment.cluster
    if not graph.unknown and cluster.has_operator and cluster.is_seen(namespace or None):
        return Severity.ERROR
    return Severity.WARNING if meant is not None and meant in deployment.manifests else Severity.NOTE


def _is_written(graph: Graph, key: tuple[str, str, str]) -> bool:
    """True for a generator that stands in a file, which something unseen may bring."""
    kind, namespace, name = key
    return any(
        each.kind == kind and each.name == name and each.namespace in (None, namespace) for each in graph.manifests
    )
