"""The values of a release and the schema of its chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import BY_HAND, application
from tests.checks.trees import MARK, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "chart-values"
VALUES = "environments/production/apps/myapp/values.yaml"


def chart(schema: str, first: str = "{}\n", second: str = "{}\n") -> dict[str, str]:
    """Returns a repository with a chart that has a schema, and an Application that gives it two values files."""
    helm = "        valueFiles: [/values/a.yaml, /values/b.yaml]\n"
    return {
        **BY_HAND,
        "apps/web.yaml": application(values=helm),
        "charts/web/Chart.yaml": "name: web\n",
        "charts/web/values.schema.json": schema,
        "values/a.yaml": first,
        "values/b.yaml": second,
    }


def test_a_value_of_another_type_is_found_in_its_file() -> None:
    assert found_in_six_clusters(CODE, VALUES, ("replicaCount: 4", "replicaCount: four")) == [
        (
            "output/environments/production/apps/myapp/values.yaml:2:15: error: the chart "
            "examples/charts/myapp refuses replicaCount: got string, expected integer\n"
            "hint: write what values.schema.json of the chart allows"
        ),
    ]


def test_a_key_with_a_typo_is_found() -> None:
    assert found_in_six_clusters(CODE, VALUES, ("replicaCount: 4", "replicaCounts: 4")) == [
        (
            "output/environments/production/apps/myapp/values.yaml:2:16: error: the chart "
            "examples/charts/myapp refuses replicaCounts: there is no value replicaCounts\n"
            "hint: write what values.schema.json of the chart allows"
        ),
    ]


def test_an_item_of_a_list_is_found() -> None:
    assert found_in_six_clusters(CODE, VALUES, ("reload: true", "reload: sometimes")) == [
        (
            "output/environments/production/apps/myapp/values.yaml:9:15: error: the chart "
            "examples/charts/myapp refuses externalSecrets.secrets.0.reload: got string, expected boolean\n"
            "hint: write what values.schema.json of the chart allows"
        ),
    ]


def test_a_null_takes_the_default_away() -> None:
    assert found_in_six_clusters(CODE, VALUES, ("replicaCount: 4", "replicaCount: null")) == [
        (
            "output/environments/production/apps/myapp/values.yaml:2:15: error: the chart "
            "examples/charts/myapp refuses replicaCount: it is missing\n"
            "hint: write what values.schema.json of the chart allows"
        ),
    ]


def test_who_gives_a_chart_no_other_value_is_named(tmp_path: Path) -> None:
    files = {
        **chart('{"properties": {"region": {"minLength": 1}}}', second="region: eu-west-1\n"),
        "charts/web/values.yaml": 'region: ""\n',
    }
    assert found(tmp_path, files, CODE) == []
    assert found(tmp_path, {"values/b.yaml": "{}\n"}, CODE) == [
        (
            "charts/web/values.yaml:1:9: error: the chart charts/web refuses region: got 0 characters, expected at "
            "least 1\n"
            "hint: write what values.schema.json of the chart allows\n"
            "apps/web.yaml:15:7: web gives it no other value here"
        ),
    ]


def test_what_the_chart_needs_and_nobody_states_is_found(tmp_path: Path) -> None:
    files = chart('{"required": ["image"]}')
    assert found(tmp_path, files, CODE) == [
        (
            "apps/web.yaml:15:7: error: the chart charts/web refuses image: it is missing\n"
            "hint: write what values.schema.json of the chart allows"
        ),
    ]


def test_at_another_revision_the_chart_may_take_it(tmp_path: Path) -> None:
    files = chart('{"required": ["image"]}')
    files["apps/web.yaml"] = files["apps/web.yaml"].replace("targetRevision: main", "targetRevision: web-1.0.0")
    assert found(tmp_path, files, CODE) == [
        (
            "apps/web.yaml:15:7: note: the chart charts/web refuses image: it is missing, as it is here; Argo CD reads "
            "it at web-1.0.0\n"
            "hint: check out that revision, and verify it"
        ),
    ]


def test_a_later_file_decides(tmp_path: Path) -> None:
    files = chart('{"properties": {"a": {"type": "integer"}}}', first="a: x\n", second="a: 1\n")
    assert found(tmp_path, files, CODE) == []


def test_a_list_replaces_a_list(tmp_path: Path) -> None:
    files = chart('{"properties": {"a": {"maxItems": 1}}}', first="a: [1]\n", second="a: [2]\n")
    assert found(tmp_path, files, CODE) == []


def test_what_an_item_lacks_is_found_in_the_list_that_replaces_the_other(tmp_path: Path) -> None:
    schema = '{"properties": {"a": {"items": {"required": ["x"]}}}}'
    (told,) = found(tmp_path, chart(schema, "a: [{x: 1}]\n", "b: 1\na: [{y: 1}]\n"), CODE)
    assert told.startswith("values/b.yaml:2:5: error: the chart charts/web refuses a.0.x: it is missing")


def test_with_parameters_nothing_is_said(tmp_path: Path) -> None:
    files = chart('{"required": ["image"]}')
    files["apps/web.yaml"] += "        parameters: [{name: image, value: x}]\n"
    assert found(tmp_path, files, CODE) == []


def test_a_chart_without_a_schema_takes_everything(tmp_path: Path) -> None:
    files = chart("{}")
    del files["charts/web/values.schema.json"]
    assert found(tmp_path, files, CODE) == []


def test_what_readers_of_yaml_disagree_on_is_what_helm_takes_it_for(tmp_path: Path) -> None:
    schema = '{"properties": {"mode": {"type": "integer"}, "on": {"type": "boolean"}, "name": {"type": "string"}}}'
    assert found(tmp_path, chart(schema, "mode: 0440\n'on': yes\nname: a\n"), CODE) == []
    assert found(tmp_path, chart(schema, "mode: 0440\n'on': yes\nname: no\n"), CODE) == [
        (
            "values/a.yaml:3:7: error: the chart charts/web refuses name: got boolean, expected string\n"
            "hint: write what values.schema.json of the chart allows"
        ),
    ]


@pytest.mark.parametrize(("text", "got"), [("[]", "a list"), ("- a: 1", "a list"), ("replicas 2", "one value")])
def test_a_values_file_that_is_no_map_is_found_with_any_chart(tmp_path: Path, text: str, got: str) -> None:
    files = {**chart("{}", first=text), "charts/web/values.schema.json": ""}
    assert found(tmp_path, files, CODE) == [
        (
            f"values/a.yaml:1:1: error: web reads the values file values/a.yaml: got {got}, expected a map, and Helm "
            "refuses it\n"
            "hint: write keys and values; {} where there are none\n"
            "apps/web.yaml:19:22: it is read here"
        )
    ]


@pytest.mark.parametrize(("mark", "severity", "line"), [("", "note", 3), (MARK, "error", 4)])
def test_what_stands_behind_the_first_document_of_a_values_file_is_told(
    tmp_path: Path, mark: str, severity: str, line: int
) -> None:
    files = {**chart("{}", first=f"{mark}a: 1\n---\nb: 2\n"), "charts/web/values.schema.json": ""}
    assert found(tmp_path, files, CODE) == [
        (
            f"values/a.yaml:{line}:1: {severity}: web reads the values file values/a.yaml, which has several "
            "documents: Helm 4 lays each over the one before it, and Helm 3, which Argo CD has before 3.5, reads the "
            "first only\n"
            "hint: make one document of them\n"
            "apps/web.yaml:19:22: it is read here"
        )
    ]


def test_each_document_of_a_values_file_is_laid_over_the_one_before(tmp_path: Path) -> None:
    schema = '{"properties": {"a": {"type": "string"}}}'
    told, _ = found(tmp_path, chart(schema, "a: x\n---\na: 1\n"), CODE)
    assert told.startswith("values/a.yaml:3:4: error: the chart charts/web refuses a: got integer, expected string")
    (told,) = found(tmp_path, chart(schema, "a: 1\n---\na: x\n"), CODE)
    assert told.startswith("values/a.yaml:3:1: note: web reads the values file values/a.yaml")


def test_each_document_of_the_values_of_a_chart_is_laid_over_the_one_before(tmp_path: Path) -> None:
    schema = '{"properties": {"a": {"type": "string"}}}'
    files = chart(schema) | {"charts/web/values.yaml": "a: x\n---\na: 1\n"}
    (told,) = found(tmp_path, files, CODE)
    assert told.startswith("charts/web/values.yaml:3:4: error: the chart charts/web refuses a: got integer")
    assert found(tmp_path, files | {"charts/web/values.yaml": "a: 1\n---\na: x\n"}, CODE) == []


@pytest.mark.parametrize("text", ["", "# nothing", "null", "{}", '"{{ values }}"', "a: 1\n---\n"])
def test_a_values_file_that_says_nothing_is_fine(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, {**chart("{}", first=text), "charts/web/values.schema.json": ""}, CODE) == []


def test_the_schema_and_the_values_of_a_chart_at_the_root_of_its_repository_are_read(tmp_path: Path) -> None:
    files = {
        "apps/web.yaml": application(path="."),
        "Chart.yaml": "apiVersion: v2\nname: web\nversion: 0.1.0\n",
        "values.yaml": "replicas: three\n",
        "values.schema.json": '{"properties": {"replicas": {"type": "integer"}}}',
    }
    assert found(tmp_path, files, CODE) == [
        (
            "values.yaml:1:11: error: the chart . refuses replicas: got string, expected integer\n"
            "hint: write what values.schema.json of the chart allows\n"
            "apps/web.yaml:12:7: web gives it no other value here"
        ),
    ]
