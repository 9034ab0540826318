"""Variable files of nothing but constants, read without the parser of HCL, which is a Go program that takes its time.

Nearly all files that a template makes are such. What is read so is what the parser would read: a test compares them.

Source: HCL native syntax specification, "Structural Elements", "Literal Values" and "Collection Values".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypeAlias

from gitops_gen.hcl_nesting import DEEPEST

_Variables: TypeAlias = dict[str, Any]

if TYPE_CHECKING:
    from collections.abc import Mapping

    _Block: TypeAlias = _Variables | list[Any]

_WORD = r'"[ !#&-\[\]-~]*"'
"""A text without escapes and templates."""
_CONSTANT = rf"{_WORD}|-?(?:0|[1-9][0-9]{{0,14}})|true|false|null|\[\]|\{{\}}"
_LINE = re.compile(
    rf"""
    \ *
    (?:
        (?P<key>[A-Za-z_][A-Za-z0-9_]*|{_WORD})\ +=\ (?P<value>{_CONSTANT}|[{{\[])
        | (?P<item>{_CONSTANT}),
        | (?P<close>[}}\]])
        | \#.*
    )?
    """,
    re.VERBOSE | re.ASCII,
)
_NO_KEYS = frozenset({"for", "if", "in", "true", "false", "null"})
"""What may be no name, or begins an expression."""
_NAMED: Mapping[str, bool | None] = {"true": True, "false": False, "null": None}


def constants(text: str) -> _Variables | None:
    """Returns the variables of a file of constants, a line each. None says nothing: then the parser has to read it."""
    found: _Variables = {}
    blocks: list[_Block] = [found]
    for line in text.split("\n"):
        parts = _LINE.fullmatch(line)
        if parts is None or len(blocks) > DEEPEST or not _take(blocks, *parts.group("key", "value", "item", "close")):
            return None
    return _sorted(found) if len(blocks) == 1 else None


def _take(blocks: list[_Block], key: str | None, value: str | None, item: str | None, close: str | None) -> bool:
    """Puts what a line says into the block that is open; False if that is not for such a line."""
    block = blocks[-1]
    if key is not None and value is not None:
        name = key.strip('"')
        is_name = name not in _NO_KEYS and (name == key or len(blocks) > 1)
        if not isinstance(block, dict) or not is_name or name in block:
            return False
        block[name] = _value(value)
        if value in ("{", "["):
            blocks.append(block[name])
    elif item is not None:
        if not isinstance(block, list):
            return False
        block.append(_value(item))
    elif close is not None:
        if len(blocks) == 1 or close != ("}" if isinstance(block, dict) else "]"):
            return False
        blocks.pop()
    return True


def _sorted(block: _Variables) -> _Variables:
    """Returns the values by name, as the parser has them."""
    return {name: _sorted(value) if isinstance(value, dict) else value for name, value in sorted(block.items())}


def _value(text: str) -> str | int | _Block | None:
    if text[0] == '"':
        return text[1:-1]
    if text[0] in "{[":
        return {} if text[0] == "{" else []
    return _NAMED[text] if text in _NAMED else int(text)
