"""Whether rendered texts are what their format says: read back, and where many have one skeleton, one stands for all.

The files of a thousand clusters differ in nothing but the words between their quotes, and the model file that their
mark names. The skeleton of a text is the text without them. It is enough to parse one text of a skeleton, provided that
the parser took each of the words for the whole of a value: then in any other text of that skeleton the parser is in the
same state at each opening quote, finds a word without quotes, escapes or line ends, and comes out in the same state
behind it, as it does behind a comment. It says the same of both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.yaml_reader.words import without_comment

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

    from gitops_gen.formats import Format

_LEFT_OUT = '"\0"'
"""Stands in a skeleton for each word between quotes. No reader takes the character, and it is counted."""

_KEPT = 4 * 1024 * 1024
"""Characters of all skeletons that are kept. A fleet has a few for each template; beyond it, texts are parsed."""


class ReadBack:
    """Reads rendered texts back. One object serves a whole run, so that each skeleton is parsed once."""

    def __init__(self) -> None:
        self._known: dict[str, dict[tuple[str, int], bool]] = {}
        """By format and skeleton: whether the parser takes each word for the whole of a value."""
        self._room = _KEPT

    def check(self, form: Format, text: str) -> None:
        """Raises ParseError if a text is not what the format says."""
        if form.quoted is None or not self._is_as_another(form, form.quoted, text):
            form.parse(text)

    def _is_as_another(self, form: Format, quoted: re.Pattern[str], text: str) -> bool:
        """Tells whether the parser took a text of the same skeleton, and so takes this one."""
        skeleton, _ = found = quoted.subn(_LEFT_OUT, without_comment(text))
        known = self._known.setdefault(form.name, {})
        if found not in known and len(skeleton) <= self._room:
            self._room -= len(skeleton)
            known[found] = _are_values(form, *found)
        return known.get(found, False)


def _are_values(form: Format, skeleton: str, words: int) -> bool:
    """Tells whether the parser takes a skeleton, and every word of it for the whole of one value."""
    word = _unused_word(skeleton)
    try:
        found = form.parse(skeleton.replace(_LEFT_OUT, f'"{word}"'))
    except Exception:  # noqa: BLE001 - whatever the parser does not like, it says of the text itself
        return False
    return sum(leaf == word for leaf in _leaves(found)) == words


def _unused_word(text: str) -> str:
    word = "word"
    while word in text:
        word += "s"
    return word


def _leaves(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _leaves(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _leaves(inner)
    else:
        yield value
