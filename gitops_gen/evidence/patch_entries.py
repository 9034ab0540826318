"""The patches that a kustomization states, in files and in itself, and which objects each is for.

Source: kubernetes-sigs/kustomize, api/internal/builtins/PatchTransformer.go and PatchJson6902Transformer.go;
api/internal/target/kusttarget_configplugin.go, configureBuiltinTransformers; api/resmap/reswrangler.go, Select and
GetMatchingResourcesByAnyId; api/types/selector.go.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.evidence import kustomizations
from gitops_gen.evidence.json_patches import operations_of
from gitops_gen.evidence.kustomize_builds import plain_file
from gitops_gen.evidence.kustomize_targets import is_match, is_selected
from gitops_gen.evidence.places import Place
from gitops_gen.evidence.values import at, list_at, map_at, text_at
from gitops_gen.kubernetes import CLUSTER_SCOPED_KINDS
from gitops_gen.named_tuple import NamedTuple
from gitops_gen.source import read_documents

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gitops_gen.evidence.files import Files, Manifest

EARLY = ("patchesStrategicMerge", "patches")
"""The fields whose patches come before the namespace and the labels of a kustomization, in their order."""
LATE = ("patchesJson6902",)
"""Those that come after."""
Id: TypeAlias = tuple[str, str]
"""The namespace and the name of an object."""
_RENAMING = ("allowNameChange", "allowKindChange")


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


class Patch(NamedTuple):
    """One patch: operations, or what looks like an object."""

    place: Place
    target: Mapping[str, object] | None
    """What it selects; None for the object of its own apiVersion, kind, name and namespace."""
    value: object
    is_direct: bool = False
    """True for one without a target in `patches`; of others, labels and annotations are laid over first, as texts."""

    @property
    def operations(self) -> Sequence[Mapping[str, object]] | None:
        """The operations of a JSON Patch; None for what looks like an object."""
        return operations_of(self.value)

    @property
    def is_to_delete(self) -> bool:
        """True for one that takes the whole object away."""
        return text_at(self.value, "$patch") == "delete"

    @property
    def is_forgetting(self) -> bool:
        """True for one that takes all annotations away, and with them what kustomize notes of earlier names."""
        metadata = map_at(self.value, "metadata")
        is_cleared = self.is_direct and "annotations" in metadata and metadata["annotations"] is None
        stated = metadata.get("$patch"), text_at(metadata, "annotations", "$patch")
        return is_cleared or stated[0] == "replace" or stated[1] in ("delete", "replace")

    def of_operation(self, index: int, *steps: str) -> Place:
        """Returns the place of an operation, or in it; the steps lead into the text of one in a kustomization."""
        return self.place.down(index, *steps)

    def selects(self, manifest: Manifest, ids: Sequence[Id]) -> bool | None:
        """Tells whether the patch is for an object, by all that it has been called; None where only kustomize can say.

        A target goes by what it was called first, and by what it is called now.
        """
        if self.target is None:
            return self._is_of(manifest) and self._id in ids
        group, _, version = manifest.api_version.rpartition("/")
        stated = {"group": group, "version": version, "kind": manifest.kind}
        answers = [_is_match(self.target, field, text) for field, text in stated.items()]
        for field, names in zip(("namespace", "name"), zip(ids[0], ids[-1], strict=True), strict=True):
            found = [_is_match(self.target, field, each) for each in names]
            answers.append(True if True in found else None if None in found else False)
        for field in ("labels", "annotations"):
            selector = text_at(self.target, f"{field[:-1]}Selector") or ""
            answers.append(is_selected(selector, map_at(manifest.value, "metadata", field)))
        return False if False in answers else None if None in answers else True

    def _is_of(self, manifest: Manifest) -> bool:
        return [text_at(self.value, each) for each in ("apiVersion", "kind")] == [manifest.api_version, manifest.kind]

    @property
    def _id(self) -> Id:
        metadata = map_at(self.value, "metadata")
        return id_of(text_at(self.value, "kind") or "", text_at(metadata, "namespace"), text_at(metadata, "name") or "")


def id_of(kind: str, namespace: str | None, name: str) -> Id:
    """Returns what kustomize tells objects of a kind apart by."""
    return "_non_namespaceable_" if kind in CLUSTER_SCOPED_KINDS else namespace or "default", name


class Entry(NamedTuple):
    """An entry of a list of patches."""

    field: str
    value: object
    place: Place


def entries_of(path: str, value: Mapping[str, object], fields: Sequence[str]) -> list[Entry]:
    """Returns the patches that the kustomization at a path, which says a value, states in some of its fields."""
    return [
        Entry(field, each, Place(path).down(field, index))
        for field in fields
        for index, each in enumerate(list_at(value, field))
    ]


def patches_of(files: Files, path: str, entry: Entry) -> Sequence[Patch]:
    """Returns the patches of an entry, for the kustomization at a path.

    Raises UnreadablePatchError, BrokenPatchError.
    """
    is_text = isinstance(entry.value, str) and entry.field == EARLY[0]
    step = "patch" if text_at(entry.value, "patch") else "path"
    if isinstance(entry.value, str) and is_text:
        read = _read(files, path, entry.value, entry.place)
    else:
        stated = text_at(entry.value, step) or ""
        read = _read(files, path, stated, entry.place / step, is_path=step == "path")
    target = at(entry.value, "target")
    target = target if isinstance(target, dict) else None
    patches = [Patch(where, target, each, target is None and not is_text) for each, where in read]
    said = _wrong(patches, entry.field)
    if said is not None:
        raise BrokenPatchError(BrokenPatch(entry.place, *said))
    if not all(each.operations or _own_target(each.value) for each in patches) or _renames(entry.value, patches):
        raise UnreadablePatchError
    return patches


def _wrong(patches: Sequence[Patch], field: str) -> tuple[str, str] | None:
    """Returns what kustomize refuses of the patches of an entry, with the next step."""
    if field in LATE and patches[0].target is not None and not patches[0].target.get("name"):
        return "with a target that has no name", "name the object in the target, or make it an entry of patches"
    has_target = patches[0].target is not None
    if not has_target and any(each.operations is not None for each in patches):
        return "without a target, which says for which objects it is", "state the target"
    if has_target and len(patches) > 1 and all(each.operations is None for each in patches):
        return "with a target and several objects, where it may be one", "write an entry for each"
    return None


def _renames(entry: object, patches: Sequence[Patch]) -> bool:
    """True for patches that may give what they are laid over another name, or kind."""
    is_free = any(at(entry, "options", each) is True for each in _RENAMING)
    return is_free and any(each.operations is None for each in patches)


def _read(
    files: Files, path: str, text: str, place: Place, *, is_path: bool | None = None
) -> Sequence[tuple[object, Place]]:
    """Returns what a patch says, and where; it may be written in the list itself."""
    if is_path or (is_path is None and ":" not in text):
        file = plain_file(files, kustomizations.joined(posixpath.dirname(path), text))
        documents = None if file is None else file.documents
    else:
        file, documents = None, read_documents(path, text)
    stated = () if documents is None or documents.problems else documents.values
    of_text = [place] if len(stated) == 1 else [place / f"document {index}" for index in range(len(stated))]
    found = [
        (each, of_text[index] if file is None else Place(file.path, index))
        for index, each in enumerate(stated)
        if each is not None
    ]
    if not found or not all(isinstance(each, dict) or operations_of(each) is not None for each, _ in found):
        raise UnreadablePatchError
    return found


def _own_target(value: object) -> bool:
    return bool(text_at(value, "kind") and text_at(value, "metadata", "name"))


def _is_match(target: Mapping[str, object], field: str, text: str) -> bool | None:
    return is_match(text_at(target, field) or "", text)
