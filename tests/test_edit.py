"""Edits over a corpus of YAML styles: each folder of tests/examples/styles is one, before and after an edit."""

from __future__ import annotations

from pathlib import Path

import pytest

from gitops_gen.edit import EditError, insert_cluster, remove_cluster
from gitops_gen.problems import Location, ModelError, Problem
from gitops_gen.source import Source

STYLES = Path(__file__).parent / "examples" / "styles"
NAMES = sorted(path.name for path in STYLES.iterdir())
WITH_ENTRIES = sorted(path.parent.name for path in STYLES.glob("*/removed.yaml"))

PATH = "environments/production.yaml"
ENTRY = {"region": "ap-southeast-2", "oidc_id": "EXAMPLED539D4633E53DE1B79EXAMPLE"}


def style(name: str, state: str = "before") -> str:
    return (STYLES / name / f"{state}.yaml").read_bytes().decode()


def value(text: str) -> dict[str, object]:
    data = Source(PATH, text.removeprefix("\ufeff")).data
    assert isinstance(data, dict)
    return dict(data)


def clusters(text: str) -> list[object]:
    found = value(text).get("clusters") or []
    assert isinstance(found, list)
    return found


def refusal(error: EditError) -> Problem:
    [problem] = error.problems
    return problem


def test_the_corpus_is_there() -> None:
    assert len(NAMES) >= 40
    assert len(WITH_ENTRIES) >= 30


@pytest.mark.parametrize("name", NAMES)
def test_an_entry_is_added_in_the_style_of_the_file(name: str) -> None:
    assert insert_cluster(PATH, style(name), ENTRY) == style(name, "added")


@pytest.mark.parametrize("name", NAMES)
def test_the_value_with_the_entry_is_the_old_one_and_the_entry(name: str) -> None:
    before, after = value(style(name)), value(style(name, "added"))
    assert after == {**before, "clusters": [*clusters(style(name)), ENTRY]}


@pytest.mark.parametrize("name", WITH_ENTRIES)
def test_the_first_entry_is_taken_out_with_its_comments_and_nothing_else(name: str) -> None:
    assert remove_cluster(PATH, style(name), 0) == style(name, "removed")


@pytest.mark.parametrize("name", WITH_ENTRIES)
def test_what_was_added_can_be_taken_out_again_without_a_trace(name: str) -> None:
    last = len(clusters(style(name)))
    assert remove_cluster(PATH, style(name, "added"), last) == style(name)


def test_a_middle_entry_takes_the_comment_above_it_and_leaves_those_of_its_neighbours() -> None:
    before = style("comments-between-entries")
    gone = "  # Oregon,\n  # for the west\n  - region: us-west-2\n    oidc_id: EXAMPLED539D4633E53DE1B72EXAMPLE\n"
    assert gone in before
    assert remove_cluster(PATH, before, 1) == before.replace(gone, "")


def test_an_entry_takes_one_of_the_two_separations_around_it() -> None:
    before = style("empty-lines-between-entries")
    gone = "\n  # Oregon\n  - region: us-west-2\n    oidc_id: EXAMPLED539D4633E53DE1B72EXAMPLE\n"
    assert gone in before
    assert remove_cluster(PATH, before, 1) == before.replace(gone, "")


def test_the_last_entry_of_a_json_list_takes_the_comma_before_it() -> None:
    text = '{"clusters": [\n  {"region": "us-east-1"},\n  {"region": "us-west-2"}\n]}\n'
    assert remove_cluster(PATH, text, 1) == '{"clusters": [\n  {"region": "us-east-1"}\n]}\n'


def test_a_comment_between_two_empty_lines_belongs_to_no_entry() -> None:
    text = "clusters:\n  - region: us-east-1\n\n  # --- west ---\n\n  - region: us-west-2\n"
    assert remove_cluster(PATH, text, 1) == "clusters:\n  - region: us-east-1\n\n  # --- west ---\n"


def test_every_fact_is_written_in_its_place_and_quoted_where_it_must_be() -> None:
    entry = {
        "region": "us-east-1",
        "name": "blue",
        "oidc_id": "00000000000000000000000000000012",
        "account_id": "012345678901",
        "server": "https://example.com",
        "ca_data": "ZXhhbXBsZQ==",
    }
    assert insert_cluster(PATH, "stage: 1\n", entry) == (
        "stage: 1\n"
        "clusters:\n"
        "  - region: us-east-1\n"
        "    name: blue\n"
        '    oidc_id: "00000000000000000000000000000012"\n'
        '    account_id: "012345678901"\n'
        "    server: https://example.com\n"
        "    ca_data: ZXhhbXBsZQ==\n"
    )


@pytest.mark.parametrize("oidc_id", ["1234567E901234567890123456789012", "0X34567890123456789012345678ABCD"])
def test_an_id_that_could_be_read_as_a_number_is_quoted(oidc_id: str) -> None:
    added = insert_cluster(PATH, "stage: 1\n", {"region": "us-east-1", "oidc_id": oidc_id})
    assert value(added)["clusters"] == [{"region": "us-east-1", "oidc_id": oidc_id}]


def test_an_address_is_quoted_between_braces() -> None:
    added = insert_cluster(PATH, "clusters: []\n", {"region": "us-east-1", "server": "https://example.com"})
    assert added == 'clusters: [{region: us-east-1, server: "https://example.com"}]\n'


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("stage: 1\nclusters: null\n", 2, "clusters is written as null, and no list can follow that"),
        ("stage: 1\nclusters: ~   # none\n", 2, "clusters is written as ~, and no list can follow that"),
        ("stage: 1\nclusters: !!null\n", 2, "clusters is written as !!null, and no list can follow that"),
        (
            "stage: &a []\nclusters: *a\n",
            2,
            "clusters is an alias: whatever else uses its anchor would change too",
        ),
        ("? clusters\n: - region: us-east-1\n", 1, "an entry does not begin on a line of its own"),
        (
            "clusters: &all\n  - region: us-east-1\nproject: *all\n",
            1,
            "the rest of the file would read differently",
        ),
    ],
)
def test_what_cannot_be_added_to_safely_is_refused_with_the_reason(text: str, line: int, reason: str) -> None:
    with pytest.raises(EditError) as raised:
        insert_cluster(PATH, text, ENTRY)
    assert refusal(raised.value) == Problem(
        "unsafe-edit",
        f"the entry cannot be added safely: {reason}",
        Location(PATH, line, 3 if text.startswith("?") else 1),
        "add the entry by hand, as it is printed below: generate checks it just as well",
    )


@pytest.mark.parametrize(
    ("name", "line", "column", "reason"),
    [
        (
            "anchors-and-merges",
            3,
            5,
            "the rest of the file could not be read: the alias *east has no anchor &east before it",
        ),
        ("tags", 3, 5, "the rest of the file could not be read: the tag !!seq does not fit a scalar"),
    ],
)
def test_what_cannot_be_taken_out_alone_is_refused_with_the_reason(
    name: str, line: int, column: int, reason: str
) -> None:
    with pytest.raises(EditError) as raised:
        remove_cluster(PATH, style(name), 0)
    assert refusal(raised.value) == Problem(
        "unsafe-edit",
        f"the entry cannot be taken out safely: {reason}",
        Location(PATH, line, column),
        "take it out by hand: generate says what then is wrong",
    )


def test_a_file_that_is_no_model_file_is_not_edited() -> None:
    with pytest.raises(ModelError, match="duplicate-key"):
        insert_cluster(PATH, "stage: 1\nstage: 2\n", ENTRY)
