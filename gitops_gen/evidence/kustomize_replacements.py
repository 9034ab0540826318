"""The replacements of a kustomization: each copies the value of one field into fields of other objects.

Source: kubernetes-sigs/kustomize, api/types/replacement.go; api/filters/replacement/replacement.go.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import list_at, map_at, text_at
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.evidence.files import Files, Manifest
    from gitops_gen.shapes import Steps

FIELD = "replacements"
_NAME = "metadata.name"
"""The field that is copied, and copied into, where none is stated."""
_NAMES_ALONE = lazily(r"[A-Za-z][\w-]*(?:\.[\w-]+)*")
"""A path that says where the field is: it has no pattern, no search in a list, and no dot within a name."""


_PARTS = lazily(r"\[[^\]]*\]|(?:\\.|[^.\[\\])+")
"""The parts of a path: a name in brackets, or a search in a list; or a name, with a backslash before its dots."""


class Replacement(NamedTuple):
    """One replacement, in a kustomization or in a file that it names."""

    value: object
    place: Place

    @property
    def source(self) -> Mapping[str, object]:
        """The object and the field that are copied."""
        return map_at(self.value, "source")

    def is_from(self, manifest: Manifest) -> bool:
        """True for an object that the source selects, as far as kind, name and namespace tell."""
        stated = {"kind": manifest.kind, "name": manifest.name, "namespace": manifest.namespace or ""}
        return bool(self.source) and all(
            text_at(self.source, key) in (None, "", value) for key, value in stated.items()
        )

    @property
    def targets(self) -> Sequence[object]:
        """What the value is copied into."""
        return list_at(self.value, "targets")


def replacements(files: Files, path: str, value: object) -> Iterator[Replacement]:
    """Yields what the kustomization at a path, which says a value, copies."""
    for index, entry in enumerate(list_at(value, FIELD)):
        named = text_at(entry, "path")
        if named is None:
            yield Replacement(entry, Place(path).down(FIELD, index))
        else:
            yield from _in_file(files, posixpath.normpath(posixpath.join(posixpath.dirname(path), named)))


def _in_file(files: Files, path: str) -> Iterator[Replacement]:
    """Yields what a file has, which is one replacement or a list of them."""
    is_inside = not path.startswith(("..", "/")) and files.is_file(path)
    file = files.get(path) if is_inside else None
    for document, value in enumerate(file.documents.values if file is not None else ()):
        place = Place(path, document)
        if isinstance(value, list):
            yield from (Replacement(each, place / index) for index, each in enumerate(value))
        else:
            yield Replacement(value, place)


def field_steps(stated: str | None) -> Steps | None:
    """Returns the steps to the field of a path; None for one that is looked for, as in a list of containers."""
    path = stated or _NAME
    if _NAMES_ALONE.fullmatch(path) is None:
        return None
    return tuple(int(step) if step.isdigit() else step for step in path.split("."))


def is_in_field(stated: str, steps: Steps) -> bool:
    """Tells whether a value is the field of a path, or in it; of a search in a list, any item may be meant."""
    parts = _PARTS.findall(stated or _NAME)
    return len(parts) <= len(steps) and all(map(_is_step, parts, steps))


def _is_step(part: str, step: str | int) -> bool:
    if part.startswith("[") and "=" in part:
        return isinstance(step, int)
    return part == "*" or part.removeprefix("[").removesuffix("]").replace("\\", "") == str(step)
