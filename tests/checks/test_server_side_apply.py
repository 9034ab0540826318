"""The operator's large definitions, and how they are applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import URL, found, found_in_six_clusters

if TYPE_CHECKING:
    from pathlib import Path

CODE = "server-side-apply"
ESO = "argocd/applicationsets/external-secrets.yaml"

APP = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: eso}}
spec:
  project: default
  destination: {{name: here, namespace: external-secrets}}
  source:
    repoURL: https://charts.external-secrets.io
    chart: external-secrets
    targetRevision: {version}
    helm: {helm}
  syncPolicy: {{syncOptions: [{options}]}}
"""


def test_the_operator_of_the_six_clusters_needs_it() -> None:
    first, *others = found_in_six_clusters(CODE, ESO, ("          - ServerSideApply=true\n", ""))
    assert first == (
        f"output/{ESO}:104:11: error: external-secrets-dev-use1 installs External Secrets 2.9.0, whose "
        "CustomResourceDefinitions are too large for client-side apply\n"
        "hint: add ServerSideApply=true to the sync options\n"
        f"output/{ESO}:20:23: the version"
    )
    assert len(others) == 5


@pytest.mark.parametrize(
    ("version", "helm", "options", "count"),
    [
        ("0.19.0", "{}", "", 1),
        ("0.18.2", "{}", "", 0),
        ("0.19.0", "{}", "ServerSideApply=true", 0),
        ("0.19.0", "{}", "Replace=true", 0),
        ("0.19.0", "{}", "ServerSideApply=false", 1),
        ("0.19.0", "{valuesObject: {installCRDs: false}}", "", 0),
        ("0.19.0", "{valuesObject: {installCRDs: true}}", "", 1),
        ("0.x", "{}", "", 0),
    ],
)
def test_a_version_with_large_definitions_needs_it(
    tmp_path: Path, version: str, helm: str, options: str, count: int
) -> None:
    assert len(found(tmp_path, {"app.yaml": APP.format(version=version, helm=helm, options=options)}, CODE)) == count


SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: eso}}
spec:
  goTemplate: true
  generators: [{generator}]
  template:
    metadata: {{name: "eso-{{{{ .name }}}}"}}
    spec:
      project: default
      destination: {{name: "{{{{ .name }}}}", namespace: external-secrets}}
      source:
        repoURL: https://charts.external-secrets.io
        chart: external-secrets
        targetRevision: {version}
        helm: {helm}
      syncPolicy: {{syncOptions: [{options}]}}
"""
OF_ALL = (
    "set.yaml:17:33: error: the Applications of ApplicationSet eso install External Secrets 2.9.0, whose "
    "CustomResourceDefinitions are too large for client-side apply\n"
    "hint: add ServerSideApply=true to the sync options\n"
    "set.yaml:15:25: the version"
)


@pytest.mark.parametrize(
    ("version", "helm", "options", "expected"),
    [
        ("2.9.0", "{}", "CreateNamespace=true", [OF_ALL]),
        ("2.9.0", "{valueFiles: ['$values/{{ .name }}.yaml']}", "CreateNamespace=true", [OF_ALL]),
        ("2.9.0", "{}", "ServerSideApply=true", []),
        ("2.9.0", "{}", "'{{ .values.option }}'", []),
        ("2.9.0", "{valuesObject: {installCRDs: false}}", "", []),
        ("'{{ .values.version }}'", "{}", "", []),
        ("0.18.2", "{}", "", []),
    ],
)
def test_what_holds_whatever_clusters_there_are_is_found(
    tmp_path: Path, version: str, helm: str, options: str, expected: list[str]
) -> None:
    text = SET.format(generator="clusters: {}", version=version, helm=helm, options=options)
    assert found(tmp_path, {"set.yaml": text}, CODE) == expected


def test_the_version_of_one_part_of_a_matrix_is_found(tmp_path: Path) -> None:
    generator = "matrix: {generators: [{list: {elements: [{eso: 2.9.0}, {eso: 0.18.2}]}}, {clusters: {}}]}"
    text = SET.format(generator=generator, version="'{{ .eso }}'", helm="{}", options="")
    (got,) = found(tmp_path, {"set.yaml": text}, CODE)
    assert "External Secrets 2.9.0" in got


def test_a_set_that_is_expanded_is_told_for_its_applications(tmp_path: Path) -> None:
    text = SET.format(generator="list: {elements: [{name: a}]}", version="2.9.0", helm="{}", options="")
    (got,) = found(tmp_path, {"set.yaml": text}, CODE)
    assert "error: eso-a installs External Secrets 2.9.0" in got


IN_PART = """\
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {{name: eso}}
spec:
  project: default
  destination: {{name: here, namespace: external-secrets}}
  source: {{repoURL: {url}, targetRevision: {revision}, path: charts/eso{helm}}}
  syncPolicy: {{syncOptions: [{options}]}}
