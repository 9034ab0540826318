"""Keys with a slip in the items of a list in values, where other items of the list have the right one.

Part of chart-values. What reads a list, reads each of its items alike: one that lacks a key which the others have, and
has almost that one, is misspelt. A template that loops over the list misses the key without a word, and where the list
is handed on as it is, so does the API server. Which of two keys is the slip, says what more of the values have.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding
from gitops_gen.evidence.charts import TEMPLATES, path_in
from gitops_gen.near_miss import is_typo
from gitops_gen.problems import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.leaves import Steps
    from gitops_gen.evidence.secret_references import Layer

_INLINE = "values"
"""The last step to values that an Application states as one text."""


def odd_items(graph: Graph) -> Iterator[Finding]:
    """Yields the slips in the values of Applications; a key of which a template has a word is none."""
    layers = tuple(_layers(graph))
    lists = [(layer, deployment, tuple(_lists(layer.value, ()))) for layer, deployment in layers]
    uses = Counter(key for _, _, found in lists for _, items in found for item in items for key in item)
    for layer, deployment, found in lists:
        for steps, key, meant in (slip for each in found for slip in _slips(*each, uses)):
            if not _is_read(graph, deployment, key):
                yield Finding(
                    f"an item of a list in the values has {key}, where others have {meant}",
                    layer.place.down(*steps, key),
                    f"did you mean {meant}?",
                    severity=Severity.WARNING,
                    on_key=True,
                    cause=f"{layer.place.file}: {key}",
                    cluster=deployment.cluster.name,
                )


def _layers(graph: Graph) -> Iterator[tuple[Layer, Deployment]]:
    """Yields the values of all Applications, each once, with the first one that takes them."""
    seen: set[int] = set()
    for deployment in graph.deployments:
        for layer in graph.layers_of(deployment):
            if id(layer.value) not in seen and layer.place.steps[-1:] != (_INLINE,):
                seen.add(id(layer.value))
                yield layer, deployment


def _lists(value: object, steps: Steps) -> Iterator[tuple[Steps, Sequence[Mapping[str, object]]]]:
    """Yields what leads to each list of maps, and the maps."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _lists(each, (*steps, key))
    elif isinstance(value, list):
        if value and all(isinstance(each, dict) for each in value):
            yield steps, value
        for index, each in enumerate(value):
            yield from _lists(each, (*steps, index))


def _slips(
    steps: Steps, items: Sequence[Mapping[str, object]], uses: Mapping[str, int]
) -> Iterator[tuple[Steps, str, str]]:
    """Yields what leads to each item with a slip, the key, and the one that is meant."""
    known = {key for item in items for key in item if isinstance(key, str)}
    for index, item in enumerate(items):
        for key in known.intersection(item):
            meant = [each for each in known.difference(item) if uses[each] > uses[key] and _is_slip(key, each)]
            if len(meant) == 1:
                yield (*steps, index), key, meant[0]


def _is_slip(key: str, other: str) -> bool:
    """True for a typo; one and several of a thing are two keys: host and hosts."""
    return is_typo(key, other) and f"{key}s" != other and f"{other}s" != key


def _is_read(graph: Graph, deployment: Deployment, key: str) -> bool:
    """True if a template of a chart of the tree has a word for a key."""
    folders = (graph.folder_of(source) for source in deployment.application.sources)
    paths = (path for each in folders if each is not None for path in graph.files.under(path_in(each, TEMPLATES)))
    return any(key in (graph.files.content(path) or "") for path in paths)
