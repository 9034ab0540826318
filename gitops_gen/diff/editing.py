"""The differences of one document, as JSON has them, put into the document."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.diff.elements import find
from gitops_gen.diff.sameness import same
from gitops_gen.diff.values import Element, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from gitops_gen.diff.values import Value

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | float | bool | None"


class ApplyError(Exception):
    """A diff cannot be applied: it is not of these files, or it has values that were taken out of it."""


def edited(document: Value, differences: Iterable[dict[str, Json]]) -> Value:
    """Returns a document with differences put into it. Raises ApplyError where one does not fit."""
    editor = _Editor(document)
    splices: list[dict[str, Json]] = []
    for difference in differences:
        if difference["kind"] == Kind.SPLICED:
            splices.append(difference)
        else:
            editor.edit(difference)
    # Each has its position in the old list: the last one first, so that none moves another.
    for difference in reversed(splices):
        editor.edit(difference)
    return editor.document


def own(value: object) -> Value:
    """Returns a copy of a value, which may be edited."""
    if isinstance(value, dict):
        return {key: own(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [own(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool) or value is None else str(value)


def items(value: Json) -> list[Json]:
    """Returns a list of a diff. Raises ApplyError for anything else."""
    if not isinstance(value, list):
        raise ApplyError("this is no diff: a list is missing")
    return value


def number(value: Json) -> int:
    """Returns a position of a diff. Raises ApplyError for anything else."""
    if not isinstance(value, int):
        raise ApplyError("this is no diff: a position is missing")
    return value


class _Editor:
    """A document in the making. It stands in a list of its own, so that all of it can be replaced too."""

    def __init__(self, document: Value) -> None:
        self._holder: list[Value] = [own(document)]
        self._last: dict[int, int] = {}

    @property
    def document(self) -> Value:
        """The document as it is by now."""
        return self._holder[0]

    def edit(self, difference: dict[str, Json]) -> None:
        """Puts one difference into the document."""
        parent, step = self._parent(difference)
        if difference["kind"] == Kind.ADDED:
            self._add(parent, step, difference)
            return
        found = self._at(parent, step)
        match difference["kind"]:
            case Kind.REMOVED:
                _expect(found, difference)
                self._delete(parent, step)
            case Kind.CHANGED:
                _expect(found, difference)
                self._put(parent, step, own(difference["new"]))
            case Kind.SPLICED:
                _splice(_list(found), difference)
            case _:
                values = _list(found)
                values[:] = [values[number(position)] for position in items(difference["new"])]

    def _parent(self, difference: dict[str, Json]) -> tuple[Value, Json]:
        """Returns the map or list that has what differs, and the last step to it."""
        parent: Value = self._holder
        steps: list[Json] = [0, *items(difference["steps"])]
        for step in steps[:-1]:
            parent = self._at(parent, step)
        return parent, steps[-1]

    def _at(self, parent: Value, step: Json) -> Value:
        if isinstance(parent, dict) and isinstance(step, str) and step in parent:
            return parent[step]
        if isinstance(parent, list):
            index = self._index(parent, step)
            if index is not None and index < len(parent):
                return parent[index]
        raise ApplyError(f"there is no {step}; the diff is of other files")

    def _index(self, values: list[Value], step: Json) -> int | None:
        if not isinstance(step, dict):
            return step if isinstance(step, int) else None
        identity = ((name, value) for name, value in step.items() if isinstance(value, str | int))
        # Differences come in the order of their list, so each search goes on from the last one.
        found = find(values, Element(tuple(identity)), self._last.get(id(values), 0))
        if found is not None:
            self._last[id(values)] = found
        return found

    def _add(self, parent: Value, step: Json, difference: dict[str, Json]) -> None:
        if isinstance(parent, dict) and isinstance(step, str) and step not in parent:
            parent[step] = own(difference["new"])
        elif isinstance(parent, list):
            parent.insert(number(difference["index"]), own(difference["new"]))
        else:
            raise ApplyError(f"{step} is there already; the diff is of other files")

    def _put(self, parent: Value, step: Json, value: Value) -> None:
        if isinstance(parent, dict) and isinstance(step, str):
            parent[step] = value
        elif isinstance(parent, list) and (index := self._index(parent, step)) is not None:
            parent[index] = value

    def _delete(self, parent: Value, step: Json) -> None:
        if isinstance(parent, dict) and isinstance(step, str):
            del parent[step]
        elif isinstance(parent, list) and (index := self._index(parent, step)) is not None:
            del parent[index]


def _splice(values: list[Value], difference: dict[str, Json]) -> None:
    at, old = number(difference["index"]), items(difference["old"])
    _expect(values[at : at + len(old)], difference)
    values[at : at + len(old)] = [own(each) for each in items(difference["new"])]


def _expect(found: Value, difference: dict[str, Json]) -> None:
    if not same(found, own(difference["old"])):
        raise ApplyError(f"{difference['field']} has another value; the diff is of other files")


def _list(value: Value) -> list[Value]:
    if not isinstance(value, list):
        raise ApplyError("there is no list; the diff is of other files")
    return value
