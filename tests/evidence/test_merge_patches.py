"""Patches that look like objects, as kustomize 5.5 lays them over one: each was run through `kubectl kustomize`."""

from __future__ import annotations

import pytest

from gitops_gen.evidence.json_patches import PatchUnclearError
from gitops_gen.evidence.merge_patches import Laid, Merge, MisfitError
from gitops_gen.evidence.origins import Origin
from gitops_gen.evidence.places import Place

VALUE = {"map": {"a": 1, "b": {"c": 2}}, "list": [{"name": "a"}, {"name": "b"}], "text": "t", "none": None, "empty": {}}
BASE, PATCH = Place("base.yaml"), Place("patch.yaml")


def laid(
    value: object, patch: object, kind: str = "SecretStore", version: str = "external-secrets.io/v1"
) -> Laid | None:
    return Merge(version, kind).laid_over(Laid(value, Origin(BASE)), Laid(patch, Origin(PATCH)))


def merged(value: object, patch: object, kind: str = "SecretStore", version: str = "external-secrets.io/v1") -> object:
    found = laid(value, patch, kind, version)
    return None if found is None else found.value


@pytest.mark.parametrize(
    ("patch", "changed"),
    [
        ({}, {}),
        ({"text": "u"}, {"text": "u"}),
        ({"map": {"a": 3, "d": 4}}, {"map": {"a": 3, "b": {"c": 2}, "d": 4}}),
        ({"map": {"b": None}}, {"map": {"a": 1}}),
        ({"map": {"gone": None}}, {}),
        ({"map": {}}, {}),
        ({"map": {"$patch": "replace", "d": 4}}, {"map": {"d": 4}}),
        ({"map": {"$patch": "merge", "a": 4}}, {"map": {"a": 4, "b": {"c": 2}}}),
        ({"new": {"a": None, "b": {"c": None}}}, {"new": {"b": {}}}),
        ({"new": {"$patch": "replace", "a": 1}}, {"new": {"a": 1}}),
        ({"list": [{"name": "a", "v": 1}]}, {"list": [{"name": "a", "v": 1}]}),
        ({"list": []}, {"list": []}),
        ({"none": {"a": 1}, "empty": {"a": 1}}, {"none": {"a": 1}, "empty": {"a": 1}}),
    ],
)
def test_maps_merge_and_all_else_is_replaced(patch: object, changed: dict[str, object]) -> None:
    assert merged(VALUE, patch) == {**VALUE, **changed}


@pytest.mark.parametrize("patch", [{"map": None}, {"map": {"$patch": "delete"}}, {"map": {"$patch": "delete", "a": 1}}])
def test_null_and_a_directive_take_away(patch: object) -> None:
    assert merged(VALUE, patch) == {key: each for key, each in VALUE.items() if key != "map"}
    assert merged(VALUE, {"$patch": "delete"}) is None


@pytest.mark.parametrize(
    ("patch", "steps", "reason"),
    [
        ({"text": {"a": 1}}, ("text",), "it has a text or number at text, and the patch a map"),
        ({"map": {"b": "t"}}, ("map", "b"), "it has a map at map.b, and the patch a text or number"),
        ({"list": {"a": 1}}, ("list",), "it has a list at list, and the patch a map"),
        ({"empty": [1]}, ("empty",), "it has a map at empty, and the patch a list"),
    ],
)
def test_a_value_of_another_sort_is_refused(patch: object, steps: tuple[str, ...], reason: str) -> None:
    with pytest.raises(MisfitError, match=reason) as refused:
        merged(VALUE, patch)
    assert refused.value.steps == steps


FIRST = {"name": "a", "env": [{"name": "A", "value": "1"}, {"name": "B", "value": "2"}], "args": ["x"]}
SECOND = {"name": "b", "volumeMounts": [{"name": "v", "mountPath": "/v"}]}
POD = {"containers": [FIRST, SECOND], "imagePullSecrets": [{"name": "p"}], "tolerations": [{"key": "k"}]}


