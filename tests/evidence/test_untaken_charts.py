"""Charts with templates of Applications that no Application is seen to take."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.judge import judge
from tests.checks.trees import URL, shown
from tests.tools.helm import requires_helm

if TYPE_CHECKING:
    from pathlib import Path

TEMPLATE = "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: {{ .Values.name }}\n"
CHART = {"bootstrap/Chart.yaml": "name: bootstrap\nversion: 1.0.0\n", "bootstrap/templates/app.yaml": TEMPLATE}
NOTE = (
    "bootstrap/Chart.yaml:1:7: note: the chart bootstrap has a template of kind Application, and no "
    "Application here is seen to take it, so what it brings is not known\n"
    "hint: verify what it renders to, with the values that it is installed with"
)
SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web, namespace: argocd}}
spec:
  generators: [{{clusters: {{}}}}]
  template:
    metadata: {{name: '{{{{name}}}}'}}
    spec:
      project: default
      source: {{repoURL: {url}, path: {path}}}
      destination: {{name: '{{{{name}}}}'}}
"""


def notes(root: Path, files: dict[str, str]) -> list[str]:
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    graph = Graph(Files(root), (".",), repositories({URL: "."}))
    return [shown(each) for each in judge(graph).problems if "is seen to take it" in each.message]


def test_a_chart_that_something_else_installs_is_told(tmp_path: Path) -> None:
    assert notes(tmp_path, CHART) == [NOTE]


@pytest.mark.parametrize("path", ["bootstrap", "./bootstrap/", "'{{metadata.labels.path}}strap'"])
def test_a_chart_that_a_set_takes_for_clusters_that_are_not_known_is_not(tmp_path: Path, path: str) -> None:
    assert notes(tmp_path, {**CHART, "set.yaml": SET.format(url=URL, path=path)}) == []


def test_a_path_that_is_filled_in_as_a_whole_says_nothing(tmp_path: Path) -> None:
    assert len(notes(tmp_path, {**CHART, "set.yaml": SET.format(url=URL, path="'{{metadata.labels.path}}'")})) == 1


@pytest.mark.parametrize(
    "files",
    [
        {"bootstrap/templates/app.yaml": TEMPLATE},
        {"bootstrap/Chart.yaml": "name: bootstrap\n", "bootstrap/templates/app.yaml": "kind: Application\n"},
        {
            "web/Chart.yaml": "name: web\n",
            "web/charts/bootstrap/Chart.yaml": "name: bootstrap\n",
            "web/charts/bootstrap/templates/app.yaml": TEMPLATE,
        },
        {**CHART, "bootstrap/Chart.yaml": "name: bootstrap\nversion: 1.0.0\ntype: library\n"},
        {".github/c/Chart.yaml": "name: c\n", ".github/c/templates/app.yaml": TEMPLATE},
    ],
)
def test_other_templates_are_no_matter(tmp_path: Path, files: dict[str, str]) -> None:
    assert notes(tmp_path, files) == []


@pytest.mark.parametrize("path", ["bootstrap", "bootstrap/", "'{{ environment }}strap'"])
def test_a_chart_that_an_application_takes_is_not_told(tmp_path: Path, path: str) -> None:
    application = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: root, namespace: argocd}\nspec:\n"
        f"  project: default\n  source: {{repoURL: {URL}, path: {path}, targetRevision: main}}\n"
        "  destination: {server: https://kubernetes.default.svc, namespace: argocd}\n"
    )
    assert notes(tmp_path, {**CHART, "root.yaml": application}) == []


@requires_helm
def test_a_chart_that_another_depends_on_is_not_told(tmp_path: Path) -> None:
    application = (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: root, namespace: argocd}\nspec:\n"
        f"  project: default\n  source: {{repoURL: {URL}, path: web, targetRevision: main}}\n"
        "  destination: {server: https://kubernetes.default.svc, namespace: argocd}\n"
    )
    dependency = "dependencies: [{name: bootstrap, version: 1.0.0, repository: 'file://../bootstrap'}]\n"
    chart = f"apiVersion: v2\nname: web\nversion: 1.0.0\n{dependency}"
    values = "bootstrap: {name: web}\n"
    assert (
        notes(tmp_path, {**CHART, "web/Chart.yaml": chart, "web/values.yaml": values, "root.yaml": application}) == []
    )


SECRET = "apiVersion: external-secrets.io/v1\nkind: {kind}\nmetadata:\n  name: {{{{ .Release.Name }}}}\n"


@pytest.mark.parametrize("kind", ["ExternalSecret", "ClusterSecretStore", "PushSecret"])
def test_a_chart_with_a_template_of_external_secrets_is_told_too(tmp_path: Path, kind: str) -> None:
    files = {**CHART, "bootstrap/templates/app.yaml": SECRET.format(kind=kind)}
    assert notes(tmp_path, files) == [NOTE.replace("kind Application", f"kind {kind}")]


def test_of_several_kinds_an_application_is_told(tmp_path: Path) -> None:
    secret = {f"bootstrap/templates/{name}.yaml": SECRET.format(kind="SecretStore") for name in ("aaa", "zzz")}
    assert notes(tmp_path, {**CHART, **secret}) == [NOTE]


def test_a_chart_that_is_the_tree_itself_is_told(tmp_path: Path) -> None:
    files = {path.removeprefix("bootstrap/"): text for path, text in CHART.items()}
    assert notes(tmp_path, files) == [NOTE.replace("bootstrap/Chart", "Chart").replace("chart bootstrap", "chart .")]


def test_kinds_of_other_groups_are_nobodys_business(tmp_path: Path) -> None:
    text = "apiVersion: argoproj.io/v1alpha1\nkind: Workflow\n---\napiVersion: x.io/v1\nkind: SecretStore\n"
    assert notes(tmp_path, {**CHART, "bootstrap/templates/app.yaml": text}) == []
