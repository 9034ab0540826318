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
