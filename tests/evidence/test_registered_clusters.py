"""The generator of clusters: those whose Secrets are in the tree are known, and that there may be others."""

from __future__ import annotations

from textwrap import dedent, indent
from typing import TYPE_CHECKING

import pytest

from gitops_gen.evidence.files import Files
from gitops_gen.evidence.graph import Graph
from gitops_gen.evidence.repositories import repositories
from gitops_gen.evidence.values import at
from tests.checks.trees import URL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from gitops_gen.evidence.applicationsets import Expansion

ASKS = "the clusters generator asks a cluster or a service"
TEMPLATE = """\
metadata: {name: 'web-{{ .name }}'}
spec: {project: '{{ .project }}', destination: {server: '{{ .server }}', namespace: web}}
"""


def secret(name: str, *, labels: str = "", server: str = "", more: str = "", namespace: str = "argocd") -> str:
    stated = f"argocd.argoproj.io/secret-type: cluster, {labels}"
    return dedent(f"""\
        apiVersion: v1
        kind: Secret
        metadata: {{name: {name}, namespace: {namespace}, labels: {{{stated}}}, annotations: {{team: shop}}}}
        stringData: {{name: {name}, server: '{server or f"https://{name}.example.com"}'{more}}}
    """)


def expanded(
    root: Path, generators: str, files: Mapping[str, str], template: str = TEMPLATE, *, head: str = "goTemplate: true"
) -> Expansion:
    """Expands the one set of a tree."""
    spec = f"{head}\ngenerators:\n{indent(dedent(generators), '  ')}\ntemplate:\n{indent(template, '  ')}"
    text = "apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nmetadata: {name: web, namespace: argocd}\nspec:\n"
    for path, each in {**files, "set.yaml": text + indent(spec, "  ")}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(each, encoding="utf-8")
    (found,) = Graph(Files(root), (".",), repositories({URL: "."})).expansions
    return found


def names(found: Expansion) -> list[str]:
    """Returns the names of what is known of a set, which is never all."""
    assert (found.failures, [each.reason for each in found.unknown]) == ((), [ASKS])
    return [each.name for each in found.applications]


TWO = {
    "dev.yaml": secret("dev", labels="stage: dev"),
    "prod.yaml": secret("prod", labels="stage: prod", more=", project: platform"),
}


def test_a_cluster_with_a_secret_is_an_element(tmp_path: Path) -> None:
    found = expanded(tmp_path, "- clusters: {}", TWO)
    assert names(found) == ["web-dev", "web-prod"]
    assert [each.parameters for each in found.elements] == [
        {
            "name": "dev",
            "nameNormalized": "dev",
            "server": "https://dev.example.com",
            "project": "",
            "metadata": {
                "annotations": {"team": "shop"},
                "labels": {"argocd.argoproj.io/secret-type": "cluster", "stage": "dev"},
            },
        },
        {
            "name": "prod",
            "nameNormalized": "prod",
            "server": "https://prod.example.com",
            "project": "platform",
            "metadata": {
                "annotations": {"team": "shop"},
                "labels": {"argocd.argoproj.io/secret-type": "cluster", "stage": "prod"},
            },
        },
    ]
    assert [each.place.file for each in found.elements] == ["dev.yaml", "prod.yaml"]
    assert [at(each.value, "spec", "project") for each in found.applications] == ["", "platform"]


def test_the_legacy_form_has_its_parameters_flat(tmp_path: Path) -> None:
    template = "metadata: {name: '{{name}}-{{metadata.labels.stage}}-{{metadata.annotations.team}}'}\nspec: {}\n"
    assert names(expanded(tmp_path, "- clusters: {}", TWO, template, head="")) == ["dev-dev-shop", "prod-prod-shop"]


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("{matchLabels: {stage: prod}}", ["web-prod"]),
        ("{matchExpressions: [{key: stage, operator: In, values: [dev, test]}]}", ["web-dev"]),
        ("{matchExpressions: [{key: stage, operator: DoesNotExist}]}", []),
        ("{matchLabels: {argocd.argoproj.io/secret-type: cluster}}", ["web-dev", "web-prod"]),
    ],
)
def test_a_selector_looks_at_the_labels_of_the_secret(tmp_path: Path, selector: str, expected: list[str]) -> None:
    assert names(expanded(tmp_path, f"- clusters: {{selector: {selector}}}", TWO)) == expected


def test_values_are_filled_in_for_each(tmp_path: Path) -> None:
    template = "metadata: {name: '{{ .values.app }}'}\nspec: {}\n"
    generators = "- clusters: {values: {app: 'web-of-{{ .metadata.labels.stage }}'}}"
    assert names(expanded(tmp_path, generators, TWO, template)) == ["web-of-dev", "web-of-prod"]


def test_a_matrix_pairs_what_is_known(tmp_path: Path) -> None:
    generators = "- matrix: {generators: [clusters: {}, list: {elements: [{app: a}, {app: b}]}]}"
    template = "metadata: {name: '{{ .app }}-{{ .name }}'}\nspec: {}\n"
    assert names(expanded(tmp_path, generators, TWO, template)) == ["a-dev", "b-dev", "a-prod", "b-prod"]


def test_the_base_of_a_merge_is_known_and_what_is_laid_over_it_is_not(tmp_path: Path) -> None:
    one, other = "clusters: {}", "list: {elements: [{name: dev, project: special}]}"
    found = expanded(tmp_path, f"- merge: {{mergeKeys: [name], generators: [{one}, {other}]}}", TWO)
    assert names(found) == ["web-dev", "web-prod"]
    assert [at(each.value, "spec", "project") for each in found.applications] == ["special", "platform"]
    found = expanded(tmp_path, f"- merge: {{mergeKeys: [name], generators: [{other}, {one}]}}", TWO)
    assert names(found) == []


@pytest.mark.parametrize(
    "files",
    [
        {"dev.yaml": secret("dev", labels="stage: '{{ stage }}'")},
        {"dev.yaml": secret("dev", server="https://<id>.eks.amazonaws.com")},
        {"examples/dev.yaml": secret("dev")},
        {"cluster-template.yaml": secret("dev")},
        {"old/archive/dev.yaml": secret("dev")},
        {"kustomization.yaml": "resources: [dev.yaml]\ncommonLabels: {a: b}\n", "dev.yaml": secret("dev")},
        {"one/dev.yaml": secret("dev"), "two/dev.yaml": secret("dev")},
        {
            "a.yaml": secret("a", server="https://one.example.com"),
            "b.yaml": secret("b", server="https://one.example.com"),
        },
        {"dev.yaml": secret("dev", namespace="other")},
    ],
    ids=["form", "placeholder", "example", "template", "retired", "kustomize", "two", "one server", "other namespace"],
)
def test_a_secret_of_which_that_is_not_certain_is_no_cluster(tmp_path: Path, files: Mapping[str, str]) -> None:
    assert names(expanded(tmp_path, "- clusters: {}", files)) == []


def test_a_list_of_all_clusters_in_one_element_is_not_known(tmp_path: Path) -> None:
    assert names(expanded(tmp_path, "- clusters: {flatList: true}", TWO)) == []


def test_what_a_secret_lacks_stops_the_set(tmp_path: Path) -> None:
    head = "goTemplate: true\ngoTemplateOptions: [missingkey=error]"
    template = "metadata: {name: '{{ .name }}-{{ .metadata.labels.tier }}'}\nspec: {}\n"
    found = expanded(tmp_path, "- clusters: {}", TWO, template, head=head)
    assert [(each.reason, each.elements) for each in found.failures] == [
        ('map has no entry for key "tier"', ("dev", "prod"))
    ]
