"""A key of a Secret that the Secrets Store CSI driver makes comes of a file that the provider of AWS mounts.

Under secretObjects, objectName is the name of the file: the objectAlias of an object or of one of its jmesPath, or else
its objectName, with an underscore for each slash unless pathTranslation says otherwise. Where there is no such file,
the driver says "file matching objectName not found in the pod", and does not make the Secret.

Part of secret-reference.

Source: Secrets Store CSI driver, pkg/util/secretutil/secret.go, GetSecretData, and issue 1329;
secrets-store-csi-driver-provider-aws, provider/secret_descriptor.go, GetFileName and NewSecretDescriptorList.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.checks.finding import Finding, by_mark
from gitops_gen.evidence import placeholders
from gitops_gen.evidence.leftovers import has_template
from gitops_gen.evidence.values import list_at, text_at
from gitops_gen.near_miss import near_miss
from gitops_gen.source import read_documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.files import Manifest
    from gitops_gen.evidence.graph import Graph

_OBJECTS = ("spec", "parameters", "objects")
_TRANSLATION = ("spec", "parameters", "pathTranslation")
_KNOWN = frozenset(
    {
        *("objectName", "objectAlias", "objectType", "objectVersion", "objectVersionLabel"),
        *("jmesPath", "failoverObject", "filePermission"),
    }
)
"""The fields of an object: what another one does is not known."""
_SLASHES_STAY = "false"


def missing_files(graph: Graph, manifest: Manifest, cluster: str) -> Iterator[Finding]:
    """Yields each file that a SecretProviderClass of AWS takes a key from, and that none of its objects is."""
    files = _files(manifest)
    if files is None:
        return
    for index, made in enumerate(list_at(manifest.value, "spec", "secretObjects")):
        for number, item in enumerate(list_at(made, "data")):
            name = text_at(item, "objectName")
            if name and name not in files and not _is_form(name):
                place = manifest.place.down("spec", "secretObjects", index, "data", number, "objectName")
                yield Finding(
                    f"{manifest} takes a key from the file {name}, and its objects are {', '.join(sorted(files))}: "
                    "the driver does not make the Secret",
                    place,
                    near_miss(name, files),
                    severity=by_mark(graph, place),
                    cause=f"{manifest}: file {name}",
                    cluster=cluster,
                )


def _files(manifest: Manifest) -> frozenset[str] | None:
    """Returns the names of the files that are mounted; None where they are not known."""
    text, translation = text_at(manifest.value, *_OBJECTS), text_at(manifest.value, *_TRANSLATION) or "_"
    if text_at(manifest.value, "spec", "provider") != "aws" or not text or _is_form(text) or _is_form(translation):
        return None
    documents = read_documents("", text)
    objects = documents.values[0] if len(documents.values) == 1 and not documents.problems else None
    if not isinstance(objects, list) or not objects:
        return None
    found: set[str] = set()
    for each in objects:
        if not isinstance(each, dict) or not each.keys() <= _KNOWN:
            return None
        names = [text_at(each, "objectAlias") or text_at(each, "objectName")]
        names += [text_at(entry, "objectAlias") for entry in list_at(each, "jmesPath")]
        found.update(_translated(name, translation) for name in names if name)
    return frozenset(found)


def _translated(name: str, translation: str) -> str:
    return name.lstrip("/") if translation.lower() == _SLASHES_STAY else name.replace("/", translation)


def _is_form(text: str) -> bool:
    return has_template(text) or placeholders.in_url(text)
