"""The JSON Schema of what `diff --format json` prints. Keys are only ever added."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.diff.values import REDACTED, Formatting, Kind, Summary

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT: Mapping[str, object] = {"type": "string"}
_COUNT: Mapping[str, object] = {"type": "integer", "minimum": 0}
_FLAG: Mapping[str, object] = {"type": "boolean"}
_WHOLE = (Kind.ADDED, Kind.REMOVED)


def diff_schema() -> dict[str, object]:
    """Returns the schema, without its dialect."""
    return {
        "title": "gitops-gen diff",
        "description": "What differs between two sets of rendered files.",
        **_object(
            base=_said("What the old files are, as messages say it.", _TEXT),
            notes=_said("What a reader should know beside it.", _list(_TEXT)),
            summary=_said("How much there is of everything.", _SUMMARY),
            verdict=_said("The environments that are touched, the most guarded one first.", _list(_VERDICT)),
            destructive=_said("What takes something away or drops a guard.", _list(_DESTRUCTIVE)),
            groups=_said("The same edit in many places; every difference is in one group.", _list(_GROUP)),
            changes=_said("One for each resource that differs.", _list(_CHANGE)),
            files=_said("One for each file whose text differs.", _list(_FILE)),
        ),
        "$defs": {"value": _VALUE, "redacted": _REDACTED},
    }


def _object(*optional: str, **properties: object) -> dict[str, object]:
    required = [name for name in properties if name not in optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _said(description: str, schema: Mapping[str, object]) -> dict[str, object]:
    return {"description": description, **schema}


def _list(items: object) -> dict[str, object]:
    return {"type": "array", "items": items}


def _map(values: object) -> dict[str, object]:
    return {"type": "object", "additionalProperties": values}


def _word(*words: str) -> dict[str, object]:
    return {"enum": [str(word) for word in words]}


def _or_null(schema: object) -> dict[str, object]:
    return {"anyOf": [schema, {"type": "null"}]}


_REDACTED = {
    "description": "Stands for a text that looks like a secret, with the reason. Such a diff cannot be applied.",
    **_object(**{REDACTED: _said("Why it looks like a secret.", _TEXT)}),
}
_VALUE = {"description": "Any value of a document; anywhere inside of it, a redacted one may stand for a text."}
_ANY = {"$ref": "#/$defs/value"}
_STEP = {
    "description": "A key, a position in a list, or the element of a list that has these values.",
    "anyOf": [_TEXT, _COUNT, _map({"type": ["string", "integer"]})],
}
_PLACE = {
    "environment": {**_TEXT, "description": "Empty where it is not known, or is more than one; so with the others."},
    "region": _TEXT,
    "cluster": _TEXT,
    "app": _TEXT,
}
_RESOURCE = _object(api_version=_TEXT, kind=_TEXT, namespace=_TEXT, name=_TEXT)
_EDIT = {"kind": _word(*Kind), "subject": _TEXT, "field": _TEXT, "old": _ANY, "new": _ANY}
_DIFFERENCE = _object(
    "old",
    "new",
    "index",
    kind=_word(*Kind),
    field=_TEXT,
    steps=_list(_STEP),
    cluster=_TEXT,
    old=_ANY,
    new=_ANY,
    index={**_COUNT, "description": "Of what is added to a list, its new position; of a splice, the old one."},
)
_CHANGE = _object(
    kind=_word(*_WHOLE, Kind.CHANGED, Kind.RENAMED),
    path=_TEXT,
    old_index=_or_null(_COUNT),
    index=_or_null(_COUNT),
    lines={**_FLAG, "description": "True where the document is the list of the lines of a text."},
    resource=_RESOURCE,
    was=_or_null(_RESOURCE),
    **_PLACE,
    differences=_list(_DIFFERENCE),
)
_FILE = _object(
    kind=_word(*_WHOLE, Kind.CHANGED),
    path=_TEXT,
    meaning={**_FLAG, "description": "False where only comments, order, quoting or spacing differ."},
    formatting=_list(_word(*Formatting)),
    order={**_list(_COUNT), "description": "Old positions of the documents that stay, where their order is new."},
    **_PLACE,
)
_SUMMARY = _object(**dict.fromkeys(Summary.__slots__, _COUNT))
_VERDICT = _object(environment=_TEXT, guarded=_FLAG, regions=_map(_object(touched=_COUNT, clusters=_COUNT)))
_DESTRUCTIVE = _object(code=_TEXT, what=_TEXT, consequence=_TEXT, places=_list(_object(name=_TEXT, **_PLACE)))
_GROUP = _object(
    **_EDIT,
    count=_COUNT,
    environments=_map(_COUNT),
    clusters=_list(_TEXT),
    outliers=_list(_object(cluster=_TEXT, instead=_or_null(_object(**_EDIT)))),
    members=_list(_object(change=_COUNT, difference=_or_null(_COUNT))),
)
