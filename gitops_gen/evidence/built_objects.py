"""The objects of Argo CD that kustomize changes, and what comes of them where only one kustomization has them.

A kustomization changes them with its patches, and an Application that has it built with what its source states. Where
several kustomizations have one, as the overlays of a base, each may be for an Argo CD of its own. A kustomization
around them that only lists them, beside what it fetches, leaves them as they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.applications import KUSTOMIZE, Application
from gitops_gen.evidence.kustomize_settings import Settings
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gitops_gen.evidence.applications import ApplicationSource
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.gathered import Gathering
    from gitops_gen.evidence.kustomizations import Kustomizations
    from gitops_gen.evidence.patches import Taken
    from gitops_gen.evidence.places import Place

_KIND = "Application"
_DEEPEST = 8
"""Kustomizations around each other."""


class Change(NamedTuple):
    """An object that kustomize changes."""

    manifest: Manifest
    by: str
    """What changes it: a kustomization, or what an Application states."""
    folder: str = ""
    settings: Settings | None = None
    """What the Application states of the kustomization in the folder."""


def changes_of(
    kustomizations: Kustomizations, folder_of: Callable[[ApplicationSource], str | None], manifests: Sequence[Manifest]
) -> list[Change]:
    """Returns what kustomize changes of some objects of Argo CD."""
    patching = kustomizations.patching(manifests)
    found = [Change(manifests[number], path) for number, path in patching.items()]
    for application in (
        Application(each.value, each.place, each.place / "spec") for each in manifests if each.kind == _KIND
    ):
        for source in application.sources:
            folder = folder_of(source) if KUSTOMIZE in source.tools else None
            if folder is not None:
                settings = Settings.of(application, source)
                by = f"what {application.place.file} states of kustomize"
                changed = kustomizations.changed_by(folder, settings, manifests)
                found += [Change(manifests[number], by, folder, settings) for number in changed]
    return found


def built_objects(
    kustomizations: Kustomizations, gathering: Gathering, changes: Sequence[Change]
) -> Iterator[tuple[Place, Manifest | None]]:
    """Yields what is known to come of objects, by where each is written; None for one that a patch takes away."""
    stated_by_place: dict[Place, list[Change]] = {}
    for change in changes:
        stated = stated_by_place.setdefault(change.manifest.place, [])
        stated += [change] if change.settings is not None else []
    builds: dict[tuple[str, Place | None], Mapping[Place, Sequence[Taken]] | None] = {}
    for place, stated in stated_by_place.items():
        folders = kustomizations.taking(place.file)
        if len(folders) != 1 or len(stated) > 1 or any(each.folder != folders[0] for each in stated):
            continue
        settings = stated[0].settings if stated else None
        folder = folders[0] if settings is not None else _deciding(kustomizations, gathering, folders[0], place.file)
        build = (folder, None if settings is None else settings.place)
        if build not in builds:
            builds[build] = _built(gathering, folder, settings)
        taken = builds[build]
        made = () if taken is None else taken.get(place, ())
        if taken is not None and all(each.is_known for each in made):
            yield place, next((each.manifest for each in made), None)


def _deciding(kustomizations: Kustomizations, gathering: Gathering, folder: str, file: str) -> str:
    """Returns the folder of the kustomization that decides what comes of a file that the one of a folder takes.

    It is a known one below those that only list: what else they take changes nothing of the file.
    """
    inner: str | None = folder
    for _ in range(_DEEPEST):
        if inner is None or gathering.of(inner) is not None:
            return inner or folder
        inner = kustomizations.listed(inner, file)
    return folder


def _built(gathering: Gathering, folder: str, settings: Settings | None) -> Mapping[Place, Sequence[Taken]] | None:
    """Returns what comes of a folder, by where it is written; None where only kustomize knows."""
    taken = gathering.of(folder) if settings is None else gathering.with_settings(folder, settings)
    if taken is None:
        return None
    found: dict[Place, list[Taken]] = {}
    for each in taken:
        found.setdefault(each.manifest.place, []).append(each)
    return found
