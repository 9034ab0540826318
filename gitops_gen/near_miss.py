"""The name that was probably meant by one that does not exist, how sure that is, and the hint that says so.

There are three measures. `is_typo` knows what people tell two things apart by, such as a digit or the last letter of a
series. `is_slip` takes another case and other hyphens, too. `nearest_name` takes whatever is most alike.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from gitops_gen.cached_property import cached_property
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


DID_YOU_MEAN = "did you mean"
"""How a hint starts that knows what was meant."""

_MANY = 100
"""Names that nobody wants to read in a hint, nor to have compared letter by letter with each of a thousand others."""
_SHOWN = 20
_LONGEST = 300
"""Letters of a name. Those of Kubernetes have 253 at most."""
_ALIKE = 0.6
"""How much alike two names are, from none (0) to all (1), of which one is a slip of the other."""

_WORD_END = lazily(r"[-._/]")
_SHORTEST_WORD = 4
_SHORTEST_SLIP = 4
"""Letters that the word with a slip has at least: a and b are two names, order and orders are probably one."""
_BOTH = 2
"""The words on both sides of a sign."""
_LEAST_ALIKE = 0.4
"""What two words have in common, of one that is written in two ways."""
_DIGIT = lazily(r"\d")
_COUNTED = (frozenset("abcdefgh"), frozenset("xyz"))
"""Letters that people count things with, at the end of a word."""


class Names:
    """Names of which each of many others may be a slip: those near to one are found without a look at all of them.

    Two names that are one letter apart, or two letters exchanged, have a rest in common when each loses a letter, or
    one of them does.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.sorted = sorted(set(names))

    def near(self, name: str) -> list[str]:
        """Returns, in their order, those that may be one letter away, and among them all that are."""
        found = {each for rest in _rests(name) for each in self._by_rest.get(rest, ())}
        return sorted(found - {name})

    def meant_by(self, name: str) -> list[str]:
        """Returns, in their order, those of which a name is a typo."""
        return [each for each in self.near(name) if is_typo(name, each)]

    def only_meant_by(self, name: str) -> str | None:
        """Returns the one of which a name is a typo; None where it is of none, or of several."""
        meant = self.meant_by(name)
        return meant[0] if len(meant) == 1 else None

    def nearest(self, name: str, *, alike: float) -> str | None:
        """Returns the one most like a name, by the ratio of difflib; of very many, only one that is a letter away."""
        return _most_alike(name, self.sorted if len(self.sorted) <= _MANY else self.near(name), alike)

    @cached_property
    def _by_rest(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name in self.sorted:
            for rest in _rests(name):
                found.setdefault(rest, []).append(name)
        return found


def _rests(name: str) -> Iterator[str]:
    """Yields a name as it is, and without each of its letters; what is longer than any name, as it is alone."""
    yield name
    for index in range(len(name) if len(name) <= _LONGEST else 0):
        yield name[:index] + name[index + 1 :]


def near_miss(name: str, known: Iterable[str] | Names) -> str:
    """Returns the hint for an unknown name: the nearest known one, or all of them; of very many, the first ones."""
    stated = known if isinstance(known, Names) else sorted(set(known))
    close = nearest_name(name, stated)
    if close is not None and not _is_of_another(name, close):
        return f"{DID_YOU_MEAN} {close}?"
    names = stated.sorted if isinstance(stated, Names) else stated
    if not names:
        return "there is none yet"
    shown = names if len(names) <= _MANY else names[:_SHOWN]
    more = len(names) - len(shown)
    return f"known here: {', '.join(shown)}{f' and {more} more' if more else ''}"


def _is_of_another(name: str, other: str) -> bool:
    """True for names of several words that differ in one, and all of that: ORDER_URI and AUTH_URI are of two things."""
    from difflib import SequenceMatcher

    words, others = _WORD_END.split(name), _WORD_END.split(other)
    differing = [pair for pair in zip(words, others, strict=False) if pair[0] != pair[1]]
    if len(words) != len(others) or len(words) == 1 or len(differing) != 1:
        return False
    return SequenceMatcher(None, *differing[0], autojunk=False).ratio() < _LEAST_ALIKE


def nearest_name(name: str, known: Iterable[str] | Names) -> str | None:
    """Returns the known name that was probably meant, or None; of very many `Names`, only one that is a letter away."""
    names = known.sorted if isinstance(known, Names) else sorted(known)
    if name.lower() != name:
        name = next((each for each in names if each.lower() == name.lower()), name)
    start = bisect_left(names, name)
    longer = [each for each in names[start : start + 2] if name and each.startswith(name)]
    if len(longer) == 1:
        return longer[0]
    return known.nearest(name, alike=_ALIKE) if isinstance(known, Names) else _most_alike(name, names, _ALIKE)


def _most_alike(name: str, names: list[str], least: float) -> str | None:
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, names, n=1, cutoff=least)), None)


