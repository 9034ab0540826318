"""What looks like a secret in other people's files and is none: placeholders, names, sealed texts, pictures.

The guard of the model refuses whatever may be a secret, since its author can write it in another way. A file that
somebody else keeps is what it is: there, what is told has to be one.
"""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING

from gitops_gen.evidence import placeholders
from gitops_gen.evidence.encrypted import is_encrypted
from gitops_gen.evidence.leaves import key_of
from gitops_gen.evidence.values import at, map_at, text_at
from gitops_gen.secrets_guard import RANDOM, suspects

if TYPE_CHECKING:
    from gitops_gen.evidence.leaves import Steps

_BY_KEY = "that it is a secret"
"""How a reason ends to which the key adds."""
_SHAPE = "looks like"
_AS_ANY_64_BYTES = "Azure Storage"
"""Of the shapes, the one that a digest has too, and a text in base64."""
_PRIVATE_KEY = "a private key"

_SEALED = frozenset({"encryptedData"})
"""Keys below which a text is encrypted: https://github.com/bitnami-labs/sealed-secrets, in a manifest or in values."""
_BINARY = frozenset({"binaryData", "base64data", "caBundle"})
"""Keys of what is no text: files of a ConfigMap, the icon of an operator, certificates."""
_NAMING = frozenset({"remoteRef", "extract", "match", "secretName", "storeRef", "secretStoreRef"})
"""Keys below which External Secrets, and charts for it, name where a secret is and what its key is called."""
_NAMED_KEY = "secretKey"
"""What the key is called, beside one of those; elsewhere it may be the secret key of an object store."""
_PUBLIC = frozenset(
    {
        *("ca", "cert", "certificate", "crt", "public", "site", "client", "tenant", "project", "id", "digest", "hash"),
        *("checksum", "sha", "fingerprint", "thumbprint", "integrity", "revision", "commit", "icon", "image", "logo"),
    }
)
"""Words in the key of a text that anybody may see."""
_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_IN_URL = re.compile(r"://[^/\s:@]*:([^/\s@]+)@")
_NO_PASSWORD = re.compile(
    r"(?i:\W*(?:db[-_]?|user[-_]?)?(?:pass|password|passwd|pwd|secret)\W*|.*(?:[{<$]|%(?![0-9A-Fa-f]{2})|xxx).*)"
)
"""What stands in a URL for a password that comes from elsewhere."""
_REFERENCE = re.compile(
    r"\$[A-Za-z_]|\?\{|[%#@]\{|(?:os\.environ|process\.env)\b|md5[0-9a-f]{32}\Z"
    r"|(?:(?i:true|false|yes|no|none|null|enabled|disabled|required|optional)|__\w+__|@@?\w+@@?)\Z"
    r"|[a-z][a-z0-9+.-]*://[^\s@?]+\Z"
)
"""A variable, as of a shell or $secret:key of Argo CD, what Kapitan and others fill in, and what a switch is set to;
PostgreSQL's hash of a password; an address in a store."""
_SWITCHES = frozenset(
    {
        *("allow", "check", "disable", "enable", "force", "generate", "has", "hide", "is", "require", "rotate", "show"),
        *("skip", "update", "use", "validate"),
    }
)
"""How the key of a switch starts, such as update_password: on_create."""
_CHOICE = re.compile(r"[A-Za-z]+(?:[_-][A-Za-z]+)*")
_ALPHABET = re.compile(r"(?i:abcdefghij|0123456789)")
"""What stands in the set of characters that something else is made of."""
_PEM = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----(.*?)(?:-----END|\Z)", re.DOTALL)
_SHORTEST_KEY = 64
"""Characters of the shortest private key: one of Ed25519, in PKCS #8 and base64."""
_DIGEST = re.compile(r"sha[0-9]+[-:=]")
_PATH = re.compile(r"[\w.+=-]{1,30}(?:/[\w.+=-]{1,30}){3,}/?")
_WORDY = re.compile(r"[A-Za-z]?[a-z]+[0-9]{0,2}(?:[A-Z][a-z]+[0-9]{0,2}){1,9}")
"""Words with a capital each: clientSecretOauth2Proxy. That a random text is made like that is unlikely."""
_LONGEST_KEY = 512
"""Characters of a key or a token; a longer text without blanks is a file."""
_NAMED = re.compile(r"[a-z0-9._-]*(?:secret|token|credential|password)[a-z0-9._-]*")


