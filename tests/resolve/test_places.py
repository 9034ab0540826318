"""Place facts, each at every level where it can be stated: fleet < environment < cluster."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from gitops_gen.problems import ModelError
from tests.resolve.states import outcome, states
from tests.tools import fleets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gitops_gen.model import Cluster


class Fact(NamedTuple):
    """A fact: where it is stated, a value for the fleet, the environment and the cluster, and how it is read."""

    route: str
    values: tuple[object, object, object]
    default: object
    read: Callable[[Cluster], object]


def key(name: str) -> str:
    return f"arn:aws:kms:us-east-1:{fleets.ACCOUNT}:key/mrk-{name * 32}"


def role(name: str) -> str:
    return f"arn:aws:iam::{fleets.ACCOUNT}:role/{name}"


FACTS = {
    "protected": Fact("protected", (True, True, True), False, lambda cluster: cluster.protected),
    "unprotected": Fact("protected", (True, False, True), False, lambda cluster: cluster.protected),
    "automated": Fact("sync.automated", (False, True, False), True, lambda cluster: cluster.sync.automated),
    "not automated": Fact("sync.automated", (True, False, True), True, lambda cluster: cluster.sync.automated),
    "prune": Fact("sync.prune", (False, True, False), True, lambda cluster: cluster.sync.prune),
    "self_heal": Fact("sync.self_heal", (True, False, True), True, lambda cluster: cluster.sync.self_heal),
    "operator version": Fact(
        "external_secrets.version",
        ("2.8.0", "2.7.0", "0.9.13"),
        None,
        lambda cluster: cluster.external_secrets_version,
    ),
    "argocd role": Fact(
        "argocd_role_arn", (role("a"), role("b"), role("c")), None, lambda cluster: cluster.argocd_role_arn
    ),
    "secrets enabled": Fact("secrets.enabled", (False, True, False), True, lambda cluster: cluster.secrets_enabled),
    "secrets disabled": Fact("secrets.enabled", (True, False, True), True, lambda cluster: cluster.secrets_enabled),
    "secrets region": Fact(
        "secrets.region", ("us-west-2", "eu-west-1", "us-east-2"), "us-east-1", lambda cluster: cluster.secrets_region
    ),
    "refresh interval": Fact(
        "secrets.refresh_interval",
        ("2h0m0s", "30m0s", "0s"),
        "1h0m0s",
        lambda cluster: cluster.refresh_interval,
    ),
    "kms key": Fact("secrets.kms_key_arn", (key("a"), key("b"), key("c")), None, lambda cluster: cluster.kms_key_arn),
}


@pytest.mark.parametrize("name", FACTS)
def test_the_nearest_level_decides_and_null_brings_the_default_back(tmp_path: Path, name: str) -> None:
    fact = FACTS[name]
    at_fleet, at_environment, at_cluster = (states(fact.route, value) for value in fact.values)
    for top in at_fleet:
        environments = {
            f"e{number}": fleets.environment(
                *(
                    fleets.cluster(100 * number + nearest, name=f"c{number}-{nearest}", **state.facts)
                    for nearest, state in enumerate(at_cluster)
                ),
                account_id=f"{number:012}",
                **middle.facts,
            )
            for number, middle in enumerate(at_environment)
        }
        files = fleets.model(environments=environments)
        usual = files["environments/fleet.yaml"]
        del usual["external_secrets"]
        usual.update(top.facts)
        fleet = fleets.load_files(tmp_path, files)
        expected = {
            f"c{number}-{nearest}": outcome((top, middle, state), fact.default)
            for number, middle in enumerate(at_environment)
            for nearest, state in enumerate(at_cluster)
        }
        assert {cluster.name: fact.read(cluster) for cluster in fleet.clusters} == expected


@pytest.mark.parametrize("at_cluster", [None, "333333333333"])
@pytest.mark.parametrize("at_environment", [None, "222222222222"])
@pytest.mark.parametrize("at_fleet", [None, "111111111111"])
def test_the_account_is_the_nearest_one(
    tmp_path: Path, at_fleet: str | None, at_environment: str | None, at_cluster: str | None
) -> None:
    nearest = at_cluster or at_environment or at_fleet
    own = {"account_id": at_cluster} if at_cluster else {}
    files = fleets.model(
        fleet={"account_id": at_fleet},
        environments={"dev": fleets.environment(fleets.cluster(**own), account_id=at_environment)},
    )
    if nearest is None:
        with pytest.raises(ModelError, match="missing-account"):
            fleets.load_files(tmp_path, files)
        return
    cluster = fleets.cluster_of(fleets.load_files(tmp_path, files))
    assert cluster.account.id == nearest
    where = {at_fleet: "fleet.yaml", at_environment: "dev.yaml", at_cluster: "dev.yaml"}[nearest]
    assert cluster.account.route.path == f"environments/{where}"
    assert cluster.account.route.steps[-1] == "account_id"


def test_a_null_account_is_none(tmp_path: Path) -> None:
    files = fleets.model(environments={"dev": fleets.environment(fleets.cluster(account_id=None))})
    with pytest.raises(ModelError, match="missing-account"):
        fleets.load_files(tmp_path, files)


# Protection.


@pytest.mark.parametrize(
    ("at_fleet", "at_environment", "at_cluster", "automated"),
    [
        ({}, {}, {}, True),
        ({"protected": True}, {}, {}, False),
        ({}, {"protected": True}, {}, False),
        ({}, {}, {"protected": True}, False),
        ({"protected": True}, {"protected": False}, {}, True),
        ({"protected": True}, {}, {"protected": None}, True),
        # To protect is nearer than to automate: the place tightens what a farther level says.
        ({"sync": {"automated": True}}, {"protected": True}, {}, False),
        ({"sync": {"automated": True}}, {}, {"protected": True}, False),
        ({}, {"sync": {"automated": True}}, {"protected": True}, False),
        # A nearer level takes the protection away again.
        ({"protected": True}, {"protected": False, "sync": {"automated": True}}, {}, True),
        ({}, {"protected": True}, {"protected": False, "sync": {"automated": True}}, True),
        ({}, {"protected": True}, {"protected": False, "sync": {"automated": False}}, False),
        ({"protected": True, "sync": {"automated": False}}, {}, {"protected": False}, False),
    ],
)
def test_a_protected_place_has_no_automated_sync(
    tmp_path: Path,
    at_fleet: dict[str, object],
    at_environment: dict[str, object],
    at_cluster: dict[str, object],
    *,
    automated: bool,
) -> None:
    files = fleets.model(
        fleet=at_fleet,
        environments={"dev": fleets.environment(fleets.cluster(**at_cluster), **at_environment)},
        apps={"web": fleets.app()},
    )
    fleet = fleets.load_files(tmp_path, files)
    assert fleets.cluster_of(fleet).sync.automated is automated
    assert fleets.release_of(fleet).sync.automated is automated
    assert fleets.release_of(fleet).parameters["automated"] == str(automated).lower()


@pytest.mark.parametrize(
    ("at_fleet", "at_environment", "at_cluster", "place"),
    [
        ({"protected": True, "sync": {"automated": True}}, {}, {}, "environments/fleet.yaml"),
        ({"protected": True}, {"sync": {"automated": True}}, {}, "environments/dev.yaml"),
        ({"protected": True}, {}, {"sync": {"automated": True}}, "environments/dev.yaml"),
        ({}, {"protected": True, "sync": {"automated": True}}, {}, "environments/dev.yaml"),
        ({}, {"protected": True}, {"sync": {"automated": True}}, "environments/dev.yaml"),
        ({}, {}, {"protected": True, "sync": {"automated": True}}, "environments/dev.yaml"),
    ],
)
def test_to_automate_where_or_nearer_than_it_is_protected_is_a_contradiction(
    tmp_path: Path,
    at_fleet: dict[str, object],
    at_environment: dict[str, object],
    at_cluster: dict[str, object],
    place: str,
) -> None:
    files = fleets.model(
        fleet=at_fleet, environments={"dev": fleets.environment(fleets.cluster(**at_cluster), **at_environment)}
    )
    with pytest.raises(ModelError) as caught:
        fleets.load_files(tmp_path, files)
    assert [(problem.code, problem.at.path) for problem in caught.value.problems] == [("protected-sync", place)]


def test_an_environment_is_protected_as_it_and_the_fleet_say_whatever_its_clusters_say(tmp_path: Path) -> None:
    files = fleets.model(
        fleet={"protected": True},
        environments={
            "dev": fleets.environment(fleets.cluster(1, protected=True), protected=False),
            "prod": fleets.environment(fleets.cluster(2, protected=False), account_id="222222222222"),
        },
    )
    fleet = fleets.load_files(tmp_path, files)
    assert {each.name: each.protected for each in fleet.environments} == {"dev": False, "prod": True}
    assert {each.name: each.protected for each in fleet.clusters} == {"shop-dev-use1": True, "shop-prod-use1": False}


# Environments.


def test_an_environment_is_called_as_its_file_and_so_are_its_project_and_its_secrets(tmp_path: Path) -> None:
    files = fleets.model(
        environments={
            "dev": fleets.environment(),
            "prod": fleets.environment(project="live", stage=3, secrets={"prefix": "live/eu"}),
        }
    )
    fleet = fleets.load_files(tmp_path, files)
    assert [(each.name, each.project, each.secret_prefix, each.stage) for each in fleet.environments] == [
        ("dev", "dev", "dev", 1),
        ("prod", "live", "live/eu", 3),
    ]


def test_no_environment_takes_the_project_that_argo_cd_comes_with(tmp_path: Path) -> None:
    files = fleets.model(environments={"dev": fleets.environment(project="default")})
    with pytest.raises(ModelError) as caught:
        fleets.load_files(tmp_path, files)
    assert [(problem.code, str(problem.at)) for problem in caught.value.problems] == [
        ("reserved-project", "environments/dev.yaml:2:10")
    ]


def test_environments_stand_by_stage_then_by_name_and_clusters_as_they_are_written(tmp_path: Path) -> None:
    def with_clusters(number: int, stage: int) -> fleets.Facts:
        written = [fleets.cluster(number + each, name=f"z{9 - each}-{number}") for each in range(2)]
        return fleets.environment(*written, stage=stage)

    files = fleets.model(
        environments={"a": with_clusters(1, 2), "c": with_clusters(11, 1), "b": with_clusters(21, 1)},
        apps={"y": fleets.app(), "x": fleets.app()},
    )
    fleet = fleets.load_files(tmp_path, files)
    assert [each.name for each in fleet.environments] == ["b", "c", "a"]
    names = ["z9-21", "z8-21", "z9-11", "z8-11", "z9-1", "z8-1"]
    assert [each.name for each in fleet.clusters] == names
    assert [each.name for each in fleet.apps] == ["x", "y"]
    assert [(each.app.name, each.cluster.name) for each in fleet.releases] == [(a, c) for a in "xy" for c in names]


# Names, regions, partitions.


@pytest.mark.parametrize(
    ("region", "code", "partition"),
    [
        ("us-east-1", "use1", "aws"),
        ("ap-southeast-2", "apse2", "aws"),
        ("cn-north-1", "cnn1", "aws-cn"),
        ("cn-northwest-1", "cnnw1", "aws-cn"),
        ("us-gov-west-1", "usgw1", "aws-us-gov"),
    ],
)
def test_a_cluster_is_called_by_the_fleet_the_environment_and_the_code_of_its_region(
    tmp_path: Path, region: str, code: str, partition: str
) -> None:
    fleet = fleets.load_files(
        tmp_path, fleets.model(environments={"dev": fleets.environment(fleets.cluster(region=region))})
    )
    cluster = fleets.cluster_of(fleet)
    assert (cluster.name, cluster.short_name) == (f"shop-dev-{code}", f"dev-{code}")
    assert (cluster.region.name, cluster.region.code, cluster.region.partition.name) == (region, code, partition)
    assert cluster.account.partition is cluster.region.partition


def test_a_stated_code_goes_before_the_rule_and_makes_a_new_region_possible(tmp_path: Path) -> None:
    files = fleets.model(
        fleet={"region_codes": {"us-east-1": "virginia", "eu-south-9": "eus9", "eusc-de-east-1": "de1"}},
        environments={
            "dev": fleets.environment(fleets.cluster(1), fleets.cluster(2, "eu-south-9")),
            "de": fleets.environment(fleets.cluster(3, "eusc-de-east-1"), account_id="222222222222"),
        },
    )
    fleet = fleets.load_files(tmp_path, files)
    assert [(each.name, each.region.partition.name) for each in fleet.clusters] == [
        ("shop-de-de1", "aws-eusc"),
        ("shop-dev-virginia", "aws"),
        ("shop-dev-eus9", "aws"),
    ]


@pytest.mark.parametrize(
    ("name", "short_name"),
    [
        ("shop-blue", "blue"),
        ("shop-shop-blue", "shop-blue"),
        ("blue", "blue"),
        ("shop", "shop"),
        ("shopping", "shopping"),
        ("other-shop-blue", "other-shop-blue"),
    ],
)
def test_the_short_name_is_the_name_without_the_leading_name_of_the_fleet(
    tmp_path: Path, name: str, short_name: str
) -> None:
    files = fleets.model(environments={"dev": fleets.environment(fleets.cluster(name=name))})
    cluster = fleets.cluster_of(fleets.load_files(tmp_path, files))
    assert (cluster.name, cluster.short_name) == (name, short_name)


@pytest.mark.parametrize(("length", "fits"), [(100, True), (101, False)])
def test_a_cluster_name_has_at_most_100_characters(tmp_path: Path, length: int, *, fits: bool) -> None:
    files = fleets.model(environments={"dev": fleets.environment(fleets.cluster(name="c" * length))})
    if fits:
        assert len(fleets.cluster_of(fleets.load_files(tmp_path, files)).name) == length
        return
    with pytest.raises(ModelError, match="cluster-name"):
        fleets.load_files(tmp_path, files)


@pytest.mark.parametrize(("length", "fits"), [(31, True), (32, False)])
def test_a_derived_cluster_name_is_held_to_the_limit_too(tmp_path: Path, length: int, *, fits: bool) -> None:
    files = fleets.model(
        fleet={"name": "f" * length}, environments={"e" * 63: fleets.environment(fleets.cluster(region="us-east-1"))}
    )
    if fits:
        assert len(fleets.cluster_of(fleets.load_files(tmp_path, files)).name) == 100
        return
    with pytest.raises(ModelError, match="cluster-name"):
        fleets.load_files(tmp_path, files)


# What a cluster reads and how it is reached.


def test_without_a_stated_region_each_cluster_reads_the_secrets_of_its_own(tmp_path: Path) -> None:
    files = fleets.model(
        environments={"dev": fleets.environment(fleets.cluster(1), fleets.cluster(2, "eu-west-1"))},
        fleet={"secrets": {"refresh_interval": "90m"}},
    )
    fleet = fleets.load_files(tmp_path, files)
    assert [(each.secrets_region, each.refresh_interval) for each in fleet.clusters] == [
        ("us-east-1", "1h30m0s"),
        ("eu-west-1", "1h30m0s"),
    ]


@pytest.mark.parametrize("stated", [True, False])
def test_a_cluster_with_an_endpoint_is_declared(tmp_path: Path, *, stated: bool) -> None:
    endpoint = {"server": "https://example.gr7.us-east-1.eks.amazonaws.com", "ca_data": "ZXhhbXBsZQ=="}
    files = fleets.model(environments={"dev": fleets.environment(fleets.cluster(**(endpoint if stated else {})))})
    cluster = fleets.cluster_of(fleets.load_files(tmp_path, files))
    assert cluster.is_declared is stated
    assert (cluster.server, cluster.ca_data) == ((endpoint["server"], endpoint["ca_data"]) if stated else (None, None))


def test_two_environments_may_share_an_account_if_neither_is_protected(tmp_path: Path) -> None:
    files = fleets.model(
        environments={"dev": fleets.environment(fleets.cluster(1)), "test": fleets.environment(fleets.cluster(2))}
    )
    first, second = fleets.load_files(tmp_path, files).clusters
    assert first.account is second.account


def test_an_account_of_a_protected_environment_is_shared_only_where_that_is_admitted(tmp_path: Path) -> None:
    def shared(**facts: object) -> fleets.Files:
        return fleets.model(
            environments={
                "dev": fleets.environment(fleets.cluster(1), **facts),
                "prod": fleets.environment(fleets.cluster(2), protected=True),
            }
        )

    with pytest.raises(ModelError, match="protected-account"):
        fleets.load_files(tmp_path, shared())
    for facts in ({"shares_account": True}, {"protected": True}):
        assert len(fleets.load_files(tmp_path, shared(**facts)).clusters) == 2


def test_owners_of_an_environment_replace_those_of_the_fleet(tmp_path: Path) -> None:
    environments = {
        "a": fleets.environment(fleets.cluster(1)),
        "b": fleets.environment(fleets.cluster(2), owners=["carol", "team:payments"], account_id="222233334444"),
        "c": fleets.environment(fleets.cluster(3), owners=None, account_id="333344445555"),
    }
    files = fleets.model(fleet={"owners": ["alice", "bob"]}, environments=environments)
    fleet = fleets.load_files(tmp_path, files)
    assert {each.name: each.owners for each in fleet.environments} == {
        "a": ("alice", "bob"),
        "b": ("carol", "team:payments"),
        "c": (),
    }


@pytest.mark.parametrize(
    ("first", "second", "fine"),
    [
        ("live", "test", True),
        ("live", "live-2", True),
        ("live", "live", False),
        ("live", "live/eu", False),
        ("live/eu", "live", False),
        ("live/eu", "live/us", True),
    ],
)
def test_prefixes_in_one_account_do_not_lie_in_each_other(
    tmp_path: Path, first: str, second: str, *, fine: bool
) -> None:
    def files(account: str) -> fleets.Files:
        return fleets.model(
            environments={
                "a": fleets.environment(fleets.cluster(1), secrets={"prefix": first}),
                "b": fleets.environment(fleets.cluster(2), secrets={"prefix": second}, account_id=account),
            }
        )

    assert len(fleets.load_files(tmp_path / "two accounts", files("222222222222")).clusters) == 2
    if fine:
        assert len(fleets.load_files(tmp_path, files(fleets.ACCOUNT)).clusters) == 2
        return
    with pytest.raises(ModelError, match="overlapping-prefix"):
        fleets.load_files(tmp_path, files(fleets.ACCOUNT))
