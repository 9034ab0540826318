"""Slips in the selectors of clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import MARK, found
from tests.evidence.test_registered_clusters import secret

if TYPE_CHECKING:
    from pathlib import Path

CODE = "applicationset-parameters"


def files(selector: str, *, name: str = "name", mark: str = "") -> dict[str, str]:
    text = f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web, namespace: argocd}}
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators:
    - clusters:
        selector: {selector}
  template:
    metadata: {{name: 'web-{{{{ .{name} }}}}'}}
    spec: {{project: default, destination: {{server: '{{{{ .server }}}}', namespace: web}}}}
"""
    one = secret("dev", labels="environment: development")
    other = secret("prod", labels="environment: production")
    return {"set.yaml": text, "clusters/dev.yaml": mark + one, "clusters/prod.yaml": mark + other}


@pytest.mark.parametrize(
    ("selector", "asked", "meant"),
    [
        ("{matchLabels: {enviroment: production}}", "9:34: {} the label enviroment", "environment"),
        ("{matchLabels: {environment: prodution}}", "9:47: {} the label environment: prodution", "production"),
        (
            "{matchExpressions: [{key: enviroment, operator: Exists}]}",
            "9:45: {} the label enviroment",
            "environment",
        ),
    ],
)
def test_what_no_cluster_has_and_is_almost_what_some_have_is_told(
    tmp_path: Path, selector: str, asked: str, meant: str
) -> None:
    says = "warning: ApplicationSet web asks for clusters with"
    assert found(tmp_path, files(selector), CODE) == [
        f"set.yaml:{asked.format(says)}, and none here has it\nhint: did you mean {meant}?"
    ]


@pytest.mark.parametrize(
    "selector",
    [
        "{matchLabels: {environment: production}}",
        "{matchLabels: {environment: test}}",
        "{matchLabels: {team: shop}}",
        "{matchExpressions: [{key: enviroment, operator: DoesNotExist}]}",
        "{matchExpressions: [{key: environment, operator: In, values: [development, staging]}]}",
    ],
)
def test_what_other_clusters_may_have_is_not_told(tmp_path: Path, selector: str) -> None:
    assert found(tmp_path, files(selector), CODE) == []


def test_a_parameter_that_no_cluster_has_is_told_once(tmp_path: Path) -> None:
    says = (
        "cannot be expanded: the template uses nam, which no generator of it gives; Argo CD changes no Application of"
    )
    expected = f"""\
set.yaml:11:22: error: ApplicationSet web {says} the set until it can
hint: did you mean name?
set.yaml:9:9: this lacks it"""
    assert found(tmp_path, files("{}", name="nam"), CODE) == [expected]


def test_what_else_a_generated_secret_holds_is_no_parameter(tmp_path: Path) -> None:
    assert found(tmp_path, files("{}", mark=MARK), CODE) == []
