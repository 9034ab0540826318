"""What Argo CD does by itself for a release: as its place says, and no more than that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.model import Sync
from gitops_gen.resolve.levels import Chain, blocks, nearest

if TYPE_CHECKING:
    from gitops_gen.model import Cluster
    from gitops_gen.resolve.findings import Findings


def resolve_sync(cluster: Cluster, chain: Chain, findings: Findings) -> Sync:
    """Returns what the chain of an app makes of a cluster's sync policy; what loosens it is a finding."""
    sync = blocks("sync", chain)
    if not sync:
        return cluster.sync
    return Sync(
        automated=_tightened("automated", sync, cluster, findings, place=cluster.sync.automated),
        prune=_tightened("prune", sync, cluster, findings, place=cluster.sync.prune),
        self_heal=_tightened("self_heal", sync, cluster, findings, place=cluster.sync.self_heal),
    )


def _tightened(field: str, sync: Chain, cluster: Cluster, findings: Findings, *, place: bool) -> bool:
    stated = nearest(bool, field, sync)
    if stated is None:
        return place
    if stated.value and not place:
        findings.add(
            "loosened-sync",
            f"{field}: true, but {cluster.environment.name} says false"
            + (" (it is protected)" if cluster.protected and field == "automated" else ""),
            stated.route,
            hint="an app may tighten what its place says, never loosen it: remove it here",
        )
    return place and stated.value
