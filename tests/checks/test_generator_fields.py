"""What an entry of spec.generators says under each of its kinds, held to what the API server takes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from gitops_gen.argo_cd_shapes import GENERATORS
from tests.checks.trees import found

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gitops_gen.shapes import Shape

_FOLDER = os.environ.get("GITOPS_GEN_SCHEMAS", "")
_SCHEMA = "argocd-v3.5.1/argoproj.io/applicationset_v1alpha1.json"
CODE = "argo-cd-object"
GIT = "git: {repoURL: https://git.example.com/x, revision: main, directories: [{path: a}]}"


def written(generator: str) -> dict[str, str]:
    return {
        "set.yaml": f"""\
            apiVersion: argoproj.io/v1alpha1
            kind: ApplicationSet
            metadata: {{name: web}}
            spec:
              generators: [{{{generator}}}]
              template:
                metadata: {{name: fixed}}
                spec: {{project: default, source: {{repoURL: x, path: p}}, destination: {{name: here}}}}
            """
    }


def told(root: Path, generator: str) -> list[str]:
    return [each.partition("spec.generators.0.")[2] for each in found(root, written(generator), CODE)]


@pytest.mark.parametrize(
    ("generator", "finding"),
    [
        ("clusters: {selectors: {}}", "clusters.selectors: there is no field selectors\nhint: did you mean selector?"),
        (
            "clusters: {selector: {matchLabel: {a: b}}}",
            "clusters.selector.matchLabel: there is no field matchLabel\nhint: did you mean matchLabels?",
        ),
        (
            "clusters: {selector: {matchLabels: {a: true}}}",
            "clusters.selector.matchLabels.a: got true or false, expected a string\nhint: write a string",
        ),
        (
            "clusters: {selector: {matchExpressions: [{key: a, operator: NotInn, values: [b]}]}}",
            "selector.matchExpressions.0.operator: got 'NotInn', expected DoesNotExist or Exists or In or NotIn",
        ),
        (
            "git: {repoURL: https://git.example.com/x, directories: [{path: a}]}",
            "git: revision is missing\nhint: add revision:",
        ),
        (
            "clusters: {template: {spec: {project: default, destination: {}}}}",
            "clusters.template: metadata is missing\nhint: add metadata:",
        ),
        (
            "pullRequest: {github: {owner: a, repo: b, tokenRef: {secretName: c}}}",
            "pullRequest.github.tokenRef: key is missing\nhint: add key:",
        ),
        (
            "scmProvider: {gitlab: {groups: a}}",
            "scmProvider.gitlab.groups: there is no field groups, and group is missing\nhint: did you mean group?",
        ),
        (
            f"matrix: {{generators: [{{clusters: {{value: {{}}}}}}, {{{GIT}}}]}}",
            "matrix.generators.0.clusters.value: there is no field value\nhint: did you mean values?",
        ),
        (
            "pullRequest: {requeueAfterSeconds: 60, filters: [{branchMatch: a}]}",
            "pullRequest: no service of it is named\nhint: add one of ",
        ),
        (
            "scmProvider: {cloneProtocol: ssh, github: null}",
            "scmProvider: no service of it is named\nhint: add one of ",
        ),
        (
            f"matrix: {{generators: [{{{GIT}}}, {{scmProvider: {{values: {{a: b}}}}}}]}}",
            "matrix.generators.1.scmProvider: no service of it is named",
        ),
        (
            "clusterDecisionResource: {configMapRef: a, labelSelector: {}}",
            "clusterDecisionResource: it has neither name nor labelSelector\nhint: add one of them",
        ),
        (
            "clusterDecisionResource: {configMapRef: a, name: b, labelSelector: {matchLabels: {c: d}}}",
            "clusterDecisionResource.labelSelector: it stands beside name: Argo CD refuses both\nhint: remove",
        ),
    ],
)
def test_what_a_generator_does_not_take_is_found(tmp_path: Path, generator: str, finding: str) -> None:
    assert any(finding in each for each in told(tmp_path, generator))


def test_a_field_of_a_newer_argo_cd_is_a_warning(tmp_path: Path) -> None:
    assert [each.partition(": ApplicationSet")[0] for each in found(tmp_path, written("clusters: {new: 1}"), CODE)] == [
        "set.yaml:5:28: warning"
    ]


def test_the_services_are_named_that_there_are(tmp_path: Path) -> None:
    (got,) = told(tmp_path, "pullRequest: {}")
    assert got == (
        "pullRequest: no service of it is named\n"
        "hint: add one of azuredevops, bitbucket, bitbucketServer, gitea, github, gitlab"
    )


def test_what_an_excerpt_leaves_out_is_a_note(tmp_path: Path) -> None:
    files = {"set.yaml": written("pullRequest: {values: {a: b}}")["set.yaml"] + "            # ...\n"}
    (got,) = found(tmp_path, files, CODE)
    assert got.startswith("set.yaml:5:17: note: ApplicationSet web: spec.generators.0.pullRequest: no service of it")


def test_a_service_of_a_newer_argo_cd_is_a_service(tmp_path: Path) -> None:
    (got,) = told(tmp_path, "scmProvider: {forge: {owner: a}}")
    assert got.startswith("scmProvider.forge: there is no field forge")


def test_below_two_levels_only_what_nobody_reads_is_found(tmp_path: Path) -> None:
    """The API server takes anything there, and the controller reads repourl as repoURL."""
    inner = "{clusters: {selectors: {}}}, {git: {repourl: x, directories: [{path: a}]}}"
    merge = f"merge: {{mergeKeys: [a], generators: [{{matrix: {{generators: [{inner}]}}}}, {{{GIT}}}]}}"
    assert told(tmp_path, merge) == [
        (
            "merge.generators.0.matrix.generators.0.clusters.selectors: there is no field selectors\n"
            "hint: did you mean selector?"
        )
    ]


@pytest.mark.parametrize(
    "generator",
    [
        "clusters: {}",
        "clusters: {flatList: true, values: {a: b}, selector: {matchExpressions: [{key: a, operator: Exists}]}}",
        f"{GIT}, selector: {{matchLabels: {{a: b}}}}",
        "clusters: {template: {metadata: {}, spec: {project: '', destination: {}}}}",
        "plugin: {configMapRef: {name: a}, input: {parameters: {a: 1}}, requeueAfterSeconds: 30}",
        "pullRequest: {github: {owner: a, repo: b}, filters: [{titleMatch: a}], requeueAfterSeconds: 60}",
        "scmProvider: {cloneProtocol: ssh, github: {organization: a}, filters: [{pathsExist: [a]}]}",
        "clusterDecisionResource: {configMapRef: a, name: b, labelSelector: {}}",
        "clusterDecisionResource: {configMapRef: a, labelSelector: {matchExpressions: [{key: c, operator: Exists}]}}",
    ],
)
def test_what_a_generator_takes_is_sound(tmp_path: Path, generator: str) -> None:
    assert told(tmp_path, generator) == []


@pytest.mark.skipif(not _FOLDER, reason="GITOPS_GEN_SCHEMAS does not name the schemas of the CRDs")
def test_the_fields_are_those_of_the_definition() -> None:
    """But for what is told where the set is expanded."""
    schema = json.loads((Path(_FOLDER) / _SCHEMA).read_text(encoding="utf-8"))
    stated = schema["properties"]["spec"]["properties"]["generators"]["items"]["properties"]
    assert sorted(stated) == sorted((*GENERATORS, "selector"))
    assert [each for kind, shape in GENERATORS.items() for each in _differing(kind, shape, stated[kind])] == [
        "git.directories.path need not be there",
        "git.files.path need not be there",
        "git.repoURL need not be there",
        "matrix.generators need not be there",
        "merge.generators need not be there",
        "merge.mergeKeys need not be there",
    ]


def _differing(name: str, shape: Shape, stated: dict[str, Any]) -> Iterator[str]:
    if shape.items is not None and "items" in stated:
        yield from _differing(name, shape.items, stated["items"])
    if shape.fields is None or name.endswith(".template"):
        return
    fields = stated.get("properties", {})
    yield from (f"{name}.{each} is in one of the two" for each in sorted(fields.keys() ^ shape.fields.keys()))
    for each, field in sorted(shape.fields.items()):
        yield from _differing(f"{name}.{each}", field.shape, fields[each])
    required = set(stated.get("required", ()))
    yield from (f"{name}.{each} must be there" for each in sorted(set(shape.required) - required))
    yield from (f"{name}.{each} need not be there" for each in sorted(required - set(shape.required)))
