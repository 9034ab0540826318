"""What an ExternalSecret finds secrets by: a store of AWS finds none by a path alone.

Part of external-secret-store. Source: external-secrets v2.9.0, GetAllSecrets in providers/v1/aws/secretsmanager and
providers/v1/aws/parameterstore: "unexpected find operator".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.values import at, list_at, map_at, text_at
from gitops_gen.kinds import CLUSTER_STORE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import Manifest

_WAYS = ("name", "tags")


def refused_finds(deployment: Deployment, manifest: Manifest) -> Iterator[Finding]:
    """Yields each find of an ExternalSecret that its store of AWS refuses."""
    for index, item in enumerate(list_at(manifest.value, "spec", "dataFrom")):
        store = store_of(deployment, manifest, item) if _is_bare(item) else None
        if store is not None and at(store.value, "spec", "provider", "aws") is not None:
            yield Finding(
                f"{manifest} finds secrets by neither a name nor tags, which {store} refuses",
                manifest.place.down("spec", "dataFrom", index, "find"),
                "add name: {regexp: ...}, which .* fits always",
                related=((store.place, f"{store} reads AWS"),),
                on_key=True,
                cause=f"{manifest}: find {index}",
                cluster=deployment.cluster.name,
            )


def _is_bare(item: object) -> bool:
    find = at(item, "find")
    return isinstance(find, dict) and all(find.get(way) is None for way in _WAYS)


def store_of(deployment: Deployment, manifest: Manifest, item: object) -> Manifest | None:
    """Returns the one store that an item of an ExternalSecret reads, or None where there is none, or more."""
    own = map_at(item, "sourceRef", "storeRef")
    return store_by(deployment, manifest, own or map_at(manifest.value, "spec", "secretStoreRef"))


def store_by(deployment: Deployment, manifest: Manifest, ref: object) -> Manifest | None:
    """Returns the one store that a reference of an object names, or None where there is none, or more."""
    kind = text_at(ref, "kind") or "SecretStore"
    namespace = "" if kind == CLUSTER_STORE else deployment.namespace_of(manifest)
    found = deployment.cluster.objects.get((kind, namespace, text_at(ref, "name") or "")) or ()
    return found[0][1] if len(found) == 1 else None
