"""The namespaces from which an AppProject takes Applications."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import MARK, URL, found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "project-permits"
PROJECT = """\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {{name: team, namespace: argocd}}
spec: {{sourceRepos: ['*'], destinations: [{{name: '*', namespace: '*'}}], {listed}}}
"""
APP = f"""\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: web, namespace: apps}}
spec:
  project: team
  source: {{repoURL: {URL}, path: web}}
  destination: {{name: here, namespace: web}}
"""


def told(root: Path, listed: str, files: dict[str, str]) -> list[str]:
    tree = {"app.yaml": APP, "web/a.yaml": "a: b\n", "team.yaml": PROJECT.format(listed=listed), **files}
    return found(root, tree, CODE)


def test_an_application_in_a_namespace_that_its_project_does_not_list_is_found(tmp_path: Path) -> None:
    assert told(tmp_path, "sourceNamespaces: [app, team-*]", {}) == [
        (
            "app.yaml:3:34: error: web lies in namespace apps, and project team of argocd takes Applications of other "
            "namespaces from app, team-*\n"
            "hint: add apps to the sourceNamespaces of the project, or put the Application into namespace argocd\n"
            "team.yaml:4:91: what the project permits"
        )
    ]


def test_a_project_that_lists_no_namespace_may_be_that_of_another_argo_cd(tmp_path: Path) -> None:
    (got,) = told(tmp_path, "", {})
    assert got.startswith("app.yaml:3:34: warning: web lies in namespace apps, and project team of argocd takes ")
    ours = {"app.yaml": MARK + APP, "team.yaml": MARK + PROJECT.format(listed="")}
    (got,) = told(tmp_path, "", ours)
    assert got.startswith("app.yaml:4:34: error: web lies in namespace apps, and project team of argocd takes ")


@pytest.mark.parametrize(
    ("listed", "files"),
    [
        ("sourceNamespaces: [apps]", {}),
        ("sourceNamespaces: ['app*']", {}),
        ("sourceNamespaces: ['/^(?!prod).*$/']", {}),
        ("sourceNamespaces: ['/(?<a-b>x)/']", {}),
        ("", {"app.yaml": APP.replace(", namespace: apps", "")}),
        ("", {"app.yaml": APP.replace("namespace: apps", "namespace: argocd")}),
        ("", {"other.yaml": PROJECT.format(listed="").replace("argocd", "apps")}),
        ("", {"kustomization.yaml": "namespace: argocd\nresources: [app.yaml, team.yaml]\n"}),
    ],
)
def test_what_its_project_may_take_is_none(tmp_path: Path, listed: str, files: dict[str, str]) -> None:
    assert told(tmp_path, listed, files) == []


def test_the_applications_of_a_set_lie_in_its_own_namespace(tmp_path: Path) -> None:
    written = f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web, namespace: apps}}
spec:
  goTemplate: true
  generators: [{{list: {{elements: [{{name: a}}, {{name: b}}]}}}}]
  template:
    metadata: {{name: '{{{{.name}}}}', namespace: argocd}}
    spec:
      project: team
      source: {{repoURL: {URL}, path: web}}
      destination: {{name: here, namespace: web}}
"""
    got = told(tmp_path, "sourceNamespaces: [web]", {"app.yaml": written})
    assert [each.partition(" lies")[0] for each in got] == ["app.yaml:3:34: error: a", "app.yaml:3:34: error: b"]
