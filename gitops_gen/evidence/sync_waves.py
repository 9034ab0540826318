"""The sync wave of an object: in which order Argo CD applies the objects of one phase.

Source: Argo CD v3.5.1, gitops-engine, pkg/sync/syncwaves/waves.go, Wave, and pkg/sync/hook/helm/weight.go, Weight.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

WAVE = "argocd.argoproj.io/sync-wave"
_WEIGHT = "helm.sh/hook-weight"
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}", re.ASCII)


def wave_of(annotations: Mapping[str, object]) -> int:
    """Returns the wave, or else the weight that Helm's hooks have, be the object a hook or not; 0 without either."""
    return next((wave for key in (WAVE, _WEIGHT) if (wave := whole_number(annotations.get(key))) is not None), 0)


def whole_number(stated: object) -> int | None:
    """Returns the number that an annotation states, if it is one."""
    return int(stated) if isinstance(stated, str) and _WHOLE.fullmatch(stated) else None
