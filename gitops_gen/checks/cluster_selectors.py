"""Slips in the selectors of clusters: a label, or a value of one, that none has which is registered here.

Part of applicationset-parameters. Which other clusters are registered is not known, so it is a warning, and only for
what somebody hardly calls a label or a value beside another one.

Source: argoproj/argo-cd v3.5.1, applicationset/generators/cluster.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.applicationsets.generators import has_clusters
from gitops_gen.evidence.values import list_at, map_at, strings_at, text_at
from gitops_gen.near_miss import is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from gitops_gen.evidence.applicationsets import Expansion
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.places import Place

_SOME = ("In", "Exists")
"""The operators that ask for a label."""


def cluster_selectors(graph: Graph, expansion: Expansion) -> Iterator[Finding]:
    """Yields what the selectors of a set ask for in vain."""
    generators = list_at(expansion.manifest.value, "spec", "generators")
    if not any(map(has_clusters, generators)):
        return
    labels = [map_at(each.value, "metadata", "labels") for each in graph.registered_secrets()]
    for selector, place in _selectors(generators, expansion.manifest.place.down("spec", "generators")):
        for key, values, where in _asked(selector, place):
            yield from _in_vain(expansion, labels, key, values, where)


def _selectors(generators: Sequence[object], place: Place) -> Iterator[tuple[object, Place]]:
    for index, generator in enumerate(generators):
        for kind, inner in map_at(generator).items():
            where = place.down(index, kind)
            if kind == "clusters":
                yield map_at(inner, "selector"), where / "selector"
            else:
                yield from _selectors(list_at(inner, "generators"), where / "generators")


def _asked(selector: object, place: Place) -> Iterator[tuple[str, Sequence[str], Place]]:
    """Yields each label that has to be there, the values that it may have, if not any, and where that stands."""
    for key, value in map_at(selector, "matchLabels").items():
        if isinstance(value, str):
            yield key, [value], place.down("matchLabels", key)
    for index, each in enumerate(list_at(selector, "matchExpressions")):
        if text_at(each, "operator") in _SOME:
            yield text_at(each, "key") or "", strings_at(each, "values"), place.down("matchExpressions", index, "key")


def _in_vain(
    expansion: Expansion, labels: Sequence[Mapping[str, object]], key: str, values: Sequence[str], place: Place
) -> Iterator[Finding]:
    stated = [each[key] for each in labels if key in each]
    known = dict.fromkeys(name for each in labels for name in each)
    if not stated and (meant := _meant(key, known)) is not None:
        yield _finding(expansion, f"the label {key}", meant, place, on_key=place.steps[-1] == key)
    for value in values:
        texts = dict.fromkeys(each for each in stated if isinstance(each, str))
        if value not in texts and (meant := _meant(value, texts)) is not None:
            yield _finding(expansion, f"the label {key}: {value}", meant, place)


def _meant(text: str, known: Collection[str]) -> str | None:
    near = [each for each in known if is_typo(text, each)]
    return near[0] if len(near) == 1 and "{{" not in text else None


def _finding(expansion: Expansion, asked: str, meant: str, place: Place, *, on_key: bool = False) -> Finding:
    return Finding(
        f"{expansion.manifest} asks for clusters with {asked}, and none here has it",
        place,
        f"did you mean {meant}?",
        severity=Severity.WARNING,
        on_key=on_key,
    )
