"""What a template names for all elements of its set, where nobody knows those."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.checks.trees import URL, found

if TYPE_CHECKING:
    from pathlib import Path

CODE = "source-path"
SET = """\
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {{name: web, namespace: argocd}}
spec:
  goTemplate: true
  goTemplateOptions: [missingkey=error]
  generators: [{generator}]
  template:
    metadata: {{name: "{{{{ .name }}}}"}}
    spec:
      project: default
      destination: {{server: "{{{{ .server }}}}"}}
      {sources}
"""
HELM = "helm: {valueFiles: [own.yaml, gone.yaml, 'envs/{{ .name }}.yaml', ../shared.yaml]}"


def told(
    root: Path, sources: str, *, generator: str = "clusters: {}", patch: str = "", more: dict[str, str] | None = None
) -> list[str]:
    text = SET.format(sources=sources, generator=generator) + patch
    files = {"set.yaml": text, "charts/web/Chart.yaml": "name: web", "charts/web/own.yaml": "", **(more or {})}
    return found(root, files, CODE)


def source(path: str, helm: str = "", revision: str = "main") -> str:
    return f"{{repoURL: {URL}, targetRevision: {revision}, path: '{path}'{f', {helm}' if helm else ''}}}"


def test_a_folder_that_is_not_there_for_any_element_is_found(tmp_path: Path) -> None:
    assert told(tmp_path, f"source: {source('charts/gone', HELM)}") == [
        (
            "set.yaml:13:88: error: the Applications of ApplicationSet web take their manifests from charts/gone, "
            "which is not there, whatever its generators make\n"
            "hint: correct the path, or commit the folder"
        ),
        (
            "set.yaml:13:169: error: the Applications of ApplicationSet web read the values file ../shared.yaml: "
            "charts/shared.yaml is not there, whatever its generators make\n"
            "hint: correct the path, or commit the file"
        ),
    ]


def test_a_values_file_that_is_not_there_for_any_element_is_found(tmp_path: Path) -> None:
    sources = f"sources: [{source('charts/web', HELM.replace('gone', '$own/gone'))}, {{repoURL: {URL}, ref: own}}]"
    got = told(tmp_path, sources, more={"charts/shared.yaml": ""})
    assert [each.splitlines()[0].split("web ")[1] for each in got] == [
        "read the values file $own/gone.yaml: gone.yaml is not there, whatever its generators make",
    ]


def test_a_ref_that_no_source_has_is_found_whatever_the_rest_of_the_path_is(tmp_path: Path) -> None:
    files = "helm: {ignoreMissingValueFiles: true, valueFiles: ['$values/envs/{{ .name }}.yaml']}"
    assert told(tmp_path, f"sources: [{source('charts/web', files)}, {{repoURL: {URL}, ref: value}}]") == [
        (
            "set.yaml:13:155: error: the Applications of ApplicationSet web read the values file $values/envs/{{ .name "
            "}}.yaml: no source has ref: values, whatever its generators make\n"
            "hint: add ref: values to the source of that repository"
        ),
    ]


@pytest.mark.parametrize(
    "sources",
    [
        f"source: {source('charts/{{ .name }}', HELM)}",
        f"source: {source('charts/gone', revision='next')}",
        f"source: {source('charts/gone').replace(URL, 'https://elsewhere.example.com/x')}",
        f"source: {source('charts/gone').replace(URL, '{{ .metadata.annotations.repo }}')}",
        f"source: {source('charts/web', 'helm: {ignoreMissingValueFiles: true, valueFiles: [gone.yaml]}')}",
        f"source: {source('charts/web', 'helm: {valueFiles: [own.yaml, envs/*.yaml, https://example.com/a.yaml]}')}",
        f"source: {source('charts/web', 'helm: {valueFiles: [$ARGOCD_APP_NAME.yaml]}')}",
        f"source: {source('modules/x')}",
    ],
)
def test_what_depends_on_the_element_or_is_there_is_not_judged(tmp_path: Path, sources: str) -> None:
    modules = '[submodule "x"]\n\tpath = modules/x\n\turl = https://git.example.com/x.git\n'
    assert told(tmp_path, sources, more={".gitmodules": modules}) == []


def test_what_a_patch_or_a_generator_may_change_is_not_judged(tmp_path: Path) -> None:
    gone = f"source: {source('charts/gone')}"
    assert len(told(tmp_path, gone)) == 1
    assert told(tmp_path, gone, patch="  templatePatch: '{{ .patch }}'\n") == []
    generator = f"clusters: {{template: {{metadata: {{}}, spec: {{source: {source('charts/web')}}}}}}}"
    assert told(tmp_path, gone, generator=generator) == []
    inner = "matrix: {generators: [{clusters: {}}, {list: {elements: [{a: b}], template: {metadata: {}, spec: {}}}}]}"
    assert told(tmp_path, gone, generator=inner) == []
    (got,) = told(tmp_path, gone, generator="list: {elements: [{name: a, server: b}]}")
    assert " a takes its manifests from charts/gone, which is not there" in got


LISTED = "{list: {elements: [{app: web, path: charts/web}, {app: api, path: charts/api}]}}"
OWN = "helm: {valueFiles: [own.yaml, 'envs/{{ .name }}.yaml']}"
OF_PATH = f"source: {source('{{ .path }}', OWN)}"


def matrix(*generators: str, more: str = "") -> str:
    return f"{{matrix: {{generators: [{', '.join(generators)}]}}{more}}}"


@pytest.mark.parametrize("generator", [matrix("{clusters: {}}", LISTED), matrix(LISTED, "{clusters: {}}")])
def test_of_a_matrix_of_clusters_the_other_part_is_judged(tmp_path: Path, generator: str) -> None:
    (got,) = told(tmp_path, OF_PATH, generator=generator)
    lines = got.splitlines()
    assert lines[0] == (
        "set.yaml:13:88: error: the Applications of ApplicationSet web for element 1 take their manifests from "
        "charts/api, which is not there, whatever its clusters are"
    )
    assert lines[2].endswith(": for these parameters")
    (got,) = told(tmp_path, OF_PATH, generator=generator, more={"charts/api/Chart.yaml": "name: api"})
    assert "for element 1 read the values file own.yaml: charts/api/own.yaml is not there, whatever its " in got


def test_of_a_matrix_of_clusters_the_files_of_a_git_generator_are_known(tmp_path: Path) -> None:
    git = f"{{git: {{repoURL: {URL}, revision: main, directories: [{{path: apps/*}}]}}}}"
    sources = f"source: {source('{{ .path.path }}', 'helm: {valueFiles: [values.yaml]}')}"
    more = {"apps/a/Chart.yaml": "name: a", "apps/a/values.yaml": "", "apps/b/Chart.yaml": "name: b"}
    (got,) = told(tmp_path, sources, generator=matrix("{clusters: {}}", git), more=more)
    assert "for apps/b read the values file values.yaml: apps/b/values.yaml is not there, whatever its " in got


@pytest.mark.parametrize(
    "generator",
    [
        matrix("{clusters: {}}", LISTED, more=", selector: {matchLabels: {app: web}}"),
        matrix("{clusters: {}}", LISTED.replace("charts/api", "'{{ .metadata.labels.path }}'")),
        matrix("{clusters: {}}", "{pullRequest: {}}"),
        matrix("{clusters: {}, selector: {matchLabels: {app: web}}}", LISTED),
        matrix("{scmProvider: {}}", LISTED),
        matrix("{clusters: {}}", LISTED.replace("path:", "values:")),
        matrix("{clusters: {}}", "{list: {elements: x}}"),
    ],
)
def test_what_the_clusters_may_have_a_say_in_is_not_judged(tmp_path: Path, generator: str) -> None:
    assert [each for each in told(tmp_path, OF_PATH, generator=generator) if "whatever" in each] == []


def test_the_legacy_templates_are_filled_as_far_as_they_are_known(tmp_path: Path) -> None:
    sources = f"source: {source('{{path}}/{{metadata.labels.env}}')}"
    set_of = SET.replace("goTemplate: true", "goTemplate: false").replace("missingkey=error", "")
    for path, count in (("{{path}}/{{metadata.labels.env}}", 0), ("{{path}}", 1), ("charts/{{app}}", 1)):
        sources = f"source: {source(path)}"
        text = set_of.format(sources=sources, generator=matrix("{clusters: {}}", LISTED))
        got = found(tmp_path, {"set.yaml": text, "charts/web/Chart.yaml": "name: web"}, CODE)
        assert (
            len([each for each in got if "charts/api, which is not there, whatever its clusters are" in each]) == count
        )
