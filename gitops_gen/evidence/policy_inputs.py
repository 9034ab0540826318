"""The files that a PolicyGenerator of Advanced Cluster Management makes policies of.

Kustomize runs it as a generator. It lays patches over what a file says, and the policies that come of it have templates
that are filled in on the hub ({{hub ... hub}}) and on each cluster ({{ ... }}): what such a file says is not what a
cluster gets. One without either is taken as it is.

Source: open-cluster-management-io/policy-generator-plugin, docs/policygenerator-reference.yaml.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from gitops_gen.evidence.files import YAML_ENDINGS
from gitops_gen.evidence.values import list_at, map_at, strings_at, text_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import Files

_KIND = "PolicyGenerator"
_TEMPLATE = "{{"


def changed_inputs(files: Files, path: str, kustomization: object) -> Iterator[str]:
    """Yields the files that the generators of a kustomization patch, or that have templates for its policies."""
    folder = posixpath.dirname(path)
    for stated in strings_at(kustomization, "generators"):
        file = files.get(_joined(folder, stated)) if "\n" not in stated else None
        for generator in file.documents.values if file is not None else ():
            if text_at(generator, "kind") == _KIND:
                yield from _inputs(files, folder, generator)


def _inputs(files: Files, folder: str, generator: object) -> Iterator[str]:
    for policy in list_at(generator, "policies"):
        for entry in map(map_at, list_at(policy, "manifests")):
            target = _joined(folder, text_at(entry, "path") or "")
            paths = [each for each in files.under(target) if posixpath.dirname(each) == target]
            for each in paths if files.is_folder(target) else (target,):
                file = files.get(each) if each.endswith(YAML_ENDINGS) and files.is_file(each) else None
                if file is not None and (entry.get("patches") or _TEMPLATE in file.text):
                    yield each


def _joined(folder: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(folder, name))
