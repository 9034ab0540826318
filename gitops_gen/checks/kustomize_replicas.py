"""The replicas of a kustomization are those of a workload that it builds, or it builds nothing.

Part of source-path.

Source: kubernetes-sigs/kustomize, api/internal/builtins/ReplicaCountTransformer.go; api/internal/konfig/
builtinpluginconsts/replicas.go: the kinds, to which only `configurations` add. A name is that in the file, or what
prefixes and suffixes make of it. `kubectl kustomize` 5.5 was asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.kustomize_patches import Useless
from gitops_gen.evidence import kustomizations
from gitops_gen.evidence.files import yaml_files
from gitops_gen.evidence.kustomize_builds import taken
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import list_at, map_at, text_at
from gitops_gen.near_miss import near_miss, nearest_name
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from gitops_gen.evidence.graph import Graph

FIELD = "replicas"
_RENAMING = lazily(r"metadata[./]name\b|/metadata[\"'\s,}]|allow(?:Name|Kind)Change|path:\s*(?:\"\"|'')")
"""What a patch or a replacement says that may change a name."""
_KINDS = frozenset({"Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"})


def useless_replicas(graph: Graph, path: str) -> Iterator[Useless]:
    """Yields the replicas of a kustomization that are for nothing, but for those of a component."""
    value = map_at(kustomizations.value_of(graph.files, path))
    is_open = value.get("kind") == kustomizations.COMPONENT or bool(value.get("configurations"))
    objects = taken(graph.files, path) if list_at(value, FIELD) and not is_open else None
    if objects is None:
        return
    names = {each.name for each in objects if each.kind in _KINDS}
    lost: list[Useless] = []
    for index, entry in enumerate(list_at(value, FIELD)):
        name = text_at(entry, "name") or ""
        if name and not has_template(name) and not any(each in name for each in names):
            place = Place(path).down(FIELD, index, "name")
            what = f"replicas of {name}, which it does not build"
            lost.append(Useless(place, what, _hint(name, names), is_refused=True))
    yield from lost if lost and not _may_rename(graph) else ()


def _may_rename(graph: Graph) -> bool:
    """True if some kustomization, or a list that one may take for its patches or replacements, may give names anew."""
    return any(_RENAMING.search(text) for text in _texts(graph))


def _texts(graph: Graph) -> Iterator[str]:
    for path in yaml_files(graph.paths):
        file = graph.files.get(path)
        if file is None:
            continue
        if kustomizations.is_named_so(path) or any(isinstance(each, list) for each in file.documents.values):
            yield file.text


def _hint(name: str, names: Collection[str]) -> str:
    if nearest_name(name, names) is not None:
        return near_miss(name, names)
    return f"name one of its objects of kind {', '.join(sorted(_KINDS))}, or patch what is of another kind"