def is_lookalike(document: object, steps: Steps, reason: str) -> bool:
    """Returns whether what looks like a secret in a document, for a reason that `secrets_guard` gave, is none."""
    if not _SEALED.isdisjoint(map(str, steps)) or _is_in_sealed_item(document, steps):
        return True
    text = at(document, *steps)
    if not isinstance(text, str):
        return False
    if is_encrypted(text):
        return True
    if reason.startswith(RANDOM):
        by_key = reason.endswith(_BY_KEY)
        return _is_named(document, steps) or _is_name(text, steps) or (not by_key and _is_public(text, steps))
    if not reason.startswith(_SHAPE):
        return _REFERENCE.match(text) is not None or placeholders.is_password(text) or _is_choice(text, steps)
    if reason.endswith(_AS_ANY_64_BYTES) and (_is_public(text, steps) or _is_text(text)):
        return True
    if reason.endswith(_PRIVATE_KEY) and _is_form_of_key(text):
        return True
    written = "\n".join(line for line in text.splitlines() if not _is_placeholder(line))
    return written != "\n".join(text.splitlines()) and suspects(written, str(steps[-1]) if steps else "") is None


def _is_choice(text: str, steps: Steps) -> bool:
    """Returns whether a text under a key that starts with a verb says what is done with a password."""
    words = _WORDS.findall(key_of(steps))
    return words[:1] != [] and words[0].lower() in _SWITCHES and _CHOICE.fullmatch(text) is not None


def _is_text(text: str) -> bool:
    """Returns whether base64 stands for a text that is no secret."""
    try:
        inner = base64.b64decode(text, validate=True).decode()
    except ValueError:
        return False
    return inner.isprintable() and suspects(inner) is None


def _is_form_of_key(text: str) -> bool:
    """Returns whether what stands in the place of each private key in a text is too short for one."""
    bodies = ["".join(body.replace("\\n", "").split()) for body in _PEM.findall(text)]
    return bool(bodies) and all(len(body) < _SHORTEST_KEY for body in bodies)


def _is_named(document: object, steps: Steps) -> bool:
    return steps[-1:] == (_NAMED_KEY,) and not _NAMING.isdisjoint(map_at(document, *steps[:-1]))


def _is_in_sealed_item(document: object, steps: Steps) -> bool:
    """True for an object of a List that is sealed; a document that is sealed is not looked into at all."""
    return steps[:1] == ("items",) and text_at(document, *steps[:2], "kind") == "SealedSecret"


def _is_placeholder(line: str) -> bool:
    passwords = _IN_URL.findall(line)
    if passwords:
        return all(_NO_PASSWORD.fullmatch(each) or placeholders.in_token(each) for each in passwords)
    return placeholders.in_token(line)


def _is_name(text: str, steps: Steps) -> bool:
    """Returns whether a text that looks random names something, or is a file rather than a key."""
    if not (_BINARY | _NAMING).isdisjoint(map(str, steps)) or len(text) > _LONGEST_KEY:
        return True
    if placeholders.in_token(text) or _ALPHABET.search(text):
        return True
    return any(shape.fullmatch(text) for shape in (_PATH, _WORDY, _NAMED))


def _is_public(text: str, steps: Steps) -> bool:
    return _DIGEST.match(text) is not None or not _PUBLIC.isdisjoint(map(str.lower, _WORDS.findall(key_of(steps))))
