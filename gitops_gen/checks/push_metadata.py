"""What a PushSecret tells a store of AWS of a secret beside its value: the operator reads it strictly, or not at all.

Part of external-secret-store. Source: external-secrets v2.9.0, runtime/esutils/metadata/metadata.go, which refuses
other kinds and fields that it does not know; providers/v1/aws (PushSecretMetadataSpec); pull request 4538.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.checks.secret_finds import store_by
from gitops_gen.evidence.operators import operator_of
from gitops_gen.evidence.values import at, list_at, map_at, text_at
from gitops_gen.near_miss import near_miss
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.shapes import Steps

_API_VERSION, _KIND = "kubernetes.external-secrets.io/v1alpha1", "PushSecretMetadata"
_FIELDS = ("apiVersion", "kind", "spec")
_OF_SERVICE: Mapping[str, tuple[str, ...]] = {
    "SecretsManager": (
        *("tags", "description", "secretPushFormat", "kmsKeyID", "resourcePolicy", "replicationLocations"),
    ),
    "ParameterStore": ("secretType", "kmsKeyID", "tier", "encodeAsDecoded", "tags", "description"),
}
"""The fields of each service, in which Go does not tell capitals apart."""
_FORMATS = ("string", "binary")
_OWN_TAG = "managed-by"
_SINCE = (0, 16, 0)
"""Some version before this one is the first that reads it so."""


def refused_metadata(deployment: Deployment, manifest: Manifest) -> Iterator[Finding]:
    """Yields what the operator refuses of the metadata in a PushSecret, all of whose stores read one service of AWS."""
    operator = operator_of(deployment.cluster)
    service = _service(deployment, manifest)
    if service not in _OF_SERVICE or (operator is not None and operator.numbers < _SINCE):
        return
    for name in ("data", "dataTo"):
        for index, item in enumerate(list_at(manifest.value, "spec", name)):
            metadata = at(item, "metadata")
            for steps, reason, hint in _refused(metadata, service) if isinstance(metadata, dict) else ():
                yield Finding(
                    f"{manifest}: {service} refuses its metadata: {reason}",
                    manifest.place.down("spec", name, index, "metadata", *steps),
                    hint,
                    severity=Severity.WARNING if operator is None else Severity.ERROR,
                    on_key=True,
                    cause=f"{manifest}: {reason}",
                    cluster=deployment.cluster.name,
                )


def _refused(metadata: Mapping[str, object], service: str) -> Iterator[tuple[Steps, str, str]]:
    """Yields where something is wrong, what, and what to write."""
    if (text_at(metadata, "apiVersion"), text_at(metadata, "kind")) != (_API_VERSION, _KIND):
        expected = f"it is no {_KIND} of {_API_VERSION}"
        yield (), expected, "write apiVersion and kind, and all else below spec"
        return
    spec = map_at(metadata, "spec")
    for steps, fields, known in (((), metadata, _FIELDS), (("spec",), spec, _OF_SERVICE[service])):
        for field in _unknown(fields, known):
            yield (*steps, field), f"there is no field {field}", near_miss(field, known)
    stated = text_at(spec, "secretPushFormat")
    if service == "SecretsManager" and stated and stated not in _FORMATS:
        yield ("spec", "secretPushFormat"), f"got {stated}, expected string or binary", near_miss(stated, _FORMATS)
    if _OWN_TAG in map_at(spec, "tags"):
        yield ("spec", "tags", _OWN_TAG), f"the operator gives the tag {_OWN_TAG} itself", "remove it"


def _unknown(fields: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    folded = {each.casefold() for each in known}
    return (each for each in fields if each.casefold() not in folded)


def _service(deployment: Deployment, manifest: Manifest) -> str:
    """Returns the service of AWS that all stores of a PushSecret read; an empty text where that is not known."""
    services = {_service_of(deployment, manifest, ref) for ref in list_at(manifest.value, "spec", "secretStoreRefs")}
    return services.pop() if len(services) == 1 else ""


def _service_of(deployment: Deployment, manifest: Manifest, ref: object) -> str:
    store = store_by(deployment, manifest, ref)
    return text_at(store.value, "spec", "provider", "aws", "service") or "" if store is not None else ""
