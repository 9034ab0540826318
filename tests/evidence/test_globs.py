"""The four glob dialects of Argo CD, and what tells them apart."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gitops_gen.evidence import globs
from tests.evidence.test_terraform_expressions import terraforms
from tests.tools import helm
from tests.tools.terraform import requires_terraform

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
        ("a/**/c", "a/c", {"doublestar", "gobwas", "gobwas, slashes"}),
        ("team-*-dev", "team-dev", {"gobwas"}),
        ("team-*-d?v", "team-dev", set()),
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
        ("a[^b]c", "a/c", {"path.Match", "git ls-files"}),
        ("a[!b]c", "a/c", {"git ls-files", "gobwas", "gobwas, slashes"}),
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


NAMES = ("a", "b", "ab", "ba", "aba", "abab", "a.b", "a,b", "a-b", "a-b-a", "c")
PATHS = (
    *(f"1/{name}" for name in NAMES),
    *(f"2/{one}/{two}" for one in ("a", "b", "ab") for two in ("a", "ab", "c")),
    *(f"3/{one}/{two}/{three}" for one in ("a", "b") for two in ("a", "c") for three in ("a", "a.b")),
)


@st.composite
def patterns(draw: st.DrawFn, texts: tuple[str, ...], wild: tuple[str, ...]) -> str:
    """A pattern that is made of a text: parts of it stay, and others become something else."""
    text = draw(st.sampled_from(texts))
    made, at = "", 0
    while at < len(text):
        part = text[at : at + draw(st.integers(1, 3))]
        made += draw(st.sampled_from((*[part] * 4, "?" * len(part), *wild)))
        at += len(part)
    return made


BY_GOBWAS = ("*", "**", "?", "[ab]", "[a-c]", "[!a]", "[!a-b]", "[^a]", "{a,b}", "{ab,b/c}", "/", "**/", "")
FOUND = """apiVersion: v1
kind: Found
metadata: {name: found}
found:
{{- range .Values.patterns }}
{{- $paths := list }}
{{- range $path, $_ := $.Files.Glob . }}{{ $paths = append $paths $path }}{{ end }}
- {{ $paths | toJson }}
{{- end }}
"""


@pytest.fixture(scope="module")
def chart(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chart that has all paths among its files, and says which of them match some patterns."""
    folder = tmp_path_factory.mktemp("globs")
    texts = dict.fromkeys((f"files/{path}" for path in PATHS), "x")
    for path, text in {**texts, "Chart.yaml": "{apiVersion: v2, name: globs, version: 0.0.0}"}.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / "templates").mkdir()
    (folder / "templates" / "found.yaml").write_text(FOUND, encoding="utf-8")
    return folder


@helm.requires_helm
@settings(max_examples=25, deadline=None)
@given(st.lists(patterns(PATHS, BY_GOBWAS).filter(lambda each: "***" not in each), min_size=20, max_size=60))
def test_gobwas_matches_what_the_library_itself_matches(chart: Path, drawn: list[str]) -> None:
    """Helm looks up the files of a chart with it. Of three stars in a row, which nobody writes, it has its own idea."""
    (chart / "values.json").write_text(json.dumps({"patterns": [f"files/{each}" for each in drawn]}), encoding="utf-8")
    (found,) = helm.render(chart, release="globs", namespace="globs", values_files=[chart / "values.json"])
    every = sorted(f"files/{path}" for path in PATHS)
    compiled = [globs.gobwas(f"files/{each}", slashes=True) for each in drawn]
    ours = [[path for path in every if each.fullmatch(path)] for each in compiled]
    told = [[str(path) for path in each] for each in cast("list[list[str]]", found["found"])]
    # Helm takes a pattern that the library refuses for **.
    refused = [set(every) <= set(each) and not own for each, own in zip(told, ours, strict=True)]
    expected = [[] if is_refused else sorted(each) for each, is_refused in zip(told, refused, strict=True)]
    assert dict(zip(drawn, ours, strict=True)) == dict(zip(drawn, expected, strict=True))


BY_GIT = ("*", "**", "?", "[ab]", "[a-c]", "[!a]", "[^a]", "/", "**/", "")


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository whose index has all paths."""
    folder = tmp_path_factory.mktemp("pathspecs")
    run = ["git", "-C", str(folder)]
    subprocess.run([*run, "init", "--quiet"], check=True)
    entry = subprocess.run([*run, "hash-object", "-w", "--stdin"], input=b"x", stdout=subprocess.PIPE, check=True)
    index = "".join(f"100644 {entry.stdout.decode().strip()}\t{path}\n" for path in PATHS)
    subprocess.run([*run, "update-index", "--add", "--index-info"], input=index.encode(), check=True)
    return folder


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@settings(max_examples=60, deadline=None)
@given(patterns(PATHS, BY_GIT).filter(lambda each: "//" not in each and each[:1] not in ("", "/")))
def test_a_pathspec_matches_what_git_itself_lists(repository: Path, pattern: str) -> None:
    listed = subprocess.run(
        ["git", "-C", str(repository), "ls-files", "--", pattern], stdout=subprocess.PIPE, check=True
    )
    compiled = globs.git_pathspec(pattern)
    assert [path for path in sorted(PATHS) if compiled.fullmatch(path)] == sorted(listed.stdout.decode().split())


BY_DOUBLESTAR = ("*", "**/", "?", "[ab]", "[a-c]", "[^b]", "[^a]", "{a,b}", "")


def is_plain(pattern: str) -> bool:
    """Tells whether the version of doublestar that Terraform has reads a pattern as the one of Argo CD does."""
    return "//" not in pattern and pattern[:1] != "/" and pattern[-1:] not in ("", "/") and pattern.count("**/") < 2


@requires_terraform
@settings(max_examples=5, deadline=None)
@given(st.lists(patterns(PATHS, BY_DOUBLESTAR).filter(is_plain), min_size=30, max_size=60))
def test_doublestar_matches_what_terraform_finds(drawn: list[str]) -> None:
    """Terraform looks up a set of files with it."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for path in PATHS:
            (folder / "files" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "files" / path).touch()
        found = terraforms([f'sort(tolist(fileset("{folder}/files", "{each}")))' for each in drawn], folder)
    compiled = [globs.doublestar(each) for each in drawn]
    ours = [[path for path in sorted(PATHS) if each.fullmatch(path)] for each in compiled]
    assert dict(zip(drawn, ours, strict=True)) == dict(zip(drawn, found, strict=True))
