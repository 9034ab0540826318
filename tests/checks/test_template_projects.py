"""The project of all Applications of a set, where nobody knows its clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import URL, found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "project-permits"
SET = f"""\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web, namespace: argocd}}
spec:
  goTemplate: true
  generators: [{{clusters: {{}}}}]
  template:
    metadata: {{name: "web-{{{{ .name }}}}"}}
    spec:
      project: platform
      destination: {{server: "{{{{ .server }}}}", namespace: web}}
      source: {{repoURL: {URL}, targetRevision: main, path: web}}
"""
PROJECT = f"""\
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: {{name: platform, namespace: argocd}}
spec:
  sourceRepos: [{URL}]
  destinations: [{{server: "https://*", namespace: web}}]
"""
MORE = {"web/config.yaml": "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: web}\n"}


def told(root: Path, text: str = SET, project: str = PROJECT) -> list[str]:
    return found(root, {"set.yaml": text, "project.yaml": project, **MORE}, CODE)


def test_a_project_that_permits_them_is_sound(tmp_path: Path) -> None:
    assert told(tmp_path) == []


def test_a_repository_that_a_project_does_not_permit_is_found(tmp_path: Path) -> None:
    assert told(tmp_path, project=PROJECT.replace(URL, "https://git.example.com/other.git")) == [
        (
            f"set.yaml:12:25: error: the Applications of ApplicationSet web come from {URL}, which project platform "
            "does not permit\n"
            "hint: correct the repository, or add it to the sourceRepos of the project\n"
            "project.yaml:5:16: what the project permits"
        )
    ]


def test_a_namespace_that_a_project_permits_on_no_cluster_is_found(tmp_path: Path) -> None:
    assert told(tmp_path, SET.replace("namespace: web}", "namespace: wep}")) == [
        (
            "set.yaml:11:57: error: the Applications of ApplicationSet web land in namespace wep, which project "
            "platform does not permit on any cluster that they may be for\n"
            "hint: correct the destination, or add it to the destinations of the project\n"
            "project.yaml:6:17: what the project permits"
        )
    ]


@pytest.mark.parametrize(
    ("stated", "permitted", "is_told"),
    [
        ("name: previews", "name: preview", True),
        ("server: https://one", "server: https://two", True),
        ("name: previews", "name: preview*", False),
        ("name: previews", "server: https://one", False),
        ("name: '{{.name}}'", "name: preview", False),
    ],
)
def test_a_cluster_that_a_project_does_not_permit_is_found(
    tmp_path: Path, stated: str, permitted: str, *, is_told: bool
) -> None:
    text = SET.replace('server: "{{ .server }}", namespace: web', f"{stated}, namespace: 'web-{{{{.name}}}}'")
    project = PROJECT.replace('server: "https://*", namespace: web', f"{permitted}, namespace: 'web-*'")
    said = [
        (
            f"set.yaml:11:{27 if stated.startswith('name') else 29}: error: the Applications of ApplicationSet web "
            f"land on cluster {stated.partition(': ')[2]}, which project platform does not permit\n"
            "hint: correct the destination, or add it to the destinations of the project\n"
            "project.yaml:6:17: what the project permits"
        )
    ]
    assert told(tmp_path, text, project) == said * is_told


def test_a_project_that_is_not_there_is_told(tmp_path: Path) -> None:
    place = "set.yaml:10:16: {}: the Applications of ApplicationSet web are in project {}: {}"
    slip, other = SET.replace("project: platform", "project: platfrom"), SET.replace("project: platform", "project: x")
    (got,) = told(tmp_path, slip)
    assert got.splitlines() == [
        place.format("error", "platfrom", "there is no such AppProject"),
        "hint: did you mean platform?",
        "project.yaml:3:18: there is this one",
    ]
    (got,) = told(tmp_path, other)
    absent = "no AppProject of that name is among these files, so nobody can say what it permits"
    assert got.splitlines()[0] == place.format("note", "x", absent)


def test_a_project_that_kustomize_patches_is_not_said_not_to_be_there(tmp_path: Path) -> None:
    patches = "resources: [project.yaml]\npatches: [{patch: '[]', target: {kind: AppProject}}]\n"
    files = {"set.yaml": SET, "project.yaml": PROJECT, "kustomization.yaml": patches}
    assert found(tmp_path, files, CODE) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("project: platform", 'project: "{{ .metadata.labels.team }}"'),
        ("project: platform", "project: default"),
        ("namespace: web}", 'namespace: "{{ .name }}"}'),
        (f"repoURL: {URL}", "repoURL: '{{ .metadata.annotations.url }}'"),
    ],
)
def test_what_each_cluster_has_of_its_own_is_not_known(tmp_path: Path, old: str, new: str) -> None:
    assert told(tmp_path, SET.replace(old, new)) == []


def test_a_pattern_of_a_project_may_be_for_any_cluster(tmp_path: Path) -> None:
    project = PROJECT.replace('{server: "https://*", namespace: web}', '{name: one, namespace: "w*"}')
    assert told(tmp_path, project=project) == []
    (got,) = told(tmp_path, project=project.replace("w*", "!web"))
    assert "land in namespace web" in got


def test_a_repository_that_a_secret_may_give_to_the_project_is_a_warning(tmp_path: Path) -> None:
    secret = """\
        apiVersion: external-secrets.io/v1
        kind: ExternalSecret
        metadata: {name: repo, namespace: argocd}
        spec:
          target:
            template:
              metadata: {labels: {argocd.argoproj.io/secret-type: repository}}
              data: {url: "{{ .url }}", project: platform}
        """
    project = PROJECT.replace(URL, "https://git.example.com/other.git")
    (got,) = found(tmp_path, {"set.yaml": SET, "project.yaml": project, "secret.yaml": secret, **MORE}, CODE)
    assert got.startswith("set.yaml:12:25: warning: the Applications of ApplicationSet web come from ")


def test_a_slip_in_the_project_that_is_always_there_is_a_warning(tmp_path: Path) -> None:
    (got,) = told(tmp_path, SET.replace("project: platform", "project: defualt"))
    assert got == (
        "set.yaml:10:16: warning: the Applications of ApplicationSet web are in project defualt: no AppProject of that "
        "name is among these files, so nobody can say what it permits\nhint: did you mean default?"
    )


@pytest.mark.parametrize(
    ("namespace", "permitted", "is_told"),
    [
        ("pr-{{ .number }}", "pr-*", False),
        ("pr-{{ .number }}", "p?-*", False),
        ("pr-{{ .number }}", "pr-1", False),
        ("{{ .name }}-web", "pr-*", False),
        ("pr-{{ .number }}", "preview-*", True),
        ("pr-{{ .number }}", "pr", True),
        ("pr-{{ .number }}", "preview-*}, {server: '*', namespace: 'p*'", False),
    ],
)
def test_what_a_namespace_begins_with_is_known_though_its_end_is_not(
    tmp_path: Path, namespace: str, permitted: str, *, is_told: bool
) -> None:
    text = SET.replace("namespace: web}", f'namespace: "{namespace}"}}')
    problems = told(tmp_path, text, PROJECT.replace("namespace: web", f"namespace: {permitted}"))
    said = f"error: the Applications of ApplicationSet web land in namespace {namespace}, which project platform"
    assert [said in each for each in problems] == [True] * is_told
