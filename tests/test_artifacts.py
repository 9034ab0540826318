"""The list of what is produced: the stock entries, the user's own over them, and what makes an entry unusable."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.artifacts import ArtifactSpec, load_specs, stock_templates
from gitops_gen.problems import Location, Problem, Related, Route, TemplateError
from gitops_gen.source import Source
from tests.tools import fleets

if TYPE_CHECKING:
    from pathlib import Path

ARTIFACTS = "templates/artifacts.yaml"
STOCK = tuple(spec.name for spec in load_specs(stock_templates().parent))
ENTRY = {"name": "note", "template": "note.j2", "path": "note", "format": "yaml"}


def specs(root: Path, *entries: object) -> dict[str, ArtifactSpec]:
    fleets.write(root, {ARTIFACTS: list(entries)})
    return {spec.name: spec for spec in load_specs(root)}


def problems(root: Path, *entries: object) -> tuple[Problem, ...]:
    with pytest.raises(TemplateError) as caught:
        specs(root, *entries)
    return caught.value.problems


def test_without_an_own_list_the_stock_one_holds(tmp_path: Path) -> None:
    assert tuple(spec.name for spec in load_specs(tmp_path)) == STOCK
    assert load_specs(tmp_path) == load_specs(stock_templates().parent)


def test_the_stock_list_has_every_file_of_a_release_and_for_what_it_is_made() -> None:
    made = {spec.name: (set(spec.for_each), spec.format) for spec in load_specs(stock_templates().parent)}
    assert made == made | {
        "applicationset": ({"app"}, "yaml"),
        "release-parameters": ({"app", "cluster"}, "yaml"),
        "project": ({"environment"}, "yaml"),
        "cluster-secret": ({"cluster"}, "yaml"),
        "environment-values": ({"app", "environment"}, "yaml"),
        "release-values": ({"app", "cluster"}, "yaml"),
        "secrets": ({"app", "cluster"}, "yaml"),
        "tfvars": ({"cluster"}, "hcl"),
    }


def test_a_list_whose_name_ends_otherwise_is_told(tmp_path: Path) -> None:
    fleets.write(tmp_path, {"templates/artifacts.yml": [ENTRY]})
    with pytest.raises(TemplateError) as caught:
        load_specs(tmp_path)
    assert caught.value.problems == (
        Problem(
            "file-name",
            "is not read: it ends in .yml",
            Location("templates/artifacts.yml"),
            "rename it to templates/artifacts.yaml",
        ),
    )


@pytest.mark.parametrize("name", ["artifact.yaml", "artefacts.yaml"])
def test_a_slip_in_the_name_of_the_list_is_told(tmp_path: Path, name: str) -> None:
    fleets.write(tmp_path, {f"templates/{name}": [ENTRY]})
    with pytest.raises(TemplateError) as caught:
        load_specs(tmp_path)
    assert caught.value.problems == (
        Problem(
            "file-name",
            "is not read: the list of artifacts is templates/artifacts.yaml",
            Location(f"templates/{name}"),
            "rename it to templates/artifacts.yaml",
        ),
    )
    fleets.write(tmp_path, {"templates/artifacts.yaml": [ENTRY]})
    assert load_specs(tmp_path)


def test_own_entries_come_after_the_stock_ones(tmp_path: Path) -> None:
    assert tuple(specs(tmp_path, ENTRY)) == (*STOCK, "note")


def test_one_file_for_the_fleet_is_for_each_none_or_nothing(tmp_path: Path) -> None:
    found = specs(tmp_path, ENTRY, {**ENTRY, "name": "other", "for_each": "none"})
    assert found["note"].for_each == found["other"].for_each == frozenset()


def test_an_own_entry_with_a_stock_name_takes_the_place_of_the_stock_one(tmp_path: Path) -> None:
    found = specs(tmp_path, ENTRY, {**ENTRY, "name": "project", "path": "own"})
    assert tuple(found) == (*STOCK, "note")
    assert found["project"] == ArtifactSpec(
        name="project",
        for_each=frozenset(),
        template="note.j2",
        path="own",
        format="yaml",
        when=None,
        route=Route(ARTIFACTS, (1,)),
        source=Source(ARTIFACTS, (tmp_path / ARTIFACTS).read_text(encoding="utf-8")),
    )
    assert found["tfvars"].path.startswith("environments/")


@pytest.mark.parametrize(
    ("for_each", "expected"),
    [
        ([], set()),
        ("app", {"app"}),
        (["app"], {"app"}),
        ("cluster", {"cluster"}),
        (["app", "cluster"], {"app", "cluster"}),
        (["cluster", "app"], {"app", "cluster"}),
        (["app", "app"], {"app"}),
        (["environment", "app"], {"app", "environment"}),
        ("region", {"region"}),
        (["account"], {"account"}),
    ],
)
def test_an_entry_is_for_one_dimension_perhaps_with_app(tmp_path: Path, for_each: object, expected: set[str]) -> None:
    assert specs(tmp_path, {**ENTRY, "for_each": for_each})["note"].for_each == expected


def test_an_entry_for_nothing_is_for_the_fleet(tmp_path: Path) -> None:
    assert specs(tmp_path, ENTRY)["note"].for_each == frozenset()


@pytest.mark.parametrize(
    ("when", "expected"), [(None, None), ("releases", "releases"), (True, "true"), (False, "false"), ("false", "false")]
)
def test_a_condition_is_text_or_a_plain_true_or_false(tmp_path: Path, when: object, expected: str | None) -> None:
    assert specs(tmp_path, {**ENTRY, "when": when})["note"].when == expected


@pytest.mark.parametrize("for_each", [["cluster", "environment"], ["app", "region", "account"]])
def test_two_places_are_refused_since_one_follows_from_the_other(tmp_path: Path, for_each: list[str]) -> None:
    (problem,) = problems(tmp_path, {**ENTRY, "for_each": for_each})
    assert (problem.code, problem.message, problem.hint) == (
        "for-each",
        f"got {', '.join(sorted(for_each))}, expected one of them, or one with app",
        "the others follow from it: a cluster has one environment",
    )
    assert str(problem.at).startswith(f"{ARTIFACTS}:")


def test_a_name_that_stands_twice_points_at_the_second_one(tmp_path: Path) -> None:
    text = (
        "- {name: note, template: a, path: a, format: yaml}\n"
        "- {name: other, template: a, path: b, format: yaml}\n"
        "- {name: note, template: a, path: c, format: yaml}\n"
    )
    fleets.write(tmp_path, {ARTIFACTS: text})
    with pytest.raises(TemplateError) as caught:
        load_specs(tmp_path)
    source = Source(ARTIFACTS, text)
    assert caught.value.problems == (
        Problem(
            "duplicate-artifact",
            "note stands twice",
            source.locate((2, "name")),
            "rename one",
            related=(Related(source.locate((0, "name")), "it stands here already"),),
        ),
    )
    assert str(source.locate((2, "name"))) == f"{ARTIFACTS}:3:10"


def test_an_unknown_format_is_told_with_those_that_there_are(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, {**ENTRY, "format": "json"})
    assert (problem.code, problem.message) == ("unknown-format", "got 'json', expected one of yaml, hcl, markdown")


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({**ENTRY, "name": "Note"}, "wrong-value"),
        ({**ENTRY, "name": "1"}, "wrong-value"),
        ({**ENTRY, "for_each": "clusters"}, "wrong-value"),
        ({**ENTRY, "template": ""}, "wrong-value"),
        ({**ENTRY, "path": ""}, "wrong-value"),
        ({**ENTRY, "when": ""}, "wrong-value"),
        ({**ENTRY, "foreach": "cluster"}, "unknown-key"),
        ({key: value for key, value in ENTRY.items() if key != "path"}, "missing-key"),
        ({**ENTRY, "path": 1}, "unquoted-string"),
        ({**ENTRY, "path": ["a"]}, "wrong-type"),
        ("note", "wrong-type"),
    ],
)
def test_an_entry_that_is_none_says_where(tmp_path: Path, entry: object, code: str) -> None:
    found = problems(tmp_path, entry)
    assert [problem.code for problem in found] == [code]
    assert found[0].at.path == ARTIFACTS
    assert found[0].at.line > 0


@pytest.mark.parametrize("text", ["a: 1\n", "note\n", "", "- [\n"])
def test_a_list_that_is_none_is_an_error_of_templates(tmp_path: Path, text: str) -> None:
    fleets.write(tmp_path, {ARTIFACTS: text})
    with pytest.raises(TemplateError):
        load_specs(tmp_path)


def test_all_problems_are_told_at_once_and_in_order(tmp_path: Path) -> None:
    entries = [
        {**ENTRY, "format": "json"},
        {**ENTRY, "for_each": ["cluster", "region"]},
        {**ENTRY, "name": "other", "format": "xml"},
    ]
    assert [problem.code for problem in problems(tmp_path, *entries)] == [
        "unknown-format",
        "duplicate-artifact",
        "for-each",
        "unknown-format",
    ]


def test_an_empty_list_adds_nothing(tmp_path: Path) -> None:
    assert tuple(specs(tmp_path)) == STOCK
