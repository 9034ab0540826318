"""Tests of two values to their differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.diff import compare
from gitops_gen.diff.differences import differences, has_meaning, splices
from gitops_gen.diff.fields import field_of
from gitops_gen.diff.values import Formatting, Kind

if TYPE_CHECKING:
    from gitops_gen.diff.values import Value

Told = tuple[str, str, "Value", "Value"]


def told(old: Value, new: Value) -> list[Told]:
    return [(str(each.kind), field_of(each.steps), each.old, each.new) for each in differences(old, new)]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ({"a": {"b": 1}}, {"a": {"b": 2}}, [("changed", "a.b", 1, 2)]),
        ({"a": 1}, {"a": True}, [("changed", "a", 1, True)]),
        ({"a": 1}, {"a": 1.0}, [("changed", "a", 1, 1.0)]),
        ({"a": None}, {}, [("removed", "a", None, None)]),
        ({}, {"a": None}, [("added", "a", None, None)]),
        ({"a": [1]}, {"a": {"b": 1}}, [("changed", "a", [1], {"b": 1})]),
        ({"a.b": {"c/d": 1}}, {"a.b": {"c/d": 2}}, [("changed", '["a.b"]["c/d"]', 1, 2)]),
        ([1, 2, 3], [1, 9, 2, 3], [("spliced", "", [], [9])]),
        ([1, 2, 3], [1, 3], [("spliced", "", [2], [])]),
        ([[1], [2]], [[1], [3]], [("spliced", "[1]", [2], [3])]),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
    ],
)
def test_values_differ_in(old: Value, new: Value, expected: list[Told]) -> None:
    assert told(old, new) == expected


def test_an_inserted_element_is_one_difference_and_knows_its_position() -> None:
    old: Value = {"data": [{"secretKey": "A", "b": 1}, {"secretKey": "C", "b": 1}]}
    new: Value = {"data": [{"secretKey": "A", "b": 1}, {"secretKey": "B", "b": 1}, {"secretKey": "C", "b": 1}]}

    (difference,) = differences(old, new)

    assert (difference.kind, field_of(difference.steps), difference.index) == (Kind.ADDED, "data[secretKey=B]", 1)


def test_elements_are_matched_by_their_identity_not_by_their_position() -> None:
    old: Value = {"env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}]}
    new: Value = {"env": [{"name": "B", "value": "2"}, {"name": "A", "value": "3"}]}

    found = list(differences(old, new))

    assert [(each.kind, field_of(each.steps)) for each in found] == [
        (Kind.CHANGED, "env[name=A].value"),
        (Kind.REORDERED, "env"),
    ]
    assert [has_meaning(each) for each in found] == [True, False]


def test_destinations_are_known_by_name_and_namespace_where_the_name_alone_is_not_enough() -> None:
    old: Value = [{"name": "c1", "namespace": "a"}, {"name": "c1", "namespace": "b"}]
    new: Value = [{"name": "c1", "namespace": "b"}, {"name": "c1", "namespace": "c"}]

    assert told(old, new) == [
        ("removed", "[name=c1,namespace=a]", {"name": "c1", "namespace": "a"}, None),
        ("added", "[name=c1,namespace=c]", None, {"name": "c1", "namespace": "c"}),
    ]


def test_a_renamed_application_is_told_by_its_cluster() -> None:
    old: Value = [{"application": "a-c1", "cluster": "c1"}, {"application": "a-c2", "cluster": "c2"}]
    new: Value = [{"application": "b-c1", "cluster": "c1"}, {"application": "b-c2", "cluster": "c2"}]

    assert told(old, new) == [
        ("changed", "[cluster=c1].application", "a-c1", "b-c1"),
        ("changed", "[cluster=c2].application", "a-c2", "b-c2"),
    ]


def test_the_order_of_containers_that_run_one_after_the_other_has_a_meaning() -> None:
    old: Value = {"initContainers": [{"name": "a"}, {"name": "b"}]}
    new: Value = {"initContainers": [{"name": "b"}, {"name": "a"}]}

    assert [has_meaning(each) for each in differences(old, new)] == [True]


@pytest.mark.parametrize(
    ("key", "count"), [("sourceRepos", 0), ("syncOptions", 0), ("secret_arns", 0), ("valueFiles", 2), ("args", 2)]
)
def test_the_order_of_texts_has_a_meaning_where_their_reader_goes_by_it(key: str, count: int) -> None:
    found = differences({key: ["a", "b"]}, {key: ["b", "a"]})

    assert sum(map(has_meaning, found)) == count


def test_a_long_list_that_is_all_other_is_replaced_at_once() -> None:
    old: list[Value] = [f"a{number}" for number in range(1000)]
    new: list[Value] = [f"b{number}" for number in range(1000)]

    (splice,) = splices(old, new)

    assert (splice.index, splice.old, splice.new) == (0, old, new)


RESOURCE = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {}\n  namespace: shop\ndata:\n  a: {}\n"


def test_a_resource_in_another_version_of_its_api_is_the_same() -> None:
    old = RESOURCE.format("one", 1)

    (change,) = compare({"a.yaml": old}, {"a.yaml": old.replace("v1", "v2")}).changes

    assert (change.kind, [each.steps for each in change.differences]) == (Kind.CHANGED, [("apiVersion",)])


def test_a_resource_that_takes_the_place_of_one_of_its_kind_is_renamed() -> None:
    (change,) = compare({"a.yaml": RESOURCE.format("one", 1)}, {"a.yaml": RESOURCE.format("two", 1)}).changes

    assert (change.kind, str(change.was), str(change.resource)) == (
        Kind.RENAMED,
        "ConfigMap shop/one",
        "ConfigMap shop/two",
    )


def test_documents_in_another_order_are_a_change_of_the_order_alone() -> None:
    one, two = RESOURCE.format("one", 1), RESOURCE.format("two", 1)

    report = compare({"a.yaml": f"{one}---\n{two}"}, {"a.yaml": f"{two}---\n{one}"})

    assert report.changes == ()
    assert [(each.formatting, each.order) for each in report.files] == [((Formatting.ORDER,), (1, 0))]


@pytest.mark.parametrize(
    ("old", "new", "formatting"),
    [
        ("a: b\n", 'a: "b"\n', (Formatting.STYLE,)),
        ("a: b\n", "a: b\n\n", (Formatting.STYLE,)),
        ("a: b\n", "# why\na: b\n", (Formatting.COMMENT,)),
        ("a: b\nc: d\n", "c: d\na: b\n", (Formatting.ORDER,)),
        ("a:\n  - name: b\n  - name: c\n", "a:\n  - name: c\n  - name: b\n", (Formatting.ORDER,)),
        ("# one\na: b\n", '# two\na: "b"\n', (Formatting.COMMENT, Formatting.STYLE)),
    ],
)
def test_what_has_no_meaning_is_told_apart(old: str, new: str, formatting: tuple[Formatting, ...]) -> None:
    report = compare({"a.yaml": old}, {"a.yaml": new})

    assert report.summary.differences == 0
    assert [(each.has_meaning, each.formatting) for each in report.files] == [(False, formatting)]


def test_a_comment_that_changes_beside_a_value_is_told_too() -> None:
    report = compare({"a.yaml": "# one\na: 1\n"}, {"a.yaml": "# two\na: 2\n"})

    assert [(each.has_meaning, each.formatting) for each in report.files] == [(True, (Formatting.COMMENT,))]


def test_a_file_with_nothing_but_comments_is_told_when_it_comes() -> None:
    report = compare({}, {"a.yaml": "# nothing here\n"})

    assert [(each.kind, each.has_meaning) for each in report.files] == [(Kind.ADDED, False)]


def test_a_file_that_breaks_its_own_format_is_compared_line_by_line() -> None:
    (change,) = compare({"a.yaml": "a: [\nb: 1\n"}, {"a.yaml": "a: []\nb: 1\n"}).changes

    (difference,) = change.differences
    assert change.is_text
    assert (difference.old, difference.new, difference.index) == (["a: ["], ["a: []"], 0)


def test_variables_of_terraform_differ_by_field() -> None:
    old = 'eso_roles = {\n  "web" = {\n    role_name = "a"\n    secret_arns = ["x", "y"]\n  }\n}\n'
    new = old.replace('"a"', '"b"').replace('["x", "y"]', '["y", "z", "x"]')

    (change,) = compare({"c1.tfvars": old}, {"c1.tfvars": new}).changes

    assert [(str(each.kind), field_of(each.steps)) for each in change.differences if has_meaning(each)] == [
        ("changed", "eso_roles.web.role_name"),
        ("added", "eso_roles.web.secret_arns[z]"),
    ]
