"""Where a store of 1Password's SDK reads: in one vault or, since the operator knows them, in one environment.

Part of external-secret-fields. Source: external-secrets v2.9.0, the CRD of a store, which refuses both; before there
were environments, it wanted the vault; providers/v1/onepasswordsdk/provider.go, ValidateStore.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.values import at
from gitops_gen.shapes import Misfit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.shapes import Steps

_VAULT, _ENVIRONMENT = "vault", "environment"


def refused_places(provider: Mapping[str, object], steps: Steps) -> Iterator[Misfit]:
    """Yields a provider that names both a vault and an environment, or neither."""
    vault, environment = at(provider, _VAULT), at(provider, _ENVIRONMENT)
    if vault is not None and environment is not None:
        reason = "there is a vault beside it, and a store reads one of the two"
        yield Misfit((*steps, _ENVIRONMENT), reason, "remove one of the two, or make a store for each")
    elif not vault and not environment:
        yield Misfit(steps, "it names neither a vault nor an environment", "name the vault: vault: ...", on_key=True)
