"""Variable files that are in the canonical style of Terraform at a glance, as nearly all are that a template makes."""

from __future__ import annotations

import re

_SIMPLE = r'"(?:[^"\\$%]|\\.|\$(?![{$])|%(?![{%]))*"|-?[0-9]+(?:\.[0-9]+)?|true|false|null|\[\]|\{\}'
_LINE = re.compile(
    rf"""
    (?P<indent>\ *)
    (?:
        (?P<key>[A-Za-z_][\w-]*|"(?:[^"\\$%]|\\.)*")(?P<space>\ +)=\ (?:(?P<open>[{{\[])|(?:{_SIMPLE}))
        | (?:{_SIMPLE}),?
        | (?P<close>[}}\]],?)
        | (?P<comment>\#.*(?<!\s))
    )?
    """,
    re.VERBOSE | re.ASCII,
)


def is_plain(text: str) -> bool:
    """Returns whether a file is in canonical style, with simple constants and each key once, without taking it apart.

    False says nothing: then `hcl_format` has to look.
    """
    depth, run = 0, _Run()
    names: list[set[str]] = [set()]
    for line in text.split("\n") if text.isascii() else ("=",):
        found = _LINE.fullmatch(line)
        if found is None:
            return False
        depth -= found["close"] is not None
        if len(found["indent"]) != (2 * depth if line else 0) or not _is_new(found, names):
            return False
        if found["key"] is None or found["open"] is not None:
            if not run.is_aligned or (found["open"] is not None and found["space"] != " "):
                return False
            run = _Run()
            depth += found["open"] is not None
        else:
            run.add(len(found["key"]), len(found["space"]))
    return depth == 0 and run.is_aligned


def _is_new(line: re.Match[str], names: list[set[str]]) -> bool:
    """Returns whether a key is the first of its name in its block; `names` are those of the blocks that are open."""
    if line["close"] is not None:
        names.pop()
    elif line["key"] is not None:
        name = line["key"].strip('"')
        if name in names[-1]:
            return False
        names[-1].add(name)
        if line["open"] is not None:
            names.append(set())
    return bool(names)


class _Run:
    """Lines whose = stand below each other: where they stand, and the smallest space before one."""

    def __init__(self) -> None:
        self.columns: set[int] = set()
        self.space = 1

    def add(self, key: int, space: int) -> None:
        self.space = space if not self.columns else min(self.space, space)
        self.columns.add(key + space)

    @property
    def is_aligned(self) -> bool:
        return len(self.columns) <= 1 and self.space == 1
