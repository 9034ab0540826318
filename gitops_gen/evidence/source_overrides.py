"""What files in the folder of a source say of it: Argo CD lays them over what the Application states.

Argo CD Image Updater writes such files. Source: argoproj/argo-cd v3.5.1, reposerver/repository/repository.go,
mergeSourceParameters; docs/user-guide/parameters.md, "Store Overrides In Git"; RFC 7396, JSON Merge Patch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.applications import HELM, ApplicationSource
from gitops_gen.evidence.charts import path_in
from gitops_gen.evidence.values import at, list_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.evidence.files import Files

_OF_ALL = ".argocd-source.yaml"
_OF_ONE = ".argocd-source-{}.yaml"
_KEPT = ("chart", "path", "repoURL", "targetRevision")
"""What no such file changes."""
_FILES = ("valueFiles", "fileParameters")
_PARAMETER = {each.lower(): each for each in ("name", "value", "forceString")}
"""The fields of a parameter as they are written, and as Go reads them, to which small letters are as good."""


def files_over(files: Files, folder: str, application: str) -> list[str]:
    """Returns the files in a folder that say something of the source of an Application, in their order."""
    named = (path_in(folder, each) for each in (_OF_ALL, _OF_ONE.format(application)))
    return [path for path in named if files.is_file(path)]


def overridden(files: Files, source: ApplicationSource, paths: list[str]) -> ApplicationSource | None:
    """Returns a source with files laid over it; None where one is no patch, or changes which files the source reads."""
    value: object = source.value
    for path in paths:
        file = files.get(path)
        if file is None or file.documents.problems or len(file.documents.values) != 1:
            return None
        value = _patched(value, file.documents.values[0])
    if not isinstance(value, dict):
        return None
    own = {key: source.value[key] for key in _KEPT if key in source.value}
    value = {key: each for key, each in value.items() if key not in _KEPT} | own
    if any(at(value, HELM, each) != at(source.value, HELM, each) for each in _FILES):
        return None
    return ApplicationSource(_as_go_reads_it(value), source.index, is_listed=source.is_listed)


def _patched(value: object, patch: object) -> object:
    if not isinstance(patch, dict):
        return patch
    patched = dict(value) if isinstance(value, dict) else {}
    for key, change in patch.items():
        if change is None:
            patched.pop(key, None)
        else:
            patched[key] = _patched(patched.get(key), change)
    return patched


def _as_go_reads_it(value: Mapping[str, object]) -> Mapping[str, object]:
    stated = list_at(value, HELM, "parameters")
    helm = value.get(HELM)
    if not stated or not isinstance(helm, dict):
        return value
    parameters = [
        {_PARAMETER.get(str(key).lower(), key): item for key, item in each.items()} if isinstance(each, dict) else each
        for each in stated
    ]
    return {**value, HELM: {**helm, "parameters": parameters}}
