"""Slips in the label by which Argo CD knows its Secrets: with one, it passes over a repository or a cluster.

Part of cluster-registration; of what charts render to, of external-secret-target.

Source: Argo CD v3, common/common.go, LabelKeySecretType and the values for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.argo_cd_secrets import CLUSTER, ENDINGS
from gitops_gen.evidence.values import text_at
from gitops_gen.kubernetes import ARGO_CD_SECRET_TYPE
from gitops_gen.near_miss import is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import Manifest

_TYPES = (CLUSTER, "repository", "repo-creds", "repository-write", "repo-write-creds", "scm-creds")
_LABELS = ("metadata", "labels", ARGO_CD_SECRET_TYPE)
_PLACES = (_LABELS, ("spec", "target", "template", *_LABELS), ("spec", "template", *_LABELS))
"""Where a Secret has the label, and where what an ExternalSecret or a SealedSecret makes gets it."""


def misspelt_types(manifest: Manifest) -> Iterator[Finding]:
    """Yields each type that Argo CD does not know, and that is almost one of its own."""
    for steps in _PLACES if manifest.kind.endswith(ENDINGS) else ():
        stated = text_at(manifest.value, *steps)
        meant = _meant(stated) if stated is not None and stated not in _TYPES else None
        if meant is not None:
            message = f"{manifest}: Argo CD has no {ARGO_CD_SECRET_TYPE} {stated}, so that it passes over the Secret"
            yield Finding(
                message,
                manifest.place.down(*steps),
                f"did you mean {meant}?",
                severity=Severity.WARNING,
                cause=message,
            )


def _meant(stated: str) -> str | None:
    """Returns the type of which a text is a slip, or the plural."""
    singular = stated.removesuffix("ies") + "y" if stated.endswith("ies") else stated
    return next((each for each in _TYPES if singular == each or is_typo(singular, each)), None)
