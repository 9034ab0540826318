"""What kustomize makes of objects that no Application brings: a base is often half of one, and overlays add to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.gathered import Gathering
    from gitops_gen.evidence.kustomizations import Kustomizations
    from gitops_gen.evidence.patches import Taken


def as_built(
    kustomizations: Kustomizations, gathering: Gathering, manifests: Sequence[Manifest]
) -> Iterator[tuple[Manifest, bool]]:
    """Yields each object as it is written or, where all that take it patch it, as each of them leaves it.

    With it stands whether that is all of it: where only kustomize knows, it is the object as it is written.
    """
    patching = kustomizations.patching(manifests)
    for number, manifest in enumerate(manifests):
        if number not in patching or kustomizations.take_as_written(manifest):
            yield manifest, True
            continue
        folders = kustomizations.taking(manifest.place.file)
        built = [_at_place(gathering.of(folder), manifest) for folder in folders]
        known = [each.manifest for each in built if each is not None and each.is_known]
        if known and len(known) == len(built):
            yield from ((each, True) for each in known)
        else:
            yield manifest, False


def _at_place(taken: Sequence[Taken] | None, manifest: Manifest) -> Taken | None:
    return next((each for each in taken or () if each.manifest.place == manifest.place), None)
