"""Where in a text something looks like a secret: the value of a pair, or a word of it.

A line of YAML, JSON or HCL, a command, a connection string: nobody takes those apart by their format here, so that more
is hidden than need be rather than less.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple
from gitops_gen.secrets_guard import HIDDEN, is_secret_key, suspects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_KEY = r"""["']?(?<![\w./-])(?P<key>[\w./-]++)["']?\s*[:=]"""
"""It is a whole word: to try each part of a long one, such as a picture in base64, would take minutes."""
_MAP = rf"[\[{{][\[{{\s]*+{_KEY.replace('?P<key>', '?:')}"
"""How a map, or a list of maps, starts behind its key: {password: x}."""
_PAIR = re.compile(rf"""{_KEY}\s*(?!{_MAP})(?P<value>"[^"]*"|'[^']*'|[^\s,;\]}}]+)""")
_REST = re.compile(r"[^,;\]}\n]*")
"""What may belong to a value without quotes, behind its first word."""
_NUMBER = re.compile(r"[-+]?[0-9][0-9_.]{3,}")
_WORD = re.compile(r"""[^\s"'`,;=]+""")


class Suspect(NamedTuple):
    """A part of a text, from its first character to behind its last, and why it looks like a secret."""

    start: int
    stop: int
    reason: str


def secrets_in(text: str) -> Iterator[Suspect]:
    """Yields what looks like a secret in a text, from the left to the right; none overlaps another."""
    found = sorted((*_in_pairs(text), *_in_words(text)))
    end = 0
    for each in found:
        if each.start >= end:
            yield each
            end = each.stop


def without_secrets(text: str) -> str:
    """Returns a text with something else in the place of what looks like a secret in it."""
    return _without(text, secrets_in(text))


def without_tokens(text: str) -> str:
    """Returns a text with something else in the place of each word that looks like a secret, whatever is before it.

    For a sentence, such as a message: there, what stands behind the name of a password and a colon is no password.
    """
    return _without(text, _in_words(text))


def _without(text: str, found: Iterable[Suspect]) -> str:
    parts, end = [], 0
    for start, stop, _ in found:
        parts += [text[end:start], HIDDEN]
        end = stop
    return "".join((*parts, text[end:]))


def _in_pairs(text: str) -> Iterator[Suspect]:
    for pair in _PAIR.finditer(text):
        value = pair["value"]
        is_quoted = value[:1] in "\"'" and value[-1:] == value[:1] and len(value) > 1
        reason = _reason(value[1:-1] if is_quoted else value, pair["key"])
        if reason is None:
            continue
        start, stop = pair.span("value")
        if is_quoted:
            yield Suspect(start + 1, stop - 1, reason)
        else:
            rest = _REST.match(text, stop)
            yield Suspect(start, rest.end() if rest else stop, reason)


def _reason(text: str, key: str) -> str | None:
    reason = suspects(text, key)
    if reason is None and _NUMBER.fullmatch(text) and is_secret_key(key):  # a text may as well name the secret
        return "is a number, under a key that says that it is a secret"
    return reason


def _in_words(text: str) -> Iterator[Suspect]:
    for word in _WORD.finditer(text):
        reason = suspects(word[0])
        if reason is not None:
            yield Suspect(*word.span(), reason)