def is_typo(name: str, meant: str) -> bool:
    """Returns whether a name is another one with a letter too much, too little, wrong or in the wrong place.

    Only one word between hyphens, dots and slashes may differ, it has at least four letters, and it does not differ
    in a digit: prod-1 and prod-2, or eu-a and eu-b, are names of two things. So are teama and teamb, and codes with a
    number, such as use1 and usw1, that have one letter for another. Two words differ where a letter and the sign
    between them are exchanged: externa-lsecrets. Two of at least four letters may have lost the sign between them, or
    one may have got it: externalsecrets.
    """
    words, others = _WORD_END.split(name), _WORD_END.split(meant)
    if name == meant:
        return False
    if len(words) != len(others):
        return _is_joined(*sorted((name, meant), key=len))
    differing = [(word, other) for word, other in zip(words, others, strict=True) if word != other]
    if len(differing) == _BOTH:
        return max(map(len, words)) >= _SHORTEST_WORD and _is_exchanged(name, meant)
    return len(differing) == 1 and _is_one_letter_away(*differing[0])


def is_slip(name: str, meant: str) -> bool:
    """Returns whether a name is probably meant to be another: one letter of one word differs, or only hyphens or case.

    Digits and short words tell names apart on purpose: db-1 and db-2, blue and red.
    """
    if name.replace("-", "").casefold() == meant.replace("-", "").casefold():
        return True
    words, others = name.split("-"), meant.split("-")
    if len(words) != len(others):
        return False
    different = [(word, other) for word, other in zip(words, others, strict=True) if word != other]
    if len(different) != 1:
        return False
    ((word, other),) = different
    return (
        min(len(word), len(other)) >= _SHORTEST_SLIP
        and not any(map(str.isdigit, word + other))
        and is_one_edit(word, other)
    )


def is_one_edit(one: str, other: str) -> bool:
    """Returns whether a letter is added, lost, changed, or swapped with the next."""
    short, long = sorted((one, other), key=len)
    if len(long) - len(short) > 1:
        return False
    start = next((index for index, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[start:] == long[start + 1 :]
    swapped = short[start : start + 2][::-1] == long[start : start + 2] and short[start + 2 :] == long[start + 2 :]
    return swapped or short[start + 1 :] == long[start + 1 :]


def _is_exchanged(name: str, meant: str) -> bool:
    """Returns whether two names differ in two signs side by side, none of them a digit, that are exchanged."""
    start = next(index for index, pair in enumerate(zip(name, meant, strict=False)) if pair[0] != pair[1])
    one, two = name[start:], meant[start:]
    return one[:2] == two[1::-1] and one[2:] == two[2:] and not any(map(str.isdigit, one[:2]))


def _is_joined(short: str, long: str) -> bool:
    """Returns whether the longer of two names has one sign more, between two words of letters that are long enough."""
    start = next((index for index, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short))
    if short[start:] != long[start + 1 :] or not _WORD_END.fullmatch(long[start : start + 1]):
        return False
    beside = (_WORD_END.split(long[:start])[-1], _WORD_END.split(long[start + 1 :])[0])
    return all(len(word) >= _SHORTEST_WORD and word.isalpha() for word in beside)


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
