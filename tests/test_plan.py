"""Which files a run makes, for whom, what a template sees, and what a selection takes."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

import pytest

from gitops_gen.artifacts import load_specs
from gitops_gen.load import load
from gitops_gen.plan import Plan, Selection, make_plan
from gitops_gen.problems import Location, Problem, TemplateError
from gitops_gen.targets import Target, Targets
from gitops_gen.templating.templates import Templates
from tests.tools import fleets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from gitops_gen.model import Fleet

# `web` runs everywhere, `db` on one cluster of dev, `off` nowhere; `bare` has no cluster.
FLEET = fleets.model(
    environments={
        "dev": fleets.environment(
            fleets.cluster(1), fleets.cluster(2, "us-west-2"), fleets.cluster(3, "eu-west-1", account_id="222222222222")
        ),
        "prod": fleets.environment(fleets.cluster(4), account_id="333333333333", stage=2),
        "bare": fleets.environment(stage=3),
    },
    apps={
        "web": fleets.app(values={"a": 1}, clusters={"shop-dev-use1": {"values": {"b": 2}}}),
        "db": fleets.app(deploy=False, clusters={"shop-dev-usw2": {"deploy": True}}),
        "off": fleets.app(deploy=False),
    },
)
DEV = ("shop-dev-use1", "shop-dev-usw2", "shop-dev-euw1")
PROD = ("shop-prod-use1",)
ALL = (*DEV, *PROD)


@pytest.fixture
def fleet(tmp_path: Path) -> Fleet:
    return fleets.load_files(tmp_path, FLEET)


def seen(target: Target, fleet: Fleet) -> dict[str, object]:
    """What a target is, in names: itself, its clusters, and its releases as app@cluster."""
    context = target.context(fleet)
    names = {
        "environment": target.environment and target.environment.name,
        "region": target.region and target.region.name,
        "account": target.account and target.account.id,
        "cluster": target.cluster and target.cluster.name,
        "app": target.app and target.app.name,
    }
    assert {name for name, found in names.items() if found} == context.keys() & names.keys()
    return {
        **{name: found for name, found in names.items() if found},
        "clusters": tuple(each.name for each in target.clusters),
        "releases": tuple(f"{each.app.name}@{each.cluster.name}" for each in target.releases),
    }


def on(clusters: Iterable[str], *apps: str) -> tuple[str, ...]:
    """The releases of these clusters as a target has them: cluster by cluster, apps by name."""
    return tuple(f"{app}@{each}" for each in clusters for app in apps if app != "db" or each == "shop-dev-usw2")


def test_without_a_dimension_there_is_one_file_for_the_fleet(fleet: Fleet) -> None:
    (target,) = Targets(fleet).of(frozenset())
    assert seen(target, fleet) == {"clusters": ALL, "releases": on(ALL, "db", "web")}
    assert target.route == fleet.route


def test_each_environment_has_a_file_even_without_clusters(fleet: Fleet) -> None:
    targets = list(Targets(fleet).of(frozenset({"environment"})))
    assert [seen(target, fleet) for target in targets] == [
        {"environment": "dev", "clusters": DEV, "releases": on(DEV, "db", "web")},
        {"environment": "prod", "clusters": PROD, "releases": on(PROD, "web")},
        {"environment": "bare", "clusters": (), "releases": ()},
    ]
    assert [target.route.path for target in targets] == [
        f"environments/{name}.yaml" for name in ("dev", "prod", "bare")
    ]


def test_each_region_has_a_file_with_the_clusters_of_every_environment(fleet: Fleet) -> None:
    east = ("shop-dev-use1", "shop-prod-use1")
    targets = list(Targets(fleet).of(frozenset({"region"})))
    assert [seen(target, fleet) for target in targets] == [
        {"region": "us-east-1", "clusters": east, "releases": on(east, "web")},
        {"region": "us-west-2", "clusters": DEV[1:2], "releases": on(DEV[1:2], "db", "web")},
        {"region": "eu-west-1", "clusters": DEV[2:], "releases": on(DEV[2:], "web")},
    ]


def test_each_account_has_a_file(fleet: Fleet) -> None:
    targets = list(Targets(fleet).of(frozenset({"account"})))
    assert [seen(target, fleet) for target in targets] == [
        {"account": fleets.ACCOUNT, "clusters": DEV[:2], "releases": on(DEV[:2], "db", "web")},
        {"account": "222222222222", "clusters": DEV[2:], "releases": on(DEV[2:], "web")},
        {"account": "333333333333", "clusters": PROD, "releases": on(PROD, "web")},
    ]
    assert [target.route for target in targets] == [target.account and target.account.route for target in targets]


def test_each_cluster_has_a_file_and_knows_where_it_stands(fleet: Fleet) -> None:
    targets = list(Targets(fleet).of(frozenset({"cluster"})))
    assert [seen(target, fleet) for target in targets] == [
        {
            "cluster": each.name,
            "environment": each.environment.name,
            "region": each.region.name,
            "account": each.account.id,
            "clusters": (each.name,),
            "releases": on((each.name,), "db", "web"),
        }
        for each in fleet.clusters
    ]
    assert [target.route for target in targets] == [each.route for each in fleet.clusters]


def test_each_app_has_a_file_with_its_releases(fleet: Fleet) -> None:
    targets = list(Targets(fleet).of(frozenset({"app"})))
    assert [seen(target, fleet) for target in targets] == [
        {"app": "db", "clusters": ("shop-dev-usw2",), "releases": ("db@shop-dev-usw2",)},
        {"app": "off", "clusters": (), "releases": ()},
        {"app": "web", "clusters": ALL, "releases": on(ALL, "web")},
    ]
    assert [target.route.path for target in targets] == [
        f"environments/apps/{app}.yaml" for app in ("db", "off", "web")
    ]


def test_an_app_has_a_file_for_each_environment_where_it_is_deployed(fleet: Fleet) -> None:
    targets = list(Targets(fleet).of(frozenset({"app", "environment"})))
    assert [seen(target, fleet) for target in targets] == [
        {"app": "db", "environment": "dev", "clusters": DEV[1:2], "releases": on(DEV[1:2], "db")},
        {"app": "web", "environment": "dev", "clusters": DEV, "releases": on(DEV, "web")},
        {"app": "web", "environment": "prod", "clusters": PROD, "releases": on(PROD, "web")},
    ]
    assert {target.route.path for target in targets} == {"environments/apps/db.yaml", "environments/apps/web.yaml"}


def test_an_app_has_a_file_for_each_region_and_account_where_it_has_a_release(fleet: Fleet) -> None:
    regions = [seen(target, fleet) for target in Targets(fleet).of(frozenset({"app", "region"}))]
    assert [(each["app"], each["region"], each["clusters"]) for each in regions] == [
        ("db", "us-west-2", DEV[1:2]),
        ("web", "us-east-1", ("shop-dev-use1", "shop-prod-use1")),
        ("web", "us-west-2", DEV[1:2]),
        ("web", "eu-west-1", DEV[2:]),
    ]
    accounts = [seen(target, fleet) for target in Targets(fleet).of(frozenset({"app", "account"}))]
    assert [(each["app"], each["account"], each["clusters"]) for each in accounts] == [
        ("db", fleets.ACCOUNT, DEV[1:2]),
        ("web", fleets.ACCOUNT, DEV[:2]),
        ("web", "222222222222", DEV[2:]),
        ("web", "333333333333", PROD),
    ]


def test_an_app_has_a_file_for_each_cluster_where_it_is_deployed(fleet: Fleet) -> None:
    targets = list(Targets(fleet).of(frozenset({"app", "cluster"})))
    assert [(each.app and each.app.name, each.cluster and each.cluster.name) for each in targets] == [
        ("db", "shop-dev-usw2"),
        *(("web", name) for name in ALL),
    ]
    assert [target.release for target in targets] == [target.releases[0] for target in targets]
    assert all(len(target.releases) == len(target.clusters) == 1 for target in targets)


# What a template sees.

ALWAYS = {"fleet", "clusters", "releases"}
PLACES = {"environment", "region", "account", "cluster"}


@pytest.mark.parametrize(
    ("for_each", "names"),
    [
        ((), set()),
        (("environment",), {"environment"}),
        (("region",), {"region"}),
        (("account",), {"account"}),
        (("cluster",), PLACES),
        (("app",), {"app"}),
        (("app", "environment"), {"app", "environment", "values"}),
        (("app", "region"), {"app", "region"}),
        (("app", "account"), {"app", "account"}),
        (("app", "cluster"), {"app", "release", "values", *PLACES}),
    ],
)
def test_a_template_sees_the_names_that_apply_and_no_others(
    fleet: Fleet, for_each: tuple[str, ...], names: set[str]
) -> None:
    for target in Targets(fleet).of(frozenset(for_each)):
        context = target.context(fleet)
        assert context.keys() == ALWAYS | names
        assert context["fleet"] is fleet
        assert context["clusters"] is target.clusters
        assert context["releases"] is target.releases


def test_values_are_those_of_the_environment_or_of_the_release(fleet: Fleet) -> None:
    of_environment = [target.values for target in Targets(fleet).of(frozenset({"app", "environment"}))]
    assert of_environment == [{}, {"a": 1}, {"a": 1}]
    of_release = [target.values for target in Targets(fleet).of(frozenset({"app", "cluster"}))]
    assert of_release == [{}, {"b": 2}, {}, {}, {}]


@pytest.mark.parametrize(
    ("for_each", "names"),
    [
        ((), ["the fleet"]),
        (("environment",), ["dev", "prod", "bare"]),
        (("region",), ["us-east-1", "us-west-2", "eu-west-1"]),
        (("account",), [fleets.ACCOUNT, "222222222222", "333333333333"]),
        (("cluster",), list(ALL)),
        (("app",), ["db", "off", "web"]),
        (("app", "environment"), ["db on dev", "web on dev", "web on prod"]),
        (("app", "cluster"), ["db on shop-dev-usw2", *(f"web on {name}" for name in ALL)]),
        (("app", "region"), ["db on us-west-2", "web on us-east-1", "web on us-west-2", "web on eu-west-1"]),
    ],
)  # fmt: skip
def test_a_target_has_a_name_for_messages(fleet: Fleet, for_each: tuple[str, ...], names: list[str]) -> None:
    assert [str(target) for target in Targets(fleet).of(frozenset(for_each))] == names


# The plan.

EVERYTHING = Selection()


def plan_of(root: Path, *entries: Mapping[str, object], selection: Selection = EVERYTHING) -> Plan:
    """The plan of these entries alone; each needs a name, a path and perhaps for_each and when."""
    full = [{"template": "note.j2", "format": "yaml", **entry} for entry in entries]
    fleets.write(root, {**FLEET, "templates/artifacts.yaml": full, "templates/note.j2": ""})
    own = {str(entry["name"]) for entry in entries}
    specs = [spec for spec in load_specs(root) if spec.name in own]
    return make_plan(load(root), specs, Templates(root), selection)


def problems_of(root: Path, *entries: Mapping[str, object]) -> list[tuple[str, str]]:
    with pytest.raises(TemplateError) as caught:
        plan_of(root, *entries)
    for problem in caught.value.problems:
        assert problem.at.path == "templates/artifacts.yaml"
        assert problem.at.line > 0
        assert problem.hint
    return [(problem.code, problem.message) for problem in caught.value.problems]


def test_a_plan_has_the_files_spec_by_spec_and_says_why_one_is_not_made(tmp_path: Path) -> None:
    plan = plan_of(
        tmp_path,
        {"name": "b", "for_each": "environment", "path": "b/<%= environment.name %>", "when": "clusters"},
        {"name": "a", "path": "a"},
    )
    assert [(each.path, each.spec.name, str(each.target)) for each in plan.artifacts] == [
        ("b/dev", "b", "dev"),
        ("b/prod", "b", "prod"),
        ("a", "a", "the fleet"),
    ]
    assert [(str(skip.target), skip.reason) for skip in plan.skips] == [("bare", "clusters is false")]
    assert plan.left_out == ()


@pytest.mark.parametrize("path", ["a", "a/b.yaml", "A1._@+=-/...", "a/.b", "a" * 1024, "/".join("a" * 500)])
def test_a_safe_path_is_planned(tmp_path: Path, path: str) -> None:
    assert [each.path for each in plan_of(tmp_path, {"name": "a", "path": path}).artifacts] == [path]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/a", "is absolute, expected a path below output/"),
        ("output/a", "starts with output/, which stands before each path anyway"),
        ("..", "leaves output/"),
        ("a/../../b", "leaves output/"),
        ("a/..", "leaves output/"),
        (".", "is no path of letters, digits and ._@+=- joined by single slashes"),
        ("./a", "is no path of letters, digits and ._@+=- joined by single slashes"),
        ("a//b", "is no path of letters, digits and ._@+=- joined by single slashes"),
        ("a/", "is no path of letters, digits and ._@+=- joined by single slashes"),
        ("a b", "is no path of letters, digits and ._@+=- joined by single slashes"),
        ("a\\b", "is no path of letters, digits and ._@+=- joined by single slashes"),
        ("a:b", "is no path of letters, digits and ._@+=- joined by single slashes"),
        ("é", "is no path of letters, digits and ._@+=- joined by single slashes"),
        ("a\n", "is no path of letters, digits and ._@+=- joined by single slashes"),
        ("<%= '' %>", "is no path of letters, digits and ._@+=- joined by single slashes"),
        ("a" * 1025, "has 1025 characters, expected at most 1024"),
        (".git/config", "would be read by git or by gitops-gen itself"),
        ("a/.gitattributes", "would be read by git or by gitops-gen itself"),
        (".gitops-gen-staging/a", "would be read by git or by gitops-gen itself"),
    ],
)
def test_a_path_that_is_not_safe_is_refused(tmp_path: Path, path: str, reason: str) -> None:
    shown = repr("" if path.startswith("<%") else path)
    assert problems_of(tmp_path, {"name": "a", "path": path}) == [
        ("artifact-path", f"{shown} (for the fleet) {reason}")
    ]


def test_two_entries_with_one_path_point_at_the_second_one(tmp_path: Path) -> None:
    with pytest.raises(TemplateError) as caught:
        plan_of(tmp_path, {"name": "a", "path": "x/File"}, {"name": "b", "path": "x/file"})
    (problem,) = caught.value.problems
    (related,) = problem.related
    assert (problem.code, problem.message) == ("duplicate-path", "x/file is made by a and by b")
    assert problem.at > related.at
    assert related.message == "it is made here already"


def test_an_entry_whose_path_does_not_tell_its_targets_apart_is_told_once(tmp_path: Path) -> None:
    assert problems_of(tmp_path, {"name": "a", "for_each": "cluster", "path": "same"}) == [
        ("duplicate-path", "same stands for shop-dev-use1 and for shop-dev-usw2")
    ]


@pytest.mark.parametrize("paths", [("x", "x/y"), ("x/y", "x"), ("x/Y/z", "x/y")])
def test_a_file_where_another_entry_has_a_folder_is_refused(tmp_path: Path, paths: tuple[str, str]) -> None:
    file, inner = sorted(paths, key=len)
    assert problems_of(tmp_path, {"name": "a", "path": paths[0]}, {"name": "b", "path": paths[1]}) == [
        ("artifact-path", f"{file} is a file here, and a folder for {inner}")
    ]


def test_every_problem_of_a_plan_is_told_at_once(tmp_path: Path) -> None:
    found = problems_of(
        tmp_path,
        {"name": "a", "path": "/a"},
        {"name": "b", "path": "<%= nothing %>"},
        {"name": "c", "path": "c", "when": "nothing"},
        {"name": "d", "path": "d", "template": "nothing.j2"},
        {"name": "e", "path": "e"},
        {"name": "f", "path": "e"},
    )
    assert [code for code, _ in found] == [
        "artifact-path",
        "template-undefined",
        "template-undefined",
        "template-not-found",
        "duplicate-path",
    ]


def test_a_name_that_does_not_apply_is_undefined_in_a_path(tmp_path: Path) -> None:
    fleets.write(tmp_path, FLEET)
    with pytest.raises(TemplateError) as caught:
        plan_of(tmp_path, {"name": "a", "for_each": "environment", "path": "<%= cluster.name %>"})
    (problem,) = caught.value.problems
    assert problem == Problem(problem.code, "path: 'cluster' is undefined", problem.at, problem.hint)
    assert problem.at != Location("templates/artifacts.yaml")


# What a selection takes.

ENTRIES = (
    {"name": "fleet", "path": "fleet"},
    {"name": "region", "for_each": "region", "path": "region/<%= region.name %>"},
    {"name": "account", "for_each": "account", "path": "account/<%= account.id %>"},
    {"name": "environment", "for_each": "environment", "path": "environment/<%= environment.name %>"},
    {"name": "cluster", "for_each": "cluster", "path": "cluster/<%= cluster.name %>"},
    {"name": "app", "for_each": "app", "path": "app/<%= app.name %>"},
    {"name": "values", "for_each": ["app", "environment"], "path": "values/<%= app.name %>/<%= environment.name %>"},
    {"name": "release", "for_each": ["app", "cluster"], "path": "release/<%= app.name %>/<%= cluster.name %>"},
)
EAST, WEST, EUROPE, PRODUCTION = ALL


def selection(environments: str = "", clusters: str = "", apps: str = "") -> Selection:
    return Selection(frozenset(environments.split()), frozenset(clusters.split()), frozenset(apps.split()))


@pytest.mark.parametrize(
    ("limits", "taken"),
    [
        (
            selection("dev"),
            {
                "region/us-west-2", "region/eu-west-1",  # no other environment is there
                "account/111122223333", "account/222222222222",
                "environment/dev",
                f"cluster/{EAST}", f"cluster/{WEST}", f"cluster/{EUROPE}",
                "values/web/dev", "values/db/dev",
                f"release/web/{EAST}", f"release/web/{WEST}", f"release/web/{EUROPE}", f"release/db/{WEST}",
            },
        ),
        (
            selection("prod"),
            {"account/333333333333", "environment/prod", f"cluster/{PRODUCTION}", "values/web/prod",
             f"release/web/{PRODUCTION}"},
        ),
        # An environment without clusters is its own; nothing else lies in it.
        (selection("bare"), {"environment/bare"}),
        # A cluster: its own files, and what no other cluster shares with it.
        (
            selection(clusters=WEST),
            {"region/us-west-2", f"cluster/{WEST}", "values/db/dev", f"release/web/{WEST}", f"release/db/{WEST}"},
        ),
        # The only cluster of an environment is all of it.
        (
            selection(clusters=PRODUCTION),
            {"account/333333333333", "environment/prod", f"cluster/{PRODUCTION}", "values/web/prod",
             f"release/web/{PRODUCTION}"},
        ),
        # Both: the clusters must be in one of the environments too.
        (selection("dev", PRODUCTION), set()),
        (
            selection("dev", f"{WEST} {PRODUCTION}"),
            {"region/us-west-2", f"cluster/{WEST}", "values/db/dev", f"release/web/{WEST}", f"release/db/{WEST}"},
        ),
        # An app: every file of its own and nothing that holds other apps.
        (
            selection(apps="web"),
            {"app/web", "values/web/dev", "values/web/prod",
             *(f"release/web/{name}" for name in ALL)},
        ),
        (selection(apps="db"), {"app/db", "values/db/dev", f"release/db/{WEST}"}),
        (selection(apps="off"), {"app/off"}),
        # An app in an environment: not its file for the fleet, which spans the others.
        (selection("prod", apps="web"), {"values/web/prod", f"release/web/{PRODUCTION}"}),
        (selection("dev", apps="db"), {"values/db/dev", f"release/db/{WEST}"}),
        (selection(clusters=EAST, apps="web"), {f"release/web/{EAST}"}),
        (selection(clusters=EAST, apps="db"), set()),
    ],
)  # fmt: skip
def test_a_selection_takes_what_lies_wholly_within_it(tmp_path: Path, limits: Selection, taken: set[str]) -> None:
    plan = plan_of(tmp_path, *ENTRIES, selection=limits)
    assert {each.path for each in plan.artifacts} == taken


def test_a_selection_of_every_environment_or_cluster_takes_all_that_has_a_cluster(tmp_path: Path) -> None:
    everything = plan_of(tmp_path, *ENTRIES)
    by_environment = plan_of(tmp_path, *ENTRIES, selection=selection("dev prod bare"))
    paths = {each.path for each in everything.artifacts}
    assert paths - {each.path for each in by_environment.artifacts} == set()
    by_cluster = plan_of(tmp_path, *ENTRIES, selection=selection(clusters=" ".join(ALL)))
    assert paths - {each.path for each in by_cluster.artifacts} == {"environment/bare"}


def test_without_a_selection_everything_is_taken(tmp_path: Path) -> None:
    assert not Selection()
    assert plan_of(tmp_path, *ENTRIES).left_out == ()


def test_what_is_not_taken_is_left_out_and_together_they_are_the_whole_plan(tmp_path: Path) -> None:
    everything = plan_of(tmp_path, *ENTRIES)
    for environments, clusters, apps in product(("", "dev", "prod bare"), ("", WEST), ("", "web")):
        limits = selection(environments, clusters, apps)
        plan = plan_of(tmp_path, *ENTRIES, selection=limits)
        assert bool(limits) == bool(environments or clusters or apps)
        taken, left_out = [each.path for each in plan.artifacts], [each.path for each in plan.left_out]
        order = [each.path for each in everything.artifacts]
        assert sorted(taken + left_out, key=order.index) == order
        assert taken == sorted(taken, key=order.index)
        assert left_out == sorted(left_out, key=order.index)


def test_a_file_that_is_taken_has_all_that_it_has_in_a_whole_run(tmp_path: Path) -> None:
    everything = {each.path: each.target for each in plan_of(tmp_path, *ENTRIES).artifacts}
    for limits in (selection("dev"), selection(clusters=WEST), selection(apps="web")):
        for each in plan_of(tmp_path, *ENTRIES, selection=limits).artifacts:
            assert each.target == everything[each.path]
