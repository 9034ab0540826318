"""Generated variable files of clusters that nothing else of the tree knows: most likely, those are gone.

A role stands in such a file for an Application that reads secrets on the cluster. Where no Application lands there, and
the Secrets of other clusters are here and not its own, the cluster was taken away, and a merge or a copy brought its
file back: who runs Terraform for each file makes its roles anew. Where a cluster that is known has no file, this one is
probably meant for that, which is told there.

Part of tfvars-variables.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.checks.unread_files import is_wholly_judged
from gitops_gen.evidence.applications import LOCAL_CLUSTER
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.terraform import Tfvars


def left_variables(graph: Graph) -> Iterator[Finding]:
    """Yields the generated files with roles whose cluster is unknown, where all that may know it is here."""
    known = (graph.clusters.keys() | graph.cluster_secrets.keys()) - {LOCAL_CLUSTER}
    left = [each for each in graph.tfvars if each.cluster not in known and each.roles and graph.is_ours(each.place)]
    is_known = bool(graph.cluster_secrets) and all(each.is_whole for each in graph.expansions)
    have_files = known <= {each.cluster for each in graph.tfvars}
    if left and is_known and have_files and is_wholly_judged(graph, left[0].path):
        for tfvars in left:
            yield _finding(graph, tfvars)


def _finding(graph: Graph, tfvars: Tfvars) -> Finding:
    other = next(iter(graph.cluster_secrets.values()))
    return Finding(
        f"the file makes roles for the cluster {tfvars.cluster}, on which no Application lands, and which no Secret "
        "declares",
        tfvars.place / "cluster_name",
        "bring back the files of the cluster or, if it is gone on purpose: gitops-gen generate --prune",
        ((other.place, "here is the Secret of another cluster"),),
        Severity.WARNING,
        cause="variables of no cluster",
        cluster=tfvars.cluster,
    )
