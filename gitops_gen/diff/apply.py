"""The JSON of a diff, applied: from the old files and what differs come the documents of the new ones.

What a diff says and what it leaves out can so be held against the files themselves. Comments, quoting and the order
of keys are no part of a document.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.diff.documents import lines_of, parse
from gitops_gen.diff.elements import find
from gitops_gen.diff.masking import is_redacted_name
from gitops_gen.diff.sameness import same
from gitops_gen.diff.values import REDACTED, Element, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gitops_gen.diff.values import Value

Content: TypeAlias = "tuple[object, ...] | str"
"""A file: its documents, or, where no reader takes it apart, its text without the mark of ownership."""
Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


class ApplyError(Exception):
    """A diff cannot be applied: it is not of these files, or it has values that were taken out of it."""


def content(path: str, text: str) -> Content:
    """Returns what a file says."""
    documents = parse(path, text)
    return "\n".join(lines_of(text)) if documents is None else documents


def contents(files: Mapping[str, str]) -> dict[str, Content]:
    """Returns what files say, by path."""
    return {path: content(path, text) for path, text in files.items()}


def apply(diff: Mapping[str, Json], old: Mapping[str, str]) -> dict[str, Content]:
    """Returns what the new files say: the parsed JSON of a diff, applied to the old files.

    Raises ApplyError for a diff of other files, and for one that has redacted values.
    """
    _refuse_redacted(diff)
    changes: dict[str, list[dict[str, Json]]] = {}
    for change in _maps(diff["changes"]):
        changes.setdefault(_text(change["path"]), []).append(change)
    found = contents(old)
    for file in _maps(diff["files"]):
        path = _text(file["path"])
        if file["kind"] == Kind.REMOVED:
            found.pop(path)
        else:
            found[path] = _file(path, old.get(path), _order(file), changes.get(path, []))
    return found


def _file(path: str, text: str | None, order: list[int], changes: list[dict[str, Json]]) -> Content:
    is_text = any(change["lines"] for change in changes)
    documents = _documents(path, text, is_text=is_text)
    stay: list[Value] = []
    by_index = {change["old_index"]: change for change in changes if change["old_index"] is not None}
    for index, document in enumerate(documents):
        change = by_index.get(index)
        if change is None:
            stay.append(document)
        elif change["kind"] != Kind.REMOVED:
            stay.append(_edited(document, _maps(change["differences"])))
    stay = [stay[position] for position in order] if order else stay
    added = [change for change in changes if change["kind"] == Kind.ADDED]
    for change in sorted(added, key=lambda change: _number(change["index"])):
        (difference,) = _maps(change["differences"])
        stay.insert(_number(change["index"]), _value(difference["new"]))
    if not is_text:
        return tuple(stay)
    return content(path, "\n".join(str(line) for lines in stay if isinstance(lines, list) for line in lines))


def _documents(path: str, text: str | None, *, is_text: bool) -> list[Value]:
    if text is None:
        return []
    documents = None if is_text else parse(path, text)
    return [list(lines_of(text))] if documents is None else [_value(each) for each in documents]


def _edited(document: Value, differences: Iterable[dict[str, Json]]) -> Value:
    holder: list[Value] = [deepcopy(document)]
    splices: list[dict[str, Json]] = []
    for difference in differences:
        if difference["kind"] == Kind.SPLICED:
            splices.append(difference)
        else:
            _edit(holder, difference)
    # Each has its position in the old list: the last one first, so that none moves another.
    for difference in reversed(splices):
        _edit(holder, difference)
    return holder[0]


def _edit(holder: list[Value], difference: dict[str, Json]) -> None:
    parent, step = _parent(holder, difference)
    match difference["kind"]:
        case Kind.ADDED:
            _add(parent, step, difference)
        case Kind.REMOVED:
            _expect(_at(parent, step), difference)
            _delete(parent, step)
        case Kind.CHANGED:
            _expect(_at(parent, step), difference)
            _put(parent, step, _value(difference["new"]))
        case Kind.SPLICED:
            _splice(_list(_at(parent, step)), difference)
        case _:
            values = _list(_at(parent, step))
            values[:] = [values[_number(position)] for position in _json_list(difference["new"])]


def _parent(holder: list[Value], difference: dict[str, Json]) -> tuple[Value, Json]:
    """Returns the map or list that has what differs, and the last step to it."""
    parent: Value = holder
    steps: list[Json] = [0, *_json_list(difference["steps"])]
    for step in steps[:-1]:
        parent = _at(parent, step)
    return parent, steps[-1]


def _at(parent: Value, step: Json) -> Value:
    if isinstance(parent, dict) and isinstance(step, str) and step in parent:
        return parent[step]
    if isinstance(parent, list):
        index = _index(parent, step)
        if index is not None and index < len(parent):
            return parent[index]
    raise ApplyError(f"there is no {step}; the diff is of other files")


def _index(parent: list[Value], step: Json) -> int | None:
    if isinstance(step, dict):
        return find(
            parent, Element(tuple((name, value) for name, value in step.items() if isinstance(value, str | int)))
        )
    return step if isinstance(step, int) else None


def _add(parent: Value, step: Json, difference: dict[str, Json]) -> None:
    if isinstance(parent, dict) and isinstance(step, str) and step not in parent:
        parent[step] = _value(difference["new"])
    elif isinstance(parent, list):
        parent.insert(_number(difference["index"]), _value(difference["new"]))
    else:
        raise ApplyError(f"{step} is there already; the diff is of other files")


def _put(parent: Value, step: Json, value: Value) -> None:
    if isinstance(parent, dict) and isinstance(step, str):
        parent[step] = value
    elif isinstance(parent, list) and (index := _index(parent, step)) is not None:
        parent[index] = value


def _delete(parent: Value, step: Json) -> None:
    if isinstance(parent, dict) and isinstance(step, str):
        del parent[step]
    elif isinstance(parent, list) and (index := _index(parent, step)) is not None:
        del parent[index]


def _splice(values: list[Value], difference: dict[str, Json]) -> None:
    at, old = _number(difference["index"]), _json_list(difference["old"])
    _expect(values[at : at + len(old)], difference)
    values[at : at + len(old)] = [_value(each) for each in _json_list(difference["new"])]


def _expect(found: Value, difference: dict[str, Json]) -> None:
    if not same(found, _value(difference["old"])):
        raise ApplyError(f"{difference['field']} has another value; the diff is of other files")


def _refuse_redacted(value: object) -> None:
    if isinstance(value, dict):
        if REDACTED in value:
            raise ApplyError("the diff has values that look like secrets and were taken out of it")
        for inner in value.values():
            _refuse_redacted(inner)
    elif isinstance(value, list):
        for inner in value:
            _refuse_redacted(inner)
    elif isinstance(value, str) and is_redacted_name(value):
        raise ApplyError("the diff has names that look like secrets and were taken out of it")


def _order(file: dict[str, Json]) -> list[int]:
    return [_number(each) for each in _json_list(file["order"])]


def _maps(value: Json) -> list[dict[str, Json]]:
    return [each for each in _json_list(value) if isinstance(each, dict)]


def _json_list(value: Json) -> list[Json]:
    if not isinstance(value, list):
        raise ApplyError("this is no diff: a list is missing")
    return value


def _list(value: Value) -> list[Value]:
    if not isinstance(value, list):
        raise ApplyError("there is no list; the diff is of other files")
    return value


def _number(value: Json) -> int:
    if not isinstance(value, int):
        raise ApplyError("this is no diff: a position is missing")
    return value


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise ApplyError("this is no diff: a path is missing")
    return value


def _value(value: object) -> Value:
    """Returns a value of its own, which may be edited."""
    if isinstance(value, dict):
        return {key: _value(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_value(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)
