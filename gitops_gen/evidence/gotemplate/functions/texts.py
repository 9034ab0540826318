"""sprig's functions for texts and paths. Source: Masterminds/sprig v3.3.0, strings.go, and Go's strings and path."""

from __future__ import annotations

import posixpath

from gitops_gen.evidence.gotemplate import fmt
from gitops_gen.evidence.gotemplate.errors import CannotSayError, GoTemplateError
from gitops_gen.evidence.gotemplate.functions.conversions import in_sequence, to_strings, to_text
from gitops_gen.evidence.gotemplate.functions.letters import SPACES, lower, title, untitle, upper
from gitops_gen.evidence.gotemplate.functions.table import Signature, takes
from gitops_gen.evidence.gotemplate.values import (
    Shuffled,
    ShuffledStrings,
    StringMap,
    Strings,
    byte_length,
    check_length,
    cut,
    to_bytes,
)

_REMOVE_SPACES = str.maketrans("", "", SPACES)


def truncate(count: int, text: str) -> str:
    """Returns the first bytes of a text, or the last ones if the count is negative."""
    length = byte_length(text)
    if count >= 0:
        return cut(text, 0, min(count, length))
    return cut(text, length + count, length) if length + count > 0 else text


def substring(start: int, end: int, text: str) -> str:
    """Returns the bytes from start to end; a negative start is 0, a negative end the length."""
    length = byte_length(text)
    start, end = (0, end) if start < 0 else (start, length if end < 0 or end > length else end)
    if not 0 <= start <= end <= length:
        raise GoTemplateError("error calling substr: slice bounds out of range")
    return cut(text, start, end)


def repeat(count: int, text: str) -> str:
    """Returns the text so many times."""
    if count < 0:
        raise GoTemplateError("error calling repeat: strings: negative Repeat count")
    check_length(count * len(text))
    return text * count


def replace(old: str, new: str, text: str) -> str:
    """Returns the text with everything replaced."""
    check_length(len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new)


def indent(spaces: int, text: str) -> str:
    """Returns the text with each line moved to the right, the first among them."""
    if spaces < 0:
        raise GoTemplateError("error calling indent: strings: negative Repeat count")
    check_length(len(text) + spaces * (text.count("\n") + 1))
    pad = " " * spaces
    return pad + text.replace("\n", f"\n{pad}")


def without_spaces(text: str) -> str:
    """Returns the text without its spaces; where there is one, sprig takes each byte of the rest for a letter."""
    letters = to_bytes(text).decode("latin-1")
    stripped = letters.translate(_REMOVE_SPACES)
    return text if stripped == letters else stripped


def join(separator: str, value: object) -> str:
    """Returns the texts of the elements with the separator between them."""
    parts = in_sequence(value)
    check_length(sum(map(len, parts)) + len(separator) * len(parts))
    return separator.join(parts)


def split_list(separator: str, text: str) -> Strings:
    """Returns the parts between the separators; without a separator, each character."""
    return Strings(text.split(separator) if separator else text)


def split(separator: str, text: str) -> StringMap:
    """Returns the parts as a map with the keys _0, _1 and so on."""
    return _numbered(split_list(separator, text))


def split_at_most(separator: str, count: int, text: str) -> StringMap:
    """Returns at most so many parts, the last of which holds the rest."""
    if count < 0:
        return split(separator, text)
    if count == 0:
        return StringMap()
    if separator:
        return _numbered(text.split(separator, count - 1))
    letters = list(text)
    return _numbered(letters if len(letters) <= count else [*letters[: count - 1], "".join(letters[count - 1 :])])


def _numbered(parts: list[str]) -> StringMap:
    return StringMap((f"_{index}", part) for index, part in enumerate(parts))


def quote(*values: object) -> str:
    """Returns the texts in double quotes with spaces between them; nil is left out."""
    return " ".join(fmt.quote(to_text(value)) for value in values if value is not None)


def single_quote(*values: object) -> str:
    """Returns the texts in single quotes with spaces between them; nil is left out."""
    return " ".join(f"'{to_text(value)}'" for value in values if value is not None)


def cat(*values: object) -> str:
    """Returns the texts with spaces between them; nil is left out."""
    return " ".join(to_text(value) for value in values if value is not None)


def initials(text: str) -> str:
    """Returns the first letter of each word."""
    if not text.isascii():
        raise CannotSayError("initials has letters of several bytes")
    return "".join(word[0] for word in text.split())


def base(path: str) -> str:
    """Returns the last element of a path."""
    return path.rstrip("/").rpartition("/")[2] or ("/" if path else ".")


def clean(path: str) -> str:
    """Returns the shortest path that is the same."""
    normal = posixpath.normpath(path)
    return normal.replace("//", "/", 1) if normal.startswith("//") else normal


def extension(path: str) -> str:
    """Returns the last element of a path from its last dot."""
    name = path.rpartition("/")[2]
    return name[name.rindex(".") :] if "." in name else ""


def _texts(value: object) -> Strings | ShuffledStrings:
    texts = to_strings(value)
    return ShuffledStrings(texts) if isinstance(value, Shuffled | ShuffledStrings) else texts


_PATHS = {
    "base": takes("string", base),
    "dir": takes("string", lambda path: clean(path[: path.rfind("/") + 1])),
    "clean": takes("string", clean),
    "ext": takes("string", extension),
    "isAbs": takes("string", lambda path: path.startswith("/")),
}

TABLE: dict[str, Signature] = {
    **_PATHS,
    **{f"os{name[0].upper()}{name[1:]}": signature for name, signature in _PATHS.items()},
    "lower": takes("string", lower),
    "upper": takes("string", upper),
    "title": takes("string", title),
    "untitle": takes("string", untitle),
    "trim": takes("string", lambda text: text.strip(SPACES)),
    "trimAll": takes("string string", lambda letters, text: text.strip(letters)),
    "trimall": takes("string string", lambda letters, text: text.strip(letters)),
    "trimPrefix": takes("string string", lambda prefix, text: text.removeprefix(prefix)),
    "trimSuffix": takes("string string", lambda suffix, text: text.removesuffix(suffix)),
    "nospace": takes("string", without_spaces),
    "initials": takes("string", initials),
    "trunc": takes("int string", truncate),
    "substr": takes("int int string", substring),
    "repeat": takes("int string", repeat),
    "replace": takes("string string string", replace),
    "contains": takes("string string", lambda part, text: part in text),
    "hasPrefix": takes("string string", lambda prefix, text: text.startswith(prefix)),
    "hasSuffix": takes("string string", lambda suffix, text: text.endswith(suffix)),
    "indent": takes("int string", indent),
    "nindent": takes("int string", lambda spaces, text: "\n" + indent(spaces, text)),
    "join": takes("string any", join, walks=True),
    "split": takes("string string", split, walks=True),
    "splitList": takes("string string", split_list, walks=True),
    "splitn": takes("string int string", split_at_most, walks=True),
    "quote": takes("any...", quote, walks=True),
    "squote": takes("any...", single_quote, walks=True),
    "cat": takes("any...", cat, walks=True),
    "plural": takes("string string int", lambda one, many, count: one if count == 1 else many),
    "toString": takes("any", to_text, walks=True),
    "toStrings": takes("any", _texts, walks=True),
}
