"""The JSON of a diff, applied: from the old files and what differs come the documents of the new ones.

What a diff says and what it leaves out can so be held against the files themselves. Comments, quoting and the order
of keys are no part of a document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.diff.documents import lines_of, parse
from gitops_gen.diff.editing import ApplyError, edited, items, number, own
from gitops_gen.diff.masking import is_redacted_name
from gitops_gen.diff.values import REDACTED, Kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gitops_gen.diff.editing import Json
    from gitops_gen.diff.values import Value

__all__ = ["ApplyError", "Content", "apply", "content", "contents"]

Content: TypeAlias = "tuple[object, ...] | str"
"""A file: its documents, or, where no reader takes it apart, its text without the mark of ownership."""


def content(path: str, text: str) -> Content:
    """Returns what a file says."""
    documents = parse(path, text)
    return "\n".join(lines_of(text)) if documents is None else documents


def contents(files: Mapping[str, str]) -> dict[str, Content]:
    """Returns what files say, by path."""
    return {path: content(path, text) for path, text in files.items()}


def apply(diff: Mapping[str, Json], old: Mapping[str, str]) -> dict[str, Content]:
    """Returns what the new files say: the parsed JSON of a diff, applied to the old files.

    Raises ApplyError for a diff of other files, for one that has redacted values, and for JSON that is no diff.
    """
    _refuse_redacted(diff)
    try:
        return _applied(diff, old)
    except KeyError as error:
        raise ApplyError(f"this is no diff: {error.args[0]} is missing") from None


def _applied(diff: Mapping[str, Json], old: Mapping[str, str]) -> dict[str, Content]:
    changes: dict[str, list[dict[str, Json]]] = {}
    for change in _maps(diff["changes"]):
        changes.setdefault(_text(change["path"]), []).append(change)
    found = contents(old)
    for file in _maps(diff["files"]):
        path = _text(file["path"])
        if file["kind"] == Kind.REMOVED:
            if found.pop(path, None) is None:
                raise ApplyError(f"{path} is not there, and the diff takes it away")
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
            stay.append(edited(document, _maps(change["differences"])))
    stay = [stay[position] for position in order] if order else stay
    added = [change for change in changes if change["kind"] == Kind.ADDED]
    for change in sorted(added, key=lambda change: number(change["index"])):
        (difference,) = _maps(change["differences"])
        stay.insert(number(change["index"]), own(difference["new"]))
    if not is_text:
        return tuple(stay)
    return content(path, "\n".join(str(line) for lines in stay if isinstance(lines, list) for line in lines))


def _documents(path: str, text: str | None, *, is_text: bool) -> list[Value]:
    if text is None:
        return []
    documents = None if is_text else parse(path, text)
    return [list(lines_of(text))] if documents is None else [own(each) for each in documents]


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
    return [number(each) for each in items(file["order"])]


def _maps(value: Json) -> list[dict[str, Json]]:
    return [each for each in items(value) if isinstance(each, dict)]


def _text(value: Json) -> str:
    if not isinstance(value, str):
        raise ApplyError("this is no diff: a path is missing")
    return value
