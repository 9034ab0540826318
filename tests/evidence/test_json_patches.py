"""JSON Patch, as kustomize 5.5 applies it: each case was run through `kubectl kustomize`."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.json_patches import PatchRefusedError, PatchUnclearError, operations_of, patched

VALUE = {"map": {"a": 1, "x/y": 2}, "list": [1, 2], "none": None}


@pytest.mark.parametrize(
    ("operation", "changed"),
    [
        ({"op": "add", "path": "/map/b", "value": {"c": 1}}, {"map": {"a": 1, "x/y": 2, "b": {"c": 1}}}),
        ({"op": "add", "path": "/map/a"}, {"map": {"a": None, "x/y": 2}}),
        ({"op": "add", "path": "/list/-", "value": 3}, {"list": [1, 2, 3]}),
        ({"op": "add", "path": "/list/0", "value": 3}, {"list": [3, 1, 2]}),
        ({"op": "add", "path": "/list/2", "value": 3}, {"list": [1, 2, 3]}),
        ({"op": "add", "path": "/list/-1", "value": 3}, {"list": [1, 2, 3]}),
        ({"op": "remove", "path": "/map/x~1y"}, {"map": {"a": 1}}),
        ({"op": "remove", "path": "/list/-2"}, {"list": [2]}),
        ({"op": "replace", "path": "/map/gone", "value": 3}, {"map": {"a": 1, "x/y": 2, "gone": 3}}),
        ({"op": "replace", "path": "/list/1", "value": 3}, {"list": [1, 3]}),
        ({"op": "move", "from": "/map/a", "path": "/list/0"}, {"map": {"x/y": 2}, "list": [1, 1, 2]}),
        ({"op": "copy", "from": "/map/a", "path": "/list/-"}, {"list": [1, 2, 1]}),
        ({"op": "copy", "from": "/map/gone", "path": "/list/-"}, {"list": [1, 2, None]}),
        ({"op": "test", "path": "/map/a", "value": 1}, {}),
        ({"op": "test", "path": "/map/gone"}, {}),
        ({"op": "add", "path": "dropped/map/a", "value": 3}, {"map": {"a": 3, "x/y": 2}}),
        ({"op": "replace", "path": "dropped/none", "value": 3}, {"none": 3}),
        ({"op": "copy", "from": "dropped/map/a", "path": "/none"}, {"none": 1}),
    ],
)
def test_an_operation_changes_what_its_path_leads_to(operation: dict[str, object], changed: dict[str, object]) -> None:
    assert patched(VALUE, [operation]) == {**VALUE, **changed}


@pytest.mark.parametrize(
    ("operation", "reason"),
    [
        ({"op": "add", "path": "/gone/a"}, "add /gone/a: it has no /gone"),
        ({"op": "add", "path": "/none/a"}, "add /none/a: it has no /none"),
        ({"op": "add", "path": "/map/a/b"}, "add /map/a/b: it has no /map/a"),
        ({"op": "add", "path": "/list/3"}, "add /list/3: there is no element 3 in the list"),
        ({"op": "remove", "path": "/map/gone"}, "remove /map/gone: it has no /map/gone"),
        ({"op": "remove", "path": "/list/2"}, "remove /list/2: there is no element 2 in the list"),
        ({"op": "replace", "path": "/list/-"}, "replace /list/-: there is no element - in the list"),
        ({"op": "replace", "path": "/gone/a/b"}, "replace /gone/a/b: it has no /gone"),
        ({"op": "move", "from": "/map/gone", "path": "/map/b"}, "move /map/b: it has no /map/gone"),
        ({"op": "test", "path": "/map/a", "value": 2}, "test /map/a: what is there is something else"),
        ({"op": "set", "path": "/map/a"}, "set /map/a: no operation is called so"),
        ({"op": "add", "path": "map"}, "add map: it has no / in it"),
        ({"op": "remove", "path": ""}, "remove : it has no / in it"),
        ({"op": "copy", "from": "map", "path": "/map/b"}, "copy /map/b: it has no / in it"),
        ({"op": "copy", "path": "/map/a"}, "copy /map/a: it has no path to take from"),
        ({"op": "add", "value": 1}, "add has no path"),
    ],
)
def test_an_operation_that_cannot_be_done_is_refused(operation: dict[str, object], reason: str) -> None:
    with pytest.raises(PatchRefusedError, match=reason) as refused:
        patched(VALUE, [{"op": "test", "path": "/map/a", "value": 1}, operation])
    assert (str(refused.value), refused.value.index) == (reason, 1)


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "replace", "path": ""},
        {"op": "test", "path": ""},
        {"op": "test", "path": "/map", "value": {"a": 1}},
    ],
)
def test_what_is_not_known_of_an_operation_is_not_said(operation: dict[str, object]) -> None:
    with pytest.raises(PatchUnclearError):
        patched(VALUE, [operation])


def test_a_patch_is_a_list_of_operations() -> None:
    assert operations_of([{"op": "remove", "path": "/a"}]) == [{"op": "remove", "path": "/a"}]
    nothing: list[object] = [[], {}, ["a"], None]
    assert [operations_of(each) for each in nothing] == [None] * 4


def test_what_each_operation_changes_is_noted_up_to_the_first_list() -> None:
    operations: list[dict[str, object]] = [
        {"op": "test", "path": "/map/a", "value": 1},
        {"op": "add", "path": "/map/b", "value": {"c": 1}},
        {"op": "move", "from": "/map/x~1y", "path": "/list/0"},
    ]
    noted: list[tuple[int, tuple[str | int, ...]]] = []
    patched(VALUE, operations, lambda *change: noted.append(change))
    assert noted == [(1, ("map", "b")), (2, ("list",)), (2, ("map", "x/y"))]
