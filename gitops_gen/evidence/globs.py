"""The glob dialects that Argo CD compares paths, names and URLs with. They differ in what a star reaches over.

A pattern that its dialect refuses matches nothing, as in Argo CD.
Source: argoproj/argo-cd v3.5.1: applicationset/generators/git.go (path.Match of Go), util/git/client.go (git ls-files,
doublestar) and util/glob (gobwas/glob, which AppProjects use).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from gitops_gen.patterns import lazily

if TYPE_CHECKING:
    from collections.abc import Iterator

_ANY = ".*"
_WITHIN = "[^/]*"
_WILDCARDS = re.compile(r"[*?\[{\\]")
_NOTHING = re.compile(r"(?!)")
"""Matches no text."""


def literal_folder(pattern: str) -> str:
    """Returns the folder that everything which matches lies under: what stands before the first wildcard."""
    found = _WILDCARDS.search(pattern)
    fixed = pattern if found is None else pattern[: found.start()]
    return fixed.rpartition("/")[0]


def literal_end(pattern: str) -> str:
    """Returns the end of everything that matches: the folders and the file behind the last one with a wildcard."""
    parts = pattern.split("/")
    wild = [index for index, part in enumerate(parts) if is_glob(part)]
    return "/".join(parts[wild[-1] + 1 if wild else 0 :])


def is_glob(text: str) -> bool:
    """True if a text has a character that a pattern gives a meaning to."""
    return _WILDCARDS.search(text) is not None


def is_values_pattern(path: str) -> bool:
    """True for a values file that stands for all files that match it; braces alone are part of a name.

    Source: argoproj/argo-cd, reposerver/repository, isGlobPath.
    """
    return any(each in path for each in "*?[")


_ALTERNATIVES = lazily(r"([^*?\[\]{}\\!,]*)\{([^*?\[\]{}\\!]+)\}([^*?\[\]{}\\!,]*)")


def alternatives(pattern: str) -> tuple[str, ...] | None:
    """Returns the texts that a pattern stands for, where it is plain or has one list in braces: shop-{blue,green}.

    None means that it has a wildcard, or is written in another way.
    """
    if not is_glob(pattern):
        return (pattern,)
    found = _ALTERNATIVES.fullmatch(pattern)
    return None if found is None else tuple(f"{found[1]}{each}{found[3]}" for each in found[2].split(","))


@lru_cache(maxsize=1024)
def path_match(pattern: str) -> re.Pattern[str]:
    """Compiles a pattern of Go's path.Match: a star stays between two slashes; there is no double star."""
    return _compiled(pattern, {"*": _WITHIN, "**": _WITHIN, "?": "[^/]"}, negation="^")


@lru_cache(maxsize=1024)
def git_pathspec(pattern: str) -> re.Pattern[str]:
    """Compiles a pattern of git ls-files: a star reaches over slashes, and a folder stands for all that is in it."""
    whole = _compiled(pattern, {"*": _ANY, "**": _ANY, "?": "."}, negation="!^")
    return re.compile(f"(?:{whole.pattern})|{re.escape(pattern.rstrip('/'))}/.*", re.DOTALL)


@lru_cache(maxsize=1024)
def doublestar(pattern: str) -> re.Pattern[str]:
    """Compiles a pattern of doublestar: ** as a part of its own reaches over any folders, nothing else over a slash."""
    meaning = {"*": _WITHIN, "**": _WITHIN, "**/": "(?:[^/]+/)*", "/**": _ANY, "?": "[^/]", "[": "(?!/)"}
    return _compiled(pattern, meaning, negation="!^", braces=True)


_BETWEEN = lazily(r"([^*?\[\]{}\\]+)(\*\*?)([^*?\[\]{}\\]+)")


@lru_cache(maxsize=4096)
def gobwas(pattern: str, *, slashes: bool = False) -> re.Pattern[str]:
    """Compiles a pattern of an AppProject; with `slashes`, a single star stays between two of them.

    Where one wildcard for any text stands between two plain texts, the second may begin before the first has ended:
    team-*-dev is team-dev, too. Source: gobwas/glob v0.2.3, match/prefix_suffix.go.
    """
    between = _BETWEEN.fullmatch(pattern) if "*" in pattern else None
    if between is not None and (between[2] == "**" or not slashes):
        return re.compile(f"(?={re.escape(between[1])}).*{re.escape(between[3])}", re.DOTALL)
    star, one = (_WITHIN, "[^/]") if slashes else (_ANY, ".")
    return _compiled(pattern, {"*": star, "**": _ANY, "?": one}, negation="!", braces=True)


_TOKEN = lazily(
    r"(?P<folders>(?<![^/])\*\*/)|(?P<rest_of_path>(?<![^/])\*\*\Z)|(?P<stars>\*\*+)|(?P<star>\*)|(?P<one>\?)"
    r"|\[(?P<set>[^\]]+)\]|\\(?P<escaped>.)|(?P<open>\{)|(?P<comma>,)|(?P<close>\})|(?P<rest>.)",
    re.DOTALL,
)
_WILD = {"folders": "**/", "rest_of_path": "/**", "stars": "**", "star": "*", "one": "?"}
_REFUSED = frozenset("[\\")


def _compiled(pattern: str, meaning: dict[str, str], *, negation: str, braces: bool = False) -> re.Pattern[str]:
    try:
        return re.compile("".join(_parts(pattern, meaning, negation, braces=braces)), re.DOTALL)
    except re.error:
        return _NOTHING


def _parts(pattern: str, meaning: dict[str, str], negation: str, *, braces: bool) -> Iterator[str]:
    if not is_glob(pattern):
        yield re.escape(pattern)  # nearly always
        return
    depth = 0
    for found in _TOKEN.finditer(pattern):
        kind = found.lastgroup or ""
        if kind in _WILD:
            yield _wild(kind, meaning)
        elif kind == "set":
            yield meaning.get("[", "") + _set(found["set"], negation)
        elif kind == "open" and braces:
            depth += 1
            yield "(?:"
        elif depth and kind in ("comma", "close"):
            depth -= kind == "close"
            yield "|" if kind == "comma" else ")"
        elif kind == "rest" and found["rest"] in _REFUSED:
            raise re.error("a pattern that is not closed")
        else:
            yield re.escape(found["escaped"] if kind == "escaped" else found[0])


def _wild(kind: str, meaning: dict[str, str]) -> str:
    if kind == "folders":
        return meaning.get("**/", meaning["**"] + "/")
    return meaning.get(_WILD[kind], meaning["**"])


def _set(text: str, negation: str) -> str:
    negated = text[0] in negation and len(text) > 1
    inner = text[1:] if negated else text
    return f"[{'^' if negated else ''}{''.join(_in_set(inner))}]"


def _in_set(text: str) -> Iterator[str]:
    for character in text:
        yield "\\" + character if character in "\\^[]&~|" else character
