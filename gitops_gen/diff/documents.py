"""A rendered file as its format's reader has it: its documents without secrets, and what each of them is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from gitops_gen.diff.values import Redacted, Resource
from gitops_gen.evidence.hcl import parse_hcl
from gitops_gen.source import InvalidYamlError, parse_documents

if TYPE_CHECKING:
    from gitops_gen.diff.masking import Mask
    from gitops_gen.diff.values import Value

_YAML_ENDINGS = (".yaml", ".yml")
_TFVARS_ENDING = ".tfvars"


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a file, without secrets, and what it is."""

    value: Value
    resource: Resource

    @property
    def is_object(self) -> bool:
        """True for a Kubernetes object, which has an identity; anything else is known by its file."""
        return bool(self.resource.api_version and self.resource.name)

    @property
    def identity(self) -> tuple[str, str, str, str]:
        """What tells an object from others, whatever the version of its API: group, kind, namespace, name."""
        group = self.resource.api_version.rpartition("/")[0]
        return group, self.resource.kind, self.resource.namespace, self.resource.name


@dataclass(frozen=True, slots=True)
class Documents:
    """The documents of a file. A text that no reader takes apart is one document, the list of its lines."""

    items: tuple[Document, ...]
    is_text: bool


def parse(path: str, text: str) -> tuple[object, ...] | None:
    """Returns the value of each document of a file; None for a text of no known format, or one that breaks its own."""
    if path.endswith(_YAML_ENDINGS):
        try:
            return parse_documents(text)
        except InvalidYamlError:
            return None
    if path.endswith(_TFVARS_ENDING):
        variables, problem = parse_hcl(path, text)
        return None if problem else (variables,)
    return None


def read(path: str, text: str, mask: Mask) -> Documents:
    """Returns the documents of a file; nothing in them looks like a secret."""
    values = parse(path, text)
    if values is None:
        return as_text(path, text, mask)
    return Documents(tuple(_document(path, mask.document(value)) for value in values), is_text=False)


def as_text(path: str, text: str, mask: Mask) -> Documents:
    """Returns a file as the list of its lines."""
    lines = mask.lines(text.split("\n"))
    return Documents((Document(lines, Resource("", _kind_of_file(path), "", "")),), is_text=True)


def _document(path: str, value: Value) -> Document:
    metadata = value.get("metadata") if isinstance(value, dict) else None
    if not isinstance(value, dict) or "kind" not in value or not isinstance(metadata, dict):
        return Document(value, Resource("", _kind_of_file(path), "", ""))
    version, kind = _text(value.get("apiVersion")), _text(value.get("kind"))
    return Document(value, Resource(version, kind, _text(metadata.get("namespace")), _text(metadata.get("name"))))


def _kind_of_file(path: str) -> str:
    """Returns what a file without an object in it is called: values, tfvars, runbook."""
    file = PurePosixPath(path)
    return "tfvars" if file.suffix == _TFVARS_ENDING else file.stem


def _text(value: Value) -> str:
    return str(value) if isinstance(value, str | int | float | Redacted) else ""