@pytest.mark.parametrize(
    ("patch", "changed"),
    [
        ({"containers": [{"name": "b", "image": "i"}]}, [{**SECOND, "image": "i"}, FIRST]),
        ({"containers": [{"name": "c"}]}, [{"name": "c"}, FIRST, SECOND]),
        ({"containers": [{"name": "a", "$patch": "delete"}]}, [SECOND]),
        ({"containers": [{"$patch": "replace"}, {"name": "c"}]}, [{"name": "c"}]),
        ({"containers": []}, [FIRST, SECOND]),
        (
            {"containers": [{"name": "a", "args": ["y"], "env": [{"name": "B", "value": None}, {"name": "C"}]}]},
            [
                {"name": "a", "args": ["y"], "env": [{"name": "B"}, {"name": "C"}, {"name": "A", "value": "1"}]},
                SECOND,
            ],
        ),
    ],
)
def test_lists_of_pods_merge_by_their_keys_and_what_the_patch_has_comes_first(patch: object, changed: object) -> None:
    assert merged(POD, patch, "Pod", "v1") == {**POD, "containers": changed}


def test_other_lists_of_kubernetes_are_known_one_by_one() -> None:
    pulled = {"imagePullSecrets": [{"name": "q"}]}
    replaced = {"tolerations": [{"key": "l"}]}
    assert merged(POD, {**pulled, **replaced}, "Pod", "v1") == {
        **POD,
        **replaced,
        "imagePullSecrets": [{"name": "q"}, {"name": "p"}],
    }
    account = {"secrets": [{"name": "p"}], "imagePullSecrets": [{"name": "p"}], "metadata": {"finalizers": ["a"]}}
    patch = {**pulled, "secrets": [{"name": "q"}], "metadata": {"finalizers": ["b"]}}
    assert merged(account, patch, "ServiceAccount", "v1") == {
        **pulled,
        "secrets": [{"name": "q"}, {"name": "p"}],
        "metadata": {"finalizers": ["b", "a"]},
    }


@pytest.mark.parametrize(
    "patch",
    [
        {"metadata": {"$patch": "other"}},
        {"metadata": {"$retainKeys": ["a"]}},
        {"metadata": {"name": 1}},
        {"ports": [{"containerPort": 80}]},
        {"containers": [{"image": "i"}]},
        {"containers": [{"name": "a"}, {"name": "a"}]},
        {"containers": [{"name": "a", "$patch": "replace"}]},
        {"volumes": [{"$patch": "replace"}]},
    ],
)
def test_what_is_not_known_of_a_patch_is_not_said(patch: object) -> None:
    with pytest.raises(PatchUnclearError):
        merged({**POD, "metadata": {"name": "a"}}, patch, "Pod", "v1")


def test_lists_of_a_version_that_is_not_known_are_not_merged() -> None:
    for kind, version in (
        ("Deployment", "extensions/v1beta1"),
        ("ConfigMap", "v1"),
        ("Ingress", "networking.k8s.io/v1"),
    ):
        with pytest.raises(PatchUnclearError):
            merged(POD, {"containers": [{"name": "c"}]}, kind, version)


def test_each_value_has_the_place_of_the_file_that_it_comes_from() -> None:
    found = laid(VALUE, {"map": {"b": {"c": 3}}, "list": [1], "text": None, "new": {"a": {"b": 1}}})
    assert found is not None
    assert found.origin.at("map", "a") == BASE.down("map", "a")
    assert found.origin.at("none") == BASE / "none"
    for steps in (("map", "b", "c"), ("list", 0), ("text",), ("new", "a", "b")):
        assert found.origin.at(*steps) == PATCH.down(*steps)
    pod = laid(POD, {"containers": [{"name": "b", "env": [{"name": "A"}]}]}, "Pod", "v1")
    assert pod is not None
    assert pod.origin.at("containers", 0, "env", 0) == PATCH.down("containers", 0, "env", 0)
    assert pod.origin.at("containers", 0, "volumeMounts") == BASE.down("containers", 1, "volumeMounts")
    assert pod.origin.at("containers", 1, "args") == BASE.down("containers", 0, "args")
