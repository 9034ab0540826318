"""The patches of a kustomization are for something that it builds, and can be laid over it.

A patch that looks like an object needs the one that it is laid over, of its apiVersion and in its namespace: without
that, kustomize builds nothing. One with a target that selects nothing changes nothing, without a word. What a
kustomization builds is known where all that it takes is here, and nothing makes or renames objects.

An operation of a JSON Patch on what an object has not stops the build, too, but for one that replaces a key of a map,
which adds it. Of a path that does not start with a slash, what is before the first one is dropped.

Part of source-path.

Source: kubernetes-sigs/kustomize, api/internal/builtins/PatchTransformer.go; api/resmap/reswrangler.go, Select and
GetMatchingResourcesByAnyId.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gitops_gen.evidence import kustomizations
from gitops_gen.evidence.kustomize_builds import plain_file, taken
from gitops_gen.evidence.kustomize_replacements import replacements
from gitops_gen.evidence.kustomize_targets import is_match
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.patch_entries import BrokenPatchError, UnreadablePatchError, entries_of, patches_of
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import list_at, map_at, text_at
from gitops_gen.kubernetes import NAMESPACED
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.near_miss import near_miss, nearest_name
from gitops_gen.source import read_documents

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.kustomize_builds import Built
    from gitops_gen.shapes import Steps

_WITH_TARGET = ("patches", "patchesJson6902")
_IN_ITS_OWN = "write its namespace in the patch"


class _Patch(NamedTuple):
    steps: Steps
    kind: str
    name: str
    is_target: bool
    """True where kind and name are those of a target, and so patterns."""
    api_version: str = ""
    namespace: str = ""


class Useless(NamedTuple):
    """A patch or a replacement that changes nothing, or stops the build."""

    place: Place
    what: str
    hint: str
    is_refused: bool
    """True where kustomize builds nothing."""
    effect: str = "it changes nothing"
    """What comes of it where kustomize builds all the same."""


def useless_patches(graph: Graph, path: str) -> Iterator[Useless]:
    """Yields the patches of a kustomization that are for nothing, and one that stops the build.

    Those of a component are for whoever takes it.
    """
    broken = graph.broken_patch(path)
    if broken is not None:
        yield Useless(broken.place, f"a patch {broken.what}", broken.hint, is_refused=True)
    value = map_at(kustomizations.value_of(graph.files, path))
    yield from _cut_paths(graph, path, value)
    patches = [] if value.get("kind") == kustomizations.COMPONENT else list(_patches(graph, path, value))
    objects = taken(graph.files, path) if patches else None
    for patch in patches if objects else ():
        place = Place(path).down(*patch.steps)
        what, named = f"{patch.kind} {patch.name}".strip(), [each for each in objects or () if _is_named(each, patch)]
        if not named:
            hint = _hint(patch, objects or ())
            yield Useless(place, f"a patch for {what}, which it does not build", hint, not patch.is_target)
        elif not patch.is_target:
            for why, hint in _apart(patch, named):
                yield Useless(place, f"a patch for {what} {why}", hint, is_refused=True)


def _cut_paths(graph: Graph, path: str, value: Mapping[str, object]) -> Iterator[Useless]:
    """Yields the operations whose paths do not start with a slash: kustomize drops what is before the first one."""
    try:
        entries = entries_of(path, value, _WITH_TARGET)
        patches = [each for entry in entries for each in patches_of(graph.files, path, entry)]
    except (UnreadablePatchError, BrokenPatchError):
        return
    for patch in patches:
        for index, operation in enumerate(patch.operations or ()):
            stated = text_at(operation, "path") or ""
            dropped, slash, kept = stated.partition("/")
            if dropped and slash:
                place = patch.of_operation(index, "path")
                what = f"an operation for {stated}, which does not start with a slash"
                yield Useless(place, what, f"write /{stated}", is_refused=False, effect=f"it is for /{kept}")


def patched_kinds(graph: Graph, paths: Iterable[str], *, with_replacements: bool = True) -> Collection[str]:
    """Returns the kinds that some kustomizations change, which may be patterns; an empty one is any."""
    found: set[str] = set()
    for path in paths:
        value = map_at(kustomizations.value_of(graph.files, path))
        found.update(each.kind for each in _patches(graph, path, value) if not each.is_target)
        targets = [map_at(each, "target") for field in _WITH_TARGET for each in list_at(value, field)]
        if with_replacements:
            copied = replacements(graph.files, path, value)
            targets += [map_at(each, "select") for one in copied for each in one.targets]
        found.update(text_at(each, "kind") or "" for each in targets if each)
    return found


def _hint(patch: _Patch, objects: Collection[Built]) -> str:
    names = {each.name for each in objects if is_match(patch.kind, each.kind) is not False}
    is_near = nearest_name(patch.name, names) is not None
    return near_miss(patch.name, names) if is_near else "name something that it builds, or remove it"


def _apart(patch: _Patch, named: Sequence[Built]) -> Iterator[tuple[str, str]]:
    """Yields why a patch is for none of the objects of its kind and name, with the next step."""
    versions = sorted({each.api_version for each in named})
    if patch.api_version not in versions:
        yield f"of {patch.api_version}, and it builds one of {' and '.join(versions)}", f"write {versions[0]}"
        return
    spaces = {space for each in named for space in each.namespaces}
    is_namespaced = (patch.api_version.rpartition("/")[0], patch.kind) in NAMESPACED
    if is_namespaced and _space(patch.namespace) not in map(_space, spaces):
        stated = f"in namespace {patch.namespace}" if patch.namespace else "without a namespace"
        yield f"{stated}, and the one that it builds is in {' and '.join(sorted(filter(None, spaces)))}", _IN_ITS_OWN


def _space(namespace: str) -> str:
    return "" if namespace == "default" else namespace


def _patches(graph: Graph, path: str, value: Mapping[str, object]) -> Iterator[_Patch]:
    for field in _WITH_TARGET:
        for index, entry in enumerate(list_at(value, field)):
            target = map_at(entry, "target")
            name = text_at(target, "name")
            if target and name and not has_template(name):
                yield _Patch((field, index, "target", "name"), text_at(target, "kind") or "", name, is_target=True)
            elif not target:
                step = "patch" if text_at(entry, "patch") else "path"
                yield from _merged(graph, path, (field, index, step), text_at(entry, step) or "")
    for index, text in enumerate(list_at(value, "patchesStrategicMerge")):
        if isinstance(text, str):
            yield from _merged(graph, path, ("patchesStrategicMerge", index), text)


def _merged(graph: Graph, path: str, steps: Steps, text: str) -> Iterator[_Patch]:
    """Yields the patches that look like objects in a file, or in what is written in the list itself."""
    if ":" in text:
        values: Iterable[object] = read_documents(path, text).values
    else:
        file = plain_file(graph.files, kustomizations.joined(posixpath.dirname(path), text))
        values = file.documents.values if file is not None else ()
    for value in values:
        kind, name = text_at(value, "kind"), text_at(value, "metadata", "name")
        version, namespace = text_at(value, "apiVersion"), text_at(value, "metadata", "namespace") or ""
        if kind and name and version and not has_template(f"{name}{namespace}"):
            yield _Patch(steps, kind, name, is_target=False, api_version=version, namespace=namespace)


def _is_named(each: Built, patch: _Patch) -> bool:
    if not patch.is_target:
        return (each.kind, each.name) == (patch.kind, patch.name)
    answers = is_match(patch.kind, each.kind), is_match(patch.name, each.name)
    return False not in answers
