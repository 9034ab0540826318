"""App facts, each at every level where it can be stated: app < app in an environment < app on a cluster."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import pytest

from gitops_gen.model import ClusterResource, Source, Step, Sync
from gitops_gen.problems import ModelError
from gitops_gen.resolve.whole import LIST_LIMIT
from tests.resolve.states import State, outcome, states
from tests.tools import fleets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from gitops_gen.model import Fleet, Release

CHARTS = "https://charts.example.com"


class Fact(NamedTuple):
    """A fact: where it is stated, a value for the app, in the environment and on the cluster, and how it is read."""

    route: str
    values: tuple[object, object, object]
    default: Callable[[Release], object]
    read: Callable[[Release], object]
    with_null: bool = True


def is_true(_: Release) -> bool:
    return True


FACTS = {
    "secrets on": Fact("secrets_enabled", (False, True, False), is_true, lambda release: release.has_secrets),
    "secrets off": Fact("secrets_enabled", (True, False, True), is_true, lambda release: release.has_secrets),
    "automated": Fact("sync.automated", (False, True, False), is_true, lambda release: release.sync.automated),
    "not automated": Fact("sync.automated", (True, False, True), is_true, lambda release: release.sync.automated),
    "prune": Fact("sync.prune", (False, True, False), is_true, lambda release: release.sync.prune),
    "self_heal": Fact("sync.self_heal", (True, False, True), is_true, lambda release: release.sync.self_heal),
    "role": Fact(
        "role_name",
        ("of-app", "of-environment", "of-cluster"),
        lambda release: f"{release.cluster.name}-{release.app.name}-eso",
        lambda release: release.role_name,
    ),
    "interval": Fact(
        "refresh_interval",
        ("2h0m0s", "30m0s", "0s"),
        lambda _: "1h0m0s",
        lambda release: release.secrets.external_secrets[0].refresh_interval,
    ),
    "repository": Fact(
        "source.repo_url",
        (f"{CHARTS}/a.git", f"{CHARTS}/b.git", f"{CHARTS}/c.git"),
        lambda _: fleets.REPO,
        lambda release: release.source.repo_url,
        with_null=False,
    ),
    "path": Fact(
        "source.path", ("a", "b", "c"), lambda _: "charts/web", lambda release: release.source.path, with_null=False
    ),
    "revision": Fact(
        "source.revision", ("1", "2", "3"), lambda _: "main", lambda release: release.source.revision, with_null=False
    ),
}


def chain_fleet(root: Path, at_app: State, at_environment: tuple[State, ...], at_cluster: tuple[State, ...]) -> Fleet:
    """A fleet with an environment for each thing that can be said there, and in each a cluster for each thing."""
    numbers = list(product(range(len(at_environment)), range(len(at_cluster))))
    web = fleets.over(fleets.app(secrets=fleets.SECRETS, namespace="web"), at_app.facts)
    web["environments"] = {f"e{number}": state.facts for number, state in enumerate(at_environment)}
    web["clusters"] = {f"c{number}-{nearest}": at_cluster[nearest].facts for number, nearest in numbers}
    environments = {
        f"e{number}": fleets.environment(
            *(
                fleets.cluster(
                    100 * number + nearest, name=f"c{number}-{nearest}", account_id=f"{number:06}{nearest:06}"
                )
                for nearest in range(len(at_cluster))
            )
        )
        for number in range(len(at_environment))
    }
    elsewhere: dict[str, object] = {"gitops_repo": {"url": "https://git.example.com/elsewhere.git"}}
    return fleets.load_files(root, fleets.model(fleet=elsewhere, environments=environments, apps={"web": web}))


@pytest.mark.parametrize("name", FACTS)
def test_the_nearest_level_decides_and_null_brings_the_default_back(tmp_path: Path, name: str) -> None:
    fact = FACTS[name]
    levels = tuple(states(fact.route, value, with_null=fact.with_null) for value in fact.values)
    for at_app in levels[0]:
        fleet = chain_fleet(tmp_path, at_app, levels[1], levels[2])
        assert len(fleet.releases) == len(levels[1]) * len(levels[2])
        for release in fleet.releases:
            number, nearest = map(int, release.cluster.name[1:].split("-"))
            said = (at_app, levels[1][number], levels[2][nearest])
            assert fact.read(release) == outcome(said, fact.default(release)), said


def test_an_app_is_deployed_where_the_nearest_level_says_so(tmp_path: Path) -> None:
    for values in ((False, True, False), (True, False, True)):
        levels = tuple(states("deploy", value) for value in values)
        for at_app in levels[0]:
            fleet = chain_fleet(tmp_path, at_app, levels[1], levels[2])
            expected = {
                f"c{number}-{nearest}"
                for (number, middle), (nearest, last) in product(enumerate(levels[1]), enumerate(levels[2]))
                if outcome((at_app, middle, last), default=True)
            }
            assert {release.cluster.name for release in fleet.releases} == expected


# What an app is called.


def loaded(root: Path, **facts: object) -> Release:
    """The release of an app called web on one cluster."""
    files = fleets.model(environments={"dev": fleets.environment(fleets.cluster())}, apps={"web": fleets.app(**facts)})
    return fleets.release_of(fleets.load_files(root, files))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, ("web", "web")),
        ({"namespace": "shop"}, ("shop", "web")),
        ({"release_name": "front"}, ("web", "front")),
        ({"namespace": "shop", "release_name": "front.v2"}, ("shop", "front.v2")),
        ({"namespace": None, "release_name": None}, ("web", "web")),
    ],
)
def test_namespace_and_release_are_called_as_the_app_unless_they_are_stated(
    tmp_path: Path, facts: dict[str, object], expected: tuple[str, str]
) -> None:
    app = loaded(tmp_path, **facts).app
    assert (app.namespace, app.release_name) == expected
    assert (app.name, app.service_account, app.store) == ("web", "web-eso", "web-secrets-manager")


@pytest.mark.parametrize(("length", "fits"), [(53, True), (54, False)])
def test_an_app_and_a_release_have_at_most_53_characters(tmp_path: Path, length: int, *, fits: bool) -> None:
    name = "a" * length
    by_file = fleets.model(environments={"dev": fleets.environment(fleets.cluster())}, apps={name: fleets.app()})
    stated = fleets.model(
        environments={"dev": fleets.environment(fleets.cluster())}, apps={"web": fleets.app(release_name=name)}
    )
    for number, files in enumerate((by_file, stated)):
        if fits:
            (release,) = fleets.load_files(tmp_path / str(number), files).releases
            assert release.app.release_name == name
            assert len(release.app.service_account) <= 63
        else:
            with pytest.raises(ModelError, match="at most 53"):
                fleets.load_files(tmp_path / str(number), files)


def test_a_namespace_is_a_label_and_has_at_most_63_characters(tmp_path: Path) -> None:
    assert loaded(tmp_path, namespace="n" * 63).app.namespace == "n" * 63
    with pytest.raises(ModelError, match="at most 63"):
        loaded(tmp_path, namespace="n" * 64)


# Where its chart comes from.


def test_a_source_is_stated_in_parts_at_any_level(tmp_path: Path) -> None:
    files = fleets.model(
        environments={"dev": fleets.environment(fleets.cluster(1), fleets.cluster(2, "us-west-2"))},
        apps={
            "web": {
                "source": {"repo_url": fleets.REPO},
                "environments": {"dev": {"source": {"path": "charts/web"}}},
                "clusters": {
                    "shop-dev-use1": {"source": {"revision": "main"}},
                    "shop-dev-usw2": {"source": {"revision": "2", "repo_url": CHARTS}},
                },
            }
        },
    )
    assert [release.source for release in fleets.load_files(tmp_path, files).releases] == [
        Source(repo_url=fleets.REPO, path="charts/web", chart=None, revision="main"),
        Source(repo_url=CHARTS, path="charts/web", chart=None, revision="2"),
    ]


@pytest.mark.parametrize(
    "url", [fleets.REPO, fleets.REPO.replace("example/shop", "Example/Shop"), fleets.REPO.removesuffix(".git")]
)
def test_a_chart_beside_its_values_is_of_their_revision(tmp_path: Path, url: str) -> None:
    """Argo CD: "cannot reference a different revision of the same repository"."""
    source = {"repo_url": url, "path": "charts/web", "revision": "main"}
    assert loaded(tmp_path, source=source).source.revision == "main"
    with pytest.raises(ModelError) as caught:
        loaded(tmp_path, source=source, clusters={"shop-dev-use1": {"source": {"revision": "v1.4.2"}}})
    (problem,) = caught.value.problems
    assert problem.code == "chart-revision"
    assert problem.message == (
        "got revision v1.4.2 of the gitops repository, but the values for shop-dev-use1 are those of its main: "
        "Argo CD takes both at one revision only"
    )
    elsewhere = {**source, "repo_url": f"{CHARTS}/web.git", "revision": "v1.4.2"}
    assert loaded(tmp_path, source=elsewhere).source.revision == "v1.4.2"


def test_a_null_block_lets_a_nearer_level_state_another_source(tmp_path: Path) -> None:
    chart = {"path": None, "repo_url": CHARTS, "chart": "web", "revision": "1.0.0"}
    release = loaded(tmp_path, clusters={"shop-dev-use1": {"source": chart}})
    assert release.source == Source(repo_url=CHARTS, path=None, chart="web", revision="1.0.0")
    assert release.app.uses_chart
    with pytest.raises(ModelError, match="missing-source"):
        loaded(tmp_path, environments={"dev": {"source": None}})


OPERATOR = {"repo_url": "https://charts.external-secrets.io", "chart": "external-secrets"}


@pytest.mark.parametrize(
    ("at_environment", "at_cluster", "revision"),
    [({}, {}, "2.9.0"), ({"version": "2.8.0"}, {}, "2.8.0"), ({"version": "2.8.0"}, {"version": "0.18.0"}, "0.18.0")],
)
def test_the_chart_of_the_operator_has_the_version_that_the_place_states(
    tmp_path: Path, at_environment: dict[str, object], at_cluster: dict[str, object], revision: str
) -> None:
    files = fleets.model(
        environments={
            "dev": fleets.environment(fleets.cluster(external_secrets=at_cluster), external_secrets=at_environment)
        },
        apps={"operator": {"source": OPERATOR}},
    )
    release = fleets.release_of(fleets.load_files(tmp_path, files), "operator")
    assert release.app.is_operator
    assert release.source.revision == revision


def test_the_operator_may_say_its_version_again_but_no_other(tmp_path: Path) -> None:
    def operator(revision: str) -> Fleet:
        source = {**OPERATOR, "revision": revision}
        files = fleets.model(
            environments={"dev": fleets.environment(fleets.cluster())}, apps={"operator": {"source": source}}
        )
        return fleets.load_files(tmp_path, files)

    assert fleets.release_of(operator("2.9.0"), "operator").source.revision == "2.9.0"
    with pytest.raises(ModelError, match="operator-version"):
        operator("2.8.0")


def test_the_operator_without_a_version_in_the_model_states_its_own(tmp_path: Path) -> None:
    files = fleets.model(
        fleet={"external_secrets": None},
        environments={"dev": fleets.environment(fleets.cluster())},
        apps={"operator": {"source": {**OPERATOR, "revision": "2.7.0"}}},
    )
    assert fleets.release_of(fleets.load_files(tmp_path, files), "operator").source.revision == "2.7.0"


STATED_KIND = {"group": "example.com", "kind": "Widget"}
INSTALLED = (
    ClusterResource(group="apiextensions.k8s.io", kind="CustomResourceDefinition"),
    ClusterResource(group="rbac.authorization.k8s.io", kind="ClusterRole"),
    ClusterResource(group="rbac.authorization.k8s.io", kind="ClusterRoleBinding"),
    ClusterResource(group="admissionregistration.k8s.io", kind="ValidatingWebhookConfiguration"),
)


@pytest.mark.parametrize(
    ("source", "stated", "expected"),
    [
        (None, None, ()),
        (None, [STATED_KIND], (ClusterResource(group="example.com", kind="Widget"),)),
        (OPERATOR, None, INSTALLED),
        (OPERATOR, [], ()),
        (OPERATOR, [STATED_KIND], (ClusterResource(group="example.com", kind="Widget"),)),
    ],
)
def test_the_kinds_of_the_operator_are_known_unless_they_are_stated(
    tmp_path: Path, source: object, stated: object, expected: tuple[ClusterResource, ...]
) -> None:
    facts = {"source": source} if source else {}
    assert loaded(tmp_path, **facts, cluster_resources=stated).app.cluster_resources == expected


@pytest.mark.parametrize(
    ("version", "stated", "expected"),
    [
        ("0.18.2", None, ()),
        ("0.19.0", None, ("ServerSideApply=true",)),
        ("2.9.0", ["Replace=true"], ("Replace=true", "ServerSideApply=true")),
        ("2.9.0", ["ServerSideApply=false"], ("ServerSideApply=false",)),
        ("2.9.0", ["ServerSideApply=true"], ("ServerSideApply=true",)),
    ],
)
def test_an_operator_with_large_kinds_is_applied_on_the_server(
    tmp_path: Path, version: str, stated: object, expected: tuple[str, ...]
) -> None:
    files = fleets.model(
        fleet={"external_secrets": {"version": version}},
        environments={"dev": fleets.environment(fleets.cluster())},
        apps={"operator": {"source": OPERATOR, "sync_options": stated}, "web": fleets.app(sync_options=stated)},
    )
    fleet = fleets.load_files(tmp_path, files)
    app = fleets.release_of(fleet, "operator").app
    assert app.sync_options == expected
    assert app.needs_server_side_apply is ("ServerSideApply=true" in expected)
    assert fleets.release_of(fleet).app.sync_options == tuple(stated if isinstance(stated, list) else ())


# Sync.


@pytest.mark.parametrize("field", ["automated", "prune", "self_heal"])
@pytest.mark.parametrize(
    ("place", "app", "expected"),
    [(True, None, True), (True, False, False), (True, True, True), (False, None, False), (False, False, False)],
)
def test_an_app_may_tighten_what_its_place_says(
    tmp_path: Path, field: str, *, place: bool, app: bool | None, expected: bool
) -> None:
    files = fleets.model(
        environments={"dev": fleets.environment(fleets.cluster(), sync={field: place})},
        apps={"web": fleets.app(environments={"dev": {"sync": {field: app}}})},
    )
    release = fleets.release_of(fleets.load_files(tmp_path, files))
    assert getattr(release.sync, field) is expected
    others = dict.fromkeys(("automated", "prune", "self_heal"), True)
    assert release.sync == Sync(**{**others, field: expected})


@pytest.mark.parametrize("field", ["automated", "prune", "self_heal"])
def test_an_app_may_not_loosen_what_its_place_says(tmp_path: Path, field: str) -> None:
    files = fleets.model(
        environments={"dev": fleets.environment(fleets.cluster(), sync={field: False})},
        apps={"web": fleets.app(environments={"dev": {"sync": {field: True}}})},
    )
    with pytest.raises(ModelError) as caught:
        fleets.load_files(tmp_path, files)
    assert [problem.code for problem in caught.value.problems] == ["loosened-sync"]


# Rollout and parameters.

ALWAYS = ("application", "cluster", "environment", "region", "stage", "project", "revision")


@pytest.mark.parametrize(
    ("fleet", "app", "rollout"),
    [
        (None, None, "none"),
        ("rolling", None, "rolling"),
        ("none", "rolling", "rolling"),
        ("rolling", "none", "none"),
        (None, "rolling", "rolling"),
    ],
)
def test_the_rollout_is_that_of_the_app_else_that_of_the_fleet(
    tmp_path: Path, fleet: str | None, app: str | None, rollout: str
) -> None:
    files = fleets.model(
        fleet={"rollout": fleet} if fleet else {},
        environments={"dev": fleets.environment(fleets.cluster())},
        apps={"web": fleets.app(rollout=app)},
    )
    found = fleets.release_of(fleets.load_files(tmp_path, files)).app
    assert found.rollout == rollout
    assert found.parameters == (*ALWAYS, *(("automated", "prune", "selfHeal") if rollout == "none" else ("automated",)))


def test_a_rolling_rollout_goes_stage_by_stage_and_what_syncs_by_itself_goes_first(tmp_path: Path) -> None:
    environments = {
        "dev": fleets.environment(
            fleets.cluster(1, name="a"), fleets.cluster(2, name="b", sync={"automated": False}), stage=1
        ),
        "test": fleets.environment(fleets.cluster(3, name="c"), stage=1),
        "prod": fleets.environment(fleets.cluster(4, name="d"), stage=10, protected=True, account_id="222222222222"),
        "later": fleets.environment(fleets.cluster(5, name="e"), stage=2),
    }
    files = fleets.model(environments=environments, apps={"web": fleets.app(rollout="rolling")})
    app = fleets.release_of(fleets.load_files(tmp_path, files), cluster="a").app
    assert app.steps == (
        Step(stage=1, automated=True),
        Step(stage=1, automated=False),
        Step(stage=2, automated=True),
        Step(stage=10, automated=False),
    )


@pytest.mark.parametrize(
    ("second", "more"),
    [
        ({}, ()),
        ({"repo_url": CHARTS, "revision": "2"}, ("repoURL",)),
        ({"repo_url": CHARTS}, ("repoURL",)),
        ({"path": "other"}, ("chartPath",)),
        ({"repo_url": CHARTS, "path": "other"}, ("repoURL", "chartPath")),
    ],
)
def test_what_differs_between_releases_becomes_a_parameter(
    tmp_path: Path, second: dict[str, object], more: tuple[str, ...]
) -> None:
    files = fleets.model(
        environments={"dev": fleets.environment(fleets.cluster(1), fleets.cluster(2, "us-west-2"))},
        apps={"web": fleets.app(clusters={"shop-dev-usw2": {"source": second}})},
    )
    releases = fleets.load_files(tmp_path, files).releases
    names = (*ALWAYS, *more, "automated", "prune", "selfHeal")
    assert releases[0].app.parameters == names
    assert [tuple(release.parameters) for release in releases] == [names, names]
    last = releases[1].parameters
    assert {name: last[name] for name in more} == {
        name: second[field] for name, field in (("repoURL", "repo_url"), ("chartPath", "path")) if name in more
    }
    assert last["revision"] == second.get("revision", "main")


def test_charts_that_differ_become_a_parameter(tmp_path: Path) -> None:
    files = fleets.model(
        environments={"dev": fleets.environment(fleets.cluster(1), fleets.cluster(2, "us-west-2"))},
        apps={"web": fleets.chart_app("one", clusters={"shop-dev-usw2": {"source": {"chart": "two"}}})},
    )
    releases = fleets.load_files(tmp_path, files).releases
    assert [release.parameters["chart"] for release in releases] == ["one", "two"]
    assert "chartPath" not in releases[0].parameters
    assert releases[0].app.uses_chart


def test_a_folder_on_one_cluster_and_a_chart_on_another_are_two_apps(tmp_path: Path) -> None:
    chart = {"path": None, "chart": "web", "repo_url": CHARTS}
    files = fleets.model(
        environments={"dev": fleets.environment(fleets.cluster(1), fleets.cluster(2, "us-west-2"))},
        apps={"web": fleets.app(clusters={"shop-dev-usw2": {"source": chart}})},
    )
    with pytest.raises(ModelError, match="mixed-source"):
        fleets.load_files(tmp_path, files)


# List or git.


@pytest.mark.parametrize("generator", ["list", "git"])
def test_a_stated_generator_holds_for_every_app(tmp_path: Path, generator: str) -> None:
    files = fleets.model(
        fleet={"argocd": {"generator": generator}},
        environments={"dev": fleets.environment(fleets.cluster())},
        apps={"web": fleets.app()},
    )
    assert fleets.release_of(fleets.load_files(tmp_path, files)).app.generator == generator


def many(count: int, /, **facts: object) -> fleets.Files:
    """A fleet with one app on many clusters."""
    entries = [fleets.cluster(number, name=f"cluster-{number:04}") for number in range(count)]
    return fleets.model(environments={"dev": fleets.environment(*entries)}, apps={"web": fleets.app(**facts)})


def elements(fleet: Fleet) -> int:
    """The bytes of the list elements, as client-side apply keeps them."""
    return sum(len(json.dumps(release.parameters, separators=(",", ":"))) + 1 for release in fleet.releases)


def test_an_app_turns_to_git_when_its_list_would_grow_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def generator(root: Path, clusters: int) -> str:
        return fleets.load_files(root, many(clusters)).apps[0].generator

    two = elements(fleets.load_files(tmp_path / "two", many(2)))
    # What is counted is a little more than what the elements are, and never less.
    monkeypatch.setattr("gitops_gen.resolve.whole.LIST_LIMIT", two - 1)
    assert generator(tmp_path / "a", 2) == "git"
    monkeypatch.setattr("gitops_gen.resolve.whole.LIST_LIMIT", two + 100)
    assert generator(tmp_path / "b", 2) == "list"
    assert generator(tmp_path / "c", 3) == "git"


LONG = {"repo_url": f"{CHARTS}/{'r' * 200}", "path": "p" * 100, "revision": "1"}
OTHER = {"cluster-0000": {"source": {"repo_url": CHARTS, "path": "other"}}}


@pytest.mark.parametrize("facts", [{}, {"source": LONG, "clusters": OTHER}])
def test_a_list_is_kept_while_its_elements_fit_and_no_longer(tmp_path: Path, facts: dict[str, object]) -> None:
    def large(clusters: int) -> Fleet:
        return fleets.load_files(tmp_path, many(clusters, **facts))

    kept, given_up = 200, 1000
    while given_up - kept > 1:
        middle = (kept + given_up) // 2
        kept, given_up = (middle, given_up) if large(middle).apps[0].generator == "list" else (kept, middle)
    assert LIST_LIMIT * 0.85 < elements(large(kept)) <= LIST_LIMIT
    assert large(given_up).apps[0].generator == "git"


def test_each_app_turns_to_git_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gitops_gen.resolve.whole.LIST_LIMIT", 500)
    files = many(3)
    files["environments/apps/few.yaml"] = fleets.app(deploy=False, clusters={"cluster-0000": {"deploy": True}})
    assert {app.name: app.generator for app in fleets.load_files(tmp_path, files).apps} == {"few": "list", "web": "git"}
