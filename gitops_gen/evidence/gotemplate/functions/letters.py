"""Letters as Go's packages strings and unicode change them: one for one, which Python's own methods do not keep to."""

from __future__ import annotations

SPACES = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000"
)
"""What unicode.IsSpace takes."""

_CAPITAL_I_WITH_DOT = "\u0130"


def lower(text: str) -> str:
    """Returns the text in lower case."""
    return text.lower() if text.isascii() else "".join(map(_lower, text))


def upper(text: str) -> str:
    """Returns the text in upper case; a letter without a single upper case letter stays."""
    return text.upper() if text.isascii() else "".join(map(_upper, text))


def title(text: str) -> str:
    """Returns the text with each word's first letter in title case; words end at what is no letter and no digit."""
    previous = " "
    letters = []
    for letter in text:
        letters.append(_title(letter) if _separates(previous) else letter)
        previous = letter
    return "".join(letters)


def untitle(text: str) -> str:
    """Returns the text with each word's first letter in lower case; words end at spaces."""
    letters = []
    starts = True
    for letter in text:
        is_space = letter in SPACES
        letters.append(_lower(letter) if starts and not is_space else letter)
        starts = is_space
    return "".join(letters)


def _lower(letter: str) -> str:
    return "i" if letter == _CAPITAL_I_WITH_DOT else letter.lower()


def _upper(letter: str) -> str:
    return _single(letter.upper()) or _single(letter.title()) or letter


def _title(letter: str) -> str:
    return _single(letter.title()) or letter


def _single(letters: str) -> str:
    return letters if len(letters) == 1 else ""


def _separates(letter: str) -> bool:
    if letter.isascii():
        return not (letter.isalnum() or letter == "_")
    return not (letter.isalpha() or letter.isdecimal()) and letter in SPACES
