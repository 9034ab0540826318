"""What looks like a secret is taken out of a document before anything compares or shows it.

A secret is known by its shape, by its key, and by the object that it stands in. What stands for it is equal on both
sides if the secret is, so that the comparison sees that one changed, and nobody sees which.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gitops_gen.diff.values import Redacted
from gitops_gen.kubernetes import ARGO_CD_SECRET_TYPE
from gitops_gen.secrets_guard import suspects
from gitops_gen.secrets_in_text import secrets_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gitops_gen.diff.values import Value

_REDACTED_NAME = "(redacted "
_HAS_PARTS = re.compile(r"[\s=:;,]")

_SECRET_TEXT = re.compile(r"""\bkind["']?\s*:\s*["']?Secret\b""")
_SECRET_FIELDS = ("data", "stringData")
_HELD = "is a value of a Secret"
_OF_CLUSTER = frozenset({"name", "server", "project", "namespaces", "clusterResources"})
"""What a declarative cluster of Argo CD says that is no credential."""
_CREDENTIALS = frozenset({"username", "password", "bearertoken", "keydata", "certdata", "execproviderconfig"})
"""What `config` of a declarative cluster may have that is one, in lower case."""


class Mask:
    """Takes secrets out of the documents of one comparison."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def document(self, value: object, key: str = "") -> Value:
        """Returns a document, or a value under a key, without what looks like a secret in it.

        Of an item with `name` and `value`, as of environment variables, the name is the key.
        """
        if isinstance(value, dict):
            return self._map(value)
        if isinstance(value, list):
            return [self.document(inner, key) for inner in value]
        if value is None or isinstance(value, bool):
            return value
        reason = _reason(str(value), key)
        if reason is not None:
            return self._redacted(reason, str(value))
        return value if isinstance(value, str | int | float) else str(value)

    def lines(self, lines: Sequence[str]) -> list[Value]:
        """Returns the lines of a text that is not taken apart by a reader of its format.

        Of the text of a Secret, and of one with a private key in it, no line is shown.
        """
        whole = "\n".join(lines)
        if _SECRET_TEXT.search(whole):
            return [self._redacted(_HELD, line) for line in lines]
        if "PRIVATE KEY" in whole:
            return [self._redacted("looks like a private key", line) for line in lines]
        return [self.document(line) for line in lines]

    def name(self, text: str) -> str:
        """Returns a key, a name or a path, or, if it looks like a secret, what stands for it."""
        reason = _reason(text, "")
        if reason is None:
            return text
        return f"{_REDACTED_NAME}{self._redacted(reason, text).number}: {reason})"

    def _map(self, value: dict[str, object]) -> Value:
        if value.get("kind") == "Secret":
            value = self._secret(value)
        name = value.get("name")
        return {
            self.name(step): self.document(inner, name if step == "value" and isinstance(name, str) else step)
            for step, inner in value.items()
        }

    def _secret(self, secret: dict[str, object]) -> dict[str, object]:
        is_cluster = _is_cluster(secret)
        masked = dict(secret)
        for field in _SECRET_FIELDS:
            data = secret.get(field)
            if isinstance(data, dict):
                masked[field] = {
                    key: value if is_cluster and _is_public(key, value) else self._redacted(_HELD, repr(value))
                    for key, value in data.items()
                }
            elif data is not None:
                masked[field] = self._redacted(_HELD, repr(data))
        return masked

    def _redacted(self, reason: str, text: str) -> Redacted:
        return Redacted(reason, self._numbers.setdefault(text, len(self._numbers) + 1))


def is_redacted_name(text: str) -> bool:
    """Tells whether a text stands for a name that looks like a secret."""
    return text.startswith(_REDACTED_NAME)


def has_redacted(value: Value) -> bool:
    """Tells whether something was taken out of a value."""
    return any(True for _ in redacted_in(value))


def redacted_in(value: Value) -> Iterator[Redacted]:
    """Yields what stands for secrets in a value."""
    if isinstance(value, Redacted):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from redacted_in(inner)


@lru_cache(maxsize=65_536)
def _reason(text: str, key: str) -> str | None:
    """Returns why a text is a secret, or has one in it; None if it has none."""
    reason = suspects(text, key)
    if reason is not None or not _HAS_PARTS.search(text):
        return reason
    return next((each.reason for each in secrets_in(text)), None)


def _is_cluster(secret: dict[str, object]) -> bool:
    metadata = secret.get("metadata")
    labels = metadata.get("labels") if isinstance(metadata, dict) else None
    return isinstance(labels, dict) and labels.get(ARGO_CD_SECRET_TYPE) == "cluster"


def _is_public(key: str, value: object) -> bool:
    """Tells whether an entry of a declarative cluster is none that Argo CD signs in with."""
    if key != "config":
        return key in _OF_CLUSTER
    try:
        config = json.loads(value) if isinstance(value, str) else None
    except ValueError:
        return False
    return isinstance(config, dict) and _CREDENTIALS.isdisjoint(key.lower() for key in _keys(config))


def _keys(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield str(key)
            yield from _keys(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _keys(inner)
