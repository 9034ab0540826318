"""The literals of a Go template. Source: the Go specification, Lexical elements, and the package strconv."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.gotemplate.errors import CannotSayError, GoTemplateError
from gitops_gen.evidence.gotemplate.tree import Constant, Number
from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    import re

    from gitops_gen.evidence.gotemplate.lexer import Token

_ESCAPE = lazily(
    r"\\(?:(?P<simple>[abfnrtv\\'\"])|x(?P<byte>[0-9a-fA-F]{2})|(?P<octal>[0-7]{3})"
    r"|u(?P<short>[0-9a-fA-F]{4})|U(?P<long>[0-9a-fA-F]{8})|(?P<wrong>))"
)
_SIMPLE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\", "'": "'", '"': '"'}
_ASCII_END, _UNICODE_END = 0x80, 0x110000
_SURROGATES = range(0xD800, 0xE000)


def quoted(token: Token) -> Constant:
    """Returns a string in double quotes. Raises GoTemplateError for a wrong escape."""
    return Constant(token.at, _unescaped(token, "'"))


def raw(token: Token) -> Constant:
    """Returns a string in backquotes, which knows no escapes and drops carriage returns."""
    return Constant(token.at, token.text[1:-1].replace("\r", ""))


def character(token: Token) -> Number:
    """Returns a character in single quotes, which is its number. Raises GoTemplateError if it is not one character."""
    text = _unescaped(token, '"')
    if len(text) != 1:
        raise GoTemplateError(f"malformed character constant: {token.text}", token.at)
    return Number(token.at, token.text, ord(text), float(ord(text)), is_fraction=False)


def number(token: Token) -> Number:
    """Returns a number. Raises GoTemplateError if it is none or does not fit in 64 bits."""
    from gitops_gen.evidence.gotemplate import numbers

    text = token.text
    integer = numbers.parse_int(text, any_base=True)
    if integer is not None:
        return Number(token.at, text, integer, float(integer), is_fraction=False)
    if "_" in text or "x" in text.lower():
        raise CannotSayError(f"the number {text} is of an unusual form", token.at)
    fraction = numbers.parse_float(text)
    if fraction is None:
        raise GoTemplateError(f'illegal number syntax: "{text}"', token.at)
    if not set(text) & set(".eE"):
        raise GoTemplateError(f'integer overflow: "{text}"', token.at)
    is_whole = fraction.is_integer() and abs(fraction) < 2**63
    return Number(token.at, text, int(fraction) if is_whole else None, fraction, is_fraction=True)


def _unescaped(token: Token, foreign: str) -> str:
    """Returns the text between the quotes; the other kind of quote cannot be escaped in it."""
    if "\\" not in token.text:
        return token.text[1:-1]

    def character_of(found: re.Match[str]) -> str:
        if found["wrong"] is not None or found["simple"] == foreign:
            raise GoTemplateError("invalid syntax", token.at)
        if found["simple"]:
            return _SIMPLE[found["simple"]]
        return _character(found, token)

    return _ESCAPE.sub(character_of, token.text[1:-1])


def _character(found: re.Match[str], token: Token) -> str:
    byte = found["byte"] or found["octal"]
    code = int(found["octal"], 8) if found["octal"] else int(found["byte"] or found["short"] or found["long"], 16)
    if (code >= _UNICODE_END or code in _SURROGATES) if not byte else code >= 2 * _ASCII_END:
        raise GoTemplateError("invalid syntax", token.at)
    if byte and code >= _ASCII_END:
        raise CannotSayError("a string has bytes that may be no UTF-8", token.at)
    return chr(code)
