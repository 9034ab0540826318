"""The names by which an ExternalSecret asks a store of AWS: what the service refuses, it never has.

A parameter in a hierarchy is named from the / at its start on, also behind the prefix of the store, and its versions
have numbers and labels, not the stages of Secrets Manager.

Part of external-secret-store. Source: Systems Manager, PutParameter (Name), GetParametersByPath (Path) and
LabelParameterVersion; Secrets Manager, CreateSecret (Name); external-secrets v2.9.0, providers/v1/aws.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.aws.names import check_secret_name
from gitops_gen.characters import check_characters
from gitops_gen.checks.finding import Finding
from gitops_gen.checks.secret_finds import store_of
from gitops_gen.evidence import placeholders
from gitops_gen.evidence.readers import PARAMETER_STORE
from gitops_gen.evidence.values import at, list_at, text_at
from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.deployments import Deployment
    from gitops_gen.evidence.files import Manifest
    from gitops_gen.shapes import Steps

_AWS = ("spec", "provider", "aws")
_ARN = "arn:"
_NOT_IN_PARAMETER = re.compile(r"[^A-Za-z0-9_.\-/]")
_SELECTOR = re.compile(r":[A-Za-z0-9_.-]+\Z")
"""A version or a label that stands behind a name."""
_PARAMETER_VERSION = re.compile(r"[0-9]+|(?!(?i:aws|ssm))[A-Za-z_.-][A-Za-z0-9_.-]*")
_REFS = (("data", "remoteRef"), ("dataFrom", "extract"))


class _Ref(NamedTuple):
    """What an item of an ExternalSecret asks a store of AWS, and where."""

    store: Manifest
    value: object
    steps: Steps

    @property
    def is_parameter(self) -> bool:
        """True where the store reads Parameter Store."""
        return text_at(self.store.value, *_AWS, "service") == PARAMETER_STORE


def refused_names(deployment: Deployment, manifest: Manifest) -> Iterator[Finding]:
    """Yields what the service of a store refuses of the names, the versions and the paths of an ExternalSecret."""
    for list_name, step in (*_REFS, ("dataFrom", "find")):
        for index, item in enumerate(list_at(manifest.value, "spec", list_name)):
            store = store_of(deployment, manifest, item) if at(item, step) is not None else None
            if store is not None and at(store.value, *_AWS) is not None:
                ref = _Ref(store, at(item, step), ("spec", list_name, index, step))
                for field, reason, hint in _refused_path(ref) if step == "find" else _refused(ref):
                    yield _finding(deployment, manifest, ref, field, (reason, hint))


def _refused(ref: _Ref) -> Iterator[tuple[str, str, str]]:
    """Yields the field, what is wrong with it, and what to write."""
    key, version = text_at(ref.value, "key"), text_at(ref.value, "version")
    if key and not placeholders.in_url(key) and not key.startswith(_ARN):
        name = f"{text_at(ref.store.value, *_AWS, 'prefix') or ''}{key}"
        reason = _check_parameter(name) if ref.is_parameter else check_secret_name(name)
        if reason is not None:
            yield "key", reason, "write the name as it is in AWS, without the prefix of the store"
    if version and ref.is_parameter and not placeholders.in_url(version) and not _PARAMETER_VERSION.fullmatch(version):
        reason = f"got {version}, expected the number of a version of the parameter, or one of its labels"
        yield "version", reason, "remove it to read the newest one"


def _refused_path(ref: _Ref) -> Iterator[tuple[str, str, str]]:
    path = text_at(ref.value, "path")
    if path and ref.is_parameter and not placeholders.in_url(path) and not path.startswith("/"):
        yield "path", f"got {path}, and a hierarchy of parameters starts with a /", f"write /{path}"


def _check_parameter(name: str) -> str | None:
    stated = _SELECTOR.sub("", name)
    if reason := check_characters(stated, _NOT_IN_PARAMETER, "letters, digits, underscores, dots, hyphens and slashes"):
        return reason
    if "/" in stated and not stated.startswith("/"):
        return f"{stated} is in a hierarchy, and Parameter Store knows such a name only with a / at its start"
    return f"a part of {stated} has no name" if "//" in stated or stated.endswith("/") else None


def _finding(deployment: Deployment, manifest: Manifest, ref: _Ref, field: str, told: tuple[str, str]) -> Finding:
    reason, hint = told
    return Finding(
        f"{manifest} asks {ref.store} for what it cannot have: {reason}",
        manifest.place.down(*ref.steps, field),
        hint,
        related=((ref.store.place.down(*_AWS, "service"), "the service that the store reads"),),
        cause=f"{manifest}: {ref.steps}: {reason}",
        cluster=deployment.cluster.name,
    )
