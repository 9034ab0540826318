"""Whatever differs between two sets of files: the JSON of the diff, applied to the old ones, gives the new ones."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitops_gen.diff import compare
from gitops_gen.diff.apply import ApplyError, apply, contents
from gitops_gen.diff.differences import differences, has_meaning
from gitops_gen.diff.sameness import same
from gitops_gen.reports.diff_json import diff_json
from tests.test_fleets_property import LOOK, generated
from tests.tools.random_edits import random_files, shuffled
from tests.tools.random_fleets import random_fleets

if TYPE_CHECKING:
    from gitops_gen.diff import Report
    from gitops_gen.diff.values import Value
    from tests.tools.fleets import Files

CHOICE = st.sampled_from([True, False])
MANY = settings(
    LOOK, max_examples=LOOK.max_examples * 6, suppress_health_check=list(HealthCheck), report_multiple_bugs=False
)


def applied(old: dict[str, str], new: dict[str, str]) -> Report:
    """Compares two sides, and holds that the JSON of the diff leads from one to the other."""
    report = compare(old, new)
    found = apply(json.loads(diff_json(report)), old)
    wanted = contents(new)
    assert found.keys() == wanted.keys()
    assert {path: json.dumps(each, sort_keys=True) for path, each in found.items()} == {
        path: json.dumps(each, sort_keys=True) for path, each in wanted.items()
    }
    return report


@MANY
@given(random_files(), random_files())
def test_the_json_applied_to_the_old_documents_gives_the_new_ones(old: dict[str, str], new: dict[str, str]) -> None:
    report = applied(old, new)

    assert report.is_empty == (old == new)
    assert sum(len(group.members) for group in report.groups) == report.summary.differences
    members = [(member.change, member.difference) for group in report.groups for member in group.members]
    assert len(members) == len(set(members))


@settings(LOOK, max_examples=max(LOOK.max_examples // 2, 2))
@given(random_fleets(), st.data())
def test_the_json_leads_from_one_fleet_to_an_edited_one(fleet: Files, data: st.DataObject) -> None:
    other = data.draw(random_fleets()) if data.draw(CHOICE) else _edited(fleet, data)

    old, new = generated(fleet).texts, generated(other).texts

    report = applied(old, new)
    assert sum(len(group.members) for group in report.groups) == report.summary.differences


def _edited(fleet: Files, data: st.DataObject) -> Files:
    """The fleet with another default, or without one of its apps."""
    apps = [path for path in fleet if path.startswith("environments/apps/")]
    gone = data.draw(st.sampled_from([None, *apps]))
    if gone is not None:
        return {path: facts for path, facts in fleet.items() if path != gone}
    facts = fleet["environments/fleet.yaml"]
    secrets = facts.get("secrets")
    new = {**(secrets if isinstance(secrets, dict) else {}), "refresh_interval": "7m"}
    return {**fleet, "environments/fleet.yaml": {**facts, "secrets": new}}


@MANY
@given(st.data())
def test_another_order_of_keys_and_of_named_elements_has_no_meaning(data: st.DataObject) -> None:
    pairs = st.lists(
        st.tuples(st.sampled_from("abcdef"), st.integers(0, 3)), max_size=5, unique_by=lambda each: each[0]
    )
    values: st.SearchStrategy[Value] = pairs.map(lambda found: [{"name": name, "b": value} for name, value in found])
    old: Value = data.draw(st.dictionaries(st.sampled_from("xyz"), values))
    new = data.draw(shuffled(old))

    assert not [each for each in differences(old, new) if has_meaning(each)]


@MANY
@given(random_files())
def test_nothing_differs_from_itself(files: dict[str, str]) -> None:
    assert compare(files, dict(files)).is_empty


def test_a_number_is_not_the_text_of_it_and_true_is_not_one() -> None:
    values: list[Value] = [1, 1.0, True, "1", None, 0.0, -0.0]

    assert [same(one, other) for one in values for other in values].count(True) == len(values)


def test_a_redacted_value_says_so_and_is_not_applied() -> None:
    old = {"values.yaml": "password: one\n"}
    diff = json.loads(diff_json(compare(old, {"values.yaml": "password: hunter2!\n"})))

    (difference,) = diff["changes"][0]["differences"]
    assert difference["new"] == {"$redacted": "is a password in plain text"}
    with pytest.raises(ApplyError, match="look like secrets"):
        apply(diff, old)


def test_a_diff_of_other_files_is_refused() -> None:
    diff = json.loads(diff_json(compare({"a.yaml": "a: 1\n"}, {"a.yaml": "a: 2\n"})))

    with pytest.raises(ApplyError, match="a has another value; the diff is of other files"):
        apply(diff, {"a.yaml": "a: 3\n"})


def test_a_diff_that_takes_away_what_is_not_there_is_refused() -> None:
    diff = json.loads(diff_json(compare({"a.yaml": "a: 1\n"}, {})))

    with pytest.raises(ApplyError, match="is not there, and the diff takes it away"):
        apply(diff, {})


@pytest.mark.parametrize("missing", ["changes", "files"])
def test_json_that_is_no_diff_is_refused(missing: str) -> None:
    diff = json.loads(diff_json(compare({"a.yaml": "a: 1\n"}, {"a.yaml": "a: 2\n"})))
    del diff[missing]

    with pytest.raises(ApplyError, match=f"this is no diff: {missing} is missing"):
        apply(diff, {"a.yaml": "a: 1\n"})
