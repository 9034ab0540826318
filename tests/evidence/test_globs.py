"""The four glob dialects of Argo CD, and what tells them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence import globs

if TYPE_CHECKING:
    import re
    from collections.abc import Callable

PATTERNS: dict[str, Callable[[str], re.Pattern[str]]] = {
    "path.Match": globs.path_match,
    "git ls-files": globs.git_pathspec,
    "doublestar": globs.doublestar,
    "gobwas": globs.gobwas,
    "gobwas, slashes": lambda pattern: globs.gobwas(pattern, slashes=True),
}


@pytest.mark.parametrize(
    ("pattern", "text", "dialects"),
    [
        ("a/b", "a/b", PATTERNS.keys()),
        ("a/*", "a/b", PATTERNS.keys()),
        ("a/*", "a/b/c", {"git ls-files", "gobwas"}),
        ("a/**", "a/b/c", {"git ls-files", "doublestar", "gobwas", "gobwas, slashes"}),
        ("a/**/c", "a/c", {"doublestar"}),
        ("a/**/c", "a/b/c", PATTERNS.keys()),
        ("a/**/c", "a/b/b/c", {"git ls-files", "doublestar", "gobwas", "gobwas, slashes"}),
        ("a**", "a/b", {"git ls-files", "gobwas", "gobwas, slashes"}),
        ("a?c", "abc", PATTERNS.keys()),
        ("a?c", "a/c", {"git ls-files", "gobwas"}),
        ("a", "a/b", {"git ls-files"}),
        ("a/", "a/b", {"git ls-files"}),
        ("[ab]c", "bc", PATTERNS.keys()),
        ("[^a]c", "bc", {"path.Match", "git ls-files", "doublestar"}),
        ("[!a]c", "bc", {"git ls-files", "doublestar", "gobwas", "gobwas, slashes"}),
        ("[a-c]", "b", PATTERNS.keys()),
        ("{a,b}c", "bc", {"doublestar", "gobwas", "gobwas, slashes"}),
        ("{a,b}c", "{a,b}c", {"path.Match", "git ls-files"}),
        (r"a\*", "a*", PATTERNS.keys()),
        ("a.c", "abc", set()),
        ("a,c", "a,c", PATTERNS.keys()),
    ],
)
def test_each_dialect_matches_what_its_tool_matches(pattern: str, text: str, dialects: set[str]) -> None:
    assert {name for name, compiled in PATTERNS.items() if compiled(pattern).fullmatch(text)} == set(dialects)


@pytest.mark.parametrize("pattern", ["[", "[z-a]", "a\\"])
def test_a_pattern_that_a_dialect_refuses_matches_nothing(pattern: str) -> None:
    texts = (pattern, "", "a", "z")
    assert not any(compiled(pattern).fullmatch(text) for text in texts for compiled in (globs.path_match, globs.gobwas))


def test_a_brace_that_is_not_closed_matches_nothing() -> None:
    assert not globs.gobwas("{a,b").fullmatch("a")


@pytest.mark.parametrize(
    ("pattern", "folder"),
    [("a/b/*/c", "a/b"), ("*", ""), ("a/b.json", "a"), ("a/b*/c", "a"), ("a/{b,c}/d", "a"), ("x.yaml", "")],
)
def test_everything_that_matches_lies_under_the_folder_before_the_first_wildcard(pattern: str, folder: str) -> None:
    assert globs.literal_folder(pattern) == folder


@pytest.mark.parametrize(
    ("pattern", "end"),
    [("a/*/b/c.yaml", "b/c.yaml"), ("a/**", ""), ("a/b-*.yaml", ""), ("a/b.yaml", "a/b.yaml"), ("*/x/{a,b}/c", "c")],
)
def test_the_end_of_a_pattern_is_what_stands_behind_its_wildcards(pattern: str, end: str) -> None:
    assert globs.literal_end(pattern) == end


def test_a_text_is_a_glob_by_its_characters() -> None:
    texts = ("a*", "a?", "[a]", "{a}", "\\a", "a/b.c-d_e")
    assert [globs.is_glob(text) for text in texts] == [True, True, True, True, True, False]


def test_a_values_file_is_a_pattern_by_fewer_characters() -> None:
    texts = ("a*", "a?", "[a]", "{a,b}*", "{a,b}", "a\\b", "a/b.c-d_e")
    assert [globs.is_values_pattern(text) for text in texts] == [True, True, True, True, False, False, False]
