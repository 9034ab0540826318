"""sprig's regular expressions and versions. Source: Masterminds/sprig v3.3.0, regex.go and semver.go."""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, TypeAlias

from gitops_gen.evidence.gotemplate.errors import CannotSayError
from gitops_gen.evidence.gotemplate.functions.table import Signature, takes
from gitops_gen.evidence.gotemplate.values import NilStrings, Strings

if TYPE_CHECKING:
    from collections.abc import Callable

_Version: TypeAlias = tuple[int, ...]

_VERSION = re.compile(r"v?(0|[1-9][0-9]{0,9})\.(0|[1-9][0-9]{0,9})\.(0|[1-9][0-9]{0,9})")
_CONSTRAINT = re.compile(r"(?P<operator>=|==|!=|>|<|>=|<=|~|\^)? ?(?P<version>v?[0-9.]+)")
_ANY: _Version = (0, 0, 0)
"""Behind a tilde it stands for every version."""
_COMPARISONS: dict[str, Callable[[_Version, _Version], bool]] = {
    "": operator.eq,
    "=": operator.eq,
    "!=": operator.ne,
    ">": operator.gt,
    "<": operator.lt,
    ">=": operator.ge,
    "<=": operator.le,
    "~": lambda version, bound: version >= bound and (version[:2] == bound[:2] or bound == _ANY),
    "^": lambda version, bound: version >= bound and _same_promise(version, bound),
}


def compare_versions(constraint: str, version: str) -> bool:
    """Tells whether a version fulfils a constraint such as `>=1.2.3, <2.0.0 || ^3.1.0`.

    Raises CannotSayError for versions that are not MAJOR.MINOR.PATCH, as 1.x, 1.2 or 1.2.3-rc.1.
    """
    wanted = _parsed(version)
    choices = [_holds_all(choice, wanted) for choice in constraint.split("||")]
    return any(choices)


def _holds_all(choice: str, version: _Version) -> bool:
    results = [_holds(part.strip(), version) for part in choice.split(",")]
    return all(results)


def _holds(constraint: str, version: _Version) -> bool:
    found = _CONSTRAINT.fullmatch(constraint)
    comparison = _COMPARISONS.get(found["operator"] or "") if found else None
    if found is None or comparison is None:
        raise CannotSayError(f"the version constraint {constraint} is of an unusual form")
    return comparison(version, _parsed(found["version"]))


def _parsed(version: str) -> _Version:
    found = _VERSION.fullmatch(version)
    if found is None:
        raise CannotSayError(f"the version {version} is not MAJOR.MINOR.PATCH")
    return tuple(map(int, found.groups()))


def _same_promise(version: _Version, bound: _Version) -> bool:
    """Tells whether a caret lets the version pass: everything up to the first number that is not zero stays."""
    kept = next((index for index, number in enumerate(bound) if number), len(bound) - 1)
    return version[: kept + 1] == bound[: kept + 1]


def _is_match(pattern: str, text: str) -> bool:
    from gitops_gen.evidence.gotemplate import regex

    return regex.is_match(pattern, text)


def _find(pattern: str, text: str) -> str:
    from gitops_gen.evidence.gotemplate import regex

    return regex.find(pattern, text)


def _find_all(pattern: str, text: str, most: int) -> list[str]:
    if not most:
        raise CannotSayError("regexFindAll is asked for nothing")
    from gitops_gen.evidence.gotemplate import regex

    found = regex.find_all(pattern, text, most)
    return Strings(found) if found else NilStrings()


def _split(pattern: str, text: str, most: int) -> list[str]:
    if not most:
        raise CannotSayError("regexSplit is asked for nothing")
    from gitops_gen.evidence.gotemplate import regex

    return Strings(regex.split(pattern, text, most))


def _replace(pattern: str, text: str, replacement: str) -> str:
    from gitops_gen.evidence.gotemplate import regex

    return regex.replace(pattern, text, replacement)


def _literal(pattern: str, text: str, replacement: str) -> str:
    from gitops_gen.evidence.gotemplate import regex

    return regex.replace(pattern, text, replacement, literally=True)


def _quote(text: str) -> str:
    from gitops_gen.evidence.gotemplate import regex

    return regex.quote(text)


_BOTH = {
    "regexMatch": takes("string string", _is_match),
    "regexFind": takes("string string", _find),
    "regexFindAll": takes("string string int", _find_all, walks=True),
    "regexReplaceAll": takes("string string string", _replace),
    "regexReplaceAllLiteral": takes("string string string", _literal),
    "regexSplit": takes("string string int", _split, walks=True),
}

TABLE: dict[str, Signature] = {
    **_BOTH,
    **{f"mustR{name[1:]}": signature for name, signature in _BOTH.items()},
    "regexQuoteMeta": takes("string", _quote),
    "semverCompare": takes("string string", compare_versions),
}
