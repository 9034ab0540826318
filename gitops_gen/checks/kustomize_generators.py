"""The generators of a kustomization make what it does not take yet, or change what it does.

One that makes a ConfigMap or a Secret of a name that is taken already stops the build, unless it is to merge with that,
or to replace it; one that is to do so stops it where there is none. What a kustomization takes is known where all of
that is here, and nothing renames, patches or adds to it.

Part of source-path.

Source: kubernetes-sigs/kustomize, api/resmap/reswrangler.go, appendReplaceOrMerge: what is neither merge nor replace,
in small letters, is to create. `kubectl kustomize` 5.5 was asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.kustomize_patches import Useless
from gitops_gen.evidence import kustomizations
from gitops_gen.evidence.kustomize_builds import MAKING, taken
from gitops_gen.evidence.kustomize_targets import is_match
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import list_at, map_at, text_at
from gitops_gen.near_miss import near_miss, nearest_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.kustomize_builds import Built

_CHANGING = frozenset({"merge", "replace"})
_ANOTHER = "write behavior: merge, or replace, or give it another name"


def useless_generators(graph: Graph, path: str, patched: Callable[[], Collection[str]]) -> Iterator[Useless]:
    """Yields the generators of a kustomization that stop its build, but for those of a component.

    `patched` says which kinds any kustomization of the graph patches.
    """
    value = map_at(kustomizations.value_of(graph.files, path))
    is_whole = value.get("kind") != kustomizations.COMPONENT and not list_at(value, "components")
    own = sum(len(list_at(value, field)) for field in MAKING)
    objects = taken(graph.files, path) if own and is_whole else None
    before = objects[:-own] if objects is not None else ()
    for field, kind in MAKING.items() if objects is not None else ():
        if list_at(value, field) and not any(not each or is_match(each, kind) is not False for each in patched()):
            yield from _of_kind(value, Place(path) / field, kind, [each for each in before if each.kind == kind])


def _of_kind(value: object, place: Place, kind: str, before: list[Built]) -> Iterator[Useless]:
    """Yields the generators of a kind that stop the build, after what was there before the first of them."""
    there = {(each.name, _space(namespace)) for each in before for namespace in each.namespaces}
    for index, entry in enumerate(list_at(value, *place.steps)):
        name, namespace = text_at(entry, "name") or "", text_at(entry, "namespace") or ""
        if not name or has_template(f"{name}{namespace}"):
            continue
        behavior = text_at(entry, "behavior") or ""
        is_there = (name, _space(namespace)) in there
        if is_there and behavior not in _CHANGING:
            what = f"a generator of {kind} {name}, which it takes already"
            yield Useless(place.down(index, "name"), what, _ANOTHER, is_refused=True)
        elif behavior in _CHANGING and not is_there:
            what = f"a generator that is to {behavior} {kind} {name}{_in(namespace)}, which it does not take"
            yield Useless(place.down(index, "name"), what, _hint(name, there), is_refused=True)
        there.add((name, _space(namespace)))


def _hint(name: str, there: Collection[tuple[str, str]]) -> str:
    spaces = sorted(space or "default" for other, space in there if other == name)
    if spaces:
        return f"the one of that name is in namespace {spaces[0]}: write that"
    names = {other for other, _ in there}
    is_near = nearest_name(name, names) is not None
    return near_miss(name, names) if is_near else "name one that it takes, or remove behavior"


def _in(namespace: str) -> str:
    return f" in namespace {namespace}" if namespace else ""


def _space(namespace: str) -> str:
    return "" if namespace == "default" else namespace
