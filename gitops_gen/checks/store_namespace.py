"""A SecretStore names no namespace in its references, and never one that is not its own.

A SecretStore looks its ServiceAccount and its credentials up in its own namespace. Up to 0.9.19 the operator refuses
any namespace there ("namespace not allowed with namespaced SecretStore"); from 0.9.20 on it takes the store's own and
refuses another. So the field is either wrong or says what is so without it. A ClusterSecretStore may name one. Of
stores for others than AWS, another namespace is told: it is refused, or passed over.

A ClusterSecretStore has no namespace of its own: for the certificate that a caProvider of Vault or of Kubernetes names
it has to state one ("missing namespace on caProvider secret"), unless a caBundle has the certificate itself.

Fix: remove the namespace; for a ServiceAccount elsewhere, move the store to it, or use a ClusterSecretStore. Add that
of the ConfigMap or the Secret to the caProvider of a ClusterSecretStore.

Source: external-secrets, pull requests 530 and 3555; runtime/esutils/utils.go, FetchCACertFromSource, and
resolvers/secret_ref.go at v2.9.0.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Check, Finding
from gitops_gen.evidence.values import map_at, text_at
from gitops_gen.external_secrets import store_rejects_own_namespace
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.operators import OperatorObject
    from gitops_gen.shapes import Steps

_PROVIDER = ("spec", "provider")
_AUTH = (*_PROVIDER, "aws", "auth")
_REFERENCES = (
    ("jwt", "serviceAccountRef"),
    ("secretRef", "accessKeyIDSecretRef"),
    ("secretRef", "secretAccessKeySecretRef"),
    ("secretRef", "sessionTokenSecretRef"),
)
_CERTIFICATES = ((*_PROVIDER, "vault"), (*_PROVIDER, "kubernetes", "server"))
"""What may have a caProvider that External Secrets reads in one way."""
_CA_PROVIDER = "caProvider"
_FIELDS = frozenset({"name", "key", "namespace", "audiences"})


def _run(graph: Graph) -> Iterator[Finding]:
    for each in graph.operator_objects:
        if each.manifest.kind == "SecretStore":
            yield from _of_aws(each) if map_at(each.manifest.value, *_AUTH) else _of_others(each)
        elif each.manifest.kind == "ClusterSecretStore" and each.is_whole:
            yield from _of_certificates(each)


def _of_aws(each: OperatorObject) -> Iterator[Finding]:
    for steps in _REFERENCES:
        stated = text_at(each.manifest.value, *_AUTH, *steps, "namespace")
        if stated is not None:
            yield _finding(each, (*_AUTH, *steps), stated)


def _of_others(each: OperatorObject) -> Iterator[Finding]:
    for steps, value in _references(map_at(each.manifest.value, *_PROVIDER), _PROVIDER):
        stated = text_at(value, "namespace")
        if stated and each.namespace and stated != each.namespace:
            yield _finding(each, steps, stated)


def _of_certificates(each: OperatorObject) -> Iterator[Finding]:
    for steps in _CERTIFICATES:
        stated = map_at(each.manifest.value, *steps)
        certificate = map_at(stated, _CA_PROVIDER)
        if certificate and "namespace" not in certificate and not stated.get("caBundle"):
            what = f"{text_at(certificate, 'type') or 'object'} {text_at(certificate, 'name') or ''}".strip()
            message = (
                f"{each.manifest}: {_CA_PROVIDER} names no namespace, and External Secrets knows none for a "
                "ClusterSecretStore"
            )
            yield Finding(
                message,
                each.manifest.place.down(*steps, _CA_PROVIDER),
                f"add namespace: to it, that of the {what}",
                cause=message,
                cluster=each.cluster,
            )


def _references(value: object, steps: Steps) -> Iterator[tuple[Steps, object]]:
    """Yields what has the fields of a reference to a Secret or a ServiceAccount, and no others, and the steps there."""
    if isinstance(value, dict) and "name" in value and not value.keys() - _FIELDS:
        yield steps, value
        return
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, each in items:
        yield from _references(each, (*steps, step))


def _finding(each: OperatorObject, steps: Steps, stated: str) -> Finding:
    is_refused = each.version is not None and store_rejects_own_namespace(each.version)
    is_another = bool(each.namespace) and stated != each.namespace
    if is_another:
        reason = f"but the store is in {each.namespace}, and External Secrets looks nowhere else"
    elif is_refused:
        reason = f"which External Secrets {each.version} refuses even where it is the store's own"
    else:
        reason = "which says nothing: the store's own is the only one that External Secrets takes"
    return Finding(
        f"{each.manifest}: {steps[-1]} names namespace {stated}, {reason}",
        each.manifest.place.down(*steps, "namespace"),
        "remove namespace: from the reference",
        severity=Severity.ERROR if is_another or is_refused else Severity.WARNING,
        cause=f"{each.manifest}: {steps[-1]} {stated} {each.version}",
        cluster=each.cluster,
    )


CHECK = Check("store-namespace", _run, __doc__)
