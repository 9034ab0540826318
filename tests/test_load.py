"""Model files read from disk: which ones, in which order, and how they become a fleet."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gitops_gen.entries import AppEntry, EnvironmentEntry, FleetEntry
from gitops_gen.load import load, load_with_warnings, read_model
from gitops_gen.problems import Location, ModelError, Problem, Severity
from tests.tools import fleets

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FILES = fleets.model(
    environments={
        "production": fleets.environment(fleets.cluster(1), stage=2),
        "dev": fleets.environment(fleets.cluster(2)),
    },
    apps={"web": fleets.app(), "api": fleets.chart_app()},
)


def problems_of(run: Callable[[], object]) -> tuple[Problem, ...]:
    with pytest.raises(ModelError) as caught:
        run()
    return caught.value.problems


def test_every_file_is_read_and_its_name_is_the_name(tmp_path: Path) -> None:
    written = read_model(fleets.write(tmp_path, FILES))
    assert (written.fleet.name, written.fleet.entry.name) == ("fleet", "shop")
    assert [each.name for each in written.environments] == ["dev", "production"]
    assert [each.name for each in written.apps] == ["api", "web"]
    assert vars(written.fleet.entry).keys() >= FleetEntry.model_fields.keys()
    assert all(vars(each.entry).keys() >= EnvironmentEntry.model_fields.keys() for each in written.environments)
    assert all(vars(each.entry).keys() >= AppEntry.model_fields.keys() for each in written.apps)
    assert {path: source.path for path, source in written.sources.items()} == {path: path for path in FILES}
    assert [(each.name, each.stage) for each in load(tmp_path).environments] == [("dev", 1), ("production", 2)]


def test_a_fleet_without_environments_and_apps_is_one(tmp_path: Path) -> None:
    fleet = load(fleets.write(tmp_path, fleets.model()))
    assert (fleet.environments, fleet.apps) == ((), ())


@pytest.mark.parametrize("name", ["waivers.yaml", "notes.txt", "README.md", ".hidden", "dev.yaml.bak", "dev"])
def test_other_files_under_environments_are_not_read(tmp_path: Path, name: str) -> None:
    fleets.write(tmp_path, {**FILES, f"environments/{name}": "}: no model", f"environments/apps/{name}x": "}: none"})
    assert load_with_warnings(tmp_path).warnings == ()


def test_folders_under_environments_are_not_looked_into(tmp_path: Path) -> None:
    fleets.write(tmp_path, {**FILES, "environments/more/dev.yaml": "}", "environments/apps/more/web.yaml": "}"})
    assert len(load(tmp_path).apps) == 2


def test_the_order_in_which_files_are_made_makes_no_difference(tmp_path: Path) -> None:
    first = load(fleets.write(tmp_path / "first", FILES))
    second = load(fleets.write(tmp_path / "second", dict(reversed(FILES.items()))))
    assert first == second


def test_the_form_in_which_yaml_is_written_makes_no_difference(tmp_path: Path) -> None:
    text = (
        "# a comment\n"
        'account_id: &account "111122223333"\n'
        "stage: 2\n"
        "clusters:\n"
        f"  - {{region: us-east-1, oidc_id: '{fleets.oidc_id(1)}', account_id: *account}}\n"
    )
    flow = fleets.environment(fleets.cluster(1, account_id=fleets.ACCOUNT), stage=2)
    first = load(fleets.write(tmp_path / "a", fleets.model(environments={"dev": flow})))
    second = load(fleets.write(tmp_path / "b", {**fleets.model(), "environments/dev.yaml": text}))
    assert first.environments == second.environments
    assert [each.name for each in first.clusters] == [each.name for each in second.clusters]
    assert first.clusters[0].account.id == second.clusters[0].account.id == "111122223333"


def test_a_byte_order_mark_and_windows_line_ends_make_no_difference(tmp_path: Path) -> None:
    expected = load(fleets.write(tmp_path / "a", FILES))
    for path, value in FILES.items():
        file = tmp_path / "b" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"\xef\xbb\xbf" + json.dumps(value, indent=2).replace("\n", "\r\n").encode())
    assert load(tmp_path / "b") == expected


def test_files_that_are_linked_inside_of_the_project_are_read(tmp_path: Path) -> None:
    fleets.write(tmp_path, {**FILES, "shared/base.yaml": fleets.environment(fleets.cluster(9))})
    (tmp_path / "environments/test.yaml").symlink_to(tmp_path / "shared/base.yaml")
    assert [each.name for each in load(tmp_path).environments] == ["dev", "test", "production"]


# Texts that are not written yet.


def test_a_text_that_is_not_written_yet_stands_for_the_file(tmp_path: Path) -> None:
    fleets.write(tmp_path, FILES)
    text = fleets.as_yaml(fleets.environment(fleets.cluster(2), fleets.cluster(3, "us-west-2")))
    texts = {"environments/dev.yaml": text}
    assert len(load_with_warnings(tmp_path, texts).fleet.clusters) == 3
    assert len(load(tmp_path).clusters) == 2
    assert read_model(tmp_path, texts).sources["environments/dev.yaml"].text == text


def test_what_is_wrong_in_such_a_text_is_located_in_it(tmp_path: Path) -> None:
    fleets.write(tmp_path, FILES)
    (problem,) = problems_of(lambda: read_model(tmp_path, {"environments/dev.yaml": "stage: 1\nstages: 2\n"}))
    assert (problem.code, problem.at) == ("unknown-key", Location("environments/dev.yaml", 2, 1))


# Problems: each stage tells all of its own.


def test_all_files_are_read_before_anything_is_told(tmp_path: Path) -> None:
    files = {
        "environments/fleet.yaml": "name: shop\n",
        "environments/dev.yaml": "stage: one\n",
        "environments/Bad_name.yaml": "stage: 1\n",
        "environments/prod.yml": "stage: 1\n",
        "environments/apps/web.yaml": "namespace: [\n",
    }
    fleets.write(tmp_path, files)
    assert [(each.code, each.at.path) for each in problems_of(lambda: load(tmp_path))] == [
        ("file-name", "environments/Bad_name.yaml"),
        ("invalid-yaml", "environments/apps/web.yaml"),
        ("wrong-type", "environments/dev.yaml"),
        ("missing-key", "environments/fleet.yaml"),
        ("missing-key", "environments/fleet.yaml"),
        ("file-name", "environments/prod.yml"),
    ]


UNREAD = "is not read: only what stands directly in environments/ and in environments/apps/ is"
MOVE = "move an environment to environments/, an app to environments/apps/, and what is neither out of environments/"


def unread(path: str) -> Problem:
    return Problem("misplaced-file", UNREAD, Location(path), MOVE, severity=Severity.WARNING)


def test_a_file_of_a_folder_that_nobody_reads_is_warned_of(tmp_path: Path) -> None:
    fleets.write(tmp_path, FILES)
    (tmp_path / "environments/production").mkdir()
    (tmp_path / "environments/production.yaml").rename(tmp_path / "environments/production/production.yaml")
    (tmp_path / "environments/apps/shop").mkdir()
    (tmp_path / "environments/apps/shop/cart.yml").write_text("source: {}\n")

    loaded = load_with_warnings(tmp_path)

    assert [each.name for each in loaded.fleet.environments] == ["dev"]
    assert loaded.warnings == (
        unread("environments/apps/shop/cart.yml"),
        unread("environments/production/production.yaml"),
    )


@pytest.mark.parametrize("name", ["Apps", "app", "aps"])
def test_a_folder_that_is_meant_for_the_apps_is_refused_since_all_of_them_would_be_gone(
    tmp_path: Path, name: str
) -> None:
    fleets.write(tmp_path, FILES)
    (tmp_path / "environments/apps").rename(tmp_path / f"environments/{name}")

    assert problems_of(lambda: load(tmp_path)) == (
        Problem(
            "misplaced-file",
            "is not read: apps stand in environments/apps/",
            Location(f"environments/{name}"),
            "rename it to environments/apps",
        ),
    )


def test_it_is_told_beside_what_is_missing_without_it(tmp_path: Path) -> None:
    web = fleets.app(environments={"production": {"deploy": False}})
    fleets.write(tmp_path, FILES | fleets.model(apps={"web": web}))
    (tmp_path / "environments/production").mkdir()
    (tmp_path / "environments/production.yaml").rename(tmp_path / "environments/production/production.yaml")

    missing, misplaced = problems_of(lambda: load(tmp_path))

    assert (missing.code, misplaced) == ("unknown-environment", unread("environments/production/production.yaml"))


def test_folders_of_other_tools_and_other_files_are_no_part_of_the_model(tmp_path: Path) -> None:
    fleets.write(tmp_path, FILES)
    for path in ("environments/.idea/workspace.yaml", "environments/notes/README.md", "environments/OWNERS"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("a: 1\n")

    assert load_with_warnings(tmp_path).warnings == ()


def test_an_app_in_the_place_of_an_environment_is_told_once_and_so_is_the_reverse(tmp_path: Path) -> None:
    fleets.write(tmp_path, FILES)
    (tmp_path / "environments/apps/web.yaml").rename(tmp_path / "environments/web.yaml")
    (tmp_path / "environments/dev.yaml").rename(tmp_path / "environments/apps/dev.yaml")

    assert problems_of(lambda: load(tmp_path)) == (
        Problem(
            "misplaced-file",
            "has the keys of an environment, but stands in another place",
            Location("environments/apps/dev.yaml"),
            "move it to environments/dev.yaml",
        ),
        Problem(
            "misplaced-file",
            "has the keys of an app, but stands in another place",
            Location("environments/web.yaml"),
            "move it to environments/apps/web.yaml",
        ),
    )


def test_files_are_not_resolved_together_while_one_is_not_sound(tmp_path: Path) -> None:
    clusters = [fleets.cluster(1), fleets.cluster(1)]
    files = fleets.model(environments={"dev": fleets.environment(*clusters)}, apps={"web": {"nothing": 1}})
    assert [each.code for each in problems_of(lambda: load(fleets.write(tmp_path, files)))] == ["unknown-key"]
    del files["environments/apps/web.yaml"]
    (tmp_path / "environments/apps/web.yaml").unlink()
    found = problems_of(lambda: load(fleets.write(tmp_path, files)))
    assert [each.code for each in found] == ["duplicate-cluster", "duplicate-oidc-id"]


def test_a_warning_stops_nothing_and_is_kept(tmp_path: Path) -> None:
    files = fleets.model(
        environments={"dev": fleets.environment(fleets.cluster())},
        apps={"web": fleets.app(secrets={"a-secret": {"keys": {"A": "a"}}})},
    )
    loaded = load_with_warnings(fleets.write(tmp_path, files))
    assert [each.code for each in loaded.warnings] == ["secret-path-end"]
    assert len(loaded.fleet.releases) == 1
    assert loaded.written.fleet.entry.name == "shop"


@pytest.mark.parametrize("name", ["default", "Dev", "dev_1", "-dev", "d" * 64])
def test_an_environment_that_cannot_be_called_so_is_refused(tmp_path: Path, name: str) -> None:
    fleets.write(tmp_path, {**FILES, f"environments/{name}.yaml": fleets.environment()})
    (problem,) = problems_of(lambda: load(tmp_path))
    assert (problem.code, problem.at) == ("file-name", Location(f"environments/{name}.yaml"))


@pytest.mark.parametrize("name", ["Web", "web_1", "a.b", "w" * 54])
def test_an_app_that_cannot_be_called_so_is_refused(tmp_path: Path, name: str) -> None:
    fleets.write(tmp_path, {**FILES, f"environments/apps/{name}.yaml": fleets.app()})
    (problem,) = problems_of(lambda: load(tmp_path))
    assert (problem.code, problem.at) == ("file-name", Location(f"environments/apps/{name}.yaml"))


@pytest.mark.parametrize("name", ["d", "d" * 63, "1", "apps"])
def test_an_environment_may_be_called_as_a_label(tmp_path: Path, name: str) -> None:
    fleets.write(tmp_path, {**FILES, f"environments/{name}.yaml": fleets.environment()})
    assert name in {each.name for each in load(tmp_path).environments}
