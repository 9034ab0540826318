"""How a new entry is spelled: in the quotes and the brackets of what is already there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gitops_gen.source import InvalidYamlError, parse_documents

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from gitops_gen.edit.nodes import Node

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/+=-]*")
_PLAIN_URL = re.compile(r"https://[A-Za-z0-9._:-]*[A-Za-z0-9]")
_ALWAYS_QUOTED = frozenset({"account_id"})
"""Twelve digits are a number to YAML, and readers differ on which."""


@dataclass(frozen=True, slots=True)
class Spelling:
    """The quotes of keys, and of the values under each key; and whether braces keep a space inside."""

    key_quote: str = ""
    value_quotes: tuple[tuple[str, str], ...] = ()
    is_spacious: bool = False

    def lines(self, entry: Mapping[str, str], dash: str) -> Iterator[str]:
        """Yields an entry in block style, a line for each key; `dash` is what the first one starts with."""
        start = dash
        for key, value in entry.items():
            yield f"{start}{self._key(key)}: {self._value(key, value)}"
            start = " " * len(dash)

    def braces(self, entry: Mapping[str, str]) -> str:
        """Returns an entry in flow style, on one line."""
        inner = ", ".join(f"{self._key(key)}: {self._value(key, value, is_flow=True)}" for key, value in entry.items())
        return f"{{ {inner} }}" if self.is_spacious else f"{{{inner}}}"

    def key(self, name: str) -> str:
        """Returns a key as the keys beside it are written."""
        return self._key(name)

    def _key(self, name: str) -> str:
        return f"{self.key_quote}{name}{self.key_quote}"

    def _value(self, key: str, value: str, *, is_flow: bool = False) -> str:
        quote = dict(self.value_quotes).get(key, '"' if self.key_quote else "")
        if not quote and (key in _ALWAYS_QUOTED or not _is_plain(value, is_flow=is_flow)):
            quote = '"'
        return f"{quote}{value}{quote}"


def spelling_of(node: Node | None, text: str) -> Spelling:
    """Returns how an entry is spelled, or a map whose keys are to be imitated."""
    if node is None or node.kind != "map" or not node.items:
        return Spelling()
    keys = [key for key, _ in node.pairs]
    quotes = {key.text: value.style for key, value in node.pairs if value.style in ("'", '"')}
    return Spelling(
        key_quote=keys[0].style if all(key.style in ("'", '"') for key in keys) else "",
        value_quotes=tuple(quotes.items()),
        is_spacious=node.is_flow and text[node.inside : node.inside + 1] == " ",
    )


def _is_plain(value: str, *, is_flow: bool) -> bool:
    """True if every reader of YAML takes the bare text for the string that it is."""
    if not (_PLAIN.fullmatch(value) or (not is_flow and _PLAIN_URL.fullmatch(value))):
        return False
    try:
        return parse_documents(f"- {value}\n") == ([value],)
    except InvalidYamlError:
        return False
