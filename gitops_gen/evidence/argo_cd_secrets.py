"""The Secrets that Argo CD reads, of clusters and repositories: by which label it knows them, and what makes one.

Source: Argo CD v3.5.1, docs/operator-manual/declarative-setup.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import map_at, text_at
from gitops_gen.kubernetes import ARGO_CD_SECRET_TYPE
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gitops_gen.evidence.files import Manifest

CLUSTER = "cluster"

ENDINGS = ("Secret", "OnePasswordItem")
"""How the kind ends of whatever is a Secret, or has an operator make one.

A Secret has the labels of the item of 1Password that it is made of. Source: 1Password/onepassword-operator,
internal/controller/onepassworditem_controller.go, handleOnePasswordItem.
"""


class MadeSecret(NamedTuple):
    """A Secret that an operator makes of another object."""

    type: str | None
    """What Argo CD will read it as."""
    template: Mapping[str, object]
    """What the object says of it; empty where it says nothing."""


def secret_type(manifest: Manifest) -> str | None:
    """Returns what Argo CD reads an object as, if it is a Secret."""
    return text_at(manifest.value, "metadata", "labels", ARGO_CD_SECRET_TYPE)


def makes_secret(manifest: Manifest) -> bool:
    """True for an object of an operator that makes a Secret: an ExternalSecret, a SealedSecret or the like."""
    return bool(manifest.group) and manifest.kind != "Secret" and manifest.kind.endswith(ENDINGS)


def made_secret(manifest: Manifest) -> MadeSecret:
    """Returns the Secret that such an object makes. Without labels for it, it has those of the object."""
    spec = map_at(manifest.value, "spec")
    template = map_at(spec, "target", "template") or map_at(spec, "template")
    return MadeSecret(text_at(template, "metadata", "labels", ARGO_CD_SECRET_TYPE) or secret_type(manifest), template)


def made_clusters(manifests: Iterable[Manifest], *fields: str) -> frozenset[str | None]:
    """Returns what the Secrets of clusters that operators make say in some fields; None for what is filled in."""
    made = (made_secret(each) for each in manifests if makes_secret(each))
    return frozenset(_stated(each.template, field) for each in made if each.type == CLUSTER for field in fields)


def _stated(template: object, field: str) -> str | None:
    """Returns what a template says of a field of the Secret, or None where somebody fills it in."""
    stated = text_at(template, "stringData", field) or text_at(template, "data", field)
    return None if stated is None or has_template(stated) else stated
