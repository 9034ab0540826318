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
_DASH = re.compile(r"(?P<indent>\s*)-\s")
_WRITES_ITEMS = re.compile(r"\{\{-?\s*(?:range|include|toYaml|tpl|if|with)\b|\|\s*n?indent\b")


def locate_in_template(
    path: str, text: str, kind: str, steps: Sequence[str | int], name: str = "", *, key: bool = False
) -> Location:
    """Returns the line of the last key that is found on the way to a value, in the document of a kind and name.

    The column is that of the value, or of the key itself.
    """
    lines = text.splitlines()
    start, end = _document(lines, kind, name)
    line, column, indent = 0, 0, -1
    first, last = start, end
    for step in steps:
        if isinstance(step, int):
            item = _item(lines, first, last, step)
            if item is not None:
                first, last = item
                line, column = first + 1, _item_column(lines[first])
            continue
        found = _below(lines, first, last, step)
        if found is None:
            break
        line, column, indent = found
        column = indent + 1 if key else column
        first, last = line, _end_of_block(lines, line, end, indent)
    return Location(path, line, column) if line else Location(path, _first_line(lines, start, end), 1)


def _document(lines: Sequence[str], kind: str, name: str) -> tuple[int, int]:
    """Returns the first line of a document, counted from 0, and the one behind its last.

    Of those of the kind it is the one with the name, if that is written there, or else the first.
    """
    marks = [-1, *(index for index, line in enumerate(lines) if _SEPARATOR.match(line)), len(lines)]
    found = [
        (before + 1, after)
        for before, after in pairwise(marks)
        if any(re.match(rf"kind:\s*[\"']?{re.escape(kind)}\b", line) for line in lines[before + 1 : after])
    ]
    named = re.compile(rf"  +name:\s*[\"']?{re.escape(name)}[\"']?\s*$")
    by_name = (each for each in found if name and any(named.match(line) for line in lines[slice(*each)]))
    return next(by_name, found[0] if found else (0, len(lines)))


def _end_of_block(lines: Sequence[str], start: int, end: int, indent: int) -> int:
    """Returns the line of the next key that is not further in than the one whose block starts here."""
    keys = ((index, _KEY.match(lines[index])) for index in range(start, end))
    return next((index for index, found in keys if found and len(found["indent"]) <= indent), end)


def _item(lines: Sequence[str], start: int, end: int, number: int) -> tuple[int, int] | None:
    """Returns the lines of an item of a list; None where a template may write some of the items."""
    if any(_WRITES_ITEMS.search(lines[index]) for index in range(start, end)):
        return None
    dashes = [(index, len(found["indent"])) for index in range(start, end) if (found := _DASH.match(lines[index]))]
    outermost = min((indent for _, indent in dashes), default=0)
    items = [*(index for index, indent in dashes if indent == outermost), end]
    return (items[number], items[number + 1]) if number + 1 < len(items) else None


def _item_column(line: str) -> int:
    """Returns the column of what stands behind the dash of an item, counted from 1."""
    found = _DASH.match(line)
    return (found.end() if found else 0) + 1


def _below(lines: Sequence[str], start: int, end: int, key: str) -> tuple[int, int, int] | None:
    """Returns line and column, counted from 1, of the value of a key in a block, and how far in it is.

    Of several such keys it is the one that is least far in: the others are of blocks inside of this one.
    """
    best: tuple[int, int, int] | None = None
    for index in range(start, end):
        found = _KEY.match(lines[index])
        if found and found["key"] == key and (best is None or len(found["indent"]) < best[2]):
            best = index + 1, min(found.end(), len(lines[index])) + 1, len(found["indent"])
    return best


def _first_line(lines: Sequence[str], start: int, end: int) -> int:
    """Returns the first line that says something, counted from 1."""
    written = (index + 1 for index in range(start, end) if lines[index].strip() and not lines[index].startswith("{{"))
    return next(written, min(start + 1, len(lines)) or 1)
