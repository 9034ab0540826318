"""The functions of Terraform on texts, some of which have a part that is not known.

A text with such a part is only looked into where that part cannot matter. Source: Terraform, "String Functions".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from gitops_gen.evidence.terraform_unknowns import ACCOUNT, GENERATED, HOLE, PARTITION, UNKNOWN, is_exact, is_open

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

_VERB = re.compile(r"%(?:%|[sdv])")
_LONGEST = 100_000
"""Characters of a text: more than anybody writes."""
_LONGEST_NEEDLE = 100
"""Characters of what is looked for where a part of the text is not known."""
_STANDING_FOR = {ACCOUNT: re.compile(r"[0-9]*"), PARTITION: re.compile(r"[a-z-]*")}
"""What stands for some characters, with what they may be."""
_STANDING = re.compile(f"[{HOLE}{ACCOUNT}{PARTITION}{GENERATED}]")
_AFTER_PROVIDER = "/^(.*provider/)/"
"""The regular expression with which all write what is behind oidc-provider/ in an ARN."""


def plain_text(value: object) -> object:
    """Returns a number or a boolean as the text that it converts to; UNKNOWN for anything else."""
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case float() if value.is_integer():
            return str(int(value))
        case float():
            return str(value) if "e" not in str(value) else UNKNOWN
        case str():
            return value
        case _:
            return UNKNOWN


def formatted(arguments: Sequence[object]) -> object:
    """Returns what format makes of a text with verbs and their values; UNKNOWN for other verbs than %s, %d and %v."""
    if not arguments or not isinstance(arguments[0], str) or is_open(arguments[0]):
        return UNKNOWN
    pattern, values = arguments[0], list(arguments[1:])
    if "%" in _VERB.sub("", pattern) or len(values) != sum(each != "%%" for each in _VERB.findall(pattern)):
        return UNKNOWN
    found: list[str] = []
    end = 0
    for verb in _VERB.finditer(pattern):
        text: object = "%"
        if verb[0] != "%%":
            value = values.pop(0)
            is_number = isinstance(value, int) and not isinstance(value, bool)
            is_known = value is not UNKNOWN
            text = HOLE if not is_known else plain_text(value) if verb[0] != "%d" or is_number else UNKNOWN
        if not isinstance(text, str):
            return UNKNOWN
        found += [pattern[end : verb.start()], text]
        end = verb.end()
    return bounded("".join((*found, pattern[end:])))


def bounded(text: str) -> object:
    """Returns a text; UNKNOWN for one that is longer than anybody writes."""
    return text if len(text) <= _LONGEST else UNKNOWN


def _text_function(
    change: Callable[..., object], number: int, *, is_for_any: bool = False
) -> Callable[[Sequence[object]], object]:
    """Returns a function of so many texts, all of them known as a whole, unless it is for any."""

    def function(arguments: Sequence[object]) -> object:
        is_fit = len(arguments) == number and all(isinstance(each, str) for each in arguments)
        return change(*arguments) if is_fit and (is_for_any or all(map(is_exact, arguments))) else UNKNOWN

    return function


def _raised(text: str) -> object:
    return text.upper() if _STANDING.sub("", text).isascii() and PARTITION not in text else UNKNOWN


def _lowered(text: str) -> object:
    return text.lower() if _STANDING.sub("", text).isascii() else UNKNOWN


def _without_prefix(text: str, prefix: str) -> object:
    return text.removeprefix(prefix) if is_exact(prefix) and is_exact(text[: len(prefix)]) else UNKNOWN


def _without_suffix(text: str, suffix: str) -> object:
    is_known = is_exact(suffix) and is_exact(text[max(0, len(text) - len(suffix)) :])
    return text.removesuffix(suffix) if is_known else UNKNOWN


def _replaced(text: str, old: str, new: str) -> object:
    if old == _AFTER_PROVIDER and not new and not is_open(text):
        return text.rpartition("provider/")[2]
    if old.startswith("/") and old.endswith("/") and len(old) > 1:
        return UNKNOWN  # a regular expression
    return bounded(text.replace(old, new)) if old and _is_apart(text, old) else UNKNOWN


def _split(separator: str, text: str) -> object:
    if not separator or not _is_apart(text, separator):
        return UNKNOWN
    return list(text.split(separator))


def _is_apart(text: str, needle: str) -> bool:
    """True where nothing that is not known can be a needle, or be a part of one together with what is beside it."""
    if not is_exact(needle) or len(needle) > _LONGEST_NEEDLE or any(each in text for each in (HOLE, GENERATED)):
        return False
    return not any(
        _reaches_into(text[: found.start()], text[found.end() :], needle, _STANDING_FOR[found[0]])
        for found in _STANDING.finditer(text)
    )


def _reaches_into(before: str, behind: str, needle: str, of: re.Pattern[str]) -> bool:
    """True where a needle may begin or end in what stands for some characters, or lie in it, or around it."""
    for start in range(len(needle)):
        if not before.endswith(needle[:start]):
            continue
        for end in range(start + 1, len(needle) + 1):
            if of.fullmatch(needle, start, end) is None:
                break
            if behind.startswith(needle[end:]) or _STANDING.match(behind) is not None:
                return True
    return False


def _starts_with(text: str, prefix: str) -> bool:
    return text.startswith(prefix)


def _ends_with(text: str, suffix: str) -> bool:
    return text.endswith(suffix)


def _has(text: str, part: str) -> bool:
    return part in text


def _trimmed(text: str) -> object:
    return text.strip(" \t\n\r\v\f") if text.isascii() else UNKNOWN


def _trimmed_of(text: str, characters: str) -> object:
    return text.strip(characters) if characters else text


def _substr(arguments: Sequence[object]) -> object:
    match arguments:
        case [str(text), int(offset), int(length)] if is_exact(text) and text.isascii():
            start = offset if offset >= 0 else len(text) + offset
            if 0 <= start <= len(text) and length >= -1:
                return text[start:] if length == -1 else text[start : start + length]
    return UNKNOWN


TEXT_FUNCTIONS: Mapping[str, Callable[[Sequence[object]], object]] = {
    "format": formatted,
    "lower": _text_function(_lowered, 1, is_for_any=True),
    "upper": _text_function(_raised, 1, is_for_any=True),
    "trimprefix": _text_function(_without_prefix, 2, is_for_any=True),
    "trimsuffix": _text_function(_without_suffix, 2, is_for_any=True),
    "replace": _text_function(_replaced, 3, is_for_any=True),
    "split": _text_function(_split, 2, is_for_any=True),
    "startswith": _text_function(_starts_with, 2),
    "endswith": _text_function(_ends_with, 2),
    "strcontains": _text_function(_has, 2),
    "trimspace": _text_function(_trimmed, 1),
    "trim": _text_function(_trimmed_of, 2),
    "substr": _substr,
}
"""By their names; each is given the arguments, none of which is UNKNOWN as a whole."""
