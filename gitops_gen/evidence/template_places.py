"""Where in a template of a chart a value of the rendered manifest most likely comes from.

A template is no YAML, and only Helm knows what it becomes. But people write it as the YAML that it becomes: keys, one
below the other, indented. So the keys that lead to a value are looked for, one after the other.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from gitops_gen.problems import Location

if TYPE_CHECKING:
    from collections.abc import Sequence

_SEPARATOR = re.compile(r"---\s*$")
_KEY = re.compile(r"(?P<indent>(?:\s|- )*)[\"']?(?P<key>[^\s\"':{}]+)[\"']?:(?:\s+|$)")


def locate_in_template(path: str, text: str, kind: str, steps: Sequence[str | int]) -> Location:
    """Returns the line of the last key that is found on the way to a value, in the document of a kind."""
    lines = text.splitlines()
    start, end = _document(lines, kind)
    line, column, indent = 0, 0, -1
    for step in steps:
        if isinstance(step, int):
            continue
        found = _below(lines, start, end, step, indent)
        if found is None:
            break
        line, column, indent = found
        start = line
    return Location(path, line, column) if line else Location(path, _first_line(lines, start, end), 1)


def _document(lines: Sequence[str], kind: str) -> tuple[int, int]:
    """Returns the first line of the document of a kind, counted from 0, and the one behind its last."""
    marks = [-1, *(index for index, line in enumerate(lines) if _SEPARATOR.match(line)), len(lines)]
    for before, after in pairwise(marks):
        if any(re.match(rf"kind:\s*[\"']?{re.escape(kind)}\b", line) for line in lines[before + 1 : after]):
            return before + 1, after
    return 0, len(lines)


def _below(lines: Sequence[str], start: int, end: int, key: str, indent: int) -> tuple[int, int, int] | None:
    """Returns line and column, counted from 1, of the value of a key that is further in than some indentation."""
    for index in range(start, end):
        found = _KEY.match(lines[index])
        if found and found["key"] == key and len(found["indent"]) > indent:
            return index + 1, min(found.end(), len(lines[index])) + 1, len(found["indent"])
    return None


def _first_line(lines: Sequence[str], start: int, end: int) -> int:
    """Returns the first line that says something, counted from 1."""
    written = (index + 1 for index in range(start, end) if lines[index].strip() and not lines[index].startswith("{{"))
    return next(written, min(start + 1, len(lines)) or 1)
