"""Values whose key has a slip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.by_hand import application
from tests.checks.trees import found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "chart-values"
DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: {{ .Values.replicaCount }}
  template:
    spec:
      containers:
        - image: "{{ .Values.image.repository }}:{{ .Values.image.tag }}"
          resources: {{- toYaml .Values.resources | nindent 12 }}
"""
OWN = "replicaCount: 1\nimage: {repository: web, tag: '1'}\nresources: {limits: {}}\n"


def tree(given: str = "{}\n", own: str = OWN, template: str = DEPLOYMENT, **more: str) -> dict[str, str]:
    """Returns a chart, and an Application that gives it a values file."""
    files = {
        "apps/web.yaml": application(values="        valueFiles: [/values/dev.yaml]\n"),
        "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
        "charts/web/values.yaml": own,
        "charts/web/templates/web.yaml": template,
        "values/dev.yaml": given,
        "manifests/a.yaml": "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\n",
    }
    return {**files, **{path.replace("__", "/"): text for path, text in more.items()}}


@pytest.mark.parametrize(
    ("given", "place", "path", "meant"),
    [
        ("replicaCounts: 3\n", "1:1", "replicaCounts", "replicaCount"),
        ("image:\n  repositry: x\n", "2:3", "image.repositry", "repository"),
    ],
)
def test_a_value_that_no_template_reads_is_found_beside_the_one_that_is_meant(
    tmp_path: Path, given: str, place: str, path: str, meant: str
) -> None:
    assert found(tmp_path, tree(given), CODE) == [
        (
            f"values/dev.yaml:{place}: warning: no template of the chart charts/web reads the value {path}\n"
            f"hint: did you mean {meant}?"
        ),
    ]


@pytest.mark.parametrize("helm", ["valuesObject: {replicaCounts: 3}", "values: 'replicaCounts: 3'"])
def test_a_value_in_the_application_is_found_too(tmp_path: Path, helm: str) -> None:
    files = tree() | {"apps/web.yaml": application(values=f"        {helm}\n")}
    (got,) = found(tmp_path, files, CODE)
    assert got.startswith("apps/web.yaml:19:")
    assert "no template of the chart charts/web reads the value replicaCounts" in got


@pytest.mark.parametrize(
    "given",
    [
        "replicaCount: 3\nreplicaCounts: 3\n",
        "resources: {limit: {}}\n",
        "replicas: 3\n",
        "other: 3\n",
        "[]\n",
    ],
)
def test_another_value_may_be_meant_for_something_else(tmp_path: Path, given: str) -> None:
    assert [each for each in found(tmp_path, tree(given), CODE) if "no template" in each] == []


@pytest.mark.parametrize(
    ("own", "template", "at", "key", "meant"),
    [
        (OWN.replace("replicaCount", "replicaCounts"), DEPLOYMENT, "6:24", "replicaCount", "replicaCounts"),
        (OWN.replace("tag", "tagg"), DEPLOYMENT, "10:67", "image.tag", "image.tagg"),
        (OWN.replace("repository", "repositry"), DEPLOYMENT, "10:36", "image.repository", "image.repositry"),
        (
            OWN,
            f"{DEPLOYMENT}# {{{{ .Values.replicaCont }}}}\n---\nx: {{{{ .Values.replicaCont }}}}\n",
            "14:15",
            "replicaCont",
            "replicaCount",
        ),
    ],
)
def test_a_value_that_nothing_states_is_found_beside_the_one_that_is(
    tmp_path: Path, own: str, template: str, at: str, key: str, meant: str
) -> None:
    expected = (
        f"charts/web/templates/web.yaml:{at}: warning: a template of the chart charts/web reads the value {key}, which "
        f"nothing states; {meant} is stated\nhint: did you mean {meant.rpartition('.')[2]}?"
    )
    assert found(tmp_path, tree(own=own, template=template), CODE) == [expected]


@pytest.mark.parametrize(
    "action",
    [
        "{{ if .Values.replicaCont }}a: b{{ end }}",
        "x: {{ .Values.replicaCont | default 1 }}",
        "{{/* .Values.replicaCont */}}",
        "x: {{ toYaml .Values }}{{ .Values.replicaCont }}",
    ],
)
def test_a_value_that_need_not_be_there_is_none_to_state(tmp_path: Path, action: str) -> None:
    assert found(tmp_path, tree(template=f"{DEPLOYMENT}---\n{action}\n"), CODE) == []


@pytest.mark.parametrize(
    "more",
    [
        {"values/dev.yaml": "replicaCount: 1\n"},
        {"terraform/main.tf": 'set { name = "replicaCount" }\n'},
        {"apps/web.yaml": application(values="        valueFiles: [/values/gone.yaml]\n")},
        {"charts/web/Chart.yaml": "name: web\nversion: 1.0.0\ndependencies: [{name: common, version: 1.0.0}]\n"},
        {"charts/web/charts/common/Chart.yaml": "name: common\nversion: 1.0.0\n"},
    ],
)
def test_what_others_may_state_or_read_is_not_judged(tmp_path: Path, more: dict[str, str]) -> None:
    files = tree(own=OWN.replace("replicaCount", "replicaCounts")) | more
    assert [each for each in found(tmp_path, files, CODE) if "which nothing states" in each] == []


