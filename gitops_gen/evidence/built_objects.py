"""What comes of the objects of Argo CD that kustomize patches, where only one kustomization has them.

Where several have one, as the overlays of a base, each may be for an Argo CD of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.gathered import Gathering
    from gitops_gen.evidence.kustomizations import Kustomizations
    from gitops_gen.evidence.places import Place


def built_objects(
    kustomizations: Kustomizations, gathering: Gathering, manifests: Iterable[Manifest]
) -> Iterator[tuple[Place, Manifest | None]]:
    """Yields what is known to come of objects, by where each is written; None for one that a patch takes away."""
    for manifest in manifests:
        folders = kustomizations.taking(manifest.place.file)
        taken = gathering.of(folders[0]) if len(folders) == 1 else None
        made = [each for each in taken or () if each.manifest.place == manifest.place]
        if taken is not None and all(each.is_known for each in made):
            yield manifest.place, next((each.manifest for each in made), None)
