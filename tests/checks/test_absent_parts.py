"""A chart that needs one of a repository, which is not on disk: its own templates are rendered and judged without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.test_chart_rendering import CHART, graph, tree
from tests.checks.trees import found
from tests.tools.helm import requires_helm

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = requires_helm
WEB = "charts/web/Chart.yaml"
NEEDED = "name: redis, version: 1.x, repository: https://charts.example.com"
NEEDS = "the chart charts/web needs redis, which is not in its charts/ until helm dependency build has run"


def umbrella(values: str = "        releaseName: web\n", needed: str = NEEDED, **files: str) -> dict[str, str]:
    """The repository kept by hand, with a chart that needs another one of a repository."""
    return tree(values, **{WEB: f"{CHART[WEB]}dependencies: [{{{needed}}}]\n"}, **files)


def brought(root: Path, files: dict[str, str]) -> tuple[list[str], list[str]]:
    """Returns what the chart brings, and what nobody can say of it; nothing is wrong with it."""
    assert found(root, files, "chart-rendering") == []
    read = graph(root)
    told = [each.reason for each in read.elsewhere if "charts/web" in each.reason]
    return [str(each) for each in read.rendered], told


def test_its_own_templates_are_rendered_and_only_the_other_chart_is_not_known(tmp_path: Path) -> None:
    assert brought(tmp_path, umbrella()) == (["Deployment web"], [NEEDS])
    (web,) = (each for each in graph(tmp_path).deployments if each.application.name == "web")
    assert (len(web.charts), web.unseen) == (1, ())


def test_several_that_are_needed_are_named_together(tmp_path: Path) -> None:
    told = "the chart charts/web needs redis, mail, which are not in its charts/ until helm dependency build has run"
    needed = f"{NEEDED}}}, {{{NEEDED.replace('redis', 'mail')}"
    assert brought(tmp_path, umbrella(needed=needed)) == (["Deployment web"], [told])


def test_what_is_wrong_in_its_own_templates_is_told(tmp_path: Path) -> None:
    values = "        valuesObject: {account: web-eso, redis: {anything: 1}}\n"
    (got,) = found(tmp_path, umbrella(values), "store-service-account")
    assert got.startswith("charts/web/templates/deployment.yaml:10:27: warning: Deployment web runs as web-eso")

    broken = {"charts/web/templates/deployment.yaml": "a: {{ .Values.none.first }}\n"}
    (got,) = found(tmp_path, umbrella(**broken), "chart-rendering")
    assert got.startswith("charts/web/templates/deployment.yaml:1:14: error: Helm refuses the chart charts/web of web")


def test_one_that_the_values_switch_off_brings_nothing_that_is_not_known(tmp_path: Path) -> None:
    needed = f"{NEEDED}, condition: redis.enabled"
    reading = {"charts/web/templates/map.yaml": "kind: A\napiVersion: v1\nmetadata: {name: '{{ .Values.redis }}'}\n"}
    off, on = (f"        valuesObject: {{redis: {{enabled: {each}}}}}\n" for each in ("false", "true"))
    assert brought(tmp_path, umbrella(off, needed, **reading)) == (["Deployment web", "A map[enabled:false]"], [])
    assert brought(tmp_path, umbrella(on, needed, **reading)) == (
        ["Deployment web"],
        [f"{NEEDS}, and asks for what is in it in templates/map.yaml"],
    )
    assert brought(tmp_path, umbrella(needed=needed)) == (
        ["Deployment web"],
        [f"{NEEDS}, and asks for what is in it in templates/map.yaml"],
    )


@pytest.mark.parametrize(
    "asking",
    [
        "{{ .Values.redis }}",
        '{{ index .Values "redis" }}',
        "{{ $all := .Values }}{{ $all.redis }}",
        "{{ .Subcharts.redis }}",
        "{{ tpl .Values.account . }}",
    ],
)
def test_a_template_that_asks_for_what_is_in_it_is_not_known(tmp_path: Path, asking: str) -> None:
    asks = {"charts/web/templates/map.yaml": f"kind: A\napiVersion: v1\nmetadata: {{name: {asking}}}\n"}
    assert brought(tmp_path, umbrella(**asks)) == (
        ["Deployment web"],
        [f"{NEEDS}, and asks for what is in it in templates/map.yaml"],
    )


@pytest.mark.parametrize(
    "asking", ['{{ include "redis.name" . }}', "{{ .Values.db.port }}", '{{ $a := "b" }}{{ include $a . }}']
)
def test_where_helm_refuses_a_template_for_want_of_it_nothing_is_known(tmp_path: Path, asking: str) -> None:
    asks = {"charts/web/templates/map.yaml": f"kind: A\napiVersion: v1\nmetadata: {{name: {asking}}}\n"}
    assert brought(tmp_path, umbrella(needed=f"{NEEDED}, alias: db", **asks)) == ([], [NEEDS])


def test_what_its_schema_wants_of_the_other_chart_is_not_known(tmp_path: Path) -> None:
    schema = {"charts/web/values.schema.json": '{"properties": {"redis": {"required": ["port"]}}}'}
    values = "        valuesObject: {redis: {enabled: true}}\n"
    assert brought(tmp_path, umbrella(values, **schema)) == ([], [NEEDS])


@pytest.mark.parametrize(
    ("needed", "files"),
    [
        (f"{NEEDED}, import-values: [data]", {}),
        (
            f"{NEEDED}}}, {{name: other, version: 1.x, repository: https://charts.example.com",
            {"charts/web/charts/other/Chart.yaml": "apiVersion: v2\nname: other\nversion: 1.0.0\n"},
        ),
    ],
)
def test_nothing_is_known_where_its_values_are_those_of_the_other_or_some_is_there(
    tmp_path: Path, needed: str, files: dict[str, str]
) -> None:
    assert brought(tmp_path, umbrella(needed=needed, **files)) == ([], [NEEDS])
