"""The formats of generated files: how a value is encoded, how the result is read back, how a comment is written.

A new format is one entry of FORMATS.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gitops_gen.data_classes import frozen
from gitops_gen.patterns import lazily
from gitops_gen.yaml_reader.words import WORD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_SINGLE_QUOTED = re.compile(r"[ -&(-~]*")
_BARE = re.compile(r"[A-Za-z0-9._:/@+=?-]*")
_BARE_IN_MARKDOWN = lazily(r"[A-Za-z0-9._:/@+=?,-]*")
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_./-]*")
_KEYWORDS = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null"})
_INDENT_LIMIT = 100
_KEY_LIMIT = 1024
"""Characters of a key as it is written: a YAML reader looks no further for the colon (YAML 1.2.2, 7.4.2)."""
_LARGEST_WHOLE = 2**53
"""Beyond it, Helm and Argo CD see another number: they read numbers as 64-bit floats."""

# Beside the quote and the backslash: what looks like nothing or like a space, what some reader takes for the end of a
# line, and what may not stand in a file. As a list, since what Python calls printable changes with its version.
_ESCAPED = re.compile(
    r'["\\\x00-\x1f\x7f-\xa0\xad\u061c\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000'
    r"\ud800-\uf8ff\ufeff\ufff0-\uffff\U000e0000-\U0010ffff]"
)
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_MARKDOWN_SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|~&$-])")
# At the start of a line: a numbered list, and the line that makes a heading of the one above.
_MARKDOWN_START = re.compile(r"^([0-9]*)([.=])")


# As a word of YAML; nor may an HCL text hold the start of a template.
_HCL_WORD = re.compile(r'"[ !#&-\[\]-~]*"(?!\s*[=:])')


class EncodingError(Exception):
    """A value has no safe spelling in the format. The text says which value, and what is expected."""


class ParseError(Exception):
    """A rendered file is not what its format says: the reason, with line and column from 1 (0: not known)."""

    def __init__(self, reason: str, line: int = 0, column: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.line = line
        self.column = column


@frozen
class Format:
    """One format: its name in templates/artifacts.yaml, which is also the name of the filter that encodes for it."""

    name: str
    comment_start: str
    comment_end: str
    encode: Callable[..., str]
    parse: Callable[[str], object]
    """Returns the value of a text. Raises ParseError."""
    quoted: re.Pattern[str] | None
    """The words between quotes that no reader of the format looks into, where they are a whole value; None for one
    in which a number sign begins no comment, too."""

    def comment(self, text: str) -> str:
        """Returns one line that the format's readers skip."""
        return f"{self.comment_start}{text}{self.comment_end}"


def encode_yaml(value: object, indent: int = 0) -> str:
    """Returns a value as YAML that YAML 1.1 and 1.2 readers take for the same thing.

    Every string is quoted. Maps and lists come in block style, their further lines indented by `indent` spaces,
    so that the filter stands where the first line begins. Raises EncodingError for what YAML cannot say safely.
    """
    if indent > _INDENT_LIMIT:
        raise EncodingError(f"got an indent of {indent:,}, expected at most {_INDENT_LIMIT}")
    if isinstance(value, str):
        return _yaml_string(value)
    if isinstance(value, dict | list | tuple) and value:
        return ("\n" + " " * indent).join(_block_lines(value))
    return _yaml_scalar(value)


