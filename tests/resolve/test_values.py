"""Helm values: which go into the file of an app in an environment, which into the file of a release, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gitops_gen.problems import ModelError
from tests.tools import fleets

if TYPE_CHECKING:
    from pathlib import Path

    from gitops_gen.model import Fleet

Values: TypeAlias = "dict[str, object]"
TOLD = {"enabled": True, "secrets": [{"name": "db", "keys": ["DB_PASSWORD"], "reload": True}]}


def load(
    root: Path, environment: fleets.Facts | None = None, cluster: fleets.Facts | None = None, **app: object
) -> Fleet:
    """A fleet in which an app says something, more in dev, and more on the first of two clusters."""
    facts = fleets.app(**app)
    facts["environments"] = {"dev": environment or {}}
    facts["clusters"] = {"shop-dev-use1": cluster or {}}
    files = fleets.model(
        environments={
            "dev": fleets.environment(fleets.cluster(1), fleets.cluster(2, "us-west-2")),
            "test": fleets.environment(fleets.cluster(3)),
        },
        apps={"web": facts},
    )
    return fleets.load_files(root, files)


def written(fleet: Fleet) -> dict[str, object]:
    """What each values file says: dev, test, and the three releases by cluster."""
    return {
        **{name: values for (_, name), values in fleet.environment_values.items()},
        **{release.cluster.name: release.values for release in fleet.releases},
    }


NOTHING: dict[str, object] = {"shop-dev-use1": {}, "shop-dev-usw2": {}, "shop-test-use1": {}}


def test_values_of_the_app_and_the_environment_are_merged_into_the_file_of_the_environment(tmp_path: Path) -> None:
    fleet = load(
        tmp_path,
        values={"replicas": 2, "image": {"name": "web", "tag": "1"}, "hosts": ["a", "b"], "debug": True},
        environment={"values": {"replicas": 1, "image": {"tag": "2"}, "hosts": ["c"], "debug": None}},
    )
    assert written(fleet) == {
        "dev": {"replicas": 1, "image": {"name": "web", "tag": "2"}, "hosts": ["c"]},
        "test": {"replicas": 2, "image": {"name": "web", "tag": "1"}, "hosts": ["a", "b"], "debug": True},
        **NOTHING,
    }


def test_values_of_a_cluster_stand_alone_in_the_file_of_the_release(tmp_path: Path) -> None:
    own = {"replicas": 9, "image": {"tag": None}, "extra": [1]}
    fleet = load(tmp_path, values={"replicas": 2, "image": {"tag": "1"}}, cluster={"values": own})
    assert written(fleet) == {
        "dev": {"replicas": 2, "image": {"tag": "1"}},
        "test": {"replicas": 2, "image": {"tag": "1"}},
        **NOTHING,
        "shop-dev-use1": own,
    }


def test_an_app_without_values_has_empty_files(tmp_path: Path) -> None:
    assert written(load(tmp_path)) == {"dev": {}, "test": {}, **NOTHING}


def test_null_in_place_of_all_values_removes_those_of_the_app(tmp_path: Path) -> None:
    fleet = load(tmp_path, values={"a": 1, "b": {"c": 2}}, environment={"values": None})
    assert written(fleet) == {"dev": {}, "test": {"a": 1, "b": {"c": 2}}, **NOTHING}


def test_null_in_place_of_all_values_of_a_cluster_tells_helm_to_remove_each(tmp_path: Path) -> None:
    fleet = load(
        tmp_path,
        values={"a": 1, "b": {"c": 2}},
        environment={"values": {"d": 3, "a": None}},
        cluster={"values": None},
        secrets=fleets.SECRETS,
    )
    assert written(fleet)["shop-dev-use1"] == {"b": None, "d": None}


@pytest.mark.parametrize(
    ("environment", "cluster", "in_dev", "on_cluster"),
    [
        # The environment says it for all of its clusters, so the releases are silent.
        ({}, {}, TOLD, {}),
        ({"secrets_enabled": False}, {}, {"enabled": False}, {}),
        # A cluster that differs says so by itself.
        ({}, {"secrets_enabled": False}, TOLD, {"externalSecrets": {"enabled": False}}),
        ({"secrets_enabled": False}, {"secrets_enabled": True}, {"enabled": False}, {"externalSecrets": TOLD}),
        (
            {},
            {"secrets": {"db-password": {"target": "own"}}},
            TOLD,
            {"externalSecrets": {"enabled": True,
                                 "secrets": [{"name": "own", "keys": ["DB_PASSWORD"], "reload": True}]}},
        ),
        # What the chart is not told does not make a difference.
        ({}, {"refresh_interval": "5h", "role_name": "other"}, TOLD, {}),
        ({}, {"secrets": {"db-password": {"path": "other"}}}, TOLD, {}),
        (
            {"secrets": {"db-password": {"consumed_once": True}}},
            {},
            {"enabled": True, "secrets": [{"name": "db", "keys": ["DB_PASSWORD"], "reload": False}]},
            {},
        ),
    ],
)  # fmt: skip
def test_the_chart_is_told_its_secrets_by_the_environment_and_by_the_cluster_that_differs(
    tmp_path: Path, environment: Values, cluster: Values, in_dev: Values, on_cluster: Values
) -> None:
    fleet = load(tmp_path, secrets=fleets.SECRETS, environment=environment, cluster=cluster)
    assert written(fleet) == {
        "dev": {"externalSecrets": in_dev},
        "test": {"externalSecrets": TOLD},
        **NOTHING,
        "shop-dev-use1": on_cluster,
    }


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("fleet", {"dev": {"enabled": False}, "first": {}, "second": {}}),
        ("environment", {"dev": {"enabled": False}, "first": {}, "second": {}}),
        ("cluster", {"dev": TOLD, "first": {"externalSecrets": {"enabled": False}}, "second": {}}),
    ],
)
def test_what_a_place_says_of_secrets_is_told_where_it_is_said(
    tmp_path: Path, place: str, expected: dict[str, Values]
) -> None:
    def said(level: str) -> fleets.Facts:
        return {"secrets": {"enabled": False}} if level == place else {}

    files = fleets.model(
        fleet=said("fleet"),
        environments={
            "dev": fleets.environment(
                fleets.cluster(1, **said("cluster")), fleets.cluster(2, "us-west-2"), **said("environment")
            )
        },
        apps={"web": fleets.app(secrets=fleets.SECRETS)},
    )
    assert written(fleets.load_files(tmp_path, files)) == {
        "dev": {"externalSecrets": expected["dev"]},
        "shop-dev-use1": expected["first"],
        "shop-dev-usw2": expected["second"],
    }


@pytest.mark.parametrize(
    ("key", "in_dev"),
    [
        ("externalSecrets", {"a": 1, "externalSecrets": TOLD}),
        ("global.secrets", {"a": 1, "global": {"secrets": TOLD}}),
        (None, {"a": 1}),
    ],
)
def test_the_chart_is_told_under_the_key_that_the_app_names(tmp_path: Path, key: str | None, in_dev: Values) -> None:
    fleet = load(tmp_path, values={"a": 1}, secrets=fleets.SECRETS, secrets_values_key=key)
    assert written(fleet) == {"dev": in_dev, "test": in_dev, **NOTHING}


def test_what_is_told_lies_beside_what_the_person_says(tmp_path: Path) -> None:
    fleet = load(
        tmp_path,
        values={"global": {"a": 1}},
        secrets=fleets.SECRETS,
        secrets_values_key="global.secrets",
        cluster={"values": {"global": {"a": 2}}, "secrets_enabled": False},
    )
    assert written(fleet)["dev"] == {"global": {"a": 1, "secrets": TOLD}}
    assert written(fleet)["shop-dev-use1"] == {"global": {"a": 2, "secrets": {"enabled": False}}}


@pytest.mark.parametrize("own", [None, {"global": None}])
def test_what_is_told_is_told_again_where_a_cluster_removes_the_map_around_it(tmp_path: Path, own: object) -> None:
    fleet = load(
        tmp_path,
        values={"global": {"a": 1}},
        secrets=fleets.SECRETS,
        secrets_values_key="global.secrets",
        cluster={"values": own},
    )
    assert written(fleet)["shop-dev-use1"] == {"global": {"secrets": TOLD}}


def test_an_app_without_secrets_tells_its_chart_nothing_and_may_use_the_key_itself(tmp_path: Path) -> None:
    fleet = load(tmp_path, values={"externalSecrets": {"enabled": False}})
    assert written(fleet)["dev"] == {"externalSecrets": {"enabled": False}}


@pytest.mark.parametrize("level", ["app", "environment", "cluster"])
@pytest.mark.parametrize(
    ("facts", "values", "code"),
    [
        ({"owned_elsewhere": ["image.tag"]}, {"image": {"tag": "1"}}, "owned-elsewhere"),
        ({"owned_elsewhere": ["image.tag"]}, {"image": {"tag": None}}, "owned-elsewhere"),
        ({"secrets": fleets.SECRETS}, {"externalSecrets": {"enabled": False}}, "derived-value"),
        ({"secrets": fleets.SECRETS, "secrets_values_key": "a.b"}, {"a": {"b": 1}}, "derived-value"),
    ],
)
def test_values_that_are_not_the_persons_are_refused_at_every_level(
    tmp_path: Path, level: str, facts: Values, values: Values, code: str
) -> None:
    said: dict[str, fleets.Facts] = {level: {"values": values}}
    if level == "app":
        facts = {**facts, "values": values}
    with pytest.raises(ModelError) as caught:
        load(tmp_path, environment=said.get("environment"), cluster=said.get("cluster"), **facts)
    assert {problem.code for problem in caught.value.problems} == {code}


def test_values_beside_what_is_owned_elsewhere_are_fine(tmp_path: Path) -> None:
    values = {"image": {"name": "web"}, "imagetag": 1, "tag": 1}
    assert written(load(tmp_path, owned_elsewhere=["image.tag"], values=values))["dev"] == values


def test_an_environment_has_values_where_the_app_is_deployed_or_would_be(tmp_path: Path) -> None:
    by_environment = load(tmp_path / "1", deploy=False, environment={"deploy": True})
    by_cluster = load(tmp_path / "2", deploy=False, cluster={"deploy": True})
    assert set(by_environment.environment_values) == set(by_cluster.environment_values) == {("web", "dev")}
    nowhere = load(tmp_path / "3", environment={"deploy": False}, cluster={"deploy": False})
    assert set(nowhere.environment_values) == {("web", "test")}


def test_an_environment_has_no_values_where_none_of_its_clusters_has_the_app(tmp_path: Path) -> None:
    """Nobody would read them, and verify tells values that nobody reads."""
    files = fleets.model(
        environments={
            "dev": fleets.environment(fleets.cluster(name="one")),
            "bare": {},
            "prod": fleets.environment(fleets.cluster(2, name="two")),
        },
        apps={"web": fleets.app(clusters={"one": {"deploy": False}})},
    )
    assert set(fleets.load_files(tmp_path, files).environment_values) == {("web", "prod")}


# Helm merges the two files; what it sees is what the three levels say.

LEAVES = st.booleans() | st.integers(0, 3) | st.sampled_from(["a", "b"])
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=6,
)
MAPS = st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3)


def as_helm_merges(below: object, above: object) -> object:
    """Maps key by key, anything else replaced (Helm, coalesce.go)."""
    if not (isinstance(below, dict) and isinstance(above, dict)):
        return above
    shared = {name: as_helm_merges(below[name], value) for name, value in above.items() if name in below}
    return {**below, **above, **shared}


@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(MAPS, MAPS, MAPS)
def test_helm_sees_the_three_levels_laid_over_each_other(
    tmp_path: Path, app: Values, environment: Values, cluster: Values
) -> None:
    fleet = load(tmp_path, values=app, environment={"values": environment}, cluster={"values": cluster})
    files = cast("dict[str, Values]", written(fleet))
    expected = as_helm_merges(as_helm_merges(app, environment), cluster)
    assert as_helm_merges(files["dev"], files["shop-dev-use1"]) == expected
