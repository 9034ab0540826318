"""What a plain or tagged scalar means, and which ones are refused because readers of YAML disagree on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gitops_gen.patterns import lazily
from gitops_gen.yaml_reader.limits import MAX_WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from gitops_gen.yaml_reader.events import Event
    from gitops_gen.yaml_reader.limits import Scalar, Value


INFINITE = float("inf")
"""To load `math` for it takes longer than to read a small file."""
CORE = "tag:yaml.org,2002:"
SUSPECT = frozenset(["", *"~+-.0123456789nNtTfFyYoO"])
"""What a plain scalar starts with if it may be anything but a string."""
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_FORMER_BOOLEANS = {
    **dict.fromkeys(("yes", "Yes", "YES", "on", "On", "ON"), "true"),
    **dict.fromkeys(("no", "No", "NO", "off", "Off", "OFF"), "false"),
}
LETTERS = {"y": "true", "Y": "true", "n": "false", "N": "false"}
"""Letters that Argo CD, Helm and kubectl take for booleans; other readers never did.

Source: sigs.k8s.io/yaml, goyaml.v2, resolve.go and decode_test.go.
"""
_NUMERIC = frozenset("+-.0123456789")
"""What a number starts with."""
_NUMBER = lazily(
    r"(?P<whole>[-+]?(?:0|[1-9][0-9]*)|0x[0-9a-fA-F]+)"
    r"|(?P<padded>[-+]?0[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<fraction>[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?)"
    r"|(?P<former>[-+]?0(?:[bB][01]+|[oO][0-7]+|[xX][0-9a-fA-F]+))"
    r"|(?P<endless>[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))"
)


class RefusedError(Exception):
    """A scalar that has no meaning here."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        self.code = code
        self.message = message
        self.hint = hint
        super().__init__(message)


def plain(text: str) -> Scalar:
    """Returns what a plain scalar means under the core schema of YAML 1.2. Raises RefusedError.

    Refused is what readers of YAML 1.1 and 1.2 take differently where a person can be bitten.
    """
    if text[:1] not in SUSPECT:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if text[0] != "0" and text.isascii() and text.isdecimal():  # most numbers, without the pattern of all
        return _whole(text)
    number = _NUMBER.fullmatch(text) if text[0] in _NUMERIC else None
    if number is not None:
        return _NUMBERS[number.lastgroup or ""](text)
    if text in _FORMER_BOOLEANS:
        raise _ambiguous(text, "true or false", _FORMER_BOOLEANS[text])
    if "_" in text and _NUMBER.fullmatch(text.replace("_", "")):
        raise _ambiguous(text, "a number", text.replace("_", ""))
    return text


def _whole(text: str) -> int:
    # Python takes quadratic time for a decimal number, and refuses a very long one.
    value = int(text, 0) if len(text) <= len(str(-MAX_WHOLE)) or text.startswith("0x") else MAX_WHOLE + 1
    if abs(value) > MAX_WHOLE:
        expected = f"expected a whole number up to {MAX_WHOLE}: Helm and Argo CD read numbers as 64-bit floats"
        raise RefusedError("number-out-of-range", f"got {short(text)}, {expected}", quote(text))
    return value


def _fraction(text: str) -> float:
    value = float(text)
    if abs(value) == INFINITE:
        return _endless(text)
    exponent = text.lower().partition("e")[2]
    if exponent and ("." not in text or exponent[0] not in "+-"):
        # 1e3 is a number in YAML 1.2 and in Go, and a string in YAML 1.1; 1234e56 is more likely a commit.
        raise _ambiguous(text, "a number", _spelled_out(value))
    return value


def _spelled_out(value: float) -> str:
    text = repr(value)
    return text if "." in text else text.replace("e", ".0e")


def _endless(text: str) -> float:
    message = f"got {short(text)}, expected a finite number"
    raise RefusedError("number-out-of-range", message, quote(text))


def _padded(text: str) -> int:
    message = f"{short(text)} is ambiguous: YAML readers drop the leading zero or read it as octal"
    raise RefusedError("ambiguous-scalar", message, quote(text))


