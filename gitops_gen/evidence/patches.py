"""What comes of objects that the patches of a kustomization are laid over.

Both a JSON Patch and one that looks like an object are applied. Where only kustomize can say what comes of an object,
of that one it is not known.

Source: kubernetes-sigs/kustomize, api/resmap/reswrangler.go, ApplySmPatch; api/resource/resource.go, ApplySmPatch and
CopyMergeMetaDataFieldsFrom; api/filters/patchjson6902.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.files import Manifest
from gitops_gen.evidence.json_patches import PatchRefusedError, PatchUnclearError, patched
from gitops_gen.evidence.merge_patches import Laid, Merge, MisfitError
from gitops_gen.evidence.origins import Origin, PatchedPlace, origin_of
from gitops_gen.evidence.patch_entries import BrokenPatch, BrokenPatchError, UnreadablePatchError, id_of, patches_of
from gitops_gen.evidence.values import map_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from gitops_gen.evidence.files import Files
    from gitops_gen.evidence.patch_entries import Entry, Id, Patch
    from gitops_gen.evidence.places import Place
    from gitops_gen.shapes import Steps

_METADATA = "metadata"
_OWN = ("name", "namespace")
_TEXTS = ("labels", "annotations")


class Taken(NamedTuple):
    """An object that a kustomization takes."""

    manifest: Manifest
    is_known: bool = True
    """False where a patch makes of it nobody knows what."""
    is_labelled: bool = False
    """True where a kustomization gives it labels."""
    earlier: tuple[Id, ...] = ()
    """What it was called before kustomizations gave it another name or namespace, in order."""

    @property
    def ids(self) -> tuple[Id, ...]:
        """All that it has been called: the last is what it is called now."""
        manifest = self.manifest
        return *self.earlier, id_of(manifest.kind, manifest.namespace, manifest.name)

    def called(self, **changes: str) -> Taken:
        """Returns the object with another name, or in another namespace."""
        value = self.manifest.value
        called = {**value, _METADATA: {**map_at(value, _METADATA), **changes}}
        return self._replace(manifest=Manifest(called, self.manifest.place), earlier=self.ids)


def laid_over(files: Files, path: str, entries: Iterable[Entry], objects: Iterable[Taken]) -> Sequence[Taken]:
    """Returns objects as patches leave them, for the kustomization at a path.

    Raises UnreadablePatchError, BrokenPatchError.
    """
    found = list(objects)
    for patch in (each for entry in entries for each in patches_of(files, path, entry)):
        if patch.target is None and sum(bool(patch.selects(each.manifest, each.ids)) for each in found) != 1:
            raise UnreadablePatchError  # there is nothing to lay it over, or too much, which stops the build
        left = (_patched(patch, each) for each in found)
        found = [each for each in left if each is not None]
    return found


def _patched(patch: Patch, taken: Taken) -> Taken | None:
    """Returns an object under a patch; None if the patch takes it away."""
    is_for_it = patch.selects(taken.manifest, taken.ids)
    if is_for_it is False:
        return taken
    if is_for_it is None:
        return taken._replace(is_known=False)
    if patch.is_to_delete:
        return None
    if not taken.is_known:
        return taken
    try:
        laid = _changed(patch, taken) if patch.operations is not None else _merged(patch, taken.manifest)
    except PatchUnclearError:
        return taken._replace(is_known=False)
    if laid is None:
        return None
    place = PatchedPlace.of(taken.manifest.place, laid.origin)
    manifest = Manifest(map_at(laid.value), place)
    if _identity(manifest) != _identity(taken.manifest):
        raise UnreadablePatchError  # kustomize gives others the new name, too
    return taken._replace(manifest=manifest, earlier=() if patch.is_forgetting else taken.earlier)


def _identity(manifest: Manifest) -> tuple[str | None, ...]:
    return manifest.api_version, manifest.kind, manifest.name, manifest.namespace


def _changed(patch: Patch, taken: Taken) -> Laid:
    """Returns an object as the operations of a patch leave it.

    It has annotations by then, in which kustomize keeps its notes, and labels, where a kustomization gives it some.
    """
    metadata = map_at(taken.manifest.value, _METADATA)
    noted = [each for each in ("annotations", *(["labels"] if taken.is_labelled else [])) if metadata.get(each) is None]
    value = {**taken.manifest.value, _METADATA: {**metadata, **{each: {} for each in noted}}}
    changes: list[tuple[int, Steps]] = []
    try:
        result = patched(value, patch.operations or (), lambda *change: changes.append(change))
    except PatchRefusedError as error:
        hint = "write a path that leads to something there, or add what is missing first"
        raise _broken(patch.of_operation(error.index), taken.manifest, str(error), hint) from error
    origin = origin_of(taken.manifest.place)
    for index, steps in changes:
        origin = origin.changed(steps, Origin(patch.of_operation(index, "value")))
    return Laid(_finished(result, noted), origin)


def _merged(patch: Patch, manifest: Manifest) -> Laid | None:
    """Returns an object under a patch that looks like one; its kind, its name and its namespace stay."""
    below = Laid(manifest.value, origin_of(manifest.place))
    over = Laid(_changes(patch), Origin(patch.place))
    try:
        laid = Merge(manifest.api_version, manifest.kind).laid_over(below, over)
    except MisfitError as error:
        raise _broken(
            patch.place.down(*error.steps), manifest, str(error), "write what is wanted there as the object has it"
        ) from error
    if laid is None:
        return None
    value = _finished(laid.value, _TEXTS)
    own = {key: each for key, each in map_at(manifest.value, _METADATA).items() if key in _OWN}
    return laid._replace(value={**value, _METADATA: {**map_at(value, _METADATA), **own}})


def _changes(patch: Patch) -> Mapping[str, object]:
    """Returns what a patch says of more than which object it is."""
    stated = map_at(patch.value)
    if stated.get("$patch") == "replace":
        raise PatchUnclearError
    changes = {key: each for key, each in stated.items() if key not in ("apiVersion", "kind")}
    metadata = {key: each for key, each in map_at(stated, _METADATA).items() if key not in _OWN}
    if not patch.is_direct:
        given = {key: each for key in _TEXTS if (each := metadata.pop(key, None))}
        metadata |= {key: _texts(each) for key, each in given.items()}
    return {**changes, _METADATA: metadata}


def _broken(place: Place, manifest: Manifest, why: str, hint: str) -> BrokenPatchError:
    return BrokenPatchError(BrokenPatch(place, f"for {manifest}: {why}", hint))


def _finished(value: object, noted: Sequence[str]) -> Mapping[str, object]:
    """Returns an object as kustomize writes it: without the labels and annotations that were there for its notes."""
    if not isinstance(value, dict) or not isinstance(value.get(_METADATA), dict):
        raise PatchUnclearError
    kept = {key: each for key, each in map_at(value, _METADATA).items() if each or key not in noted}
    if kept.get("annotations"):
        kept["annotations"] = _texts(kept["annotations"])
    return {**value, _METADATA: kept}


def _texts(stated: object) -> Mapping[str, str]:
    return {key: _text(each) for key, each in map_at(stated).items()}


def _text(value: object) -> str:
    """Returns the value of an annotation as kustomize writes it after a patch: always a text."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (str, int)):
        return str(value)
    raise PatchUnclearError
