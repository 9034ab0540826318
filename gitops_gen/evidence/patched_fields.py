"""The fields that a patch of kustomize writes, each as a path such as a replacement has, with every name in brackets.

Source: kubernetes-sigs/kustomize, api/types/patch.go; RFC 6902, JSON Patch; RFC 6901, JSON pointers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.values import text_at

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAMING = ("[apiVersion]", "[kind]", "[metadata][name]", "[metadata][namespace]")
"""What a patch in the form of an object says of the object that it is laid over."""


def patched_fields(patch: object) -> Iterator[str]:
    """Yields the fields that a patch of either form writes; a list in one that looks like an object is one field."""
    if isinstance(patch, list):
        for operation in patch:
            yield "".join(map(_part, (text_at(operation, "path") or "").split("/")[1:]))
    elif isinstance(patch, dict):
        yield from (field for field in _leaves(patch, "") if field not in _NAMING)


def _part(token: str) -> str:
    return f"[{token.replace('~1', '/').replace('~0', '~')}]"


def _leaves(value: object, field: str) -> Iterator[str]:
    if isinstance(value, dict) and value:
        for key, each in value.items():
            yield from _leaves(each, f"{field}[{key}]")
    else:
        yield field