FLAGS = "{{ if .Values.used }}{{ if and (not $.Values.deep.used) .Values.used -}}\na: b\n{{ end }}{{- end }}\n"
OWN_FLAGS = "used: true\ndeep: {used: false}\n"


def of_flag(place: str, name: str, text: str) -> str:
    return (
        f'{place}: warning: {name} is the text "{text}", and the chart charts/web tests it with if: a text that is not '
        "empty is true there\nhint: write false, without quotes"
    )


def test_a_text_for_a_flag_that_templates_only_test_is_a_warning(tmp_path: Path) -> None:
    given = "used: 'false'\ndeep:\n  used: \"No\"\n"
    assert found(tmp_path, tree(given, OWN_FLAGS, FLAGS), CODE) == [
        of_flag("values/dev.yaml:1:7", "used", "false"),
        of_flag("values/dev.yaml:3:9", "deep.used", "No"),
    ]


@pytest.mark.parametrize(
    ("helm", "place"),
    [
        ("        values: |\n          used: 'false'\n", "apps/web.yaml:20:17"),
        ("        valuesObject: {used: 'false'}\n", "apps/web.yaml:19:30"),
    ],
)
def test_so_is_one_that_stands_in_the_application(tmp_path: Path, helm: str, place: str) -> None:
    files = tree(own=OWN_FLAGS, template=FLAGS) | {"apps/web.yaml": application(values=helm)}
    assert found(tmp_path, files, CODE) == [of_flag(place, "used", "false")]


@pytest.mark.parametrize(
    ("given", "own", "template"),
    [
        ("used: 'true'\n", OWN_FLAGS, FLAGS),
        ("used: false\n", OWN_FLAGS, FLAGS),
        ("used: ''\n", OWN_FLAGS, FLAGS),
        ("used: 'false'\n", "used: 'true'\n", FLAGS),
        ("used: 'false'\n", OWN_FLAGS, FLAGS + "b: {{ .Values.used }}\n"),
        ("used: 'false'\n", OWN_FLAGS, FLAGS + '{{ if eq (toString .Values.used) "true" }}{{ end }}\n'),
        ("used: 'false'\n", OWN_FLAGS, FLAGS + '{{ if eq .Values.used "false" }}{{ end }}\n'),
        ("used: 'false'\n", OWN_FLAGS, FLAGS + "{{ $used := .Values.used }}\n"),
        ("used: 'false'\n", OWN_FLAGS, FLAGS + "{{ with .Values.used }}{{ . }}{{ end }}\n"),
        ("used: 'false'\n", OWN_FLAGS, FLAGS + "{{ toYaml .Values }}\n"),
        ("used: 'false'\n", OWN_FLAGS, "{{ if .Values.deep.used }}{{ end }}\n"),
        ("deep: {used: 'false'}\n", OWN_FLAGS, FLAGS + "{{ with .Values.deep }}{{ .used }}{{ end }}\n"),
    ],
)
def test_a_text_that_may_be_meant_is_none(tmp_path: Path, given: str, own: str, template: str) -> None:
    assert found(tmp_path, tree(given, own, template), CODE) == []


def test_a_text_that_another_value_is_laid_over_is_none(tmp_path: Path) -> None:
    files = tree("used: 'false'\n", OWN_FLAGS, FLAGS, values__more="used: false\n")
    files["values/more.yaml"] = files.pop("values/more")
    for helm in (
        "        valueFiles: [/values/dev.yaml, /values/more.yaml]\n",
        "        valueFiles: [/values/dev.yaml]\n        parameters: [{name: used, value: 'false'}]\n",
    ):
        assert found(tmp_path, files | {"apps/web.yaml": application(values=helm)}, CODE) == []


@pytest.mark.parametrize(
    ("given", "own", "line"),
    [
        ("image:\n  tag: a\nrepository: x\n", OWN, 3),
        ("image:\nrepository: x\n", OWN, 2),
        ("image:\n  repository: y\nrepository: x\n", OWN, None),
        ("replicaCount: 1\nrepository: x\n", OWN, None),
        ("image:\n  tag: a\nrepository: x\n", f"{OWN}repository: z\n", None),
    ],
)
def test_a_value_that_left_its_block_is_found(tmp_path: Path, given: str, own: str, line: int | None) -> None:
    told = (
        f"values/dev.yaml:{line}:1: warning: no template of the chart charts/web reads the value repository\n"
        "hint: did you mean image.repository?"
    )
    assert found(tmp_path, {**tree(given), "charts/web/values.yaml": own}, CODE) == ([told] if line else [])


def test_a_value_that_some_template_reads_has_left_no_block(tmp_path: Path) -> None:
    files = tree("image:\n  tag: a\nrepository: x\n")
    files["charts/web/templates/more.yaml"] = "x: {{ .Values.repository | default 1 }}\n"
    assert found(tmp_path, files, CODE) == []
