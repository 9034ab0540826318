"""The formats of generated files: how a value is encoded, how the result is read back, how a comment is written.

A new format is one entry of FORMATS.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_QUOTED_AS_IT_IS = re.compile(r"[ !#-\[\]-~]*")
_SINGLE_QUOTED = re.compile(r"[ -&(-~]*")
_BARE = re.compile(r"[A-Za-z0-9._:/@+=?-]*")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
_KEYWORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&-])")


class EncodingError(Exception):
    """A value has no safe spelling in the format. The text says which value, and what is expected."""


class ParseError(Exception):
    """A rendered file is not what its format says: the reason, with line and column from 1 (0: not known)."""

    def __init__(self, reason: str, line: int = 0, column: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name in templates/artifacts.yaml, which is also the name of the filter that encodes for it."""

    name: str
    comment_start: str
    comment_end: str
    encode: Callable[..., str]
    parse: Callable[[str], None]

    def comment(self, text: str) -> str:
        """Returns one line that the format's readers skip."""
        return f"{self.comment_start}{text}{self.comment_end}"


def encode_yaml(value: object, indent: int = 0) -> str:
    """Returns a value as YAML that YAML 1.1 and 1.2 readers take for the same thing.

    Every string is quoted. Maps and lists come in block style, their further lines indented by `indent` spaces,
    so that the filter stands where the first line begins. Raises EncodingError for what YAML cannot say safely.
    """
    if isinstance(value, str):
        return _yaml_string(value)
    if isinstance(value, dict | list | tuple) and value:
        return ("\n" + " " * indent).join(_block_lines(value))
    return _yaml_scalar(value)


def encode_hcl(value: object) -> str:
    """Returns a value as an HCL expression on one line, with template markers escaped. Raises EncodingError."""
    if isinstance(value, str):
        return _quoted(value).replace("${", "$${").replace("%{", "%%{")
    if isinstance(value, dict):
        pairs = ", ".join(f"{encode_hcl(key)} = {encode_hcl(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(encode_hcl, value))}]"
    return _yaml_scalar(value)


def encode_markdown(value: object) -> str:
    """Returns a value as Markdown text on one line, with everything that Markdown would read escaped."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise _refused(value, "a string or a whole number")
    return _MARKDOWN_SPECIAL.sub(r"\\\1", " ".join(str(value).split()))


def encode_bare(value: object) -> str:
    """Returns a derived value that may stand bare inside a longer scalar: a name, an ARN, a path.

    Raises EncodingError for anything but letters, digits and ._:/@+=?-
    """
    if isinstance(value, str | int) and not isinstance(value, bool) and _BARE.fullmatch(str(value)):
        return str(value)
    raise _refused(value, "only letters, digits and ._:/@+=?- in a value that stands bare")


def _refused(value: object, expected: str) -> EncodingError:
    if type(value).__name__ == "StrictUndefined":
        str(value)  # raises Jinja's own error, which names the undefined
    shown = repr(value) if len(repr(value)) <= 60 else f"a {type(value).__name__}"
    return EncodingError(f"got {shown}, expected {expected}")


def _yaml_string(text: str) -> str:
    # JSON inside YAML stays readable in single quotes.
    return f"'{text}'" if '"' in text and _SINGLE_QUOTED.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    if _QUOTED_AS_IT_IS.fullmatch(text):
        return f'"{text}"'
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    if 0xD800 <= code <= 0xDFFF:
        raise EncodingError(f"got a lone surrogate (U+{code:04X}), expected text")
    # Line separators and what cannot be printed read differently, or not at all, from one YAML to the other.
    if character.isprintable():
        return character
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def _yaml_scalar(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case float() if value - value == 0:
            text = repr(value)
            return text if "." in text else text.replace("e", ".0e")
        case dict():
            return "{}"
        case list() | tuple():
            return "[]"
    raise _refused(value, "text, a finite number, true, false, null, a map or a list")


def _block_lines(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _under(f"{_key(key)}:", item)
    elif isinstance(value, list | tuple):
        for item in value:
            lines = list(_block_lines(item)) if isinstance(item, dict | list | tuple) and item else [_leaf(item)]
            yield f"- {lines[0]}"
            yield from (f"  {line}" for line in lines[1:])


def _under(head: str, item: object) -> Iterator[str]:
    if isinstance(item, dict | list | tuple) and item:
        yield head
        yield from (f"  {line}" for line in _block_lines(item))
    else:
        yield f"{head} {_leaf(item)}"


def _leaf(value: object) -> str:
    return _yaml_string(value) if isinstance(value, str) else _yaml_scalar(value)


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise _refused(key, "a key that is text")
    return key if _PLAIN_KEY.fullmatch(key) and key.lower() not in _KEYWORDS else _yaml_string(key)


def _parse_yaml(text: str) -> None:
    from gitops_gen.source import InvalidYamlError, parse_documents

    try:
        parse_documents(text)
    except InvalidYamlError as error:
        first = error.problems[0]
        raise ParseError(f"{first.code}: {first.message}", first.at.line, first.at.column) from None


def _parse_hcl(text: str) -> None:
    import pygohcl

    try:
        pygohcl.loads(text)
    except pygohcl.HCLParseError as error:
        raise _hcl_error(str(error)) from None


def _hcl_error(text: str) -> ParseError:
    found = re.search(r"tmp\.hcl:(\d+),(\d+)[-\d,]*: ([^;]+)", text)
    if found is None:
        return ParseError(text)
    return ParseError(found[3].strip(), int(found[1]), int(found[2]))


def _parse_nothing(_: str) -> None:
    """Markdown takes any text."""


FORMATS: Mapping[str, Format] = {
    each.name: each
    for each in (
        Format("yaml", "# ", "", encode_yaml, _parse_yaml),
        Format("hcl", "# ", "", encode_hcl, _parse_hcl),
        Format("markdown", "<!-- ", " -->", encode_markdown, _parse_nothing),
    )
}
