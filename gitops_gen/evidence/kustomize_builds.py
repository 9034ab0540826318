"""What a kustomization takes and makes, as far as all of it is here: the objects, and the namespaces that they get."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gitops_gen.evidence import kustomizations
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import list_at, map_at, text_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from gitops_gen.evidence.files import File, Files, Manifest

MAKING = {"configMapGenerator": "ConfigMap", "secretGenerator": "Secret"}
"""The kind that each generator makes. What one of a kustomization makes comes after what that takes."""
_OPEN = frozenset({"generators", "transformers", "helmcharts", "helmchartinflationgenerator"})
"""The fields with which a kustomization makes, or changes, nobody here knows what."""
_RENAMING = frozenset({"nameprefix", "namesuffix"})
_DEEPEST = 20
"""Kustomizations inside of each other."""


class Built(NamedTuple):
    """An object that a kustomization takes, or one that it makes."""

    kind: str
    name: str
    api_version: str
    namespaces: tuple[str, ...]
    """Its own, or an empty text, and then the one that each kustomization puts it in: the last is where it lands."""
    manifest: Manifest | None = None
    """None for one that is made of files."""


def taken(files: Files, path: str, depth: int = 0) -> tuple[Built, ...] | None:
    """Returns what a kustomization works on, or None where that is not known: what is elsewhere, made or renamed."""
    value = map_at(kustomizations.value_of(files, path))
    fields = {each.casefold() for each, stated in value.items() if stated}
    if fields & _OPEN or (depth and fields & _RENAMING) or depth > _DEEPEST:
        return None
    found: list[Built] = []
    for each in (each for field in kustomizations.PARTS for each in list_at(value, field)):
        part = _part(files, path, each, depth) if isinstance(each, str) else None
        if part is None:
            return None
        found += part
    for field, kind in MAKING.items():
        for each in list_at(value, field):
            found.append(Built(kind, text_at(each, "name") or "", "v1", (text_at(each, "namespace") or "",)))
    return tuple(found)


def built(files: Files, path: str, depth: int = 0) -> tuple[Built, ...] | None:
    """As `taken`, with the namespace that the kustomization puts everything in."""
    objects = taken(files, path, depth)
    namespace = text_at(kustomizations.value_of(files, path), "namespace")
    if objects is None or not namespace:
        return objects
    return tuple(each._replace(namespaces=(*each.namespaces, namespace)) for each in objects)


def _part(files: Files, path: str, name: str, depth: int) -> tuple[Built, ...] | None:
    """Returns what a kustomization gets from one file or folder; None for what is not here, such as a URL."""
    target = kustomizations.joined(posixpath.dirname(path), name)
    if "://" in name or target.startswith(("..", "/")):
        return None
    if files.is_folder(target):
        inner = kustomizations.of_folder(files, target)
        return built(files, inner, depth + 1) if inner is not None else None
    file = plain_file(files, target)
    if file is None or any(has_template(f"{each.name}{each.namespace}") for each in file.manifests):
        return None
    return tuple(
        Built(each.kind, each.name, each.api_version, (each.namespace or "",), each) for each in file.manifests
    )


def plain_file(files: Files, path: str) -> File | None:
    """Returns a file that is read as it stands; None for one that is not here, or that somebody fills in first."""
    file = files.get(path) if not path.startswith(("..", "/")) and files.is_file(path) else None
    return None if file is None or file.documents.problems or file.is_unfilled else file