def encode_hcl(value: object) -> str:
    """Returns a value as an HCL expression on one line, with template markers escaped. Raises EncodingError.

    HCL itself brings text into Unicode's normal form C when it reads it.
    """
    if isinstance(value, str):
        return _quoted(value).replace("${", "$${").replace("%{", "%%{")
    if isinstance(value, dict):
        pairs = ", ".join(f"{encode_hcl(_checked_key(key))} = {encode_hcl(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(encode_hcl, value))}]"
    return _yaml_scalar(value)


def encode_markdown(value: object) -> str:
    """Returns a value as Markdown text on one line, with everything that Markdown would read escaped."""
    if not isinstance(value, str | int) or isinstance(value, bool):
        raise _refused(value, "a string or a whole number")
    text = " ".join(_checked_text(str(value)).split())
    return _MARKDOWN_START.sub(r"\1\\\2", _MARKDOWN_SPECIAL.sub(r"\\\1", text))


def encode_bare(value: object, form: str = "") -> str:
    """Returns a derived value that may stand bare inside a longer scalar: a name, an ARN, a path.

    In Markdown it may have a comma, as IAM lets a role's name; elsewhere that may end the scalar. Raises EncodingError
    for anything but letters, digits and ._:/@+=?-
    """
    allowed = _BARE_IN_MARKDOWN if form == "markdown" else _BARE
    if isinstance(value, str | int) and not isinstance(value, bool) and allowed.fullmatch(str(value)):
        return str(value)
    raise _refused(value, "only letters, digits and ._:/@+=?- in a value that stands bare")


def check_alone(text: str, form: str) -> None:
    """Refuses a bare value that is a whole scalar by itself, where its reader would take it for anything but text.

    Raises EncodingError.
    """
    if form == "hcl" or not _reads_as_text(text):
        raise EncodingError(
            f"got a bare value that stands alone and is no text in {form}, expected | {form} at its end"
        )


@lru_cache(maxsize=1024)
def _reads_as_text(text: str) -> bool:
    from gitops_gen.source import InvalidYamlError, parse_documents

    # Without a letter it may be a time or a date; with a colon at its end, a key.
    if not re.search("[A-Za-z]", text) or text.endswith(":") or text.lower() in _KEYWORDS:
        return False
    try:
        return parse_documents(f"- {text}\n") == ([text],)
    except InvalidYamlError:
        return False


def _refused(value: object, expected: str) -> EncodingError:
    if type(value).__name__ == "StrictUndefined":
        str(value)  # raises Jinja's own error, which names the undefined
    # Of other values, repr shows an address in memory, or the parts in any order.
    is_plain = value is None or isinstance(value, str | int | float)
    shown = repr(value) if is_plain and len(repr(value)) <= 60 else f"a {type(value).__name__}"
    return EncodingError(f"got {shown}, expected {expected}")


def _yaml_string(text: str) -> str:
    # JSON inside YAML stays readable in single quotes.
    return f"'{text}'" if '"' in text and _SINGLE_QUOTED.fullmatch(text) else _quoted(text)


def _quoted(text: str) -> str:
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    character = _checked_text(found[0])
    code = ord(character)
    return _ESCAPES.get(character) or (f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}")


def _checked_text(text: str) -> str:
    for character in text:
        if "\ud800" <= character <= "\udfff":
            raise EncodingError(f"got a lone surrogate (U+{ord(character):04X}), expected text")
    return text


def _yaml_scalar(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() if abs(value) <= _LARGEST_WHOLE:
            return str(value)
        case int():
            raise EncodingError(f"got a whole number beyond {_LARGEST_WHOLE}, expected a string in its place")
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
    name = _checked_key(key)
    written = name if _PLAIN_KEY.fullmatch(name) and name.lower() not in _KEYWORDS else _yaml_string(name)
    if len(written) > _KEY_LIMIT:
        raise EncodingError(f"got a key of {len(written)} characters, expected at most {_KEY_LIMIT}")
    return written


def _checked_key(key: object) -> str:
    if not isinstance(key, str):
        raise _refused(key, "a key that is text")
    return key


def _parse_yaml(text: str) -> object:
    from gitops_gen.source import InvalidYamlError, parse_documents

    try:
        return parse_documents(text)
    except InvalidYamlError as error:
        first = error.problems[0]
        raise ParseError(f"{first.code}: {first.message}", first.at.line, first.at.column) from None


def _parse_hcl(text: str) -> object:
    import pygohcl

    from gitops_gen.go_programs import HCL_PARSER, check_callable
    from gitops_gen.hcl_nesting import too_deep

    deep = too_deep(text)
    if deep is not None:
        raise ParseError(*deep)
    check_callable(HCL_PARSER)
    try:
        return pygohcl.loads(text)
    except pygohcl.HCLParseError as error:
        raise _hcl_error(str(error)) from None
    except (pygohcl.HCLInternalError, ValueError):
        raise ParseError("a number is too large") from None


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
        Format("yaml", "# ", "", encode_yaml, _parse_yaml, WORD),
        Format("hcl", "# ", "", encode_hcl, _parse_hcl, _HCL_WORD),
        Format("markdown", "<!-- ", " -->", encode_markdown, _parse_nothing, None),
    )
}
