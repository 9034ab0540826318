"""What a store of AWS signs in with, where it is not whole: the operator looks for a Secret or a key without a name.

Part of external-secret-fields. Source: external-secrets v2.9.0, providers/v1/aws/auth/auth.go, which reads both keys,
and a ServiceAccount before them; runtime/esutils/resolvers/secret_ref.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.values import at, text_at
from gitops_gen.shapes import Misfit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.shapes import Steps

_NEEDED = ("accessKeyIDSecretRef", "secretAccessKeySecretRef")
_GIVEN = "sessionTokenSecretRef"
_PARTS = ("name", "key")


def refused_sign_in(auth: Mapping[str, object], steps: Steps) -> Iterator[Misfit]:
    """Yields what is missing. Where there is a ServiceAccount, nobody looks at the keys."""
    if at(auth, "jwt") is not None:
        if at(auth, "jwt", "serviceAccountRef") is None:
            yield _missing((*steps, "jwt"), "serviceAccountRef")
        return
    for name in (*_NEEDED, _GIVEN):
        ref, place = at(auth, "secretRef", name), (*steps, "secretRef")
        if ref is None and name in _NEEDED:
            yield _missing(place, name)
        elif isinstance(ref, dict):
            yield from (_missing((*place, name), part) for part in _PARTS if not text_at(ref, part))


def _missing(steps: Steps, name: str) -> Misfit:
    return Misfit(steps, f"{name} is missing", f"add {name}:", on_key=True, missing=name)