"""
PART = """\
apiVersion: v2
name: eso
version: 0.1.0
dependencies:
  - name: external-secrets
    version: {version}
    repository: https://charts.external-secrets.io
    {more}
"""


def of_part(
    root: Path,
    *,
    version: str = "2.9.0",
    more: str = "",
    values: str = "",
    helm: str = "",
    options: str = "",
    revision: str = "main",
    files: dict[str, str] | None = None,
) -> list[str]:
    tree = {
        "app.yaml": IN_PART.format(url=URL, revision=revision, helm=helm, options=options),
        "charts/eso/Chart.yaml": PART.format(version=version, more=more),
        "charts/eso/values.yaml": values,
    }
    return found(root, {**tree, **(files or {})}, CODE)


def test_the_operator_as_a_part_of_a_chart_needs_it_too(tmp_path: Path) -> None:
    assert of_part(tmp_path) == [
        (
            "app.yaml:8:29: error: eso installs External Secrets 2.9.0, whose CustomResourceDefinitions are too large "
            "for client-side apply\n"
            "hint: add ServerSideApply=true to the sync options\n"
            "charts/eso/Chart.yaml:6:14: the version"
        )
    ]


LOCK = "dependencies:\n- name: external-secrets\n  version: {}\n  repository: https://charts.external-secrets.io\n"


@pytest.mark.parametrize(
    "case",
    [
        {"options": "ServerSideApply=true"},
        {"version": "0.18.2"},
        {"version": "'>=0.18.0'"},
        {"files": {"charts/eso/Chart.lock": LOCK.format("0.18.2")}},
        {"values": "external-secrets: {installCRDs: false}\n"},
        {"helm": ", helm: {valuesObject: {external-secrets: {installCRDs: false}}}"},
        {"more": "alias: eso", "values": "eso: {installCRDs: false}\n"},
        {"more": "condition: eso.enabled", "values": "eso: {enabled: false}\n"},
        {"more": "condition: eso.enabled", "helm": ", helm: {parameters: [{name: eso.enabled, value: 'false'}]}"},
        {"more": "condition: eso.enabled", "helm": ", helm: {valueFiles: [$more/a.yaml]}"},
        {"more": "tags: [operators]"},
        {"revision": "release-1"},
    ],
)
def test_a_part_that_is_small_or_not_taken_does_not(tmp_path: Path, case: dict[str, str]) -> None:
    assert of_part(tmp_path, **case) == []  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "case",
    [
        {"version": "'>=0.18.0'", "files": {"charts/eso/Chart.lock": LOCK.format("2.9.0")}},
        {"version": "v2.9.0"},
        {"more": "condition: eso.enabled"},
        {"more": "condition: eso.enabled", "values": "eso: {enabled: true}\n"},
        {
            "more": "condition: eso.enabled",
            "values": "eso: {enabled: false}\n",
            "helm": ", helm: {values: 'eso: {enabled: true}'}",
        },
        {"values": "external-secrets: {installCRDs: true}\n"},
    ],
)
def test_a_part_that_is_large_and_taken_does(tmp_path: Path, case: dict[str, str]) -> None:
    (got,) = of_part(tmp_path, **case)  # type: ignore[arg-type]
    assert "eso installs External Secrets " in got
