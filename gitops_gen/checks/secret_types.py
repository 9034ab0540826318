"""The type of the Secret that an ExternalSecret makes: Kubernetes wants certain keys of some, and knows no slip of one.

Part of external-secret-target. Source: Kubernetes, pkg/apis/core/validation, ValidateSecret; a type of another name is
somebody's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.secret_targets import TYPE, keys_of_one
from gitops_gen.evidence.values import text_at
from gitops_gen.kubernetes import SECRET_TYPES, keys_missing
from gitops_gen.near_miss import is_typo

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.secret_targets import SecretTarget


def secret_types(graph: Graph, target: SecretTarget) -> Iterator[Finding]:
    """Yields what is wrong with the type that an ExternalSecret states."""
    stated = text_at(target.manifest.value, *TYPE)
    if stated is None or has_template(stated):
        return
    place = target.manifest.place.down(*TYPE)
    meant = next((each for each in SECRET_TYPES if is_typo(stated, each) or _looks_like(stated, each)), None)
    if meant is not None:
        yield Finding(
            f"{target.manifest} makes a Secret of type {stated}, which is nearly {meant}",
            place,
            f"did you mean {meant}?",
            severity=by_mark(graph, place),
            cause=f"{target.manifest}: type {stated}",
            cluster=target.deployment.cluster.name,
        )
    keys = keys_of_one(target) if target.is_owner else None
    lacks = keys_missing(stated, keys) if keys is not None else ()
    if lacks:
        yield Finding(
            f"{target.manifest} makes a Secret of type {stated} without the key {' and the key '.join(lacks)}: "
            "Kubernetes refuses it",
            place,
            f"give it the key {lacks[0]}, or leave the type out",
            cause=f"{target.manifest}: no {lacks[0]}",
            cluster=target.deployment.cluster.name,
        )


def _looks_like(stated: str, known: str) -> bool:
    """True for a type in other capitals, or with letters of another alphabet that look the same."""
    pairs = [(one, other) for one, other in zip(stated, known, strict=False) if one != other]
    is_alike = all(one.casefold() == other.casefold() or not one.isascii() for one, other in pairs)
    return stated != known and len(stated) == len(known) and is_alike
