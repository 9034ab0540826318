"""Every resolved fact of a cluster, with the line that it comes from or the rule that derived it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.facts.origins import Fact, Origins
from gitops_gen.facts.places import place_facts
from gitops_gen.facts.releases import release_facts

if TYPE_CHECKING:
    from gitops_gen.load import Loaded
    from gitops_gen.model import Cluster

__all__ = ["Fact", "facts_of"]


def facts_of(loaded: Loaded, cluster: Cluster) -> tuple[Fact, ...]:
    """Returns the facts of a cluster and then of its releases; those of a release start with the app's name."""
    origins = Origins(loaded.written, cluster)
    facts = list(place_facts(loaded, cluster, origins))
    for release in loaded.fleet.releases:
        if release.cluster.name == cluster.name:
            facts.extend(release_facts(loaded, release, origins))
    return tuple(facts)
