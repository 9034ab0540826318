"""Generated variable files that stand where another cluster's belongs.

Whoever runs Terraform for a cluster takes the file by its path. Where all files of a template have the name of their
cluster in their path, one that has another's is applied to the wrong one: files were exchanged, or one was copied.

Part of tfvars-variables.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.terraform import Tfvars


def misplaced_variables(graph: Graph) -> Iterator[Finding]:
    """Yields the generated files that are for another cluster than their path says."""
    alike: defaultdict[str, list[Tfvars]] = defaultdict(list)
    for tfvars in graph.tfvars:
        file = graph.files.get(tfvars.path)
        if file is not None and file.origin is not None:
            alike[file.origin.template].append(tfvars)
    clusters = {each.cluster for each in graph.tfvars} | graph.clusters.keys()
    for found in alike.values():
        unnamed = [each for each in found if each.cluster not in _named_in(each.path)]
        is_rule = len(unnamed) < len(found) - len(unnamed)
        for tfvars in unnamed:
            other = next((each for each in _named_in(tfvars.path) if each in clusters), None)
            if other is not None or is_rule:
                yield _finding(tfvars, other, found)


def _named_in(path: str) -> tuple[str, ...]:
    """Returns what in a path may be the name of a cluster: that of the file, without its ending, and of the folders."""
    *folders, name = path.split("/")
    return (name.partition(".")[0], name.rpartition(".")[0], *reversed(folders))


def _finding(tfvars: Tfvars, other: str | None, found: Collection[Tfvars]) -> Finding:
    own = next((each for each in found if each is not tfvars and each.cluster in (tfvars.cluster, other)), None)
    says = f"and its path is that of {other}" if other is not None else "which its path does not name, as others do"
    return Finding(
        f"the file is for the cluster {tfvars.cluster}, {says}",
        tfvars.place / "cluster_name",
        "move it to the folder of its cluster, or generate it again",
        related=((own.place / "cluster_name", f"this file is for {own.cluster}"),) if own is not None else (),
        cause="path of another cluster",
        cluster=tfvars.cluster,
    )
