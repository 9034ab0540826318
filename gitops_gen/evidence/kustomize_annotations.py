"""The annotations that a kustomization gives to all of its objects, with those that a source of an Application adds.

Each stands in place of the one that an object has under its key; those of the pods of an object are left as they are,
which nobody judges. They come after patches, the name and the namespace, and before `patchesJson6902`. Source:
kubernetes-sigs/kustomize, api/internal/konfig/builtinpluginconsts/commonannotations.go;
api/internal/target/kusttarget_configplugin.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.files import Manifest
from gitops_gen.evidence.origins import Origin, PatchedPlace, origin_of
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import map_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gitops_gen.evidence.kustomize_settings import Settings
    from gitops_gen.evidence.patches import Taken

FIELD = "commonAnnotations"
_STEPS = ("metadata", "annotations")


class Annotation(NamedTuple):
    """One of them, and where it is stated."""

    key: str
    value: str
    place: Place


def annotations_of(path: str, value: Mapping[str, object], settings: Settings | None) -> Sequence[Annotation] | None:
    """Returns those of the kustomization at a path, which says a value with the settings; None if they are no texts."""
    added = {} if settings is None else map_at(settings.value, FIELD)
    stated, own = value[FIELD], Place(path) / FIELD
    if not isinstance(stated, dict):
        return None
    found = [
        Annotation(key, each, (own if settings is None or key not in added else settings.place / FIELD) / key)
        for key, each in stated.items()
        if isinstance(key, str) and isinstance(each, str)
    ]
    return found if len(found) == len(stated) else None


def annotated(taken: Taken, annotations: Sequence[Annotation]) -> Taken:
    """Returns an object with the annotations."""
    manifest = taken.manifest
    metadata = map_at(manifest.value, _STEPS[0])
    stated = {**map_at(metadata, _STEPS[1]), **{each.key: each.value for each in annotations}}
    origin = origin_of(manifest.place)
    for each in annotations:
        origin = origin.changed((*_STEPS, each.key), Origin(each.place))
    value = {**manifest.value, _STEPS[0]: {**metadata, _STEPS[1]: stated}}
    return taken._replace(manifest=Manifest(value, PatchedPlace.of(manifest.place, origin)))
