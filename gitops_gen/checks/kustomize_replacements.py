"""The replacements of a kustomization are from and for something that it builds.

Without the object or the field that is copied, or a field that it is copied into, kustomize builds nothing. One whose
target selects nothing changes nothing, without a word. What a kustomization builds is known where all that it takes is
here, and nothing makes or renames objects; which fields an object has, where no patch changes it.

Part of source-path.

Source: kubernetes-sigs/kustomize, api/filters/replacement/replacement.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.kustomize_patches import Useless
from gitops_gen.evidence import kustomizations
from gitops_gen.evidence.kustomize_builds import taken
from gitops_gen.evidence.kustomize_replacements import field_steps, replacements
from gitops_gen.evidence.kustomize_targets import is_match, is_pattern
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import at, list_at, map_at, text_at
from gitops_gen.near_miss import near_miss, nearest_name

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from gitops_gen.evidence.graph import Graph
    from gitops_gen.evidence.kustomize_builds import Built
    from gitops_gen.evidence.kustomize_replacements import Replacement
    from gitops_gen.evidence.places import Place

_FOR_ANY = ("labelSelector", "annotationSelector")
"""Selectors by what patches and other fields of a kustomization may add."""


def useless_replacements(graph: Graph, path: str, patched: Callable[[], Collection[str]]) -> Iterator[Useless]:
    """Yields the replacements of a kustomization that are from or for nothing, but for those of a component.

    `patched` says which kinds any kustomization of the graph patches.
    """
    value = map_at(kustomizations.value_of(graph.files, path))
    stated = [] if value.get("kind") == kustomizations.COMPONENT else list(replacements(graph.files, path, value))
    objects = taken(graph.files, path) if stated else None
    if objects:
        as_written = _AsWritten(objects, patched())
        for replacement in stated:
            yield from _from_nothing(replacement, as_written)
            yield from _for_nothing(replacement, as_written)


class _AsWritten:
    """The objects that a kustomization takes, and the fields of those that no patch changes."""

    def __init__(self, objects: Sequence[Built], patched: Collection[str]) -> None:
        self.objects = objects
        self._patched = patched
        self._by_name: dict[str, list[Built]] = {}
        for each in objects:
            self._by_name.setdefault(each.name, []).append(each)

    def of_name(self, name: str) -> Sequence[Built]:
        """Returns those of a name."""
        return self._by_name.get(name, ())

    def selected(self, kind: str, name: str) -> Sequence[Built]:
        """Returns those that fit a kind and a name, each a pattern of all of it, or empty for any."""
        alike = self.objects if is_pattern(name) else self.of_name(name.replace("\\", ""))
        return [each for each in alike if _is_selected(each, kind, name)]

    def names(self, step: str, kind: str = "") -> Collection[str]:
        """Returns the names or the kinds of all, or of those of a kind."""
        return {getattr(each, step) for each in self.objects if kind in ("", each.kind)}

    def lacks(self, each: Built, stated: str | None) -> bool:
        """True for an object that has not the field of a path."""
        steps = field_steps(stated)
        if steps is None or each.manifest is None or any(isinstance(step, int) for step in steps):
            return False
        is_patched = any(is_match(kind, each.kind) is not False for kind in self._patched)
        return not is_patched and at(each.manifest.value, *steps) is None


def _from_nothing(replacement: Replacement, known: _AsWritten) -> Iterator[Useless]:
    source, place = replacement.source, replacement.place / "source"
    kind, name, field = (text_at(source, key) for key in ("kind", "name", "fieldPath"))
    if not (kind and name) or has_template(f"{name}{field}"):
        return
    found = [each for each in known.of_name(name) if each.kind == kind]
    if not found:
        hint = _hint(name, known.names("name", kind))
        yield _useless(f"from {kind} {name}, which it does not build", place / "name", hint)
    elif len(found) == 1 and known.lacks(found[0], field):
        what = f"from {field or 'metadata.name'} of {kind} {name}, which has no such field"
        yield _useless(what, place / "fieldPath", "name a field that it has")


def _for_nothing(replacement: Replacement, known: _AsWritten) -> Iterator[Useless]:
    for index, target in enumerate(replacement.targets):
        select, place = map_at(target, "select"), replacement.place.down("targets", index)
        kind, name = text_at(select, "kind") or "", text_at(select, "name") or ""
        if not (kind or name) or has_template(f"{kind}{name}") or any(select.get(each) for each in _FOR_ANY):
            continue
        found = known.selected(kind, name)
        step, wanted = ("name", name) if name else ("kind", kind)
        # What is for any object of a kind may stand there for those to come.
        if not found and (name or nearest_name(kind, known.names(step)) is not None):
            what = f"into {f'{kind} {name}'.strip()}, which it does not build"
            yield _useless(what, place.down("select", step), _hint(wanted, known.names(step)), is_refused=False)
        elif not (map_at(target, "options") or list_at(target, "reject")):
            yield from _into_nothing(target, place, found, known)


def _into_nothing(target: object, place: Place, found: Sequence[Built], known: _AsWritten) -> Iterator[Useless]:
    for index, field in enumerate(list_at(target, "fieldPaths")):
        lacking = [each for each in found if isinstance(field, str) and known.lacks(each, field)]
        if lacking:
            what = f"into {field} of {lacking[0].kind} {lacking[0].name}, which has no such field"
            yield _useless(what, place.down("fieldPaths", index), "correct the path, or set options.create: true")


def _is_selected(each: Built, kind: str, name: str) -> bool:
    return False not in (is_match(kind, each.kind), is_match(name, each.name))


def _hint(name: str, names: Collection[str]) -> str:
    is_near = nearest_name(name, names) is not None
    return near_miss(name, names) if is_near else "name something that it builds, or remove it"


def _useless(what: str, place: Place, hint: str, *, is_refused: bool = True) -> Useless:
    return Useless(place, f"a replacement {what}", hint, is_refused)
