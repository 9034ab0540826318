"""What an object is, in a document that is no YAML from some line on: its kind and its names, as its lines seem to say.

Whoever speaks of the object means it, whether it can be read or not: without it, he would seem to be wrong.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.values import map_at
from gitops_gen.kubernetes import ARGO_CD_SECRET_TYPE
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_LINE = lazily(r"""( *)([A-Za-z][\w./-]*) *(?::|(?= )|$) *["']?([^"'\s]*)""")
"""A line of a map, be it with its colon or without."""
_OBJECT = ("", "apiVersion"), ("", "kind")
_NAMES = ("metadata", "name"), ("metadata", "namespace"), ("stringData", "name")
_LABEL = ("metadata", ARGO_CD_SECRET_TYPE)


def cut_off_object(read: object, lines: Iterable[str]) -> object:
    """Returns what was read of a document, with what the object is where only its lines say it."""
    stated = _stated(lines)
    if any(each not in stated for each in _OBJECT):
        return read
    found: dict[str, object] = {key: stated["", key] for _, key in _OBJECT} | dict(map_at(read))
    for section, key in _NAMES:
        if (section, key) in stated:
            found[section] = {key: stated[section, key], **map_at(found, section)}
    if _LABEL in stated:
        labels = {ARGO_CD_SECRET_TYPE: stated[_LABEL], **map_at(found, "metadata", "labels")}
        found["metadata"] = {**map_at(found, "metadata"), "labels": labels}
    return found


def _stated(lines: Iterable[str]) -> Mapping[tuple[str, str], str]:
    """Returns the first text of each key, by the key without indentation that it stands below."""
    found: dict[tuple[str, str], str] = {}
    section = ""
    for line in lines:
        if (match := _LINE.match(line)) is not None:
            indent, key, text = match.groups()
            found.setdefault((section if indent else "", key), text)
            section = section if indent else key
    return found
