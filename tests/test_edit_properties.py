"""What holds for every edit, whatever the style: over the corpus under other line ends, and over files made up here."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import yaml
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from gitops_gen.edit import EditError, insert_cluster, remove_cluster
from gitops_gen.problems import GitopsGenError
from gitops_gen.source import Source
from tests.test_edit import NAMES, PATH, clusters, style, value

if TYPE_CHECKING:
    from collections.abc import Mapping

DIGITS = "0123456789ABCDEF"
COMMENTS = [
    "#",
    "# note",
    "# - region: us-east-1",
    "# ]",
    "# }, {",
    "# clusters:",
    '# it\'s "so"',
    "# &a *a !!str",
    "# ...",
    "#\t|",
]

oidc_ids = st.text(DIGITS, min_size=32, max_size=32)
regions = st.sampled_from(["us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1"])
accounts = st.text("0123456789", min_size=12, max_size=12)
comments = st.sampled_from(COMMENTS)


@st.composite
def entries(draw: st.DrawFn) -> dict[str, str]:
    """A new entry, with few or all of its facts."""
    entry = {"region": draw(regions), "oidc_id": draw(oidc_ids)}
    if draw(st.booleans()):
        entry["name"] = draw(st.sampled_from(["blue", "a.b-c", "no", "null", "12", "1e3"]))
    if draw(st.booleans()):
        entry["account_id"] = draw(accounts)
    if draw(st.booleans()):
        entry |= {"server": "https://example.com:8443", "ca_data": draw(st.sampled_from(["ZXhhbXBsZQ==", "+/+/"]))}
    return entry


@st.composite
def remarks(draw: st.DrawFn, *, most: int = 2) -> list[str]:
    """Some lines of comments and nothing."""
    return draw(st.lists(st.one_of(comments, st.just(""), st.just("  ")), max_size=most))


def end_remark(draw: st.DrawFn) -> str:
    return draw(st.one_of(st.just(""), st.just("  "), comments.map(lambda each: f"   {each}")))


def quoted(draw: st.DrawFn, text: str) -> str:
    return draw(st.sampled_from([f"'{text}'", f'"{text}"']))


def spelled(draw: st.DrawFn, text: str) -> str:
    """Returns a text as it stands, or in quotes; never so that it reads as a number."""
    plain = f"'{text}'" if text.isdigit() or "E" in text else text
    return draw(st.one_of(st.just(plain), st.just(quoted(draw, text))))


def facts_of(draw: st.DrawFn) -> list[tuple[str, str]]:
    facts = [("region", spelled(draw, draw(regions))), ("oidc_id", quoted(draw, draw(oidc_ids)))]
    facts += draw(
        st.sampled_from(
            [[], [("sync", "{automated: false}")], [("name", "")], [("external_secrets", "{ version: '2.9.0' }")]]
        )
    )
    return list(draw(st.permutations(facts)))


def block_entry(draw: st.DrawFn, column: int, gap: int) -> list[str]:
    """Returns the lines of an entry: remarks above it, its facts with remarks at their ends and between them."""
    pad, keys = " " * column, " " * (column + 1 + gap)
    lines = [f"{pad}{each}" if each.strip() else each for each in draw(remarks())]
    start = f"{pad}-{' ' * gap}"
    if draw(st.booleans()) and draw(st.booleans()):
        lines.append(f"{pad}-{end_remark(draw)}")
        start = keys
    if draw(st.booleans()) and draw(st.booleans()):
        inner = ", ".join(f"{key}: {fact}" for key, fact in facts_of(draw))
        return [*lines, f"{start}{{{inner}}}{end_remark(draw)}"]
    for key, fact in facts_of(draw):
        lines.append(f"{start}{key}: {fact}{end_remark(draw)}")
        if draw(st.booleans()) and draw(st.booleans()):
            lines.append(f"{keys}{draw(comments)}")
        start = keys
    return lines


def flow_list(draw: st.DrawFn, count: int) -> list[str]:
    """Returns the lines of a list between brackets, on one line or on many."""
    items = [f"{{{', '.join(f'{key}: {fact}' for key, fact in facts_of(draw))}}}" for _ in range(count)]
    comma = "," if bool(items) and draw(st.booleans()) else ""
    if draw(st.booleans()):
        space = draw(st.sampled_from(["", " "]))
        return [f"clusters: [{space}{', '.join(items)}{space}{comma}]{end_remark(draw)}"]
    lines = [f"clusters: [{end_remark(draw)}"]
    for index, item in enumerate(items):
        end = "," if index + 1 < count else comma
        lines += [f"    {each}" if each.strip() else each for each in draw(remarks(most=1))]
        lines.append(f"    {item}{end}{end_remark(draw)}")
    return [*lines, *draw(remarks(most=1)), "  ]"]


def block_list(draw: st.DrawFn, count: int) -> list[str]:
    column, gap = draw(st.integers(0, 5)), draw(st.integers(1, 4))
    lines = [f"clusters:{end_remark(draw)}"]
    for _ in range(count):
        lines += block_entry(draw, column, gap)
    if count and draw(st.booleans()):
        lines.append(f"{' ' * column}{draw(comments)}")
    return lines


@st.composite
def environments(draw: st.DrawFn) -> str:
    """The text of an environment's file, in a style of its own."""
    count = draw(st.integers(0, 3))
    listed = flow_list(draw, count) if draw(st.integers(0, 2)) == 0 else block_list(draw, count)
    if not count and draw(st.booleans()):
        listed = []
    before = [f"stage: 3{end_remark(draw)}", *draw(remarks())]
    after = [*draw(remarks()), f"account_id: '444455556666'{end_remark(draw)}"] if draw(st.booleans()) else []
    start = draw(st.sampled_from([[], ["---"], ["# head", ""], ["%YAML 1.1", "---"], ["--- # the one"]]))
    end = draw(st.sampled_from([[], ["..."], ["...", "# foot"], ["", "# foot"], ["", ""]]))
    line_end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    text = line_end.join([*start, *before, *listed, *after, *end]) + draw(st.sampled_from([line_end, ""]))
    return draw(st.sampled_from(["", "\ufeff"])) + text


