"""Files that are encrypted as a whole: what they say is for whoever has the key.

Source: the formats of OpenSSL (which transcrypt uses), Ansible Vault, OpenPGP, age and SOPS.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.evidence.values import text_at

if TYPE_CHECKING:
    from collections.abc import Mapping

ENCRYPTED = "encrypted"
"""The code of what cannot be read for that."""

_ENCRYPTED = re.compile(
    r"""
    \s* (?: U2FsdGVkX1 | \$ANSIBLE_VAULT; | -----BEGIN\ (?:PGP\ MESSAGE|AGE\ ENCRYPTED\ FILE)-----
           | \{\s* "data":\s* "ENC\[ )
    """,
    re.VERBOSE,
)


def is_encrypted(text: str) -> bool:
    """Returns whether a text is what a tool made of another one that nobody may read."""
    return _ENCRYPTED.match(text) is not None


def is_encrypted_json(values: Mapping[str, object]) -> bool:
    """Returns whether an object is what SOPS made of another one: each of its values is encrypted by itself."""
    return text_at(values, "sops", "mac") is not None
