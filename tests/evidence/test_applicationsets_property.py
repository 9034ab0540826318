"""What holds for every ApplicationSet: its elements, put together by code that is as plain as the documentation."""

from __future__ import annotations

import fnmatch
import json
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeAlias

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitops_gen.evidence.applicationsets import Expansion, expand
from gitops_gen.evidence.files import Files
from gitops_gen.evidence.repositories import repositories

if TYPE_CHECKING:
    from collections.abc import Sequence

URL = "https://git.example.com/fleet.git"
Values: TypeAlias = dict[str, str]

some = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))

texts = st.sampled_from(["a", "b", "c", "dev", "x-1", "0123", "true", ""])


def elements(*keys: str, most: int = 4) -> st.SearchStrategy[list[Values]]:
    """Lists of elements that have each of the keys."""
    return st.lists(st.fixed_dictionaries(dict.fromkeys(keys, texts)), max_size=most)


def expansion(generators: Sequence[object], template: str, folders: Sequence[str] = ()) -> Expansion:
    """The expansion of strict Go templates, in a repository with some folders; the name of each is the template."""
    spec = {
        "goTemplate": True,
        "goTemplateOptions": ["missingkey=error"],
        "generators": generators,
        "template": {"metadata": {"name": template}, "spec": {}},
    }
    value = {"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "metadata": {"name": "s"}, "spec": spec}
    with TemporaryDirectory() as root:
        for folder in folders:
            (Path(root) / folder).mkdir(parents=True, exist_ok=True)
            (Path(root) / folder / "file.txt").write_text("x", encoding="utf-8")
        (Path(root) / "set.yaml").write_text(json.dumps(value), encoding="utf-8")
        files = Files(Path(root))
        file = files.get("set.yaml")
        assert file is not None
        (manifest,) = file.manifests
        return expand(manifest, files, repositories({URL: "."}))


def names(found: Expansion) -> list[str]:
    assert (found.failures, found.unknown) == ((), ())
    return [application.name for application in found.applications]


def listed(values: Sequence[Values]) -> dict[str, object]:
    return {"list": {"elements": list(values)}}


@some
@given(elements("a", "b"))
def test_a_list_makes_one_application_of_each_element_in_order(values: list[Values]) -> None:
    assert names(expansion([listed(values)], "{{ .a }}/{{ .b }}")) == [f"{each['a']}/{each['b']}" for each in values]


@some
@given(elements("a"), elements("a"))
def test_generators_follow_one_another(one: list[Values], other: list[Values]) -> None:
    assert names(expansion([listed(one), listed(other)], "{{ .a }}")) == [each["a"] for each in one + other]


@some
@given(elements("a", "b"), elements("c"))
def test_a_matrix_makes_every_pair(one: list[Values], other: list[Values]) -> None:
    found = expansion([{"matrix": {"generators": [listed(one), listed(other)]}}], "{{ .a }}/{{ .b }}/{{ .c }}")
    assert names(found) == [f"{x['a']}/{x['b']}/{y['c']}" for x, y in product(one, other)]


@some
@given(elements("a", "b"), elements("a", "b", "c"))
def test_of_a_key_that_both_sides_of_a_matrix_have_the_first_one_stands(one: list[Values], other: list[Values]) -> None:
    found = expansion([{"matrix": {"generators": [listed(one), listed(other)]}}], "{{ .a }}/{{ .b }}/{{ .c }}")
    assert names(found) == [f"{x['a']}/{x['b']}/{y['c']}" for x, y in product(one, other)]


@some
@given(elements("key", "a"), st.lists(elements("key", "a", "b"), max_size=2))
def test_a_merge_lays_elements_of_equal_keys_over_the_first_ones(
    base: list[Values], others: list[list[Values]]
) -> None:
    def by_key(values: list[Values]) -> dict[str, Values]:
        return {each["key"]: each for each in values}

    generators = [listed(list(by_key(each).values())) for each in (base, *others)]
    found = expansion(
        [{"merge": {"mergeKeys": ["key"], "generators": generators}}], '{{ .key }}/{{ .a }}/{{ get . "b" }}'
    )
    if not others:
        assert found.applications == ()  # Argo CD refuses a merge of one
        return
    expected = []
    for key, values in by_key(base).items():
        merged = dict(values)
        for other in others:
            merged |= by_key(other).get(key, {})
        expected.append(f"{key}/{merged['a']}/{merged.get('b', '')}")
    # A merge of a map has no order of its own; here it is that of the first generator.
    assert names(found) == expected


@some
@given(elements("env", "a"), st.sampled_from(["a", "dev", "0123"]), st.booleans())
def test_a_selector_keeps_the_elements_that_match(values: list[Values], wanted: str, is_not: bool) -> None:
    operator = "NotIn" if is_not else "In"
    selector = {"matchExpressions": [{"key": "env", "operator": operator, "values": [wanted, "zzz"]}]}
    found = expansion([{**listed(values), "selector": selector}], "{{ .a }}")
    assert names(found) == [each["a"] for each in values if (each["env"] == wanted) is not is_not]


parts = st.sampled_from(["apps", "web", "api", "dev", "prod"])
paths = st.lists(st.lists(parts, min_size=1, max_size=3).map("/".join), max_size=6)
patterns = st.lists(st.sampled_from(["apps", "web", "*", "a*", "dev"]), min_size=1, max_size=3).map("/".join)


@some
@given(paths, patterns, patterns, st.booleans())
def test_folders_of_git_are_those_that_the_patterns_name(
    folders: list[str], wanted: str, excluded: str, has_excluded: bool
) -> None:
    directories = [{"path": wanted}, *([{"path": excluded, "exclude": True}] if has_excluded else [])]
    found = expansion(
        [{"git": {"repoURL": URL, "revision": "HEAD", "directories": directories}}], "{{ .path.path }}", folders
    )
    there = {"/".join(path.split("/")[: end + 1]) for path in folders for end in range(len(path.split("/")))}
    expected = {path for path in there if matches(path, wanted) and not (has_excluded and matches(path, excluded))}
    assert sorted(names(found)) == sorted(expected)


def matches(path: str, pattern: str) -> bool:
    """Go's path.Match, part by part: a star does not reach over a slash."""
    own, wanted = path.split("/"), pattern.split("/")
    return len(own) == len(wanted) and all(fnmatch.fnmatchcase(a, b) for a, b in zip(own, wanted, strict=True))


junk = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from(["", "a", "{{", "{{ .a }}", "{{a}}", URL, "*"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["list", "elements", "matrix", "merge", "generators", "git", "files", "directories", "path"]
            )
            | st.sampled_from(
                ["clusters", "selector", "matchLabels", "template", "mergeKeys", "elementsYaml", "repoURL"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@some
@given(st.lists(junk, max_size=3))
def test_nothing_that_stands_in_a_set_is_too_odd(generators: list[object]) -> None:
    found = expansion(generators, "{{ .a }}")
    assert all(application.name is not None for application in found.applications)