@st.composite
def restyled(draw: st.DrawFn) -> str:
    """A file of the corpus, perhaps with other line ends, without its last one, or with a byte order mark."""
    text = style(draw(st.sampled_from(NAMES)))
    line_end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    text = line_end.join(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
    if draw(st.booleans()):
        text = text.removesuffix(line_end)
    return draw(st.sampled_from(["", "\ufeff"])) + text.removeprefix("\ufeff")


texts = st.one_of(restyled(), environments())


def is_subsequence(part: str, whole: str) -> bool:
    rest = iter(whole.encode())
    return all(byte in rest for byte in part.encode())


def is_flow(text: str) -> bool:
    """True where the list, or the map that it goes into, stands between brackets."""
    root = yaml.compose(text.removeprefix("\ufeff"), Loader=yaml.CSafeLoader)
    assert isinstance(root, yaml.MappingNode)
    listed = next((node for key, node in root.value if key.value == "clusters"), root)
    return not isinstance(listed, yaml.ScalarNode) and bool(listed.flow_style)


def read_by_libyaml(text: str) -> dict[str, object]:
    found = yaml.load(text.removeprefix("\ufeff"), Loader=yaml.CSafeLoader)
    assert isinstance(found, dict)
    return found


def with_entry(text: str, entry: Mapping[str, str]) -> str:
    """Returns a text with the entry. No style that is made up here may be refused."""
    return insert_cluster(PATH, text, entry)


@settings(max_examples=150, deadline=None)
@given(texts, entries())
def test_an_entry_is_only_inserted_and_reads_as_the_old_model_and_the_entry(text: str, entry: dict[str, str]) -> None:
    added = with_entry(text, entry)
    assert is_subsequence(text, added)
    assert value(added) == {**value(text), "clusters": [*clusters(text), entry]}


@settings(max_examples=100, deadline=None)
@given(texts, entries())
def test_another_reader_of_yaml_sees_the_entry_and_every_other_value_as_before(
    text: str, entry: dict[str, str]
) -> None:
    before = read_by_libyaml(text)
    found = before.get("clusters") or []
    assert isinstance(found, list)
    assert read_by_libyaml(with_entry(text, entry)) == {**before, "clusters": [*found, entry]}


@settings(max_examples=100, deadline=None)
@given(texts, entries())
def test_in_block_style_whole_lines_are_added_in_one_place_and_none_is_touched(
    text: str, entry: dict[str, str]
) -> None:
    assume(not is_flow(text))
    old, new = text.splitlines(), with_entry(text, entry).splitlines()
    more = len(new) - len(old)
    assert any(new[:at] + new[at + more :] == old for at in range(len(old) + 1))


@settings(max_examples=100, deadline=None)
@given(texts, st.lists(entries(), min_size=1, max_size=3))
def test_entries_that_were_added_can_be_taken_out_again_without_a_trace(text: str, added: list[dict[str, str]]) -> None:
    states = [text]
    for entry in added:
        states.append(with_entry(states[-1], entry))
    count = len(clusters(text))
    for index in range(len(added) - 1, 0, -1):
        assert remove_cluster(PATH, states[index + 1], count + index) == states[index]
    last = remove_cluster(PATH, states[1], count)
    assert last == text if count else clusters(last) == []


@settings(max_examples=150, deadline=None)
@given(texts, st.integers(0, 3))
def test_taking_an_entry_out_takes_one_piece_of_the_text_and_one_cluster(text: str, index: int) -> None:
    found = clusters(text)
    assume(index < len(found))
    try:
        left = remove_cluster(PATH, text, index)
    except EditError:
        assert "&" in text or "!!" in text, "only an anchor or a tag can be in the way"
        return
    assert is_subsequence(left, text)
    assert clusters(left) == found[:index] + found[index + 1 :]
    assert {**value(left), "clusters": None} == {**value(text), "clusters": None}


@settings(max_examples=150, deadline=None)
@given(st.text(), entries())
@example("clusters", {"region": "us-east-1"})
@example("", {"region": "us-east-1"})
@example("clusters:\n  - &a [*a]\n", {"region": "us-east-1"})
def test_no_text_makes_an_edit_fail_in_another_way_than_by_saying_why(text: str, entry: dict[str, str]) -> None:
    for candidate in (text, f"clusters:\n  - region: us-east-1\n{text}"):
        with suppress(GitopsGenError):
            assert Source(PATH, insert_cluster(PATH, candidate, entry).removeprefix("\ufeff")).data
