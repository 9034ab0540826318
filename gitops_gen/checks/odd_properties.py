"""The properties that the generated ExternalSecrets of one app read, held against each other from cluster to cluster.

Only the provider knows which properties a secret has. But one set makes its ExternalSecrets of the same facts on each
cluster: where one reads a property that is another's with a slip, or where two have their properties exchanged, the
Kubernetes Secret gets no value, or that of another key, and nothing says so.

Part of external-secret-target.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.values import list_at, text_at
from gitops_gen.near_miss import is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

Pairs: TypeAlias = "tuple[tuple[str, str], ...]"
"""Keys of the Kubernetes Secret, each with the property that it takes."""


class _Read(NamedTuple):
    """An ExternalSecret on a cluster."""

    manifest: Manifest
    cluster: str
    pairs: Pairs


def odd_properties(graph: Graph) -> Iterator[Finding]:
    """Yields the properties that are told otherwise, by a slip, than on more clusters."""
    alike: defaultdict[tuple[Place, str], list[_Read]] = defaultdict(list)
    known: dict[int, Pairs] = {}  # by the id of a value: what many clusters have is one
    for deployment in graph.deployments:
        spec_place = deployment.application.spec_place
        for manifest in deployment.external_secrets if deployment.application.applicationset is not None else ():
            if id(manifest.value) not in known:
                known[id(manifest.value)] = _pairs(manifest)
            read = _Read(manifest, deployment.cluster.name, known[id(manifest.value)])
            alike[spec_place, manifest.name].append(read)
    for (spec_place, _), reads in alike.items():
        if len({each.pairs for each in reads}) > 1 and graph.is_ours(spec_place):
            yield from _odd(reads)


def _pairs(manifest: Manifest) -> Pairs:
    return tuple(
        (text_at(each, "secretKey") or "", text_at(each, "remoteRef", "property") or "")
        for each in list_at(manifest.value, "spec", "data")
    )


def _odd(reads: Sequence[_Read]) -> Iterator[Finding]:
    uses: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for read in reads:
        for key, name in read.pairs:
            uses[key][name] += 1
    usual = {key: counted.most_common(1)[0][0] for key, counted in uses.items()}
    for read in reads:
        for index, (key, name) in enumerate(read.pairs):
            is_rare = uses[key][usual[key]] > uses[key][name]
            if is_rare and (_is_slip(name, usual[key]) or _is_exchanged(read.pairs, usual, name, usual[key])):
                like = next(each for each in reads if (key, usual[key]) in each.pairs)
                yield _finding(read, index, like)


def _is_slip(name: str, usual: str) -> bool:
    return is_typo(name, usual) or "".join(name.split()).casefold() == "".join(usual.split()).casefold()


def _is_exchanged(pairs: Pairs, usual: Mapping[str, str], name: str, own: str) -> bool:
    """Tells whether another key has the property that is usual here, and this one that of the other."""
    return any(other == own and usual[key] == name for key, other in pairs)


def _finding(read: _Read, index: int, like: _Read) -> Finding:
    key, name = read.pairs[index]
    usual, number = next((name, number) for number, (each, name) in enumerate(like.pairs) if each == key)
    steps = ("spec", "data", index, "remoteRef", "property")
    return Finding(
        f"{read.manifest} takes {key} from the property {name!r} on {read.cluster}, and on more clusters from "
        f"{usual!r}",
        read.manifest.place.down(*steps),
        f"write {usual}, if that is what is meant",
        related=(
            (like.manifest.place.down("spec", "data", number, "remoteRef", "property"), f"{like.cluster}: {usual}"),
        ),
        severity=Severity.WARNING,
        cause=f"{read.manifest}: {key} from {name}",
        cluster=read.cluster,
    )
