"""Passwords in texts that stand in values: in a file of JSON, YAML or properties, a connection string, an option.

The value of an option may be a text of its own, behind it in a list.

Such a text has a format of its own, which a chart or a program reads later. It is taken apart only where all of it is
of that format, and only the key of a password counts; what has a shape of its own is found in any text.

Part of secret-in-file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.evidence.leaves import leaves
from gitops_gen.patterns import lazily
from gitops_gen.secrets_guard import may_hold_password, names_password, suspect_leaves, suspects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.evidence.leaves import Steps

_LINE = lazily(r"[ \t]*(?:[#;!].*|\[[^\]\n]+\]|(?:export[ \t]+)?(?P<key>[\w.-]+)[ \t]*=[ \t]*(?P<value>.*?))?[ \t]*")
"""A line of a file of properties, of variables or of settings."""
_OPTION = lazily(r"--?(?P<key>[\w.-]+)=(?P<value>\S+)")
_OPTION_NAME = lazily(r"--?(?P<key>[\w.-]+)")
_OF_CONNECTION = lazily(r"(?i:(?:\A|[;&?\s])(?P<key>password|pwd)\s*=\s*(?P<value>[^;&\s]+))")
_CONNECTION = lazily(r"(?i:(?:\A|[;&?\s])(?:data source|database|dbname|host|server|uid|user(?: ?id|name)?)\s*=)")
_LONGEST = 65_536
_PLAIN = "in plain text"


def passwords_within(document: object) -> Iterator[tuple[Steps, str]]:
    """Yields where the texts of a document hold a password: the steps that lead to the text, and the key in it."""
    before: tuple[Steps, object] = ((), None)
    for steps, text in leaves(document):
        if isinstance(text, str) and len(text) <= _LONGEST:
            option = _option_before(before, steps)
            if option is not None and not text.startswith("-"):
                yield from ((steps, key) for key in _if_password(option, text))
            elif may_hold_password(text):
                yield from ((steps, key) for key in dict.fromkeys(_in_text(text)))
        before = steps, text


def _option_before(before: tuple[Steps, object], steps: Steps) -> str | None:
    """Returns the name of an option that stands before a text in a list, as in [--password, x]."""
    (earlier, text), last = before, steps[-1] if steps else None
    if not isinstance(text, str) or not isinstance(last, int) or earlier != (*steps[:-1], last - 1):
        return None
    option = _OPTION_NAME.fullmatch(text)
    return option["key"] if option is not None else None


def _in_text(text: str) -> Iterator[str]:
    if "\n" in text.strip() or text.lstrip()[:1] in "{[":
        yield from _in_documents(text) or _in_lines(text)
        return
    option = _OPTION.fullmatch(text)
    if option is not None:
        yield from _if_password(option["key"], option["value"])
    elif _CONNECTION.search(text):
        for found in _OF_CONNECTION.finditer(text):
            yield from _if_password(found["key"], found["value"])


def _in_documents(text: str) -> list[str]:
    """Returns the keys in a text of JSON or YAML; none for what is neither."""
    from gitops_gen import source

    return [
        ".".join(map(str, steps))
        for value in source.read_documents("", text).values
        if isinstance(value, dict | list)
        for steps, reason in suspect_leaves(value)
        if reason.endswith(_PLAIN) and not _is_lookalike(value, steps, reason)
    ]


def _in_lines(text: str) -> Iterator[str]:
    """Yields the keys in a text of which each line is a pair, a comment or the name of a section."""
    found = [_LINE.fullmatch(line) for line in text.splitlines()]
    if all(found):
        for each in found:
            if each is not None and each["key"]:
                yield from _if_password(each["key"], each["value"].strip("\"'"))


def _if_password(key: str, value: str) -> Iterator[str]:
    reason = suspects(value, key) if names_password(key) else None
    if reason is not None and not _is_lookalike({key: value}, (key,), reason):
        yield key


def _is_lookalike(document: object, steps: Steps, reason: str) -> bool:
    from gitops_gen.evidence.lookalikes import is_lookalike

    return is_lookalike(document, steps, reason)
