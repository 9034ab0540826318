"""Secrets that Kubernetes wants of a type, or with keys of certain names: for pulling images, and for TLS.

The kubelet passes over a Secret for images that is of no type for them, and pulls without a credential; an
ExternalSecret makes one of type Opaque unless its template says otherwise. An Ingress is served with tls.crt and
tls.key.

Part of secret-reference. Source: Kubernetes, pkg/credentialprovider/secrets, and "Ingress", TLS; external-secrets,
docs/guides/common-k8s-secret-types.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence.companions import are_together
from gitops_gen.evidence.secret_references import PULL, WORKLOADS, workload_references
from gitops_gen.evidence.secret_targets import keys_of, type_of
from gitops_gen.evidence.values import list_at, text_at
from gitops_gen.kubernetes import OPAQUE, PULL_TYPES, TLS, keys_missing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place
    from gitops_gen.evidence.secret_targets import SecretTarget, Targets

INGRESS = "Ingress"


def typed_secrets(graph: Graph, deployment: Deployment, targets: Targets) -> Iterator[Finding]:
    """Yields what an ExternalSecret makes that what reads it cannot use."""
    for manifest in deployment.manifests:
        if manifest.kind in WORKLOADS:
            for reference in workload_references(manifest):
                if PULL in reference.place.steps:
                    made = _made(graph, deployment, manifest, reference.name, targets)
                    yield from _of_no_type(graph, manifest, reference.place, made)
        elif manifest.kind == INGRESS:
            for index, entry in enumerate(list_at(manifest.value, "spec", "tls")):
                made = _made(graph, deployment, manifest, text_at(entry, "secretName") or "", targets)
                place = manifest.place.down("spec", "tls", index, "secretName")
                yield from _without_keys(graph, manifest, place, made)


def _made(graph: Graph, deployment: Deployment, reader: Manifest, name: str, targets: Targets) -> list[SecretTarget]:
    """Returns what makes a Secret; the Argo CD of another cluster has Secrets of its own."""
    found = targets.get((deployment.namespace_of(reader), name), [])
    return [each for each in found if are_together(graph, deployment.application, each.deployment.application)]


def _of_no_type(graph: Graph, reader: Manifest, place: Place, made: list[SecretTarget]) -> Iterator[Finding]:
    types = {type_of(each.manifest) for each in made}
    if any(each.is_owner for each in made) and types.isdisjoint(PULL_TYPES):
        kind = min(types - {OPAQUE}, default=OPAQUE)
        yield Finding(
            f"{made[0].manifest} makes the Secret {made[0].name} of type {kind}, and {reader} is to pull its images "
            "with it: the kubelet passes over one of that type",
            made[0].place,
            f"write type: {PULL_TYPES[0]} in spec.target.template",
            related=((place, f"{reader} names it here"),),
            severity=by_mark(graph, made[0].manifest.place),
            cause=f"{made[0].name}: no type for images",
            cluster=made[0].deployment.cluster.name,
        )


def _without_keys(graph: Graph, reader: Manifest, place: Place, made: list[SecretTarget]) -> Iterator[Finding]:
    keys = keys_of(made) if made else None
    lacks = keys_missing(TLS, keys) if keys is not None else ()
    if lacks:
        yield Finding(
            f"{made[0].manifest} gives the Secret {made[0].name} no {' and no '.join(lacks)}, and {reader} is served "
            "with it",
            made[0].manifest.place.down("spec", "data"),
            f"name the keys {' and '.join(keys_missing(TLS, ()))}",
            related=((place, f"{reader} names it here"),),
            severity=by_mark(graph, made[0].manifest.place),
            on_key=True,
            cause=f"{made[0].name}: no {lacks[0]}",
            cluster=made[0].deployment.cluster.name,
        )
