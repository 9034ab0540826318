"""A YAML text as the readers have it that are not PyYAML, which reads YAML 1.1."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def canonical(value: object) -> str:
    """Returns a value as text in which no two values look alike: true, 1, 1.5 and "1" stay apart.

    The order of keys means nothing, and whole numbers are one whether a reader calls them integers or floats.
    """
    return json.dumps(_whole(value), ensure_ascii=False, sort_keys=True)


def _whole(value: object) -> object:
    match value:
        case dict():
            return {_key(key): _whole(item) for key, item in value.items()}
        case list():
            return [_whole(item) for item in value]
        case float() if value.is_integer() and abs(value) <= 2**53:
            return int(value)
    return value


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise TypeError(f"got the key {key!r}, expected one that is text")
    return key


def _yaml_1_2(text: str) -> list[object]:
    return list(YAML(typ="safe", pure=True).load_all(text))


def _go(text: str) -> list[object]:
    import helm_python

    # Helm's reader takes one document, and says {} where there is nothing but comments.
    each_text = re.split(r"(?m)^---\n", text)
    return [helm_python.values_from_yaml(each) for each in each_text if not re.fullmatch(r"(#.*\n)*", each)]


READERS: Mapping[str, Callable[[str], list[object]]] = {"YAML 1.2": _yaml_1_2, "Go": _go}
"""Go's is that of Helm, and needs its engine."""
