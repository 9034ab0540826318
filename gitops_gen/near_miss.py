"""The hint for a name that does not exist: the one that was probably meant."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


DID_YOU_MEAN = "did you mean"
"""How a hint starts that knows what was meant."""


def near_miss(name: str, known: Iterable[str]) -> str:
    """Returns the hint for an unknown name: the nearest known one, or all of them."""
    names = sorted(known)
    close = nearest_name(name, names)
    if close is not None and not _is_of_another(name, close):
        return f"{DID_YOU_MEAN} {close}?"
    return f"known here: {', '.join(names)}" if names else "there is none yet"


def _is_of_another(name: str, other: str) -> bool:
    """True for names of several words that differ in one, and all of that: ORDER_URI and AUTH_URI are of two things."""
    from difflib import SequenceMatcher

    words, others = _WORD_END.split(name), _WORD_END.split(other)
    differing = [pair for pair in zip(words, others, strict=False) if pair[0] != pair[1]]
    if len(words) != len(others) or len(words) == 1 or len(differing) != 1:
        return False
    return SequenceMatcher(None, *differing[0], autojunk=False).ratio() < _LEAST_ALIKE


def nearest_name(name: str, known: Iterable[str]) -> str | None:
    """Returns the known name that was probably meant, or None."""
    from difflib import get_close_matches

    names = sorted(known)
    if name.lower() != name:
        name = next((each for each in names if each.lower() == name.lower()), name)
    longer = [each for each in names if name and each.startswith(name)]
    close = longer if len(longer) == 1 else get_close_matches(name, names, n=1, cutoff=0.6)
    return close[0] if close else None


def is_typo(name: str, meant: str) -> bool:
    """Returns whether a name is another one with a letter too much, too little, wrong or in the wrong place.

    Only one word between hyphens, dots and slashes may differ, it has at least four letters, and it does not differ
    in a digit: prod-1 and prod-2, or eu-a and eu-b, are names of two things. So are teama and teamb, and codes with a
    number, such as use1 and usw1, that have one letter for another. Two words differ where a letter and the sign
    between them are exchanged: externa-lsecrets.
    """
    words, others = _WORD_END.split(name), _WORD_END.split(meant)
    if name == meant or len(words) != len(others):
        return False
    differing = [(word, other) for word, other in zip(words, others, strict=True) if word != other]
    if len(differing) == _BOTH:
        return max(map(len, words)) >= _SHORTEST_WORD and _is_exchanged(name, meant)
    return len(differing) == 1 and _is_one_letter_away(*differing[0])


def _is_exchanged(name: str, meant: str) -> bool:
    """Returns whether two names differ in two signs side by side, none of them a digit, that are exchanged."""
    start = next(index for index, pair in enumerate(zip(name, meant, strict=False)) if pair[0] != pair[1])
    one, two = name[start:], meant[start:]
    return one[:2] == two[1::-1] and one[2:] == two[2:] and not any(map(str.isdigit, one[:2]))


_WORD_END = re.compile(r"[-._/]")
_SHORTEST_WORD = 4
_BOTH = 2
"""The words on both sides of a sign."""
_LEAST_ALIKE = 0.4
"""What two words have in common, of one that is written in two ways."""
_DIGIT = re.compile(r"\d")
_COUNTED = (frozenset("abcdefgh"), frozenset("xyz"))
"""Letters that people count things with, at the end of a word."""


def _is_counted(one: str, two: str) -> bool:
    """True for the ends of two words that differ in their last letter, as those of things that are counted do."""
    last = {one.lower(), two.lower()}
    return any(last <= letters for letters in _COUNTED)


def _is_one_letter_away(word: str, other: str) -> bool:
    if max(len(word), len(other)) < _SHORTEST_WORD or abs(len(word) - len(other)) > 1:
        return False
    start = next((index for index, pair in enumerate(zip(word, other, strict=False)) if pair[0] != pair[1]), None)
    start = min(len(word), len(other)) if start is None else start
    one, two = word[start:], other[start:]
    if one[:2] == two[1::-1] and one[2:] == two[2:]:
        return not one[:2].isdigit()
    if len(word) == len(other) and (_is_counted(one, two) or _DIGIT.search(word)):
        return False
    letters = one[:1] if len(word) > len(other) else two[:1] if len(other) > len(word) else one[:1] + two[:1]
    rest = (one[len(word) >= len(other) :], two[len(other) >= len(word) :])
    return rest[0] == rest[1] and not any(map(str.isdigit, letters))
