"""JSON, YAML, base64, base32 and hashes. Source: Masterminds/sprig v3.3.0, and argoproj/argo-cd v3.5.1."""

from __future__ import annotations

import base64
import binascii
import zlib

from gitops_gen import source
from gitops_gen.evidence.gotemplate.errors import CannotSayError, GoTemplateError
from gitops_gen.evidence.gotemplate.functions.table import Signature, takes
from gitops_gen.evidence.gotemplate.values import from_bytes, to_bytes


def decode_base64(text: str) -> str:
    """Returns the text of a base64. Raises CannotSayError if it is none: sprig then gives the text of the error."""
    try:
        return from_bytes(base64.b64decode(to_bytes(text.replace("\n", "").replace("\r", "")), validate=True))
    except binascii.Error:
        raise CannotSayError("b64dec has a text that is no base64") from None


def decode_base32(text: str) -> str:
    """Returns the text of a base32. Raises as decode_base64."""
    try:
        return from_bytes(base64.b32decode(to_bytes(text)))
    except binascii.Error:
        raise CannotSayError("b32dec has a text that is no base32") from None


def from_json(text: str) -> object:
    """Returns the value of a JSON text, nil if it is none."""
    from gitops_gen.evidence.gotemplate import json_text

    try:
        return json_text.decode(text)
    except ValueError:
        return None


def must_from_json(text: str) -> object:
    """Returns the value of a JSON text. Raises GoTemplateError if it is none."""
    from gitops_gen.evidence.gotemplate import json_text

    try:
        return json_text.decode(text)
    except ValueError:
        raise GoTemplateError("error calling mustFromJson: the text is no JSON") from None


def to_yaml(value: object) -> str:
    """Returns the YAML of a value. Raises CannotSayError for what `yaml_text` does not write."""
    from gitops_gen.evidence.gotemplate import yaml_text

    return yaml_text.encode(value)


def from_yaml(text: str) -> dict[str, object]:
    """Returns the map that a YAML text is; nothing at all is an empty one.

    Raises GoTemplateError for another value, CannotSayError for what is read differently elsewhere, or is no YAML.
    """
    value = _yaml("fromYaml", text)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise GoTemplateError("error calling fromYaml: the text is no map")
    return value


def from_yaml_list(text: str) -> list[object]:
    """Returns the list that a YAML text is; nothing at all is an empty one. Raises as from_yaml."""
    value = _yaml("fromYamlArray", text)
    if value is None:
        return []
    if not isinstance(value, list):
        raise GoTemplateError("error calling fromYamlArray: the text is no list")
    return value


def _yaml(function: str, text: str) -> object:
    documents = source.read_documents("", text)
    if documents.misread:
        raise CannotSayError(f"{function} has a text that may be no YAML: {documents.misread[0].message}")
    if len(documents.values) > 1:
        raise CannotSayError(f"{function} has a text of several documents")
    return documents.values[0] if documents.values else None


def _hash(name: str) -> Signature:
    def digest(text: str) -> str:
        import hashlib

        return hashlib.new(name, to_bytes(text), usedforsecurity=False).hexdigest()

    return takes("string", digest)


def _json(value: object) -> str:
    from gitops_gen.evidence.gotemplate import json_text

    return json_text.encode(value)


def _pretty(value: object) -> str:
    from gitops_gen.evidence.gotemplate import json_text

    return json_text.encode(value, indent="  ")


def _raw(value: object) -> str:
    from gitops_gen.evidence.gotemplate import json_text

    return json_text.encode(value, escapes_html=False)


TABLE: dict[str, Signature] = {
    "toJson": takes("any", _json, walks=True),
    "mustToJson": takes("any", _json, walks=True),
    "toPrettyJson": takes("any", _pretty, walks=True),
    "mustToPrettyJson": takes("any", _pretty, walks=True),
    "toRawJson": takes("any", _raw, walks=True),
    "mustToRawJson": takes("any", _raw, walks=True),
    "fromJson": takes("string", from_json, walks=True),
    "mustFromJson": takes("string", must_from_json, walks=True),
    "toYaml": takes("any", to_yaml, walks=True),
    "fromYaml": takes("string", from_yaml, walks=True),
    "fromYamlArray": takes("string", from_yaml_list, walks=True),
    "b64enc": takes("string", lambda text: base64.b64encode(to_bytes(text)).decode()),
    "b64dec": takes("string", decode_base64),
    "b32enc": takes("string", lambda text: base64.b32encode(to_bytes(text)).decode()),
    "b32dec": takes("string", decode_base32),
    "sha1sum": _hash("sha1"),
    "sha256sum": _hash("sha256"),
    "sha512sum": _hash("sha512"),
    "adler32sum": takes("string", lambda text: str(zlib.adler32(to_bytes(text)))),
}