def _former(text: str) -> int:
    raise _ambiguous(text, "a number", str(int(text, 0)) if len(text) <= 60 else "it in decimal")


_NUMBERS: dict[str, Callable[[str], int | float]] = {
    "whole": _whole,
    "padded": _padded,
    "fraction": _fraction,
    "former": _former,
    "endless": _endless,
}


def as_go(text: str) -> Scalar:
    """Returns what Argo CD, Helm and kubectl take a plain scalar for where readers of YAML disagree on it.

    Source: sigs.k8s.io/yaml, goyaml.v2, resolve.go: the booleans of YAML 1.1, and a number in what Go takes for one.
    """
    word = _FORMER_BOOLEANS.get(text)
    if word is not None:
        return word == "true"
    bare = text.replace("_", "")
    whole = _GO_WHOLE.fullmatch(bare)
    if whole is not None and len(bare) <= 60:
        sign, octal, other = whole.groups()
        value = int(octal, 8) if octal else int(other, 0)
        return -value if sign == "-" else value
    fraction = float(bare) if _GO_FRACTION.fullmatch(bare) else INFINITE
    if abs(fraction) == INFINITE:
        return text
    is_whole = fraction.is_integer() and abs(fraction) < _WRITTEN_OUT
    return int(fraction) if is_whole else fraction


_WRITTEN_OUT = 1e21
"""Below that, encoding/json writes a whole number without an exponent, so that it is one for a field that wants one."""
_GO_WHOLE = lazily(r"([-+]?)(?:0([0-7]+)|(0[bB][01]+|0[oO][0-7]+|0[xX][0-9a-fA-F]+|0|[1-9][0-9]*))")
_GO_FRACTION = lazily(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


def doubtful(letter: str) -> RefusedError:
    """Returns what is to be said of one of the letters."""
    return _ambiguous(letter, "true or false", LETTERS[letter])


def _ambiguous(text: str, other: str, plain: str) -> RefusedError:
    message = f"{short(text)} is ambiguous: some YAML readers take it for {other}, some for a string"
    return RefusedError("ambiguous-scalar", message, f"write {short(plain)}, or {quote(text)}")


def is_merge(key: Event) -> bool:
    """Tells whether a key is that of a merge: a plain one, or one with the tag for it, as yq writes them.

    Source: sigs.k8s.io/yaml, goyaml.v2, decode.go, isMerge.
    """
    return key.value == "<<" and (key.tag == f"{CORE}merge" or (key.tag is None and not key.style))


def tagged(tag: str, text: str) -> Scalar:
    """Returns what a scalar with an explicit tag means. Raises RefusedError."""
    if tag == f"{CORE}str":
        return text
    expected = _TAGS.get(tag)
    if expected is None:
        raise unsupported_tag(tag, "a scalar")
    value = plain(text)
    if expected is float and type(value) is int:
        return float(value)
    if type(value) is not expected:
        raise unsupported_tag(tag, short(text) or "an empty value")
    return value


_TAGS = {f"{CORE}int": int, f"{CORE}float": float, f"{CORE}bool": bool, f"{CORE}null": type(None)}


def unsupported_tag(tag: str, value: str) -> RefusedError:
    core = tag.startswith(CORE)
    shown = f"!!{tag.removeprefix(CORE)}" if core else tag
    if tag in _TAGS or shown in ("!!str", "!!map", "!!seq"):
        message = f"the tag {shown} does not fit {value}"
    else:
        message = f"the tag {short(shown)} is not supported"
    return RefusedError("unsupported-tag", message, "remove the tag")


def quote(text: str) -> str:
    return f'quote it: "{text}"' if len(text) <= 60 else "quote it"


def short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}..."


def kind_of(value: Value) -> str:
    if value is None:
        return "null"
    return _KINDS[type(value)]


_KINDS: dict[type, str] = {
    str: "a string",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    list: "a list",
    dict: "a map",
}
