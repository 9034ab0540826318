"""Variable files of Terraform as tokens: enough of HCL for constants, and to see what is more than one.

Source: HCL native syntax specification, lexical elements.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from gitops_gen.named_tuple import NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t]+)
    | (?P<newline>\n)
    | (?P<comment>(?:\#|//)[^\n]* | /\*(?:.|\n)*?\*/)
    | (?P<heredoc><<-?(?P<tag>[^\W\d][\w-]*)\n(?:.*\n)*?[ \t]*(?P=tag)(?=\n|\Z))
    | (?P<string>"(?:[^"\\\n$%] | \\. | \$\$\{ | %%\{ | \$(?!\{) | %(?!\{))*")
    | (?P<template>"(?:[^"\\\n] | \\.)*")
    | (?P<word>[^\W\d][\w-]*(?:\.[^\W\d][\w-]*)*)
    | (?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)
    | (?P<open>[{\[(])
    | (?P<close>[}\])])
    | (?P<equal>=(?![=>]))
    | (?P<colon>:)
    | (?P<comma>,)
    | (?P<minus>-)
    | (?P<operator>[=!<>]=|=>|&&|\|\||[+*/%<>!?.])
    """,
    re.VERBOSE,
)


class Token(NamedTuple):
    """A piece of a file: its kind, its text, and where it starts, counted from 0."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        """Where the next one may start."""
        return self.start + len(self.text)


def tokens(text: str) -> tuple[Token, ...] | None:
    """Returns the tokens of a file without white space, or None for what is more than constants and punctuation.

    A comment of several lines is more: terraform fmt leaves it as it is.
    """
    found = calculated_tokens(text)
    return None if found is None or any(map(_is_more, found)) else found


def _is_more(token: Token) -> bool:
    return token.kind == _OPERATOR or (token.kind == "comment" and "\n" in token.text)


def calculated_tokens(text: str) -> tuple[Token, ...] | None:
    """As `tokens`, with the operators of what is calculated."""
    found, position = [], 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            return None
        kind = match.lastgroup or ""
        kind = _HEREDOC if kind == "tag" else kind
        end = _end_of_template(text, match) if kind == _TEMPLATE else match.end()
        if kind != "space":
            found.append(Token(kind, text[position:end], position))
        position = end
    return tuple(found)


def _end_of_template(text: str, match: re.Match[str]) -> int:
    """Returns where a text ends that may have others in it: in an expression, a quote begins a text of its own."""
    from gitops_gen.evidence.hcl_texts import NotHclError, end_of_text

    try:
        return end_of_text(text, match.start())
    except NotHclError:
        return match.end()


def not_constant(found: tuple[Token, ...]) -> Iterator[Token]:
    """Yields the words that stand where a value is expected, and the texts with a template of more than constants.

    What is calculated of a word, as a/b, which is a text that lost its quotes, is one of them; the name of a function
    that is called becomes a token of the kind `call`. A loop gives names of its own, so what is in one is not judged.
    """
    significant = _without_loops(_calculated([token for token in found if token.kind != "comment"]))
    previous = _NOTHING
    for token, following in zip(significant, (*significant[1:], _NOTHING), strict=False):
        is_name = following.kind in ("equal", "colon") or previous.text == "."
        if _is_filled_in(token):
            yield token
        elif token.kind == "word" and not is_name and token.text not in _LITERALS:
            yield token._replace(kind="call") if following.text == "(" and following.start == token.end else token
        previous = token


def no_numbers(found: tuple[Token, ...]) -> Iterator[Token]:
    """Yields the texts without any digit that are calculated with: each would have to be a number."""
    significant = [_NOTHING, *(token for token in found if token.kind != "comment"), _NOTHING]
    for before, token, following in zip(significant, significant[1:], significant[2:], strict=False):
        is_operand = before.text in _OF_NUMBERS or following.text in _OF_NUMBERS
        if is_operand and token.kind == "string" and _NO_NUMBER.fullmatch(token.text):
            yield token


def _is_filled_in(token: Token) -> bool:
    """True for a text with a template in it of more than constants."""
    if token.kind != _TEMPLATE and (token.kind != _HEREDOC or OPENED.search(token.text) is None):
        return False
    from gitops_gen.evidence.hcl_expressions import text_of
    from gitops_gen.evidence.hcl_texts import NotHclError, templates_in
    from gitops_gen.evidence.hcl_tree import is_constant

    try:
        found = is_constant(text_of(token.text))
    except NotHclError:
        found = None
    try:
        return _has_names(templates_in(token.text)) if found is None else not found
    except NotHclError:
        return False


def _has_names(templates: tuple[str, ...]) -> bool:
    """True where what is in the braces of a text names anything; in a loop, which gives names, that is not known."""
    found = [calculated_tokens(each) or () for each in templates]
    if any(each and each[0].text == "for" for each in found):
        return False
    without = (each[1:] if each and each[0].text in _DIRECTIVES else each for each in found)
    return any(next(not_constant(each), None) is not None for each in without)


def _without_loops(found: list[Token]) -> list[Token]:
    """Returns tokens without what is in the brackets of a loop."""
    kept: list[Token] = []
    depth = 0
    for token in found:
        starts = token.text == "for" and kept and kept[-1].kind == "open"
        if depth or starts:
            depth += (token.kind == "open") - (token.kind == "close") + bool(starts and not depth)
        if not depth:
            kept.append(token)
    return kept


def _calculated(found: list[Token]) -> list[Token]:
    """Returns tokens with what stands around an operator, without a space, joined to the word in front of it."""
    joined: list[Token] = []
    for token in found:
        last = joined[-1] if joined else None
        if last and last.kind == "word" and last.end == token.start and token.kind in _OPERATION:
            joined[-1] = last._replace(text=last.text + token.text)
        else:
            joined.append(token)
    return joined


def repeated_keys(found: tuple[Token, ...]) -> Iterator[tuple[Token, Token]]:
    """Yields each key of a map that stands there already, with the one before it: Terraform takes the last."""
    blocks: list[dict[str, Token]] = [{}]
    significant = [_NOTHING, *(token for token in found if token.kind != "comment")]
    for (before, token), (_, following) in pairwise(pairwise(significant)):
        if token.kind == "open":
            blocks.append({})
        elif token.kind == "close" and len(blocks) > 1:
            blocks.pop()
        elif before.kind in _BEFORE_KEYS and token.kind in ("word", "string") and following.kind in ("equal", "colon"):
            name = token.text.strip('"')
            if name in blocks[-1]:
                yield token, blocks[-1][name]
            blocks[-1][name] = token


_NOTHING = Token("", "", -1)
_DIRECTIVES = frozenset({"if", "else", "endif"})
_OPERATOR = "operator"
_TEMPLATE = "template"
_HEREDOC = "heredoc"
OPENED = re.compile(r"(?<!\$)\$\{|(?<!%)%\{")
"""Where a template begins."""
_OPERATION = frozenset({_OPERATOR, "minus", "word", "number"})
_LITERALS = frozenset({"true", "false", "null"})
_BEFORE_KEYS = frozenset({_NOTHING.kind, "newline", "open", "comma"})
"""What a key stands behind: behind anything else it is what a condition gives."""
_OF_NUMBERS = frozenset({"+", "-", "*", "/", "%", "<", ">", "<=", ">="})
_NO_NUMBER = re.compile(r'(?i:"(?![+-]?inf)[^0-9]*")')
