"""What a parameter of a chart sets in the values before it: that, and nothing beside it.

Source: Helm v4.2.3, pkg/strvals/parser.go, key and listItem. A name goes through maps and lists, which it makes where
there is nothing; through anything else Helm does not go. In a list, what is no map gives way to one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from gitops_gen.evidence.helm import HelmRefusalError
from gitops_gen.patterns import lazily
from gitops_gen.shapes import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gitops_gen.shapes import Steps

_T = TypeVar("_T")
_STEP = lazily(r"\\.|[.\[]", re.DOTALL)
"""What ends a step of a name, or only looks so behind a backslash."""
_NOTHING = object()


def steps_of(name: str, value: object) -> Steps:
    """Returns the steps of a name to what it sets, which `value` has, and nothing else; none where it has more."""
    steps: list[str | int] = []
    for _ in range(1 + sum(not each.startswith("\\") for each in _STEP.findall(name))):
        if isinstance(value, dict) and len(value) == 1:
            ((key, value),) = value.items()
            steps.append(key)
        elif isinstance(value, list) and value:
            steps.append(len(value) - 1)
            value = value[-1]
        else:
            return ()
    return tuple(steps)


def set_at(below: Mapping[str, object], steps: Steps, value: object) -> dict[str, object]:
    """Returns values with another value at the end of some steps, the first of which is a key. Raises HelmRefusalError.

    The values themselves stay as they are.
    """
    return {**below, str(steps[0]): _set(below.get(str(steps[0]), _NOTHING), steps, 1, value)}


def _set(below: object, steps: Steps, done: int, value: object) -> object:
    if done == len(steps):
        return value
    step = steps[done]
    if isinstance(step, str):
        fields: dict[str, object] = _expected(below, dict, steps[:done])
        return {**fields, step: _set(fields.get(step, _NOTHING), steps, done + 1, value)}
    items: list[object] = list(_expected(below, list, steps[:done]))
    items += [None] * (step + 1 - len(items))
    items[step] = _set(_element(items[step], steps[done + 1 : done + 2]), steps, done + 1, value)
    return items


def _element(item: object, following: Sequence[str | int]) -> object:
    """Returns what there is of an element of a list to Helm, by the step that follows."""
    is_for_map = any(isinstance(each, str) for each in following)
    return _NOTHING if item is None or (is_for_map and not isinstance(item, dict)) else item


def _expected(below: object, kind: type[_T], steps: Steps) -> _T:
    if below is _NOTHING:
        return kind()
    if not isinstance(below, kind):
        at = "".join(_written(steps))
        got = "null" if below is None else TYPES.get(type(below), "something else")
        raise HelmRefusalError(f"unable to parse key: {at} is {got}, expected {TYPES[kind]}")
    return below


def _written(steps: Steps) -> Iterator[str]:
    for index, step in enumerate(steps):
        yield f"[{step}]" if isinstance(step, int) else f".{step}" if index else step
