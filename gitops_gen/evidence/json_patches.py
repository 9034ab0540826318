"""JSON Patch, as kustomize applies it: operations that add, remove, replace, move, copy and test what paths lead to.

It differs from RFC 6902 in two things that count: to replace a key that a map has not adds it, and of a path that does
not start with a slash, what is before the first one is dropped. A path that leads through what is not there stops the
build, and so does one to remove that.

Source: gopkg.in/evanphx/json-patch.v4, patch.go, which kustomize has for it; kubernetes-sigs/kustomize #4380.
"""

from __future__ import annotations

import copy
import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gitops_gen.shapes import Steps

_INDEX = re.compile(r"[+-]?[0-9]+", re.ASCII)
_END = "-"
_UNCLEAR_FOR_ALL = ("replace", "test")
"""The operations of which it is not known what they do with the whole."""


class PatchRefusedError(Exception):
    """An operation that cannot be done: the build stops."""

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(reason)
        self.index = index
        """Which operation it is."""


class PatchUnclearError(Exception):
    """An operation of which this module does not say what comes of it."""


class _MissingError(Exception):
    """What a path leads through, or to, is not there."""


def operations_of(value: object) -> Sequence[Mapping[str, object]] | None:
    """Returns the operations that a patch consists of; None for what is no JSON Patch."""
    if not isinstance(value, list) or not value:
        return None
    found = [each for each in value if isinstance(each, dict)]
    return found if len(found) == len(value) else None


def patched(
    value: object, operations: Sequence[Mapping[str, object]], note: Callable[[int, Steps], None] = lambda *_: None
) -> object:
    """Returns a value as a patch leaves it. Raises PatchRefusedError, PatchUnclearError.

    The number of each operation is noted with the steps to what it has changed.
    """
    result = copy.deepcopy(value)
    for index, operation in enumerate(operations):
        name, path = operation.get("op"), operation.get("path")
        if not isinstance(path, str):
            raise PatchRefusedError(index, f"{name} has no path")
        if not path and name in _UNCLEAR_FOR_ALL:
            raise PatchUnclearError
        try:
            _apply(result, str(name), path, operation)
        except _MissingError as error:
            raise PatchRefusedError(index, f"{name} {path}: {error}") from error
        for each in _changed(str(name), path, operation):
            note(index, _steps(result, each))
    return result


def _changed(name: str, path: str, operation: Mapping[str, object]) -> Iterator[str]:
    """Yields the paths that an operation changes something at."""
    if name != "test":
        yield path
    if name == "move":
        yield _source(operation)


def _steps(value: object, path: str) -> Steps:
    """Returns the steps that a path means, up to the first list: what is in it has another place, it may be."""
    found: list[str | int] = []
    for step in _split(path):
        if not isinstance(value, dict):
            break
        found.append(step)
        value = value.get(step)
    return tuple(found)


def _apply(value: object, name: str, path: str, operation: Mapping[str, object]) -> None:
    match name:
        case "add":
            _add(value, path, copy.deepcopy(operation.get("value")))
        case "remove":
            _remove(value, path)
        case "replace":
            _replace(value, path, copy.deepcopy(operation.get("value")))
        case "move":
            moved = _get(value, _source(operation))
            _remove(value, _source(operation))
            _add(value, path, moved)
        case "copy":
            _add(value, path, copy.deepcopy(_get(value, _source(operation))))
        case "test":
            _test(_get(value, path), operation.get("value"))
        case _:
            raise _MissingError("no operation is called so")


def _source(operation: Mapping[str, object]) -> str:
    path = operation.get("from")
    if not isinstance(path, str):
        raise _MissingError("it has no path to take from")
    return path


def _add(value: object, path: str, new: object) -> None:
    parent, key = _parent(value, path)
    if isinstance(parent, list):
        parent.insert(len(parent) if key == _END else _index(key, len(parent) + 1), new)
    else:
        parent[key] = new


def _remove(value: object, path: str) -> None:
    parent, key = _parent(value, path)
    if isinstance(parent, list):
        del parent[_index(key, len(parent))]
    elif key in parent:
        del parent[key]
    else:
        raise _MissingError(f"it has no {path}")


def _replace(value: object, path: str, new: object) -> None:
    parent, key = _parent(value, path)
    if isinstance(parent, list):
        parent[_index(key, len(parent))] = new
    else:
        parent[key] = new


def _get(value: object, path: str) -> object:
    """Returns what a path leads to: null for a key that a map has not."""
    return _child(*_parent(value, path))


def _test(got: object, expected: object) -> None:
    if json.dumps(got, sort_keys=True, default=str) == json.dumps(expected, sort_keys=True, default=str):
        return
    if isinstance(got, (dict, list)):  # a map may have more keys there than here
        raise PatchUnclearError
    raise _MissingError("what is there is something else")


def _parent(value: object, path: str) -> tuple[dict[str, object] | list[object], str]:
    """Returns the map or list that a path leads into, and the key or index in it."""
    if "/" not in path:
        raise _MissingError("it has no / in it")
    *above, key = _split(path)
    for number, step in enumerate(above):
        value = _child(value, step) if isinstance(value, (dict, list)) else None
        if not isinstance(value, (dict, list)):
            raise _MissingError(f"it has no {'/'.join(path.split('/')[: number + 2])}")
    if not isinstance(value, (dict, list)):
        raise PatchUnclearError
    return value, key


def _split(path: str) -> list[str]:
    """Returns the keys and indexes that a path consists of: what is before the first slash does not count."""
    return [each.replace("~1", "/").replace("~0", "~") for each in path.split("/")[1:]]


def _child(parent: dict[str, object] | list[object], key: str) -> object:
    return parent[_index(key, len(parent))] if isinstance(parent, list) else parent.get(key)


def _index(key: str, size: int) -> int:
    """Returns the index that a text means; one below zero counts from the end."""
    index = int(key) if _INDEX.fullmatch(key) else size
    if not -size <= index < size:
        raise _MissingError(f"there is no element {key} in the list")
    return index + size if index < 0 else index
