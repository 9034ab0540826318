"""Generated variable files that stand where another cluster's belongs.

Whoever runs Terraform for a cluster takes the file by its path. Where all files of a template have the name of their
cluster in their path, one that has another's is applied to the wrong one: files were exchanged, or one was copied. One
that was moved is not found where the others of its kind are.

Part of tfvars-variables.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.files import tfvars_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.terraform import Tfvars

_CLUSTER, _ENVIRONMENT = _PLACEHOLDERS = ("<cluster>", "<environment>")


def misplaced_variables(graph: Graph) -> Iterator[Finding]:
    """Yields the generated files that are for another cluster than their path says."""
    alike: defaultdict[str, list[Tfvars]] = defaultdict(list)
    for tfvars in graph.tfvars:
        file = graph.files.get(tfvars.path)
        if file is not None and file.origin is not None:
            alike[file.origin.template].append(tfvars)
    clusters = {each.cluster for each in graph.tfvars} | graph.clusters.keys()
    for found in alike.values():
        usual = _Usual(found)
        for tfvars in found:
            if usual.is_left_by(tfvars):
                yield _moved(tfvars, usual)
        unnamed = [each for each in found if each.cluster not in _named_in(each.path)]
        is_rule = len(unnamed) < len(found) - len(unnamed)
        for tfvars in unnamed:
            other = next((each for each in _named_in(tfvars.path) if each in clusters), None)
            if other is not None or is_rule:
                yield _finding(tfvars, other, found)


class _Usual:
    """Where the variable files of a template stand: where in their paths most have their cluster and environment."""

    def __init__(self, found: Sequence[Tfvars]) -> None:
        self._shapes = {each.path: _shape(each) for each in found}
        self._places = Counter(self._shapes.values())
        shape, count = self._places.most_common(1)[0]
        self.shape = shape if count * 2 > len(found) else ""
        self.example = next(each for each in found if self._shapes[each.path] == shape)
        self._there = {each.cluster for each in found if self._shapes[each.path] == shape}
        self._names = frozenset(name for each in found for name in (each.cluster, each.environment))

    def is_left_by(self, tfvars: Tfvars) -> bool:
        """Tells whether the only file of a cluster has its own name, but stands where none of the others does."""
        if not tfvars.environment and _ENVIRONMENT in self.shape:
            return False  # its own folder looks as if it were none of its environment
        own = self._shapes[tfvars.path]
        is_alone = self._places[own] == 1 and len(self._there) > 1 and tfvars.cluster not in self._there
        return bool(self.shape) and is_alone and _CLUSTER in own and self._is_near(own)

    def _is_near(self, shape: str) -> bool:
        """True for a path that lacks folders, or has others: names of others of their kind, and one that is none."""
        own, usual = shape.split("/"), self.shape.split("/")
        if len(own) != len(usual):
            return len(own) < len(usual) and Counter(own) <= Counter(usual)
        pairs = zip(own, usual, strict=True)
        # A cluster may be called as its environment is.
        differing = [(one, other) for one, other in pairs if one not in (other, *_PLACEHOLDERS)]
        are_alike = all(other in _PLACEHOLDERS or one.casefold() == other.casefold() for one, other in differing)
        return bool(differing) and are_alike and sum(one not in self._names for one, _ in differing) <= 1


def _shape(tfvars: Tfvars) -> str:
    """Returns a path with placeholders for what of it is the cluster's or the environment's."""
    known = {tfvars.environment: _ENVIRONMENT, tfvars.cluster: _CLUSTER}
    *folders, name = tfvars.path.split("/")
    return "/".join((*(known.get(each, each) for each in folders), known.get(tfvars_name(name), name)))


def _moved(tfvars: Tfvars, usual: _Usual) -> Finding:
    folder, _, name = tfvars.path.rpartition("/")
    where, hint = usual.shape.rpartition("/")[0], "move it to the folder of its cluster, or generate it again"
    reason = f"stands in {folder}, and the others of its kind in {where}"
    if _shape(tfvars).rpartition("/")[0] == where:
        reason = f"is called {name}, and the others of its kind are called after their cluster"
        hint = f"call it {tfvars.cluster}.{name.partition('.')[2]}, or generate it again"
    return Finding(
        f"the file of {tfvars.cluster} {reason}",
        tfvars.place / "cluster_name",
        hint,
        related=((usual.example.place / "cluster_name", "this one, for example"),),
        cause="path unlike the others",
        cluster=tfvars.cluster,
    )


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
