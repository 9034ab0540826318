"""Many texts that are much alike, read as if each were read by itself: what is the same in them is read once.

The files of a thousand clusters hold the same documents again and again, and those that differ do so in the words
between their quotes, and in the model file that their first line names, a comment. The skeleton of a text is the text
without both. From one text of a skeleton follows the value of
any other, provided that the parser takes each of the words for the whole of a value: then it is in the same state at
each opening quote, finds a word without quotes, escapes or line ends, which is its value as it stands, and comes out in
the same state behind it. Nothing else is guessed: what is wrong with a text, or odd, is left to the plain reader.
"""

from __future__ import annotations

import re
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING, TypeAlias, cast

from gitops_gen.named_tuple import NamedTuple
from gitops_gen.yaml_reader.words import without_comment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gitops_gen.yaml_reader.limits import Step, Value

    Read: TypeAlias = "Callable[[str], Value]"

_LEFT_OUT = '"\0"'
"""Stands in a skeleton for each word. A text that holds the character itself has no skeleton."""

_TEXTS = 4096
"""Texts whose values are kept, those that were asked for last."""
_LONGEST = 65_536
"""Characters of a text that is looked into: a longer one is seldom there twice."""
_KEPT = 4 * 1024 * 1024
"""Characters of all skeletons that are kept. A fleet has a few for each template; beyond it, texts are read plainly."""


class UnsharedError(Exception):
    """A text has to be read by itself, since something about it is wrong or odd."""


class SkeletonReader:
    """Reads texts of one format. Values are shared between texts, so they are read, not changed."""

    def __init__(self, read: Read, word: re.Pattern[str]) -> None:
        """`read` is the plain reader, which raises UnsharedError; `word` matches the words, with their quotes."""
        self._plain = read
        self._word = re.compile(f"({word.pattern})")
        self._met: set[str] = set()
        self._blanks: dict[str, _Blank | None] = {}
        self._room = _KEPT
        self._known = lru_cache(maxsize=_TEXTS)(self._new)

    def read(self, text: str) -> Value:
        """Returns the value of a text. Raises UnsharedError."""
        return self._known(text) if len(text) <= _LONGEST else self._plain(text)

    def _new(self, text: str) -> Value:
        if "\0" in text:
            raise UnsharedError
        parts = self._word.split(without_comment(text))
        # Each as one text, however many values it stands in: most are names that come again and again.
        words = [intern(word[1:-1]) for word in parts[1::2]]
        blank = self._blank(_LEFT_OUT.join(parts[::2]), len(words)) if words else None
        return self._plain(text) if blank is None else blank.filled(words)[0]

    def _blank(self, skeleton: str, words: int) -> _Blank | None:
        """Returns the value of a skeleton, from its second text on: most texts of most people have no second."""
        if skeleton not in self._met:
            if len(skeleton) <= self._room:
                self._room -= len(skeleton)
                self._met.add(skeleton)
            return None
        if skeleton not in self._blanks:
            self._blanks[skeleton] = _made(self._plain, skeleton, words)
        return self._blanks[skeleton]


class _Blank(NamedTuple):
    """A map or a list with words to be filled in. What has none in it is the same in every value."""

    value: dict[Step, Value]
    """The map, or the list, which is asked for nothing but what both can do."""
    words: tuple[tuple[Step, int], ...]
    """Where a word stands, and which one."""
    inner: tuple[tuple[Step, _Blank], ...]

    def filled(self, words: Sequence[str]) -> dict[Step, Value]:
        value = self.value.copy()
        for step, index in self.words:
            value[step] = words[index]
        for step, blank in self.inner:
            value[step] = cast("Value", blank.filled(words))
        return value


def _made(read: Read, skeleton: str, number: int) -> _Blank | None:
    """Returns the value of a skeleton, or None if a word of it is not the whole of one value."""
    names = _unused(skeleton, number)
    parts = zip(skeleton.split(_LEFT_OUT), (*(f'"{name}"' for name in names), ""), strict=True)
    try:
        value = read("".join(text for part in parts for text in part))
    except UnsharedError:
        return None
    blank = _blank_of([value], {name: index for index, name in enumerate(names)})
    return blank if blank is not None and sorted(_words_of(blank)) == list(range(number)) else None


def _unused(text: str, number: int) -> list[str]:
    """Returns words that differ from each other, and from everything in the text."""
    start = "word"
    while start in text:
        start += "s"
    return [f"{start}{index}" for index in range(number)]


def _blank_of(value: Value, names: Mapping[str, int]) -> _Blank | None:
    if not isinstance(value, dict | list):
        return None
    words, inner = [], []
    for step, item in _items(value):
        if isinstance(item, str) and item in names:
            words.append((step, names[item]))
        elif (blank := _blank_of(item, names)) is not None:
            inner.append((step, blank))
    return _Blank(cast("dict[Step, Value]", value), tuple(words), tuple(inner)) if words or inner else None


def _items(value: dict[str, Value] | list[Value]) -> Iterator[tuple[Step, Value]]:
    return iter(value.items() if isinstance(value, dict) else enumerate(value))


def _words_of(blank: _Blank) -> Iterator[int]:
    yield from (index for _, index in blank.words)
    for _, each in blank.inner:
        yield from _words_of(each)
