"""A text is cut where the reader of YAML sees the entries of clusters begin, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gitops_gen.last_run.entry_texts import cut, is_plain
from gitops_gen.problems import ModelError
from gitops_gen.source import Source

STYLES = Path(__file__).parents[1] / "examples" / "styles"

HEADS = (
    "stage: 1\n",
    "---\n# clusters:\nstage: 1\n",
    "owners:\n- a\n- b\n",
    'project: "a\n\n  b"\n',
    "",
    "x: |\n  clusters:\n  - a\n",
    'project: "a\nclusters:\n- b"\n',
)
LISTS = (
    "clusters:\n",
    "clusters: # all\n",
    "clusters:   \n\n  # the first\n",
    "clusters: &all\n",
    "clusters: !!seq\n",
    '"clusters":\n',
)
ENTRIES = (
    "- region: a\n{i}  oidc_id: b\n",
    "-  region: a\n{i}   name: 'c'\n",
    "-\n{i}  region: a\n",
    "- {{region: a, oidc_id: b}}\n",
    "- {{region: a,\n{i}- oidc_id: b}}\n",
    "- region: |\n{i}     - a\n{i}     - b\n",
    '- region: "a\n{i}- b"\n{i}  name: c\n',
    "- region: a\n\n{i}# the next one\n",
    "- secrets:\n{i}    region: a\n{i}  sync:\n{i}  - a\n{i}  - b\n",
    "- - a\n{i}  - b\n",
    "- a\n{i}  b\n",
    "- &x a\n",
    "- *x\n",
)
TAILS = ("", "stage: 2\n", "# the end\n", "...\n", "  # the end\n", "secrets:\n  region: a\n", "\n\n")
TEXTS = st.builds(
    lambda head, line, indent, entries, tail: (
        head + line + "".join(f"{indent}{each.format(i=indent)}" for each in entries) + tail
    ),
    *(st.sampled_from(HEADS), st.sampled_from(LISTS), st.sampled_from(["", " ", "  ", "      "])),
    *(st.lists(st.sampled_from(ENTRIES), max_size=4), st.sampled_from(TAILS)),
)


def entries_of(text: str) -> list[object] | None:
    """The entries of clusters as YAML says, or None if there are none, or the text is wrong."""
    try:
        data = Source("x.yaml", text).data
    except ModelError:
        return None
    found = data.get("clusters") if isinstance(data, dict) else None
    return [*found] if isinstance(found, list) else None


def check_parts(text: str, entries: list[object]) -> bool:
    """Tells whether a text is cut; then each part must hold one entry, and be all that holds it."""
    parts = cut(text, len(entries))
    if parts is None:
        return False
    assert parts.head + "".join(parts.entries) + parts.tail == text
    source = Source("x.yaml", text)
    line = parts.head.count("\n") + 1
    for index, entry in enumerate(parts.entries):
        assert line <= source.locate(("clusters", index)).line < line + entry.count("\n")
        line += entry.count("\n")
    return True


@given(text=TEXTS)
def test_parts_are_what_yaml_says(text: str) -> None:
    entries = entries_of(text)
    if entries:
        check_parts(text, entries)


@given(text=TEXTS, number=st.integers(0, 3), others=st.sampled_from(ENTRIES), indent=st.sampled_from(["", "  "]))
def test_a_plain_entry_in_the_place_of_another_changes_no_other(
    text: str, number: int, others: str, indent: str
) -> None:
    entries = entries_of(text)
    parts = cut(text, len(entries)) if entries else None
    if not entries or parts is None or number >= len(entries):
        return
    indent = parts.entries[0][: len(parts.entries[0]) - len(parts.entries[0].lstrip(" "))]
    new = f"{indent}{others.format(i=indent)}"
    if not is_plain(new):
        return
    kept = (*parts.entries[:number], new, *parts.entries[number + 1 :])
    edited = entries_of(parts.head + "".join(kept) + parts.tail)
    if edited is None:  # an alias that has lost its anchor
        return
    alone = entries_of("clusters:\n" + new)
    assert alone is not None
    assert edited == [*entries[:number], *alone, *entries[number + 1 :]]


def test_what_is_left_stands_on_its_line() -> None:
    text = "stage: 1\nclusters:\n  - region: a\n    name: b\n\n  - region: c\n  - region: d\nsync: {}\n"
    parts = cut(text, 3)
    assert parts is not None
    assert parts.only(frozenset({1})) == "stage: 1\nclusters:\n\n\n\n  - region: c\n\nsync: {}\n"
    assert parts.only(frozenset({0, 1, 2})) == text


CUT = {
    "a-comment-about-the-list",
    "a-folded-value",
    "an-empty-value-in-the-entry",
    "an-entry-that-is-commented-out",
    "anchors-and-merges",
    "braces-in-a-list",
    "characters-of-all-kinds",
    "comments-between-entries",
    "comments-inside-entries",
    "document-marks",
    "empty-lines-between-entries",
    "empty-value",
    "empty-value-with-comments",
    "four-spaces",
    "hyphens-below-the-key",
    "missing",
    "missing-with-empty-lines",
    "plain",
    "the-list-comes-first",
    "values-in-quotes",
}
"""The styles of which the entry of a cluster can be told from the others by lines."""


@pytest.mark.parametrize("style", sorted(path.name for path in STYLES.iterdir()))
def test_every_style_is_cut_rightly_or_not_at_all(style: str) -> None:
    texts = [path.read_bytes().decode() for path in sorted((STYLES / style).iterdir())]
    found = [check_parts(text, entries) for text in texts if (entries := entries_of(text))]
    assert all(found) == (style in CUT)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("  - region: a\n    oidc_id: b # c\n", True),
        ("- region: a\n  secrets: {region: b}\n\n# c\n", True),
        ("  - \"region\": \"a: b\"\n    name: 'c''d'\n    server: https://x.y:443/z\n", True),
        ("  -   region: a\n      sync:\n        prune: false\n      owners:\n        - a\n", True),
        ("  - region: |\n", False),
        ("  - region: >-\n", False),
        ("  - region: &a b\n", False),
        ("  - region: *a\n", False),
        ("  - <<: b\n", False),
        ("  - region: !!str a\n", False),
        ('  - region: "a\n', False),
        ("  - region: 'a\n", False),
        ("  - region: {a: b\n", False),
        ("  - region: [a\n", False),
        ("  - region: a\n  oidc_id: b\n", False),
        ("  - region: a\n   oidc_id: b\n", False),
        ("  - region: a\n  - region: b\n", False),
        ("  - region: a\nclusters: b\n", False),
        ("  - region: a\n---\n", False),
        ("  - region: a:\n", False),
        ("  - ? region\n", False),
        ("  - region: a", False),
    ],
)
def test_plain_entries(entry: str, expected: object) -> None:
    assert is_plain(entry) is expected


def test_an_entry_that_is_not_plain_is_refused_at_once() -> None:
    assert not is_plain("  - region: a\n" + "              \n    a: b\n" * 2000 + "!")
    assert cut("a: b\n        \n" * 2000 + "! x\nclusters:\n- a\n", 1) is None
