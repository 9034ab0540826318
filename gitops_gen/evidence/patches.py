"""The patches of a kustomization, and what comes of the objects that they select.

A JSON Patch is applied. What a patch that looks like an object makes of another one is kustomize's to say: of that one
object it is not known.

Source: kubernetes-sigs/kustomize, api/internal/builtins/PatchTransformer.go and PatchJson6902Transformer.go;
api/internal/target/kusttarget_configplugin.go, configureBuiltinTransformers; api/resmap/reswrangler.go, Select;
api/types/selector.go.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gitops_gen.evidence import kustomizations
from gitops_gen.evidence.files import Manifest
from gitops_gen.evidence.json_patches import PatchRefusedError, PatchUnclearError, operations_of, patched
from gitops_gen.evidence.kustomize_builds import plain_file
from gitops_gen.evidence.kustomize_targets import is_match, is_selected
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import at, list_at, map_at, text_at
from gitops_gen.kubernetes import CLUSTER_SCOPED_KINDS
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.source import read_documents

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gitops_gen.evidence.files import Files

EARLY = ("patchesStrategicMerge", "patches")
"""The fields whose patches come before the namespace and the labels of a kustomization, in their order."""
LATE = ("patchesJson6902",)
"""Those that come after."""


class UnreadablePatchError(Exception):
    """A patch that is not here, or is none: what comes of the whole kustomization is not known."""


class BrokenPatch(NamedTuple):
    """A patch that stops the build."""

    place: Place
    what: str
    hint: str


class BrokenPatchError(Exception):
    """A patch stops the build."""

    def __init__(self, broken: BrokenPatch) -> None:
        super().__init__(broken.what)
        self.broken = broken


class Taken(NamedTuple):
    """An object that a kustomization takes."""

    manifest: Manifest
    is_known: bool = True
    """False where a patch makes of it nobody knows what."""
    is_labelled: bool = False
    """True where a kustomization gives it labels."""


class _Patch(NamedTuple):
    place: Place
    target: Mapping[str, object] | None
    """What it selects; None for the object of its own kind and name."""
    value: object

    @property
    def operations(self) -> Sequence[Mapping[str, object]] | None:
        return operations_of(self.value)


def laid_over(
    files: Files, path: str, value: Mapping[str, object], fields: Sequence[str], objects: Iterable[Taken]
) -> Sequence[Taken]:
    """Returns objects as the patches of some fields leave them. Raises UnreadablePatchError, BrokenPatchError."""
    found = list(objects)
    for patch in (each for field in fields for each in _patches(files, path, value, field)):
        if patch.target is None and not any(_selects(files, patch, each.manifest) for each in found):
            raise UnreadablePatchError  # there is nothing to lay it over, which stops the build
        found = [_patched(files, patch, each) for each in found]
    return found


def _patches(files: Files, path: str, value: Mapping[str, object], field: str) -> Iterator[_Patch]:
    for index, entry in enumerate(list_at(value, field)):
        place = Place(path).down(field, index)
        if isinstance(entry, str) and field == EARLY[0]:
            values, place = _read(files, path, entry, place)
            target = None
        else:
            step = "patch" if text_at(entry, "patch") else "path"
            values, place = _read(files, path, text_at(entry, step) or "", place / step, is_path=step == "path")
            stated = at(entry, "target")
            target = stated if isinstance(stated, dict) else None
        for each in values:
            patch = _Patch(place, target, each)
            if target is None and patch.operations is not None:
                said = "without a target, which says for which objects it is"
                raise BrokenPatchError(BrokenPatch(Place(path).down(field, index), said, "state the target"))
            if patch.operations is None and not (target is not None or _own_target(each)):
                raise UnreadablePatchError
            yield patch


def _read(
    files: Files, path: str, text: str, place: Place, *, is_path: bool | None = None
) -> tuple[Sequence[object], Place]:
    """Returns what a patch says, and where; it may be written in the list itself."""
    if is_path or (is_path is None and ":" not in text):
        file = plain_file(files, kustomizations.joined(posixpath.dirname(path), text))
        documents = None if file is None else file.documents
        place = Place(file.path) if file is not None else place
    else:
        documents = read_documents(path, text)
    values = [] if documents is None or documents.problems else [each for each in documents.values if each is not None]
    if not values or not all(isinstance(each, dict) or operations_of(each) is not None for each in values):
        raise UnreadablePatchError
    return values, place


def _own_target(value: object) -> bool:
    return bool(text_at(value, "kind") and text_at(value, "metadata", "name"))


def _patched(files: Files, patch: _Patch, taken: Taken) -> Taken:
    is_for_it = _selects(files, patch, taken.manifest)
    if is_for_it is False or not taken.is_known:
        return taken
    operations = patch.operations
    if is_for_it is None or operations is None:
        return taken._replace(is_known=False)
    try:
        value = _applied(taken, operations)
    except PatchUnclearError:
        return taken._replace(is_known=False)
    except PatchRefusedError as error:
        place = patch.place if patch.place.steps else patch.place / error.index
        hint = "write a path that leads to something there, or add what is missing first"
        raise BrokenPatchError(BrokenPatch(place, f"for {taken.manifest}: {error}", hint)) from error
    manifest = Manifest(value, taken.manifest.place)
    if _identity(manifest) != _identity(taken.manifest):
        raise UnreadablePatchError  # kustomize gives others the new name, too
    return taken._replace(manifest=manifest)


def _identity(manifest: Manifest) -> tuple[str | None, ...]:
    return manifest.api_version, manifest.kind, manifest.name, manifest.namespace


def _applied(taken: Taken, operations: Sequence[Mapping[str, object]]) -> Mapping[str, object]:
    """Returns an object as operations leave it.

    It has annotations by then, in which kustomize keeps its notes, and labels, where a kustomization gives it some.
    """
    metadata = map_at(taken.manifest.value, "metadata")
    noted = [each for each in ("annotations", *(["labels"] if taken.is_labelled else [])) if metadata.get(each) is None]
    value = {**taken.manifest.value, "metadata": {**metadata, **{each: {} for each in noted}}}
    result = patched(value, operations)
    if not isinstance(result, dict) or not isinstance(result.get("metadata"), dict):
        raise PatchUnclearError
    kept = {key: each for key, each in map_at(result, "metadata").items() if each or key not in noted}
    if map_at(kept, "annotations"):
        kept["annotations"] = {key: _text(each) for key, each in map_at(kept, "annotations").items()}
    return {**result, "metadata": kept}


def _text(annotation: object) -> str:
    """Returns the value of an annotation as kustomize writes it after a patch: always a text."""
    if isinstance(annotation, bool):
        return str(annotation).lower()
    if isinstance(annotation, (str, int)):
        return str(annotation)
    raise PatchUnclearError


def _selects(files: Files, patch: _Patch, manifest: Manifest) -> bool | None:
    """Tells whether a patch is for an object; None where only kustomize can say."""
    if patch.target is None:
        is_of_its_own = (text_at(patch.value, "kind"), text_at(patch.value, "metadata", "name"))
        return is_of_its_own == (manifest.kind, manifest.name)
    group, _, version = manifest.api_version.rpartition("/")
    stated = {"group": group, "version": version, "kind": manifest.kind, "name": manifest.name}
    answers = [_is_match(patch.target, field, text) for field, text in stated.items()]
    spaces = [_is_match(patch.target, "namespace", each) for each in _namespaces(files, manifest)]
    answers.append(True if True in spaces else None if None in spaces else False)
    for field in ("labels", "annotations"):
        selector = text_at(patch.target, f"{field[:-1]}Selector") or ""
        answers.append(is_selected(selector, map_at(manifest.value, "metadata", field)))
    return False if False in answers else None if None in answers else True


def _is_match(target: Mapping[str, object], field: str, text: str) -> bool | None:
    return is_match(text_at(target, field) or "", text)


def _namespaces(files: Files, manifest: Manifest) -> Iterator[str]:
    """Yields the namespace of an object, and the one that it has as it is written."""
    if manifest.kind in CLUSTER_SCOPED_KINDS:
        yield "_non_namespaceable_"
        return
    yield manifest.namespace or "default"
    file, place = files.get(manifest.place.file), manifest.place
    written = at(file.documents.values[place.document], *place.steps) if file is not None else None
    yield text_at(written, "metadata", "namespace") or "default"
